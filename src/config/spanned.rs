//! [`Spanned`]: a value and its place.

use crate::text::Span;

/// A value of relman.toml and the bytes that hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file, quotes included.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Returns the value with its place.
    #[must_use]
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// Returns another value at the same place.
    #[must_use]
    pub fn with<U>(&self, value: U) -> Spanned<U> {
        Spanned::new(value, self.span)
    }
}
