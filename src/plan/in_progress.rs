//! Git operations that block releases: an unfinished merge, rebase and the like.

use super::release_plan::{Refusal, RefusalCode};
use crate::model::GitOperation;

/// Refuses to release during another operation, with the commands that end it.
#[must_use]
pub fn in_progress(operation: GitOperation) -> Refusal {
    let (what, finish, undo) = match operation {
        GitOperation::Rebase => ("a rebase", "git rebase --continue", "git rebase --abort"),
        GitOperation::Am => ("`git am`", "git am --continue", "git am --abort"),
        GitOperation::Merge => ("a merge", "git merge --continue", "git merge --abort"),
        GitOperation::CherryPick => ("a cherry-pick", "git cherry-pick --continue", "git cherry-pick --abort"),
        GitOperation::Revert => ("a revert", "git revert --continue", "git revert --abort"),
        GitOperation::Bisect => ("a bisect", "", "git bisect reset"),
    };
    let help = if finish.is_empty() {
        format!("`{undo}` ends it")
    } else {
        format!("`{finish}` finishes it, `{undo}` undoes it")
    };
    let message = format!("{what} is in progress in this work tree");
    Refusal { code: RefusalCode::InProgress, message, help: Some(help) }
}
