//! [`ManPage`]: a manual page in roff, with the macros that man(7) describes.

use std::fmt::Write;
use std::path::PathBuf;

/// A manual page. In its texts, what is in backticks is set in bold.
pub(in crate::cli) struct ManPage {
    name: String,
    section: u8,
    text: String,
}

impl ManPage {
    /// Begins a page with its title and the section NAME.
    pub(super) fn new(name: &str, section: u8, version: &str, about: &str) -> Self {
        let title = format!(".TH {} {section} \"\" \"relman {version}\" \"relman manual\"\n", escaped(name));
        // Lines are neither stretched nor are words cut, so that commands can be copied.
        let text = format!("{title}.nh\n.ad l\n.SH NAME\n{} \\- {}\n", escaped(name), inline(about));
        Self { name: name.to_owned(), section, text }
    }

    /// Returns its name, without the section.
    pub(in crate::cli) fn name(&self) -> &str {
        &self.name
    }

    /// Returns its place in a folder of manual pages: `man1/relman.1`.
    pub(in crate::cli) fn path(&self) -> PathBuf {
        PathBuf::from(format!("man{0}/{1}.{0}", self.section, self.name))
    }

    /// Returns its roff.
    pub(in crate::cli) fn text(&self) -> &str {
        &self.text
    }

    /// Begins a section.
    pub(super) fn section(&mut self, heading: &str) {
        self.lines(&[&format!(".SH {}", escaped(&heading.to_uppercase()))]);
    }

    /// Begins a part of a section.
    pub(super) fn part(&mut self, heading: &str) {
        self.lines(&[&format!(".SS {}", escaped(heading))]);
    }

    /// Adds paragraphs, with blank lines between them.
    pub(super) fn paragraphs(&mut self, text: &str) {
        for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
            self.set(&inline(&paragraph.replace('\n', " ")));
        }
    }

    /// Adds a paragraph that is set in roff already.
    pub(super) fn set(&mut self, roff: &str) {
        // The first one begins with its heading.
        let is_first = self.text.lines().next_back().is_some_and(|line| line.starts_with(".S"));
        self.lines(&[if is_first { "" } else { ".PP" }, roff]);
    }

    /// Adds a term, set in roff already, and what it means.
    pub(super) fn item(&mut self, term: &str, text: &str) {
        self.lines(&[".TP", term]);
        for (at, paragraph) in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()).enumerate() {
            self.lines(&[if at == 0 { "" } else { ".IP" }, &inline(&paragraph.replace('\n', " "))]);
        }
    }

    fn lines(&mut self, lines: &[&str]) {
        for line in lines.iter().filter(|line| !line.is_empty()) {
            // A text cannot be written to in vain.
            let _ = writeln!(self.text, "{line}");
        }
    }
}

/// Sets a text in bold.
pub(super) fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escaped(text))
}

/// Sets a text in italics.
pub(super) fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", escaped(text))
}

/// Sets a line of text with code in backticks.
pub(super) fn inline(text: &str) -> String {
    let set = |(at, part): (usize, &str)| if at % 2 == 1 { bold(part) } else { escaped(part) };
    // A backtick without its partner is one.
    let parts: Vec<&str> = text.split('`').collect();
    let text: String = match parts.len() % 2 {
        0 => escaped(text),
        _ => parts.into_iter().enumerate().map(set).collect(),
    };
    // A line of text must not begin like a macro.
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

/// Sets the name of another page.
pub(super) fn reference(name: &str, section: u8) -> String {
    format!("{}({section})", bold(name))
}

/// Writes characters that roff would take for something else, and those that are not ASCII, by their names.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\e"),
            '-' => out.push_str("\\-"),
            '\'' => out.push_str("\\(aq"),
            '`' => out.push_str("\\(ga"),
            '^' => out.push_str("\\(ha"),
            '~' => out.push_str("\\(ti"),
            ' '..='~' => out.push(c),
            _ => drop(write!(out, "\\[u{:04X}]", u32::from(c))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn texts_are_only_texts_to_roff() {
        for (text, set) in [
            ("a `-p x` b-c", "a \\fB\\-p x\\fR b\\-c"),
            (".TH `", "\\&.TH \\(ga"),
            ("'it\\'s'", "\\(aqit\\e\\(aqs\\(aq"),
            ("{ … }", "{ \\[u2026] }"),
        ] {
            assert_eq!(inline(text), set);
        }
    }
}
