//! [`Span`] and [`Position`].

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::without_bom;

/// A range of bytes in a text, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// Returns the span from `start` up to `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the span, moved to the right by `bytes`.
    #[must_use]
    pub fn shifted(self, bytes: usize) -> Self {
        Self::new(self.start.saturating_add(bytes), self.end.saturating_add(bytes))
    }

    /// Returns the text at the span; `None` if it does not lie on character boundaries.
    #[must_use]
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.start..self.end)
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A line and a column as editors count them: from 1, columns in characters, a byte order mark not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// Returns the place of the byte `offset`; an offset past the end counts as the end, one inside a character as that character.
    ///
    /// It counts from the start of the text; for many places of one text, use [`Lines`].
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let (body, bom) = without_bom(text);
        let offset = offset.saturating_sub(bom).min(body.len());
        let before = (0..=offset).rev().find_map(|end| body.get(..end)).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
        Self { line, column }
    }
}

/// The lines of a text, counted once, so that locating a thousand lock entries does not read the lock a thousand times.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    body: &'a str,
    bom: usize,
    /// Where each line but the first one starts in the body.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Counts the lines of a text.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let (body, bom) = without_bom(text);
        Self { body, bom, starts: body.match_indices('\n').map(|(at, _)| at + 1).collect() }
    }

    /// Returns the place of the byte `offset`, as [`Position::of`] does.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.saturating_sub(self.bom).min(self.body.len());
        let above = self.starts.partition_point(|start| *start <= offset);
        let start = above.checked_sub(1).and_then(|last| self.starts.get(last)).copied().unwrap_or(0);
        let before = (start..=offset).rev().find_map(|end| self.body.get(start..end)).unwrap_or("");
        Position { line: above + 1, column: before.chars().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_editors_do() {
        let table = [
            ("", 0, (1, 1)),
            ("", 9, (1, 1)),
            ("ab\ncd", 0, (1, 1)),
            ("ab\ncd", 2, (1, 3)),
            ("ab\ncd", 3, (2, 1)),
            ("ab\ncd", 5, (2, 3)),
            ("ab\ncd", 99, (2, 3)),
            ("ab\r\ncd", 3, (1, 4)),
            ("ab\r\ncd", 4, (2, 1)),
            ("ab\r\n", 4, (2, 1)),
            ("\u{feff}ab", 0, (1, 1)),
            ("\u{feff}ab", 3, (1, 1)),
            ("\u{feff}ab", 4, (1, 2)),
            ("\u{feff}a\nb", 5, (2, 1)),
            ("éü\nx", 2, (1, 2)),
            ("éü\nx", 3, (1, 2)),
            ("éü\nx", 5, (2, 1)),
            ("a😀b", 5, (1, 3)),
            ("a😀b", 3, (1, 2)),
        ];
        for (text, offset, (line, column)) in table {
            assert_eq!(Position::of(text, offset), Position { line, column }, "{text:?} at {offset}");
            let lines = Lines::of(text);
            for offset in 0..=text.len() + 2 {
                assert_eq!(lines.position(offset), Position::of(text, offset), "{text:?} at {offset}");
            }
        }
    }

    #[test]
    fn spans_outside_of_characters_have_no_text() {
        let table = [
            ("abc", (0, 3), Some("abc")),
            ("abc", (1, 1), Some("")),
            ("abc", (3, 3), Some("")),
            ("abc", (2, 1), None),
            ("abc", (2, 4), None),
            ("é", (0, 1), None),
        ];
        for (text, (start, end), expected) in table {
            assert_eq!(Span::new(start, end).of(text), expected, "{text} {start}..{end}");
        }
        assert_eq!(Span::from(1..3).shifted(3), Span::new(4, 6));
    }
}
