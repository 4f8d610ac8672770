//! [`Group`]: packages whose versions go together.

use crate::config::GroupKind;
use crate::model::{GroupId, PackageId};

/// A group with its members.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its key.
    pub id: GroupId,
    /// Whether it is fixed or linked.
    pub kind: GroupKind,
    /// Its packages, in the order of the workspace.
    pub members: Vec<PackageId>,
    /// Whether what is released of it has one tag instead of one for each member.
    pub one_tag: bool,
}
