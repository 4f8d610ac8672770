//! [`Asker`]: one plugin that is asked, with the settings and the variables of a case.

use std::sync::PoisonError;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::subject::Subject;
use super::texts::Texts;
use crate::capture::{ask_places, untrue_places};
use crate::plugin::protocol::{FilePlaces, Hello};
use crate::plugin::{Host, PluginCall, PluginError, PluginFault, Trust};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What is wrong, in a sentence without a full stop: what was found and what was expected.
pub(super) type Verdict = Result<(), String>;

/// Why there are no places.
pub(super) enum NoPlaces {
    /// The plugin answered with an error.
    Refused(String),
    /// It does not do as the protocol says.
    Wrong(String),
}

impl NoPlaces {
    /// Returns the sentence.
    pub(super) fn into_message(self) -> String {
        match self {
            Self::Refused(message) => format!("answered with an error: {message}"),
            Self::Wrong(message) => message,
        }
    }
}

/// A plugin that is asked.
pub(super) struct Asker<'a> {
    subject: &'a Subject,
    host: Host,
    settings: Map<String, Value>,
}

impl<'a> Asker<'a> {
    /// Returns one without settings.
    pub(super) fn plain(subject: &'a Subject) -> Self {
        Self::new(subject, Map::new(), Vec::new())
    }

    /// Returns one with these settings and variables. Whoever tests a plugin wants it started, so no trust is needed.
    pub(super) fn new(subject: &'a Subject, settings: Map<String, Value>, env: Vec<(String, String)>) -> Self {
        let host = Host::new(Trust::All, subject.root.clone(), subject.tree.clone()).giving(env);
        Self { subject, host, settings }
    }

    fn call(&self) -> PluginCall<'_> {
        let Subject { file, command, .. } = self.subject;
        PluginCall { name: &file.name, command, env: &[], timeout: TIMEOUT, settings: &self.settings }
    }

    /// Asks for the hello alone.
    pub(super) fn hello(&self) -> Result<Hello, String> {
        self.host.hello(&self.call()).map_err(|error| said(&error))
    }

    /// Hands over a request and returns the answer.
    pub(super) fn exchange(&self, request: &Value) -> Result<Value, String> {
        let answer = self.host.exchange(&self.call(), None, &request.to_string()).map_err(|error| said(&error))?;
        read(&answer.value)
    }

    /// Asks for the places in these texts. What is returned has these files in this order, and is true of their texts.
    pub(super) fn places(&self, texts: &Texts) -> Result<Vec<FilePlaces>, NoPlaces> {
        let answer = ask_places(&self.host, &self.call(), texts).map_err(|error| match error.fault {
            PluginFault::Answered { message, .. } => NoPlaces::Refused(message),
            _ => NoPlaces::Wrong(said(&error)),
        })?;
        for ((path, text), found) in texts.iter().zip(&answer.value) {
            if let Some(why) = untrue_places(text, &found.places).first() {
                return Err(NoPlaces::Wrong(format!("{path}: {why}")));
            }
        }
        Ok(answer.value)
    }
}

impl Drop for Asker<'_> {
    fn drop(&mut self) {
        self.subject.said.lock().unwrap_or_else(PoisonError::into_inner).extend(self.host.take_said());
    }
}

/// Reads an answer.
pub(super) fn read<T: DeserializeOwned>(line: &str) -> Result<T, String> {
    serde_json::from_str(line).map_err(|error| format!("the answer is not valid: {error}; found `{}`", excerpt(line)))
}

/// Returns the beginning of a line that may be long.
pub(super) fn excerpt(line: &str) -> String {
    let end = line.char_indices().nth(300).map_or(line.len(), |(at, _)| at);
    let dots = if end < line.len() { "..." } else { "" };
    format!("{}{dots}", line.get(..end).unwrap_or(line))
}

/// What a plugin did; its name is above the line already.
fn said(error: &PluginError) -> String {
    error.fault.to_string()
}
