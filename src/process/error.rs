//! [`ProcessError`]: why a process ended early.

use std::path::PathBuf;

use crate::apply::{ApplyError, Pending};
use crate::capture::CaptureError;
use crate::init::{InitError, NothingFound};
use crate::io::{FileError, GitError, ended_by};
use crate::model::Diagnostic;
use crate::plan::Refusal;

/// Why a process ended early.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The input is wrong: each problem with its place and remedy.
    #[error("the input is not valid")]
    Wrong(Vec<Diagnostic>),
    /// relman.toml is missing, and nothing was found to make one of.
    #[error(transparent)]
    NothingFound(#[from] NothingFound),
    /// relman.toml is missing.
    #[error("relman.toml not found in {} or any folder above it, up to the top of the repository", folder.display())]
    NoConfiguration {
        /// The folder in which relman was started.
        folder: PathBuf,
    },
    /// An earlier run is unfinished.
    #[error("an earlier run was interrupted: {}", .0.summary)]
    Interrupted(Pending),
    /// The repository is in no state for it.
    #[error("{}", .0.message)]
    Refused(Refusal),
    /// Git failed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A person's editor did not do its work.
    #[error("the editor `{editor}` failed: {source}")]
    Editor {
        /// Its command line.
        editor: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The user, or the system, asked relman to end while a command of the repository ran. It has ended.
    #[error("{}", ended_by(*.0))]
    Signalled(i32),
    /// A person wants nothing of what was offered, and was told that nothing was written.
    #[error("nothing was chosen")]
    Declined,
    /// A command of the repository failed.
    #[error("{message}")]
    Failed {
        /// Which one, and what happened.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// Writing failed.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl From<CaptureError> for ProcessError {
    fn from(error: CaptureError) -> Self {
        match error {
            CaptureError::Git(error) => Self::Git(error),
            CaptureError::Wrong(problems) => Self::Wrong(problems),
        }
    }
}

impl From<Vec<Diagnostic>> for ProcessError {
    fn from(problems: Vec<Diagnostic>) -> Self {
        Self::Wrong(problems)
    }
}

impl From<InitError> for ProcessError {
    fn from(error: InitError) -> Self {
        match error {
            InitError::NothingFound(error) => Self::NothingFound(error),
            InitError::Tool(problems) => Self::Wrong(problems),
        }
    }
}
