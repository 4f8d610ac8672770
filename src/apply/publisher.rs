//! [`Publisher`]: who runs the commands of `[[release.run]]`.

use crate::io::ended_by;
use crate::model::TagName;
use crate::plan::RunStep;

/// A command of `[[release.run]]`, and what it is run for.
#[derive(Clone, Copy, Debug)]
pub struct Publication<'a> {
    /// The command.
    pub step: &'a RunStep,
    /// The tag of the package.
    pub tag: &'a TagName,
    /// The commit that the tag is on.
    pub commit: &'a str,
}

/// What a person says of a command that cannot be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It has to run again.
    Again,
    /// It is done.
    Done,
}

/// Why a command did not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// It failed.
    #[error("{0}")]
    Failed(String),
    /// What it makes could not be looked at.
    #[error("{0}")]
    Unseen(String),
    /// A plugin cannot tell whether it is done.
    #[error("it is not known whether it is done")]
    Undecided,
    /// Relman was asked to end by this signal.
    #[error("{}", ended_by(*.0))]
    Signalled(i32),
}

/// Runs the commands of `[[release.run]]` and looks at what they make. The registries and relman.toml are needed for it, so it is handed to
/// `apply` as a service.
pub trait Publisher {
    /// Runs what shows beforehand whether a command will work.
    ///
    /// # Errors
    /// It will not.
    fn rehearse(&self, publication: Publication<'_>) -> Result<(), PublishError>;

    /// Runs a command.
    ///
    /// # Errors
    /// It failed.
    fn publish(&self, publication: Publication<'_>) -> Result<(), PublishError>;

    /// Returns what is not right yet of all that a command makes; empty if nothing is left to do.
    ///
    /// # Errors
    /// A registry does not answer.
    fn missing(&self, publication: Publication<'_>) -> Result<Vec<String>, PublishError>;

    /// Returns what a person says of the command with this name, if it was asked about.
    fn decision(&self, name: &str) -> Option<Decision>;
}
