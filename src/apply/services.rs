//! [`Services`]: what a run is carried out with.

use super::run_context::RunContext;
use crate::io::Git;

/// Git, and later the clients of forges with their credentials. Whoever starts or resumes a run hands them over, so that a plan and a
/// journal say only what is done, and never hold a secret.
#[derive(Clone, Copy, Debug)]
pub struct Services<'a> {
    pub(super) git: &'a Git,
}

impl<'a> Services<'a> {
    /// Returns services with this git.
    #[must_use]
    pub fn new(git: &'a Git) -> Self {
        Self { git }
    }

    /// Returns the same services with the git of a run, whose children can be found again after a kill.
    pub(super) fn of_run<'b>(&self, work: &'b RunContext) -> Services<'b>
    where
        'a: 'b,
    {
        Services { git: &work.git }
    }
}
