//! [`BranchChanges`]: the changes of a branch since it left another one.

use std::collections::BTreeSet;

use crate::model::RepoPath;

/// The changes of a branch, as reported by git.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BranchChanges {
    /// The ref that it is compared with.
    pub since: String,
    /// The commit at which the branch left that ref.
    pub base: String,
    /// The changes since then, in commits and in the work tree; then the same since each release commit of the branch.
    pub ranges: Vec<RangeChanges>,
}

/// The changes since one commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeChanges {
    /// The tags that the commit released; none for the first range.
    pub releases: Vec<String>,
    /// The keys of the packages that the commit says it releases.
    pub names: Vec<String>,
    /// The files below relman.toml's folder that changed since, sorted.
    pub changed: Vec<RepoPath>,
    /// Those of them that still exist.
    pub present: BTreeSet<RepoPath>,
    /// The ids of the commits since, in hexadecimal.
    pub commits: BTreeSet<String>,
}
