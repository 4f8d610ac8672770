//! [`Event`]: what happens in a long run, when it happens.

use schemars::JsonSchema;
use serde::Serialize;

/// A line of `--progress json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Event {
    /// The version of this format: 1.
    schema: u32,
    /// What it is about.
    event: EventKind,
    /// Which one: the name of the phase, the gate or the command, what is waited for, or the id of the step. Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// How far it is.
    state: EventState,
    /// The same for people. Its wording may change.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// How many of `of` are done.
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<usize>,
    /// How many there are: commits, or artifacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<usize>,
    /// Where it can be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// The exit code, at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    exit: Option<i32>,
    /// The message for people, if there is one.
    #[serde(skip)]
    words: Option<String>,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// A part of relman's own work.
    Phase,
    /// A gate of relman.toml.
    Gate,
    /// Something else has to happen first.
    Wait,
    /// A step that leaves this machine.
    Step,
    /// A command of relman.toml that is neither a gate nor a step.
    Command,
    /// The last line.
    End,
}

/// How far something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventState {
    /// It begins.
    Begun,
    /// It goes on, and its numbers or its message changed.
    Running,
    /// It is done.
    Done,
    /// A gate holds.
    Passed,
    /// It failed; at the end: the exit code is not 0.
    Failed,
    /// A gate was not looked at, on request.
    Skipped,
    /// A gate could not be looked at.
    Unknown,
    /// A step before it failed, so it was not begun.
    NotAttempted,
}

impl Event {
    /// Returns an event about the thing of this name.
    #[must_use]
    pub fn new(event: EventKind, name: impl Into<String>, state: EventState) -> Self {
        let name = Some(name.into());
        Self { schema: 1, event, name, state, message: None, done: None, of: None, url: None, exit: None, words: None }
    }

    /// Returns the last event of a run, with its exit code.
    #[must_use]
    pub fn end(exit: i32) -> Self {
        let state = if exit == 0 { EventState::Done } else { EventState::Failed };
        Self { name: None, exit: Some(exit), ..Self::new(EventKind::End, "", state) }
    }

    /// Returns the same event with a message, which is not shown to people.
    #[must_use]
    pub fn message(self, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..self }
    }

    /// Returns the same event with words for people, which are its message too unless it has one.
    #[must_use]
    pub fn saying(self, words: impl Into<String>) -> Self {
        let words = words.into();
        Self { message: self.message.or_else(|| Some(words.clone())), words: Some(words), ..self }
    }

    /// Returns the same event without words for people.
    #[must_use]
    pub fn unsaid(self) -> Self {
        Self { words: None, ..self }
    }

    /// Returns the same event with how many of how many are done.
    #[must_use]
    pub fn counting(self, done: usize, of: usize) -> Self {
        Self { done: Some(done), of: Some(of), ..self }
    }

    /// Returns the same event with the address where it can be looked at.
    #[must_use]
    pub fn at(self, url: Option<String>) -> Self {
        Self { url, ..self }
    }

    /// Returns the message for people; `None` if there is none.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, EventKind, EventState};

    #[test]
    fn words_are_the_message_unless_there_is_one() {
        let wait = Event::new(EventKind::Wait, "ci", EventState::Running);
        let line = |event: &Event| serde_json::to_string(event).unwrap();
        assert_eq!(
            line(&wait.clone().saying("waiting for CI").counting(1, 2)),
            r#"{"schema":1,"event":"wait","name":"ci","state":"running","message":"waiting for CI","done":1,"of":2}"#
        );
        assert_eq!(wait.clone().message("a").saying("b").words(), Some("b"));
        assert!(line(&wait.message("a").saying("b")).ends_with(r#""message":"a"}"#));
        assert_eq!(line(&Event::end(6)), r#"{"schema":1,"event":"end","state":"failed","exit":6}"#);
    }
}
