//! [`TextEdits`]: the one mechanism by which relman changes a text.

use serde::{Deserialize, Serialize};

use super::Span;

/// The new text for one span.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The bytes to replace.
    pub span: Span,
    /// The text that is there.
    pub old: String,
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
    /// The bytes of a span are not the expected ones.
    #[error("the bytes {0} to {1} of the text are not the expected ones")]
    Differs(usize, usize),
}

impl TextEdits {
    /// Returns new texts for spans of a text.
    ///
    /// # Errors
    /// Returns an error if a span does not lie on the text's character boundaries, and as [`TextEdits::new`].
    pub fn of(text: &str, changes: impl IntoIterator<Item = (Span, String)>) -> Result<Self, EditError> {
        let edit = |(span, new): (Span, String)| {
            let old = span.of(text).ok_or(EditError::Outside(span.start, span.end))?;
            Ok(Edit { span, old: old.to_owned(), new })
        };
        Self::new(changes.into_iter().map(edit).collect::<Result<_, _>>()?)
    }

    /// Sorts the edits; identical edits count once.
    ///
    /// # Errors
    /// Returns an error if two of them overlap, one ends before it starts, or an old text does not have the length of its span.
    pub fn new(mut edits: Vec<Edit>) -> Result<Self, EditError> {
        edits.sort();
        edits.dedup();
        if let Some(edit) = edits.iter().find(|edit| edit.span.start > edit.span.end) {
            return Err(EditError::Outside(edit.span.start, edit.span.end));
        }
        if let Some(edit) = edits.iter().find(|edit| edit.span.end - edit.span.start != edit.old.len()) {
            return Err(EditError::Differs(edit.span.start, edit.span.end));
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
    /// Returns an error if a span does not lie on the text's character boundaries, or does not hold its old text.
    pub fn apply(&self, text: &str) -> Result<String, EditError> {
        let mut out = String::with_capacity(text.len() + 16 * self.0.len());
        let mut at = 0;
        for edit in &self.0 {
            let outside = EditError::Outside(edit.span.start, edit.span.end);
            match edit.span.of(text) {
                Some(old) if old == edit.old => {}
                Some(_) => return Err(EditError::Differs(edit.span.start, edit.span.end)),
                None => return Err(outside),
            }
            out.push_str(text.get(at..edit.span.start).ok_or(outside)?);
            out.push_str(&edit.new);
            at = edit.span.end;
        }
        // The end of the last span is on a character, as was just seen.
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

    fn edits(text: &str, list: Given<'_>) -> Result<TextEdits, EditError> {
        TextEdits::of(text, list.iter().map(|(start, end, new)| (Span::new(*start, *end), (*new).to_owned())))
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
            assert_eq!(edits(text, list).unwrap().apply(text).unwrap(), expected, "{list:?}");
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
            assert_eq!(edits("abcdefghi", list), Err(EditError::Overlap(start, end)), "{list:?}");
        }
        let turned = Edit { span: Span::new(3, 1), old: String::new(), new: "x".to_owned() };
        assert_eq!(TextEdits::new(vec![turned]), Err(EditError::Outside(3, 1)));
    }

    #[test]
    fn spans_that_are_no_part_of_the_text_are_refused() {
        for (text, start, end) in [("abc", 2, 4), ("abc", 4, 4), ("é", 0, 1), ("é", 1, 2)] {
            assert_eq!(edits(text, &[(start, end, "x")]), Err(EditError::Outside(start, end)), "{text} {start}..{end}");
        }
    }

    #[test]
    fn another_text_is_refused() {
        let made = edits("a1c", &[(1, 2, "2")]).unwrap();
        for (text, error) in
            [("abc", EditError::Differs(1, 2)), ("a", EditError::Outside(1, 2)), ("aé", EditError::Outside(1, 2))]
        {
            assert_eq!(made.apply(text), Err(error), "{text}");
        }
        let longer = Edit { span: Span::new(0, 1), old: "ab".to_owned(), new: String::new() };
        assert_eq!(TextEdits::new(vec![longer]), Err(EditError::Differs(0, 1)));
    }

    #[test]
    fn stored_edits_are_checked_when_they_are_read() {
        let given = edits("12345", &[(4, 5, "b"), (0, 1, "a")]).unwrap();
        let json = serde_json::to_string(&given).unwrap();
        assert_eq!(serde_json::from_str::<TextEdits>(&json).unwrap(), given);
        assert_eq!(given.as_slice().len(), 2);
        assert!(!given.is_empty() && edits("", &[]).unwrap().is_empty());
        let overlapping =
            r#"[{"span":{"start":0,"end":2},"old":"12","new":"a"},{"span":{"start":1,"end":3},"old":"23","new":"b"}]"#;
        let shorter = r#"[{"span":{"start":0,"end":2},"old":"1","new":"a"}]"#;
        for wrong in [overlapping, shorter] {
            assert!(serde_json::from_str::<TextEdits>(wrong).is_err(), "{wrong}");
        }
    }
}
