//! [`Diagnostic`]: one thing that is wrong, where, and what to do about it.

use std::sync::Arc;

use crate::model::{ProblemCode, RepoPath};
use crate::text::{Position, Span};

/// Something that is wrong with what was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of problem it is.
    pub code: ProblemCode,
    /// What was found and what was expected, in one sentence without a full stop.
    pub message: String,
    /// Where it is.
    pub place: Option<Place>,
    /// What to do about it.
    pub help: Option<String>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: RepoPath,
    /// The file's text, so that the line can be shown; `None` if it could not be read as text.
    pub text: Option<Arc<str>>,
    /// The bytes in the text.
    pub span: Span,
}

impl Place {
    /// Returns line and column of the place, 1:1 without a text.
    #[must_use]
    pub fn position(&self) -> Position {
        let text = self.text.as_deref().unwrap_or("");
        Position::of(text, self.span.start)
    }
}

impl Diagnostic {
    /// Returns a diagnostic of a kind, without place and help.
    #[must_use]
    pub fn new(code: ProblemCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: None, help: None }
    }

    /// Adds the place in a text.
    #[must_use]
    pub fn at(mut self, path: &RepoPath, text: &Arc<str>, span: Span) -> Self {
        self.place = Some(Place { path: path.clone(), text: Some(Arc::clone(text)), span });
        self
    }

    /// Adds the file, without a place in its text.
    #[must_use]
    pub fn in_file(mut self, path: &RepoPath) -> Self {
        self.place = Some(Place { path: path.clone(), text: None, span: Span::new(0, 0) });
        self
    }

    /// Returns all of it in one line: the place, the message, and what to do in parentheses.
    #[must_use]
    pub fn sentence(&self) -> String {
        let place = self.place.as_ref().map_or(String::new(), |place| {
            let at = place.position();
            format!("{}:{}:{}: ", place.path, at.line, at.column)
        });
        let help = self.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
        format!("{place}{}{help}", self.message)
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
