//! [`Exit`]: how a command ends.

use std::process::ExitCode;

/// The exit codes of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Exit {
    /// Done, or nothing wrong.
    Done = 0,
    /// Failed; whatever had begun was undone.
    Failed = 1,
    /// Usage, configuration, or a repository that cannot be read.
    Usage = 2,
    /// `check` found something.
    Findings = 3,
    /// Refused; nothing was written.
    Refused = 4,
    /// Nothing to release.
    Nothing = 5,
    /// Interrupted, or stopped after an outward step.
    Interrupted = 6,
    /// Something has not arrived yet.
    Pending = 7,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
