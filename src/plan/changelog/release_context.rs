//! [`ReleaseContext`]: all that sections are made of.

use crate::plan::dependents::RequirementChange;
use crate::plan::request::BumpRequest;
use crate::plan::targets::Targets;
use crate::snapshot::Snapshot;

/// Everything that sections are made from.
#[derive(Clone, Copy)]
pub(in crate::plan) struct ReleaseContext<'a> {
    /// All that was read.
    pub(in crate::plan) snapshot: &'a Snapshot,
    /// What was asked.
    pub(in crate::plan) request: &'a BumpRequest,
    /// The versions.
    pub(in crate::plan) targets: &'a Targets,
    /// The requirements that follow.
    pub(in crate::plan) changes: &'a [RequirementChange<'a>],
}
