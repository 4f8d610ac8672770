//! [`Checkout`]: a clean checkout of a commit, in which commands of relman.toml run.

use std::path::{Path, PathBuf};

use super::error::ProcessError;
use crate::capture::Place;
use crate::io::{self, Git, ScratchFolder};
use crate::model::RepoPath;

/// A clean checkout, in a folder of its own that is removed with the value.
pub(super) struct Checkout {
    git: Git,
    root: PathBuf,
    _folder: ScratchFolder,
}

impl Checkout {
    /// Checks a commit out.
    ///
    /// # Errors
    /// Returns an error if git fails, or the folder cannot be made.
    pub(super) fn of(place: &Place, commit: &str, remote: &str) -> Result<Self, ProcessError> {
        let folder = ScratchFolder::make()?;
        let dir = folder.path().join("checkout");
        let git = place.git.clone_at(&dir, commit, remote)?;
        // Without a prefix relman.toml is at the top.
        let root = git.toplevel().join(place.git.prefix_of(&place.root).unwrap_or_default().as_str());
        Ok(Self { git, root, _folder: folder })
    }

    /// Links paths of the work tree into the checkout: what git ignores and a command needs, such as installed packages. What the work
    /// tree does not have is left out.
    ///
    /// # Errors
    /// Returns an error if a link cannot be made: the commit has something of its own there.
    pub(super) fn share(&self, place: &Place, paths: &[RepoPath]) -> Result<(), ProcessError> {
        for path in paths {
            io::link_into(&place.root.join(path.as_str()), &self.root.join(path.as_str()))?;
        }
        Ok(())
    }

    /// Returns git in it.
    pub(super) fn git(&self) -> &Git {
        &self.git
    }

    /// Returns the folder of relman.toml in it.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }
}
