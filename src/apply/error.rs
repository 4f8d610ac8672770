//! [`ApplyError`]: why a plan was not carried out, and in which state the tree is.

use crate::io::{FileError, GitError, ended_by, signal_held_back};
use crate::model::RepoPath;
use crate::plan::{RefusalCode, ReportedStep};

/// The three ways in which a run ends badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Exit 1: it failed, and what had begun was undone.
    Failed,
    /// Exit 4: it was refused before anything was written.
    Refused(RefusalCode),
    /// Exit 6: the tree is between old and new, or something left the machine; resume or abort decide.
    Interrupted,
}

/// Why a plan was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Nothing was written.
    #[error("{message}")]
    Refused {
        /// The code, for machines.
        code: RefusalCode,
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// It failed before anything was written.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// It failed, and what had begun was undone.
    #[error("{failure}")]
    Undone {
        /// What went wrong.
        failure: Failure,
        /// What was not put back, since it is somebody else's, in words; empty if all was found to be as before the run.
        kept: String,
        /// How the same could succeed, where that is not by the same command alone.
        next: Option<String>,
    },
    /// The journal is still there.
    #[error("{message}")]
    Interrupted {
        /// What happened.
        message: String,
        /// What to do about it.
        help: Option<String>,
        /// The outward steps with their ends, of a run that stopped at one of them.
        steps: Vec<ReportedStep>,
    },
}

/// What went wrong in a run that was undone.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A call of git.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The commit was not made: a hook, a signature, an identity.
    #[error("git made no commit. {}", stderr_suffix(stderr))]
    NoCommit {
        /// Git's or the hook's own words.
        stderr: String,
    },
    /// A commit was made, and it is not what was planned.
    #[error("the commit is not as planned: {why}")]
    NotAsPlanned {
        /// What is different.
        why: String,
    },
    /// Files of the run were changed by somebody else while it was at work.
    #[error("{} changed while the release was made", paths.join(", "))]
    Changed {
        /// The files.
        paths: Vec<String>,
    },
    /// Another program holds the lock of the index.
    #[error("git's index is locked: {} exists", lock.display())]
    IndexLocked {
        /// The lock.
        lock: std::path::PathBuf,
    },
    /// The tags were not made.
    #[error("git made no tag. {}", stderr_suffix(stderr))]
    NoTags {
        /// Git's own words.
        stderr: String,
    },
    /// A tag of the run was made by somebody else meanwhile.
    #[error("the tag {tag} exists already; somebody made it meanwhile")]
    TagExists {
        /// The tag.
        tag: String,
    },
    /// A push failed.
    #[error("the push to {remote} failed{}", below(refused, said))]
    Push {
        /// The remote.
        remote: String,
        /// The refs that the remote did not take, each with the reason.
        refused: Vec<String>,
        /// Git's or the remote's own words.
        said: String,
    },
    /// The forge.
    #[error("{message}")]
    Forge {
        /// What the forge did not do, and why.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// A command that publishes.
    #[error("{message}")]
    Publish {
        /// Which one, and what happened.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// CI is not green.
    #[error("{what}")]
    Ci {
        /// Which jobs, and where.
        what: String,
    },
    /// Something else has the name of what an outward step sends.
    #[error("{what}; nothing of it was overwritten")]
    Foreign {
        /// What has it.
        what: String,
    },
    /// The file cannot be replaced.
    #[error("failed to write {path}: the file or its folder is read-only")]
    ReadOnly {
        /// The file.
        path: RepoPath,
    },
    /// Something stands where the new text is kept until all are ready.
    #[error("failed to write {path}: a file of that name is in the way; remove it, relman needs the name for a moment")]
    TempFileExists {
        /// The file in the way.
        path: RepoPath,
    },
    /// Someone pressed Ctrl-C, or ended relman otherwise.
    #[error("{}", ended_by(*.0))]
    Stopped(i32),
    /// The plan does not fit together.
    #[error("the plan cannot be carried out: {0}")]
    BadPlan(String),
}

/// Returns the words of git, or of a hook. A hook may refuse without one.
fn stderr_suffix(words: &str) -> String {
    if words.is_empty() {
        return "A hook ended with an error, and nothing was said".to_owned();
    }
    format!("It said:\n{words}")
}

/// Returns refs that were refused and what was said, a line each, below a message.
fn below(refused: &[String], said: &str) -> String {
    let lines = refused.iter().map(String::as_str).chain(said.lines());
    lines.map(|line| format!("\n  {line}")).collect()
}

impl From<FileError> for ApplyError {
    fn from(error: FileError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<GitError> for ApplyError {
    fn from(error: GitError) -> Self {
        Self::Failed(error.into())
    }
}

impl Failure {
    /// Fails if a signal asked relman to end.
    pub(super) fn if_stopped() -> Result<(), Self> {
        signal_held_back().map_or(Ok(()), |signal| Err(Self::Stopped(signal)))
    }

    /// Returns the signal as the failure, if one asked relman to end; a command that publishes says so itself.
    pub(super) fn or_stopped(self) -> Self {
        match self {
            Self::Publish { .. } => self,
            _ => Self::if_stopped().err().unwrap_or(self),
        }
    }

    /// Returns how the same run could succeed later, after it was undone; `None` if nothing special.
    fn next(&self) -> Option<&'static str> {
        // Only a push depends on a remote that may change.
        let Self::Push { .. } = self else { return None };
        Some(if self.is_behind() {
            "the remote has commits that this branch lacks: run `git pull --rebase`, then the same command again"
        } else {
            "run the same command again once the remote takes the push"
        })
    }

    /// Returns `true` if a branch of the remote has commits that the one that was pushed to it lacks.
    pub(super) fn is_behind(&self) -> bool {
        // Other errors are not about the remote.
        let Self::Push { refused, .. } = self else { return false };
        refused.iter().any(|line| line.contains("fetch first") || line.contains("non-fast-forward"))
    }

    /// Returns what the person has to do before the run can go on; `None` if nothing special.
    pub(super) fn help(&self) -> Option<String> {
        match self {
            Self::Forge { help, .. } | Self::Publish { help, .. } => help.clone(),
            Self::Ci { .. } => Some("retry the job, or fix its cause".to_owned()),
            _ => None,
        }
    }
}

impl ApplyError {
    /// Returns the way in which the run ended, which decides the exit code.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused { code, .. } => ErrorKind::Refused(*code),
            Self::Failed(_) | Self::Undone { .. } => ErrorKind::Failed,
            Self::Interrupted { .. } => ErrorKind::Interrupted,
        }
    }

    /// Returns the outward steps with their ends, of a run that stopped at one of them.
    #[must_use]
    pub fn steps(&self) -> &[ReportedStep] {
        match self {
            Self::Interrupted { steps, .. } => steps,
            _ => &[],
        }
    }

    /// Returns what a person can do about it, or need not do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Refused { help, .. } | Self::Interrupted { help, .. } => help.clone(),
            Self::Failed(_) => Some("nothing was written".to_owned()),
            Self::Undone { kept, failure, next } => {
                let state = if kept.is_empty() {
                    "all is as it was before the run: files, index, commit and tags"
                } else {
                    kept
                };
                let next = next.as_deref().or(failure.next()).map_or(String::new(), |next| format!("; {next}"));
                Some(format!("{state}{next}"))
            }
        }
    }

    pub(super) fn refused(code: RefusalCode, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Refused { code, message: message.into(), help: Some(help.into()) }
    }

    pub(super) fn interrupted(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Interrupted { message: message.into(), help: Some(help.into()), steps: Vec::new() }
    }
}
