//! [`Services`]: what a run is carried out with.

use std::path::Path;

use super::publisher::Publisher;
use super::run_context::RunContext;
use crate::forge::Forge;
use crate::io::Git;
use crate::model::Event;

/// Git, the client of the forge with its credentials, and where progress is reported. Whoever starts or resumes a run hands them over, so
/// that a plan and a journal say only what is done, and never hold a secret.
#[derive(Clone, Copy)]
pub struct Services<'a> {
    pub(super) git: &'a Git,
    pub(super) forge: Option<&'a Forge>,
    pub(super) publisher: Option<&'a dyn Publisher>,
    pub(super) report: &'a dyn Fn(Event),
    /// The folder of relman.toml.
    pub(super) root: &'a Path,
}

impl<'a> Services<'a> {
    /// Returns services with this git, for a plan whose paths are relative to `root`; without a forge, and silent.
    #[must_use]
    pub fn new(git: &'a Git, root: &'a Path) -> Self {
        Self { git, forge: None, publisher: None, report: &|_| (), root }
    }

    /// Returns the same services with a forge.
    #[must_use]
    pub fn with_forge(self, forge: Option<&'a Forge>) -> Self {
        Self { forge, ..self }
    }

    /// Returns the same services with what runs the commands that publish.
    #[must_use]
    pub fn with_publisher(self, publisher: Option<&'a dyn Publisher>) -> Self {
        Self { publisher, ..self }
    }

    /// Returns the same services with a function to which progress is reported.
    #[must_use]
    pub fn reporting_to(self, report: &'a dyn Fn(Event)) -> Self {
        Self { report, ..self }
    }

    /// Returns the same services with the git of a run, whose children can be found again after a kill.
    pub(super) fn of_run<'b>(&self, work: &'b RunContext) -> Services<'b>
    where
        'a: 'b,
    {
        Services { git: &work.git, ..*self }
    }
}
