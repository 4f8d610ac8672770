//! Operations in progress: a merge without its commit yet, a stopped rebase, and the like.

use std::path::Path;

use super::files::{Kind, kind, read_text};
use super::git::Git;
use super::git_process::{GitError, Input};
use crate::model::GitOperation;

/// The list of commits still to be picked or reverted.
const LIST_LIMIT: u64 = 64 * 1024 * 1024;

impl Git {
    /// Returns the operation in progress in this work tree, if any. It looks at files in the git folder and starts no
    /// process, except for two if refs are stored in tables.
    ///
    /// # Errors
    /// Returns an error if the git folder cannot be read.
    pub fn in_progress(&self) -> Result<Option<GitOperation>, GitError> {
        let is_there = |name: &str| kind(&self.git_dir().join(name)).map(|kind| kind != Kind::Missing);
        Ok(if is_there("rebase-merge")? {
            Some(GitOperation::Rebase)
        } else if is_there("rebase-apply")? {
            Some(if is_there("rebase-apply/applying")? { GitOperation::Am } else { GitOperation::Rebase })
        } else if is_there("MERGE_HEAD")? {
            Some(GitOperation::Merge)
        } else if self.has_pseudo_ref("CHERRY_PICK_HEAD")? {
            Some(GitOperation::CherryPick)
        } else if self.has_pseudo_ref("REVERT_HEAD")? {
            Some(GitOperation::Revert)
        } else if let Some(between) = between_commits(&self.git_dir().join("sequencer/todo"))? {
            Some(between)
        } else {
            is_there("BISECT_LOG")?.then_some(GitOperation::Bisect)
        })
    }

    /// Returns what HEAD names by its full name, such as `refs/heads/main`; `None` if it holds a commit id.
    ///
    /// # Errors
    /// Returns an error if git fails, or the branch that HEAD names is damaged.
    pub fn symbolic_head(&self) -> Result<Option<String>, GitError> {
        let run = self.try_read(&["symbolic-ref", "--quiet", "HEAD"], Input::Nothing)?;
        match run.code {
            Some(0) => Ok(Some(String::from_utf8_lossy(&run.stdout).trim_end().to_owned())),
            Some(1) => Ok(None),
            _ => Err(GitError::DamagedBranch {
                refs: self.common_dir().join("refs/heads"),
                logs: self.common_dir().join("logs/refs/heads"),
            }),
        }
    }

    fn has_pseudo_ref(&self, name: &str) -> Result<bool, GitError> {
        if kind(&self.common_dir().join("reftable"))? == Kind::Directory {
            return Ok(self.try_read(&["rev-parse", "--verify", "--quiet", name], Input::Nothing)?.is_success());
        }
        Ok(kind(&self.git_dir().join(name))? != Kind::Missing)
    }
}

/// Between two commits of a series whose first one was committed by hand, only the list of remaining commits shows the operation.
fn between_commits(todo: &Path) -> Result<Option<GitOperation>, GitError> {
    if kind(todo)? == Kind::Missing {
        return Ok(None);
    }
    let text = read_text(todo, LIST_LIMIT)?;
    Ok(Some(if text.starts_with("revert") { GitOperation::Revert } else { GitOperation::CherryPick }))
}
