//! Sparse checkouts: work trees without some of the tracked files.

use super::files::{Kind, kind};
use super::git::Git;
use super::git_config::is_true;
use super::git_process::GitError;

impl Git {
    /// Returns `true` if this work tree is, or once was, a sparse checkout. Starts no process.
    ///
    /// # Errors
    /// Returns an error if the git folder cannot be read.
    pub fn has_sparse_patterns(&self) -> Result<bool, GitError> {
        Ok(kind(&self.git_dir().join("info/sparse-checkout"))? != Kind::Missing)
    }

    /// Returns `true` if the files of a sparse checkout are selected by folders (`--cone`), not by patterns.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn is_sparse_by_folders(&self) -> Result<bool, GitError> {
        let set = self.config(r"^core\.sparsecheckoutcone$")?;
        Ok(set.last().is_some_and(|(_, value)| is_true(value)))
    }
}
