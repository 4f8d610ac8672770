//! [`NextBranch`]: the branch of the release request, and the mark by which relman knows its own commit on it.

use crate::model::CommitId;
use crate::snapshot::Snapshot;

/// The branch of the release request.
pub const RELEASE_BRANCH: &str = "release/next";

/// The trailer that names the tree of a commit: one that somebody changed has another tree.
const MARK: &str = "Relman-Request";

/// The head of that branch on the remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextBranch {
    /// The commit.
    pub commit: CommitId,
    /// Its tree.
    pub tree: String,
    /// Its parents.
    pub parents: Vec<CommitId>,
    /// Its message.
    pub message: String,
}

impl NextBranch {
    /// Returns `true` if relman made the commit and it was not changed since.
    pub(super) fn is_own(&self) -> bool {
        let last = self.message.trim_end().lines().last().unwrap_or("");
        self.parents.len() == 1 && last == trailer(&self.tree)
    }

    /// Returns `true` if it is the commit that would be made.
    pub(super) fn is(&self, parent: &CommitId, tree: &str, message: &str) -> bool {
        self.is_own()
            && self.parents.first() == Some(parent)
            && self.tree == tree
            && self.message.trim_end() == message.trim_end()
    }
}

/// Returns the message of a release commit with the mark of its tree.
pub(super) fn marked(message: &str, tree: &str) -> String {
    format!("{}\n{}\n", message.trim_end(), trailer(tree))
}

fn trailer(tree: &str) -> String {
    format!("{MARK}: {tree}")
}

/// Returns `true` if a branch is that of a release request, or that of the release commit of one tag: what it changes was described by
/// fragments before.
#[must_use]
pub fn is_release_branch(snapshot: &Snapshot, branch: &str) -> bool {
    let of_tag = || {
        let tag = branch.strip_prefix("release/")?;
        snapshot.workspace.packages.iter().find(|package| package.tagged(tag).is_some())
    };
    branch == RELEASE_BRANCH || of_tag().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_that_somebody_changed_is_not_relmans() {
        let message = marked("chore(release): vm 0.7.0\n\n- vm\n\nRelman-Release: v0.7.0\n", "t1");
        assert!(message.ends_with("Relman-Release: v0.7.0\nRelman-Request: t1\n"), "{message}");
        let id = |id: &str| CommitId::new(id.to_owned());
        let next = |tree: &str, parents: &[&str], message: &str| NextBranch {
            commit: id("c"),
            tree: tree.to_owned(),
            parents: parents.iter().map(|parent| id(parent)).collect(),
            message: message.to_owned(),
        };
        assert!(next("t1", &["p"], &message).is_own());
        for changed in
            [next("t2", &["p"], &message), next("t1", &["p", "q"], &message), next("t1", &["p"], "fix: it\n")]
        {
            assert!(!changed.is_own(), "{changed:?}");
        }
        assert!(next("t1", &["p"], &message).is(&id("p"), "t1", &message));
        assert!(!next("t1", &["p"], &message).is(&id("q"), "t1", &message));
    }
}
