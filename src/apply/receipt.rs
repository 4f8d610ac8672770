//! [`Receipt`]: what was done.

use super::journal::Evidence;
use crate::model::{CommitId, ObjectId, TagName};
use crate::plan::OutwardStep;

/// What a run did, or what an abort took back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// How many files were written or removed.
    pub files: usize,
    /// The commit.
    pub commit: Option<CommitId>,
    /// The tags with their tag objects, in the plan's order.
    pub tags: Vec<(TagName, ObjectId)>,
    /// The outward steps that were done, by this call or an earlier one.
    pub outward: Vec<(OutwardStep, Evidence)>,
    /// What git and its hooks said on the way, for standard error.
    pub words: String,
    /// The signal that came too late to stop it.
    pub stopped_by: Option<i32>,
}
