//! [`CliError`] and [`Exit`]: the one place that turns errors into messages and exit codes.

use std::process::ExitCode;

use crate::apply::{ApplyError, ErrorKind};
use crate::capture::CaptureError;
use crate::demo::DemoError;
use crate::init::NothingFound;
use crate::io::GitError;
use crate::model::{Diagnostic, ProblemCode};
use crate::plan::{FileClash, Refusal, ReportedStep};
use crate::process::ProcessError;

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

/// Why a command failed.
#[derive(Debug)]
pub(super) enum CliError {
    /// The input is wrong: each problem with its place and remedy.
    Wrong(Vec<Diagnostic>),
    /// The plan must not be carried out.
    Refused(Vec<Refusal>),
    /// A signal asked relman to end.
    Signalled(i32),
    /// A run stopped at an outward step.
    Stopped {
        /// What happened.
        message: String,
        /// What to do about it.
        help: Option<String>,
        /// The outward steps with their ends.
        steps: Vec<ReportedStep>,
    },
    /// Something failed.
    Failed {
        /// The exit code.
        exit: Exit,
        /// What happened.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
}

impl CliError {
    /// Returns a failure with a remedy.
    pub(super) fn failed(exit: Exit, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Failed { exit, message: message.into(), help: Some(help.into()) }
    }

    /// Returns the failure to print a result.
    pub(super) fn unprinted(error: &std::io::Error) -> Self {
        let message = format!("the result cannot be written to standard output: {error}");
        Self::failed(Exit::Failed, message, "the command has finished; only its output is lost")
    }
}

impl From<Vec<Diagnostic>> for CliError {
    fn from(problems: Vec<Diagnostic>) -> Self {
        Self::Wrong(problems)
    }
}

impl From<NothingFound> for CliError {
    fn from(error: NothingFound) -> Self {
        Self::Wrong(vec![Diagnostic::new(ProblemCode::NoPackages, error.to_string()).help(error.help)])
    }
}

impl From<CaptureError> for CliError {
    fn from(error: CaptureError) -> Self {
        match error {
            CaptureError::Git(error) => error.into(),
            CaptureError::Wrong(problems) => Self::Wrong(problems),
        }
    }
}

impl From<FileClash> for CliError {
    fn from(clash: FileClash) -> Self {
        Self::failed(Exit::Failed, clash.to_string(), "nothing was written; this is a bug, please report it")
    }
}

impl From<ApplyError> for CliError {
    fn from(error: ApplyError) -> Self {
        let help = error.help().map(str::to_owned);
        let message = error.to_string();
        if let ApplyError::Interrupted { steps, .. } = error {
            return Self::Stopped { message, help, steps };
        }
        match error.kind() {
            ErrorKind::Failed => Self::Failed { exit: Exit::Failed, message, help },
            ErrorKind::Refused(code) => Self::Refused(vec![Refusal { code, message, help }]),
            ErrorKind::Interrupted => Self::Failed { exit: Exit::Interrupted, message, help },
        }
    }
}

impl From<ProcessError> for CliError {
    fn from(error: ProcessError) -> Self {
        let message = error.to_string();
        match error {
            ProcessError::Wrong(problems) => Self::Wrong(problems),
            ProcessError::NothingFound(error) => error.into(),
            ProcessError::NoConfiguration => {
                Self::failed(Exit::Usage, message, "`relman init` writes one; `--dry-run` works without")
            }
            ProcessError::Interrupted(pending) => Self::failed(Exit::Interrupted, message, pending.help()),
            ProcessError::Refused(refusal) => Self::Refused(vec![refusal]),
            ProcessError::Git(error) => error.into(),
            ProcessError::Apply(error) => error.into(),
            ProcessError::Signalled(signal) => Self::Signalled(signal),
            ProcessError::Failed { message, help } => Self::Failed { exit: Exit::Failed, message, help },
            ProcessError::File(_) | ProcessError::Editor { .. } => {
                Self::Failed { exit: Exit::Failed, message, help: None }
            }
        }
    }
}

impl From<DemoError> for CliError {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::Git(error) => error.into(),
            DemoError::File(error) => Self::Failed { exit: Exit::Failed, message: error.to_string(), help: None },
        }
    }
}

impl From<GitError> for CliError {
    fn from(error: GitError) -> Self {
        if let Some(fault) = error.fault() {
            return Self::failed(Exit::Usage, fault.message, fault.help);
        }
        let exit = match &error {
            GitError::Failed { .. } | GitError::Unexpected { .. } => Exit::Failed,
            _ => Exit::Usage,
        };
        Self::Failed { exit, message: error.to_string(), help: None }
    }
}
