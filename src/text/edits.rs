//! [`TextEdits`]: the one mechanism by which relman changes a text.

use serde::{Deserialize, Serialize};

use super::Span;

/// The new text for one span.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Edit {
    /// The bytes to replace.
    pub span: Span,
    /// The text to put there.
    pub new: String,
}

/// Edits of one text, sorted and disjoint.
///
/// An empty span is an insertion. It may touch either edge of another edit, and then stays on its side of it; two different
/// insertions at one place have no order and are refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct TextEdits(Vec<Edit>);

/// Why edits conflict with each other or do not fit a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Two edits touch the same bytes, or insert different texts at one place.
    #[error("two edits touch the bytes {0} to {1}")]
    Overlap(usize, usize),
    /// A span does not lie on the text's character boundaries.
    #[error("the bytes {0} to {1} are not within the text")]
    Outside(usize, usize),
}

impl TextEdits {
    /// Sorts the edits; identical edits count once.
    ///
    /// # Errors
    /// Returns an error if two of them overlap, or one ends before it starts.
    pub fn new(mut edits: Vec<Edit>) -> Result<Self, EditError> {
        edits.sort();
        edits.dedup();
        if let Some(edit) = edits.iter().find(|edit| edit.span.start > edit.span.end) {
            return Err(EditError::Outside(edit.span.start, edit.span.end));
        }
        for (a, b) in edits.iter().zip(edits.iter().skip(1)) {
            if a.span.end > b.span.start || a.span == b.span {
                return Err(EditError::Overlap(b.span.start, a.span.end.min(b.span.end)));
            }
        }
        Ok(Self(edits))
    }

    /// Returns the edits in the order of their spans.
    #[must_use]
    pub fn as_slice(&self) -> &[Edit] {
        &self.0
    }

    /// Returns `true` if there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text with every span replaced and no other byte changed.
    ///
    /// # Errors
    /// Returns an error if a span does not lie on the text's character boundaries.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Start, end and the new text.
    type Given<'a> = &'a [(usize, usize, &'a str)];

    fn edits(list: Given<'_>) -> Result<TextEdits, EditError> {
        TextEdits::new(
            list.iter().map(|(s, e, new)| Edit { span: Span::new(*s, *e), new: (*new).to_owned() }).collect(),
        )
    }

    #[test]
    fn only_the_spans_change() {
        let table: [(&str, Given<'_>, &str); 9] = [
            ("abc", &[], "abc"),
            ("v = \"1.0\"\r\n", &[(5, 8, "1.10")], "v = \"1.10\"\r\n"),
            ("\u{feff}1.0", &[(3, 6, "2")], "\u{feff}2"),
            ("abc", &[(2, 3, "C"), (0, 1, "A")], "AbC"),
            ("abc", &[(0, 1, "A"), (0, 1, "A")], "Abc"),
            ("abc", &[(1, 1, "-")], "a-bc"),
            ("abc", &[(1, 1, "<"), (1, 2, "B"), (2, 2, ">")], "a<B>c"),
            ("abc", &[(0, 3, "")], ""),
            ("", &[(0, 0, "x")], "x"),
        ];
        for (text, list, expected) in table {
            assert_eq!(edits(list).unwrap().apply(text).unwrap(), expected, "{list:?}");
        }
    }

    #[test]
    fn overlaps_are_refused() {
        let table: [(Given<'_>, (usize, usize)); 5] = [
            (&[(0, 2, "x"), (1, 3, "y")], (1, 2)),
            (&[(0, 9, "x"), (3, 4, "y")], (3, 4)),
            (&[(0, 2, "x"), (0, 2, "y")], (0, 2)),
            (&[(1, 1, "x"), (1, 1, "y")], (1, 1)),
            (&[(0, 2, "x"), (1, 1, "y")], (1, 1)),
        ];
        for (list, (start, end)) in table {
            assert_eq!(edits(list), Err(EditError::Overlap(start, end)), "{list:?}");
        }
        assert_eq!(edits(&[(3, 1, "x")]), Err(EditError::Outside(3, 1)));
    }

    #[test]
    fn spans_that_are_no_part_of_the_text_are_refused() {
        for (text, start, end) in [("abc", 2, 4), ("abc", 4, 4), ("é", 0, 1), ("é", 1, 2)] {
            let error = edits(&[(start, end, "x")]).unwrap().apply(text);
            assert_eq!(error, Err(EditError::Outside(start, end)), "{text} {start}..{end}");
        }
    }

    #[test]
    fn stored_edits_are_checked_when_they_are_read() {
        let given = edits(&[(4, 5, "b"), (0, 1, "a")]).unwrap();
        let json = serde_json::to_string(&given).unwrap();
        assert_eq!(serde_json::from_str::<TextEdits>(&json).unwrap(), given);
        assert_eq!(given.as_slice().len(), 2);
        assert!(!given.is_empty() && edits(&[]).unwrap().is_empty());
        let overlapping = r#"[{"span":{"start":0,"end":2},"new":"a"},{"span":{"start":1,"end":3},"new":"b"}]"#;
        assert!(serde_json::from_str::<TextEdits>(overlapping).is_err());
    }
}
