//! [`Receipt`]: what was done.

use crate::model::{CommitId, ObjectId, TagName};

/// What a run did, or what an abort took back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// How many files were written or removed.
    pub files: usize,
    /// The commit.
    pub commit: Option<CommitId>,
    /// The tags with their tag objects, in the plan's order.
    pub tags: Vec<(TagName, ObjectId)>,
    /// How many pushes went out, by this call or an earlier one.
    pub pushes: usize,
    /// What git and its hooks said on the way, for standard error.
    pub words: String,
}
