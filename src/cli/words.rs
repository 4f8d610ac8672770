//! [`Text`]: text for people.

use std::fmt::Display;

use anstyle::Style;

use crate::text::{escape_controls, width};

/// A text for people. Whatever is added to it is escaped first, so a terminal only obeys relman's own styles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(String);

impl Text {
    /// Returns a text without a style.
    pub(super) fn new(text: impl Display) -> Self {
        Self::default().plain(text)
    }

    /// Adds a text without a style.
    #[must_use]
    pub(super) fn plain(mut self, text: impl Display) -> Self {
        self.0.push_str(&escape_controls(&text.to_string()));
        self
    }

    /// Adds a text with a style.
    #[must_use]
    pub(super) fn styled(mut self, style: Style, text: impl Display) -> Self {
        let text = text.to_string();
        self.0.push_str(&format!("{style}{}{style:#}", escape_controls(&text)));
        self
    }

    /// Appends another text.
    #[must_use]
    pub(super) fn then(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// Returns the same text with lines broken between words, so that none is wider than a terminal of so many columns where that can be
    /// helped. What goes on in another line is indented.
    #[must_use]
    pub(super) fn folded(self, columns: Option<usize>) -> Self {
        // Without a terminal a line may have any length.
        let Some(columns) = columns else { return self };
        Self(self.0.split('\n').map(|line| fold(line, columns)).collect::<Vec<_>>().join("\n"))
    }

    /// Returns the text of a program that styles by itself: its colours stay, any other control characters are escaped.
    pub(super) fn of_styled(text: &str) -> Self {
        let mut out = Self::default();
        let mut rest = text;
        while let Some((before, sequence, after)) = next_colour(rest) {
            out = out.plain(before);
            out.0.push_str(sequence);
            rest = after;
        }
        out.plain(rest)
    }

    /// Returns the text for a terminal.
    pub(super) fn as_ansi(&self) -> &str {
        &self.0
    }
}

/// Breaks a line between words where it would be too long. What is in backticks can be copied as a whole.
fn fold(line: &str, columns: usize) -> String {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    let indent = " ".repeat(blanks + if blanks == 0 { 4 } else { 2 });
    let (mut out, mut used) = (String::new(), 0);
    for (at, word) in words(line, columns.saturating_sub(indent.len())).into_iter().enumerate() {
        let width = shown_width(&word);
        if at > blanks && used + 1 + width > columns && used > indent.len() {
            out.push('\n');
            out.push_str(&indent);
            used = indent.len();
        } else if at > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(&word);
        used += width;
    }
    out
}

fn shown_width(text: &str) -> usize {
    anstream::adapter::strip_str(text).map(width).sum()
}

/// Splits a line at its blanks, except inside of backticks where what is in them fits in a line.
fn words(line: &str, room: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_inside = false;
    for word in line.split(' ') {
        match words.last_mut().filter(|last| is_inside && shown_width(last) + 1 + shown_width(word) <= room) {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
        is_inside ^= word.matches('`').count() % 2 == 1;
    }
    words
}

/// Returns the first sequence that sets colours, with what is before and after it.
fn next_colour(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices("\x1b[").find_map(|(at, start)| {
        let numbers = text.get(at + start.len()..)?;
        let length = numbers.find(|c: char| !(c.is_ascii_digit() || c == ';'))?;
        numbers.get(length..)?.starts_with('m').then_some(())?;
        let end = at + start.len() + length + 1;
        Some((text.get(..at)?, text.get(at..end)?, text.get(end..)?))
    })
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Self::new(text)
    }
}

impl FromIterator<Self> for Text {
    fn from_iter<I: IntoIterator<Item = Self>>(texts: I) -> Self {
        texts.into_iter().fold(Self::default(), |all, text| all.then(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::Text;
    use crate::cli::output::GOOD;

    #[test]
    fn only_styles_reach_a_terminal() {
        let text = Text::new("a\u{1b}[31m").styled(GOOD, "b\u{202e}").then(&Text::from("c\u{9b}"));
        assert_eq!(text.as_ansi(), "a\\u{1b}[31m\u{1b}[32mb\\u{202e}\u{1b}[0mc\\u{9b}");
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        let text = Text::new("one two\n").styled(GOOD, "three").plain(" four five\n  six seven\n");
        assert_eq!(text.clone().folded(None), text);
        let folded = text.folded(Some(10));
        let expected = "one two\n\u{1b}[32mthree\u{1b}[0m four\n    five\n  six\n    seven\n";
        assert_eq!(folded.as_ansi(), expected);
        let command = Text::from("run `relman check --fix` first").folded(Some(24));
        assert_eq!(command.as_ansi(), "run `relman check --fix`\n    first");
    }

    #[test]
    fn of_a_styled_text_the_colours_stay() {
        let table = [
            ("\u{1b}[1;31mred\u{1b}[0m\u{1b}[m", "\u{1b}[1;31mred\u{1b}[0m\u{1b}[m"),
            ("\u{1b}[2J\u{1b}]0;m\u{7}\u{1b}[31m", "\\u{1b}[2J\\u{1b}]0;m\\u{7}\u{1b}[31m"),
            ("\u{1b}\u{1b}[31\u{1b}[", "\\u{1b}\\u{1b}[31\\u{1b}["),
        ];
        for (text, expected) in table {
            assert_eq!(Text::of_styled(text).as_ansi(), expected);
        }
    }
}
