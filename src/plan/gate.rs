//! [`Gate`]: what must hold before the first write, and whether it does.

use serde::{Deserialize, Serialize};

/// A gate, and what a look at it found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Gate {
    /// Its name, by which it can be skipped.
    pub name: String,
    /// Whether it holds.
    pub state: GateState,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where more can be read.
    pub url: Option<String>,
    /// Whether it is looked at after the question, so that it does not speak against the plan yet.
    #[serde(skip)]
    pub is_later: bool,
}

/// Whether a gate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GateState {
    /// It holds.
    Passed,
    /// It does not.
    Failed,
    /// It was not looked at, on request.
    Skipped,
    /// It could not be looked at, or is looked at later.
    Unknown,
}

impl Gate {
    /// Returns a gate with what was found.
    #[must_use]
    pub fn new(name: impl Into<String>, state: GateState, message: impl Into<String>) -> Self {
        Self { name: name.into(), state, message: message.into(), help: None, url: None, is_later: false }
    }

    /// Returns a gate that is looked at after the question, or not in this run.
    #[must_use]
    pub fn later(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { is_later: true, ..Self::new(name, GateState::Unknown, message) }
    }

    /// Returns the same gate with what to do about it.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}
