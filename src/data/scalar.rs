//! [`Scalar`]: a value that knows its bytes, and [`Fault`]: what is wrong with one.

use crate::text::Span;

/// A value in a text: the bytes between its quotes, or all of it where it has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The bytes of the value.
    pub span: Span,
    /// The value. It equals the bytes at the span.
    pub text: String,
    /// How a new value has to be written there.
    pub style: Style,
}

/// How a value is written in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As it is; the span has no quotes.
    Bare,
    /// Between quotes that stay where they are.
    Quoted,
    /// A plain scalar of YAML, which takes double quotes where the new value would not be read as a text.
    YamlPlain,
}

/// Something wrong in a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What was found and what was expected.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to do about it.
    pub help: Option<String>,
}

impl Fault {
    /// Returns a fault at a span.
    #[must_use]
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span, help: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
