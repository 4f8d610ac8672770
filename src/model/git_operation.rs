//! [`GitOperation`]: an operation that git has in progress.

/// A git operation in progress. It belongs to one work tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitOperation {
    /// `git rebase`, by either of its backends.
    Rebase,
    /// `git am`.
    Am,
    /// `git merge`.
    Merge,
    /// `git cherry-pick`, of one commit or between two.
    CherryPick,
    /// `git revert`, of one commit or between two.
    Revert,
    /// `git bisect`.
    Bisect,
}
