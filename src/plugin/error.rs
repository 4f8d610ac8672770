//! [`PluginError`]: why a plugin gave no answer.

use std::fmt;
use std::path::PathBuf;

use super::protocol::PROTOCOL;
use crate::io::CommandError;
use crate::model::{PluginName, PluginRole};

/// Why a plugin gave no answer.
#[derive(Debug)]
pub struct PluginError {
    /// The plugin.
    pub plugin: PluginName,
    /// Its version, if it said hello.
    pub version: Option<String>,
    /// What happened.
    pub fault: PluginFault,
}

/// What happened.
#[derive(Debug, thiserror::Error)]
pub enum PluginFault {
    /// No program of this name can be run.
    #[error("has no program: `{0}` was not found, or cannot be run")]
    Missing(String),
    /// A file of its command leads out of the repository.
    #[error("has `{0}` in its command, which leads out of the repository")]
    Leaves(String),
    /// A file of its command cannot be read.
    #[error("cannot be looked at: {0}")]
    Unreadable(String),
    /// No person said that it may be started.
    #[error("is not trusted")]
    Untrusted,
    /// What was trusted is not what would be started.
    #[error("is not what was trusted: its command or its files have changed")]
    Changed,
    /// Plugins are switched off.
    #[error("was not asked: plugins are switched off")]
    Off,
    /// It could not be started or watched.
    #[error("failed: {0}")]
    Command(CommandError),
    /// It did not answer in time.
    #[error("did not answer within {0} s")]
    Late(u64),
    /// It did not stop answering.
    #[error("wrote more than {0} MB")]
    TooMuch(u64),
    /// It ended by a signal.
    #[error("was ended by signal {0}")]
    Signal(i32),
    /// It ended with this exit code.
    #[error("exited with code {0}")]
    Exit(i32),
    /// It wrote nothing.
    #[error("wrote nothing; expected its hello")]
    Silent,
    /// It said hello, and no more.
    #[error("gave no answer after its hello")]
    NoAnswer,
    /// It said more than one answer.
    #[error("wrote {0} lines; expected its hello and one answer")]
    Lines(usize),
    /// It wrote something else than the protocol says.
    #[error("wrote a {what} that is not valid: {why}; found `{found}`")]
    Malformed {
        /// Hello or answer.
        what: &'static str,
        /// What is wrong.
        why: String,
        /// How the line begins.
        found: String,
    },
    /// It speaks other versions of the protocol.
    #[error("speaks protocol {0}; expected {PROTOCOL}")]
    Protocol(String),
    /// It does not have the role.
    #[error("does not have the role {0}")]
    Role(PluginRole),
    /// It wrote where it must not.
    #[error("wrote {}: a plugin must leave the repository alone", .0.display())]
    Wrote(PathBuf),
    /// It answered that something is wrong.
    #[error("answered: {message}")]
    Answered {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// Its answer does not fit the question.
    #[error("gave an answer that does not fit: {0}")]
    Unfit(String),
}

impl PluginError {
    /// Returns the error of an answer that does not fit the question.
    #[must_use]
    pub fn unfit(plugin: &PluginName, version: &str, why: String) -> Self {
        Self { plugin: plugin.clone(), version: Some(version.to_owned()), fault: PluginFault::Unfit(why) }
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let name = &self.plugin;
        match &self.fault {
            PluginFault::Missing(_) => Some(format!("install it, or set `command` in [plugins.{name}]")),
            PluginFault::Leaves(_) => Some("name a file in the repository, or a program of PATH".to_owned()),
            PluginFault::Untrusted => Some(format!("look at what it does, then `relman plugin trust {name}`")),
            PluginFault::Changed => Some(format!("look at what has changed, then `relman plugin trust {name}` again")),
            PluginFault::Off => Some("leave out `--no-plugins`".to_owned()),
            PluginFault::Late(_) => Some(format!("set `timeout` in [plugins.{name}]")),
            PluginFault::Answered { help, .. } => help.clone(),
            PluginFault::Command(_) | PluginFault::Unreadable(_) => None,
            _ => Some(format!("`relman plugin test` shows what it answers; {name} must follow docs/plugins.md")),
        }
    }

    /// Returns `true` if it was never started, since it may not be.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        matches!(self.fault, PluginFault::Untrusted | PluginFault::Changed | PluginFault::Off)
    }
}

impl fmt::Display for PluginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.version.as_ref().map_or(String::new(), |version| format!(" {version}"));
        write!(f, "the plugin `{}`{version} {}", self.plugin, self.fault)
    }
}

impl std::error::Error for PluginError {}
