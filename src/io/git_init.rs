//! A new repository.

use std::path::Path;

use super::git::Git;
use super::git_process::{EnvOverrides, GitError, Input, run, write_command};

impl Git {
    /// Creates a repository in an existing folder, with one branch and neither templates nor hooks. All its git children
    /// get the variables.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn init(dir: &Path, branch: &str, extra: EnvOverrides) -> Result<Self, GitError> {
        let branch = format!("--initial-branch={branch}");
        let args = ["init", "--quiet", "--template=", &branch];
        run(write_command(dir, &extra, &args), &args, Input::Nothing)?.ok()?;
        Self::discover_with(dir, extra)
    }
}
