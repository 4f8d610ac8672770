//! [`CliError`]: the one place that turns errors into messages and exit codes.

pub(super) use super::exit::Exit;
use super::problem::{Code, Problem};
use crate::apply::{ApplyError, ErrorKind};
use crate::capture::CaptureError;
use crate::demo::DemoError;
use crate::init::{InitError, NothingFound};
use crate::io::{GitError, ended_by, left};
use crate::model::{Diagnostic, ProblemCode};
use crate::plan::{FileClash, Refusal, ReportedStep};
use crate::process::ProcessError;

/// Why a command has no result.
#[derive(Debug)]
pub(super) struct CliError {
    /// The exit code.
    pub(super) exit: Exit,
    /// Everything that is wrong, with remedies.
    pub(super) problems: Vec<Problem>,
    /// The signal that asked relman to end.
    pub(super) signal: Option<i32>,
    /// The outward steps with their ends, of a run that stopped at one of them.
    pub(super) steps: Vec<ReportedStep>,
}

impl CliError {
    fn all(exit: Exit, problems: impl IntoIterator<Item = impl Into<Problem>>) -> Self {
        Self { exit, problems: problems.into_iter().map(Into::into).collect(), signal: None, steps: Vec::new() }
    }

    /// Returns the error of input that is wrong.
    pub(super) fn wrong(problems: Vec<Diagnostic>) -> Self {
        Self::all(Exit::Usage, problems)
    }

    /// Returns the error of a plan that must not be carried out.
    pub(super) fn refused(refusals: Vec<Refusal>) -> Self {
        Self::all(Exit::Refused, refusals)
    }

    /// Returns a failure with a remedy.
    pub(super) fn failed(exit: Exit, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::of(exit, message, Some(help.into()))
    }

    /// Returns a failure, with a remedy if there is one.
    pub(super) fn of(exit: Exit, message: impl Into<String>, help: Option<String>) -> Self {
        Self::all(exit, [Problem::new(Code::Failure(exit), message, help)])
    }

    /// Returns the error of arguments that do not fit together.
    pub(super) fn usage(message: String) -> Self {
        Self::of(Exit::Usage, message, None)
    }

    fn signalled(signal: i32) -> Self {
        Self { signal: Some(signal), ..Self::failed(Exit::Failed, ended_by(signal), left()) }
    }

    /// Returns the failure to print a result.
    pub(super) fn unprinted(error: &std::io::Error) -> Self {
        let message = format!("the result cannot be written to standard output: {error}");
        Self::failed(Exit::Failed, message, "the command has finished; only its output is lost")
    }
}

impl From<Vec<Diagnostic>> for CliError {
    fn from(problems: Vec<Diagnostic>) -> Self {
        Self::wrong(problems)
    }
}

impl From<NothingFound> for CliError {
    fn from(error: NothingFound) -> Self {
        Self::wrong(vec![Diagnostic::new(ProblemCode::NoPackages, error.to_string()).help(error.help)])
    }
}

impl From<InitError> for CliError {
    fn from(error: InitError) -> Self {
        match error {
            InitError::NothingFound(error) => error.into(),
            InitError::Tool(problems) => Self::wrong(problems),
        }
    }
}

impl From<CaptureError> for CliError {
    fn from(error: CaptureError) -> Self {
        match error {
            CaptureError::Git(error) => error.into(),
            CaptureError::Wrong(problems) => Self::wrong(problems),
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
        let help = error.help();
        let message = error.to_string();
        match error.kind() {
            ErrorKind::Failed => Self::of(Exit::Failed, message, help),
            ErrorKind::Refused(code) => Self::refused(vec![Refusal { code, message, help }]),
            ErrorKind::Interrupted => {
                Self { steps: error.steps().to_vec(), ..Self::of(Exit::Interrupted, message, help) }
            }
        }
    }
}

impl From<ProcessError> for CliError {
    fn from(error: ProcessError) -> Self {
        let message = error.to_string();
        match error {
            ProcessError::Wrong(problems) => Self::wrong(problems),
            ProcessError::NothingFound(error) => error.into(),
            ProcessError::NoConfiguration { .. } => {
                let help = "`relman init` writes one; `--dry-run` works without; `--config FILE` names one elsewhere";
                Self::failed(Exit::Usage, message, help)
            }
            ProcessError::Interrupted(pending) => Self::failed(Exit::Interrupted, message, pending.help()),
            ProcessError::Refused(refusal) => Self::refused(vec![refusal]),
            ProcessError::Git(error) => error.into(),
            ProcessError::Apply(error) => error.into(),
            // There is nothing to explain to the one who chose.
            ProcessError::Declined => Self::refused(Vec::new()),
            ProcessError::Signalled(signal) => Self::signalled(signal),
            ProcessError::Failed { message, help } => Self::of(Exit::Failed, message, help),
            ProcessError::File(_) | ProcessError::Editor { .. } => Self::of(Exit::Failed, message, None),
        }
    }
}

impl From<DemoError> for CliError {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::Git(error) => error.into(),
            DemoError::File(error) => Self::of(Exit::Failed, error.to_string(), None),
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
        Self::of(exit, error.to_string(), error.help().map(str::to_owned))
    }
}
