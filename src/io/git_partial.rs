//! Partial clones: repositories that lack objects on purpose. Calls that read never fetch them.

use super::git::Git;
use super::git_process::{GitError, Input};

impl Git {
    /// Returns `true` if the tree of a commit contains the path. Only trees are read.
    ///
    /// # Errors
    /// Returns an error if git fails, or the clone lacks a tree.
    pub fn has_file(&self, commit: &str, path: &str) -> Result<bool, GitError> {
        let pathspec = format!(":(literal){path}");
        // After `--end-of-options`, another `--` would be a path.
        let args = ["ls-tree", "-z", "--name-only", "--full-tree", "--", commit, &pathspec];
        let run = self.try_read(&args, Input::Nothing)?;
        run.ok().map(|names| !names.is_empty()).map_err(|error| self.without_trees(error))
    }

    /// Explains a failure of git in a clone that was made without the trees it needs; returns any other failure unchanged.
    pub(super) fn without_trees(&self, error: GitError) -> GitError {
        let GitError::Failed { stderr, .. } = &error else { return error };
        // Messages of tree.c and promisor-remote.c, which calls that read get untranslated.
        let is_lack =
            ["unable to read tree", "could not fetch", "not a tree object", "unable to find", "lazy fetching"];
        if !is_lack.iter().any(|words| stderr.contains(words)) {
            return error;
        }
        match self.promisor() {
            Ok(Some(remote)) => GitError::NoTrees { remote },
            _ => error,
        }
    }

    /// Returns the remote that promised the objects this clone lacks; `None` if it is not a partial clone.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn promisor(&self) -> Result<Option<String>, GitError> {
        let found = self.config(r"^remote\..*\.promisor$")?;
        let name =
            |(key, _): (String, String)| Some(key.strip_prefix("remote.")?.strip_suffix(".promisor")?.to_owned());
        Ok(found.into_iter().find_map(name))
    }
}
