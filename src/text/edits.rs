//! [`TextEdits`]: the one mechanism by which relman changes a text.

use serde::{Deserialize, Serialize};

use super::Span;

/// New text for one span.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Edit {
    /// The bytes that go.
    pub span: Span,
    /// What stands there instead.
    pub new: String,
}

/// Edits of one text, sorted and disjoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct TextEdits(Vec<Edit>);

/// Why edits do not fit together or onto a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Two edits touch the same bytes with different results.
    #[error("two edits touch the bytes {0} to {1}")]
    Overlap(usize, usize),
    /// A span does not lie on the text's characters.
    #[error("the bytes {0} to {1} are no part of the text")]
    Outside(usize, usize),
}

impl TextEdits {
    /// Sorts the edits; an edit that is given twice counts once.
    ///
    /// # Errors
    /// Where two of them overlap.
    pub fn new(mut edits: Vec<Edit>) -> Result<Self, EditError> {
        edits.sort();
        edits.dedup();
        for (a, b) in edits.iter().zip(edits.iter().skip(1)) {
            if a.span.end > b.span.start || a.span == b.span {
                return Err(EditError::Overlap(b.span.start, a.span.end));
            }
        }
        Ok(Self(edits))
    }

    /// Returns the edits in the order of their spans.
    #[must_use]
    pub fn as_slice(&self) -> &[Edit] {
        &self.0
    }

    /// Tells whether there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text with every span replaced and no other byte changed.
    ///
    /// # Errors
    /// Where a span does not lie on the text's characters.
    pub fn apply(&self, text: &str) -> Result<String, EditError> {
        let mut out = String::with_capacity(text.len() + 16 * self.0.len());
        let mut at = 0;
        for edit in &self.0 {
            let outside = EditError::Outside(edit.span.start, edit.span.end);
            if edit.span.of(text).is_none() {
                return Err(outside);
            }
            out.push_str(text.get(at..edit.span.start).ok_or(outside)?);
            out.push_str(&edit.new);
            at = edit.span.end;
        }
        out.push_str(text.get(at..).unwrap_or(""));
        Ok(out)
    }
}

impl<'de> Deserialize<'de> for TextEdits {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
