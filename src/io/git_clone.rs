//! A clean checkout of a commit, elsewhere.

use std::path::Path;

use super::git::Git;
use super::git_process::{GitError, Input};

impl Git {
    /// Checks a commit out in an empty folder, as a clone of this repository that shares its objects: git works there as in any clone,
    /// tags included, and nothing of this repository changes, whatever is done there. The address of the remote is that of this one.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn clone_at(&self, dir: &Path, commit: &str, remote: &str) -> Result<Self, GitError> {
        let (from, to) = (self.toplevel().display().to_string(), dir.display().to_string());
        let clone = ["clone", "--quiet", "--shared", "--no-checkout", "--template=", "--", &from, &to];
        self.try_write(&clone, Input::Nothing)?.ok()?;
        let made = Self::discover(dir)?;
        made.try_write(&["checkout", "--quiet", "--detach", commit, "--"], Input::Nothing)?.ok()?;
        let key = format!("remote.{remote}.url");
        let url = self.try_read(&["config", "--get", &key], Input::Nothing)?;
        if url.is_success() {
            let url = String::from_utf8_lossy(&url.stdout).trim_end_matches('\n').to_owned();
            made.try_write(&["config", "remote.origin.url", &url], Input::Nothing)?.ok()?;
        }
        Ok(made)
    }

    /// Takes everything in the work tree into the index, new files that are not ignored among it, and returns the tree of the index.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn stage_all(&self) -> Result<String, GitError> {
        self.try_write(&["add", "--all", "--", ":/"], Input::Nothing)?.ok()?;
        let tree = self.try_write(&["write-tree"], Input::Nothing)?.ok()?;
        Ok(String::from_utf8_lossy(&tree).trim_end().to_owned())
    }

    /// Makes index and work tree those of a tree; files that are tracked and not in it are removed.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn restore_all(&self, tree: &str) -> Result<(), GitError> {
        let source = format!("--source={tree}");
        self.try_write(&["restore", &source, "--staged", "--worktree", "--", ":/"], Input::Nothing)?.ok()?;
        Ok(())
    }
}
