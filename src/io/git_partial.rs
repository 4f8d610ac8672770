//! Partial clones: repositories that lack objects on purpose. No call that reads fetches them.

use super::git::Git;
use super::git_process::{GitError, Input};

impl Git {
    /// Returns `true` if the tree of a commit holds the path, of which only trees are looked at.
    ///
    /// # Errors
    /// Where git fails, or the clone lacks a tree.
    pub fn has_file(&self, commit: &str, path: &str) -> Result<bool, GitError> {
        let pathspec = format!(":(literal){path}");
        // Behind `--end-of-options` a further `--` would be a path.
        let args = ["ls-tree", "-z", "--name-only", "--full-tree", "--", commit, &pathspec];
        let run = self.try_read(&args, Input::Nothing)?;
        run.ok().map(|names| !names.is_empty()).map_err(|error| self.without_trees(error))
    }

    /// Says it where git failed because the clone was made without the trees that it needs; else returns the failure as it is.
    pub(super) fn without_trees(&self, error: GitError) -> GitError {
        let GitError::Failed { stderr, .. } = &error else { return error };
        // These are the words of tree.c and of promisor-remote.c, which a call that reads gets untranslated.
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

    /// Returns the remote that has promised what this clone lacks; `None` if it is no partial clone.
    ///
    /// # Errors
    /// Where git fails.
    pub fn promisor(&self) -> Result<Option<String>, GitError> {
        let found = self.config(r"^remote\..*\.promisor$")?;
        let name =
            |(key, _): (String, String)| Some(key.strip_prefix("remote.")?.strip_suffix(".promisor")?.to_owned());
        Ok(found.into_iter().find_map(name))
    }
}
