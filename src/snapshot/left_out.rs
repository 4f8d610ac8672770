//! [`LeftOut`]: tracked files that a sparse checkout has not written out.

use std::collections::BTreeSet;

use crate::model::{RepoPath, WorkspacePrefix};

/// The tracked files that are not on disk although they were not deleted. They are read from the index.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// The files.
    pub paths: BTreeSet<RepoPath>,
    /// How to write them out.
    pub bring_back: BringBack,
    /// The folder of relman.toml, for commands that are run at the top of the work tree.
    pub prefix: WorkspacePrefix,
}

/// How git selects the files that it leaves out, which decides how to write one out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BringBack {
    /// By folders: `git sparse-checkout set --cone`.
    #[default]
    Folders,
    /// By patterns: `git sparse-checkout set --no-cone`.
    Patterns,
    /// One by one: `git update-index --skip-worktree`.
    Entries,
}
