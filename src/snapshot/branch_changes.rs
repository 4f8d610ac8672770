//! [`BranchChanges`]: what a branch changes since it left another one.

use std::collections::BTreeSet;

use crate::model::RepoPath;

/// What a branch changes, as git tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BranchChanges {
    /// What it is held against.
    pub since: String,
    /// The commit at which the branch left that.
    pub base: String,
    /// What changed since then, in commits and in the work tree; then the same from each release commit of the branch on.
    pub ranges: Vec<RangeChanges>,
}

/// What changed from one commit on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeChanges {
    /// The tags that the commit released; none for the first range.
    pub releases: Vec<String>,
    /// The files below relman.toml's folder that changed since, sorted.
    pub changed: Vec<RepoPath>,
    /// Those of them that are still there.
    pub present: BTreeSet<RepoPath>,
}
