//! [`MessageTemplate`]: the text of a commit or of a tag, with placeholders.

use crate::model::{choices, did_you_mean};

/// A message with placeholders such as `{version}`. Braces without a word in them are literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageTemplate {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Placeholder(String),
}

/// Why a text is not a valid message template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// A placeholder that this message does not have.
    #[error("unknown placeholder `{{{found}}}`")]
    Unknown {
        /// The word between the braces.
        found: String,
        /// The help: what to write instead.
        help: String,
    },
    /// Git accepts no empty message.
    #[error("the message is empty")]
    Empty,
    /// It holds a control character other than a line feed or a tab.
    #[error("the message holds a control character")]
    Control,
}

impl MessageError {
    /// Returns what to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Unknown { help, .. } => help.clone(),
            Self::Empty => "leave the key out for the default".to_owned(),
            Self::Control => "remove it; only line feeds and tabs are allowed".to_owned(),
        }
    }
}

impl MessageTemplate {
    /// The placeholders of `commit-message`.
    pub const OF_COMMITS: [&'static str; 3] = ["releases", "version", "date"];
    /// The placeholders of `tag-message`.
    pub const OF_TAGS: [&'static str; 4] = ["tag", "name", "version", "date"];

    /// Reads a message that may use the placeholders `known`.
    ///
    /// # Errors
    /// Returns an error if it is blank, or uses another placeholder.
    pub fn new(text: &str, known: &[&str]) -> Result<Self, MessageError> {
        if text.trim().is_empty() {
            return Err(MessageError::Empty);
        }
        if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(MessageError::Control);
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, word, after)) = next_word(rest) {
            if !known.contains(&word) {
                let found = word.to_owned();
                return Err(MessageError::Unknown { found, help: help(word, known) });
            }
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Placeholder(word.to_owned()));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self { parts })
    }

    /// Returns the message of a text followed by one placeholder.
    pub(super) fn ending_in(text: &str, placeholder: &str) -> Self {
        Self { parts: vec![Part::Text(text.to_owned()), Part::Placeholder(placeholder.to_owned())] }
    }

    /// Returns the heading of a section in the form of Keep a Changelog.
    pub(super) fn default_heading() -> Self {
        let text = |text: &str| Part::Text(text.to_owned());
        let placeholder = |word: &str| Part::Placeholder(word.to_owned());
        Self { parts: vec![text("## ["), placeholder("version"), text("] - "), placeholder("date")] }
    }

    /// Returns the entry of an issue or a request.
    pub(super) fn of_entries() -> Self {
        let parts = ["- #", "number", ": ", "title", " (@", "author", ")"];
        let part = |(at, text): (usize, &str)| match at % 2 {
            0 => Part::Text(text.to_owned()),
            _ => Part::Placeholder(text.to_owned()),
        };
        Self { parts: parts.into_iter().enumerate().map(part).collect() }
    }

    /// Returns `true` if the message uses this placeholder.
    #[must_use]
    pub fn uses(&self, placeholder: &str) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Placeholder(word) if word == placeholder))
    }

    /// Writes the message; `value` returns the text of each placeholder.
    #[must_use]
    pub fn fill(&self, value: impl Fn(&str) -> String) -> String {
        let text = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Placeholder(word) => value(word),
        };
        self.parts.iter().map(text).collect()
    }
}

impl std::fmt::Display for MessageTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.fill(|word| format!("{{{word}}}")))
    }
}

/// Returns the first word between braces, and the text before and after it.
fn next_word(text: &str) -> Option<(&str, &str, &str)> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    text.match_indices('{').find_map(|(at, _)| {
        let before = text.get(..at)?;
        let (word, after) = text.get(at + 1..)?.split_once('}')?;
        is_word(word).then_some((before, word, after))
    })
}

fn help(word: &str, known: &[&str]) -> String {
    let braced: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
    let braced: Vec<&str> = braced.iter().map(String::as_str).collect();
    did_you_mean(&format!("{{{word}}}"), &braced, || format!("the placeholders are {}", choices(&braced)))
}

#[cfg(test)]
mod tests {
    use super::{MessageError, MessageTemplate};

    #[test]
    fn messages_are_filled() {
        let cases = [
            ("Release {tag}", "Release <tag>"),
            ("{tag}{tag}", "<tag><tag>"),
            ("{} { } {{tag}} {", "{} { } {<tag>} {"),
            ("a { b } {tag", "a { b } {tag"),
            ("plain", "plain"),
        ];
        for (text, expected) in cases {
            let message = MessageTemplate::new(text, &MessageTemplate::OF_TAGS).unwrap();
            assert_eq!(message.fill(|word| format!("<{word}>")), expected);
            assert_eq!(message.to_string(), text);
            assert_eq!(message.uses("tag"), expected.contains('<'));
        }
    }

    #[test]
    fn messages_that_are_refused() {
        let unknown = |text: &str| match MessageTemplate::new(text, &MessageTemplate::OF_COMMITS).unwrap_err() {
            MessageError::Unknown { found, help } => (found, help),
            other => panic!("{other}"),
        };
        assert_eq!(unknown("x {versoin}"), ("versoin".to_owned(), "did you mean `{version}`?".to_owned()));
        assert_eq!(unknown("{tag}").1, "the placeholders are `{releases}`, `{version}` or `{date}`");
        assert_eq!(MessageTemplate::new(" \n", &[]), Err(MessageError::Empty));
        assert_eq!(MessageTemplate::new("a\0", &[]), Err(MessageError::Control));
    }
}
