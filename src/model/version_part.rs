//! [`VersionPart`]: a text that holds some numbers of a version, or the day of its release.

use std::fmt;

use jiff::civil::Date;
use jiff::fmt::strtime::{self, BrokenDownTime};

use crate::model::version::Version;

/// Days whose names and numbers differ in length: a format must be able to read back what it writes for each of them.
const SAMPLES: [(i16, i8, i8); 3] = [(2001, 2, 3), (2026, 5, 17), (2012, 12, 29)];

/// Some numbers of a version, days in any format, and literal text between them: `{major}.{minor}`, `{date:%B %Y}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionPart(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Literal(String),
    /// A number of the release, by its index.
    Number(usize),
    /// A day, in a format of strftime.
    Day(String),
}

/// Why a text is not a part of a version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionPartError {
    /// The format of a day.
    #[error("`{{date:{0}}}` is not a format of a day: {1}")]
    Day(String, String),
    /// A value is edited within its line.
    #[error("there is a control character between the first placeholder and the last one")]
    Control,
    /// Two placeholders without a text between them cannot be told apart.
    #[error("two placeholders need a text between them that does not start with a digit")]
    Ambiguous,
}

impl VersionPart {
    /// Finds the placeholders of a part: returns the text before the first one, the part, and the text after the last one; `None` if
    /// the text has no placeholder.
    ///
    /// # Errors
    /// Returns an error if a format does not read back what it writes, or two placeholders have no text between them.
    pub fn split(text: &str) -> Result<Option<(&str, Self, &str)>, VersionPartError> {
        let Some((before, first, mut rest)) = next_placeholder(text) else { return Ok(None) };
        let mut pieces = vec![first];
        while let Some((literal, piece, behind)) = next_placeholder(rest) {
            if literal.is_empty() || literal.starts_with(|c: char| c.is_ascii_digit()) {
                return Err(VersionPartError::Ambiguous);
            }
            if literal.contains(char::is_control) {
                return Err(VersionPartError::Control);
            }
            pieces.extend([Piece::Literal(literal.to_owned()), piece]);
            rest = behind;
        }
        for piece in &pieces {
            if let Piece::Day(format) = piece {
                check(format).map_err(|why| VersionPartError::Day(format.clone(), why))?;
            }
        }
        Ok(Some((before, Self(pieces), rest)))
    }

    /// Returns how many leading bytes of a text are such a part; `None` if it does not start with one.
    #[must_use]
    pub fn length_in(&self, text: &str) -> Option<usize> {
        let mut rest = text;
        for piece in &self.0 {
            rest = rest.get(piece.length_in(rest)?..)?;
        }
        Some(text.len() - rest.len())
    }

    /// Writes the part for a version and a day. Without a day, those of `old` stay; `None` if `old` is not such a part then.
    #[must_use]
    pub fn write(&self, version: &Version, day: Option<Date>, old: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = old;
        for piece in &self.0 {
            let length = piece.length_in(rest);
            match (piece, day) {
                (Piece::Literal(text), _) => out.push_str(text),
                (Piece::Number(index), _) => out.push_str(&version.part(*index).to_string()),
                // A format that was checked writes any day.
                (Piece::Day(format), Some(day)) => out.push_str(&strtime::format(format, day).ok()?),
                (Piece::Day(_), None) => out.push_str(rest.get(..length?)?),
            }
            rest = length.and_then(|length| rest.get(length..)).unwrap_or("");
        }
        Some(out)
    }
}

impl Piece {
    fn length_in(&self, text: &str) -> Option<usize> {
        match self {
            Self::Literal(literal) => text.starts_with(literal.as_str()).then_some(literal.len()),
            Self::Number(_) => Some(text.bytes().take_while(u8::is_ascii_digit).count()).filter(|length| *length > 0),
            Self::Day(format) => {
                let (_, length) = BrokenDownTime::parse_prefix(format, text).ok()?;
                text.is_char_boundary(length).then_some(length)
            }
        }
    }
}

impl fmt::Display for VersionPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Literal(text) => f.write_str(text),
            Piece::Number(index) => write!(f, "{{{}}}", NUMBERS.get(*index).copied().unwrap_or("")),
            Piece::Day(format) => write!(f, "{{date:{format}}}"),
        })
    }
}

const NUMBERS: [&str; 3] = ["major", "minor", "patch"];

/// Returns the text before the next placeholder, the placeholder, and the text after it.
fn next_placeholder(text: &str) -> Option<(&str, Piece, &str)> {
    text.match_indices('{').find_map(|(at, _)| {
        let (word, behind) = text.get(at + 1..)?.split_once('}')?;
        let number = || NUMBERS.iter().position(|number| *number == word).map(Piece::Number);
        let piece = word.strip_prefix("date:").map(|format| Piece::Day(format.to_owned())).or_else(number)?;
        Some((text.get(..at)?, piece, behind))
    })
}

/// Returns why a format cannot be used.
fn check(format: &str) -> Result<(), String> {
    let mut written = Vec::new();
    for (year, month, day) in SAMPLES {
        let day = Date::new(year, month, day).map_err(|error| error.to_string())?;
        let text = strtime::format(format, day).map_err(|error| error.to_string())?;
        let read = BrokenDownTime::parse_prefix(format, &text).map_err(|error| error.to_string())?;
        if read.1 != text.len() {
            return Err(format!("it does not read back `{text}`, which it writes"));
        }
        written.push(text);
    }
    let is_fixed = written.iter().all(|text| written.first() == Some(text));
    if is_fixed || written.iter().any(|text| text.contains(char::is_control)) {
        return Err("it has to show a year, a month or a day, on one line".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> VersionPart {
        VersionPart::split(text).unwrap().unwrap().1
    }

    #[test]
    fn parts_are_read_and_written() {
        let version = Version::stable(vec![10, 2]);
        let day = Date::new(2026, 3, 7).unwrap();
        let cases = [
            ("{major}.{minor}", "1.12.3", 4, "10.2", "10.2"),
            ("{minor}/{major}/{patch}", "1/2/3x", 5, "2/10/0", "2/10/0"),
            ("{date:%B %Y}", "November 2025\"", 13, "March 2026", "November 2025"),
            ("{date:%Y-%m-%d}", "2025-11-26", 10, "2026-03-07", "2025-11-26"),
            ("{date:%-d. %b %y}", "3. Nov 25", 9, "7. Mar 26", "3. Nov 25"),
            ("{major} ({date:%d/%m/%Y}", "9 (31/12/2025)", 13, "10 (07/03/2026", "10 (31/12/2025"),
        ];
        for (pattern, old, length, new, kept) in cases {
            let part = part(&format!("x{pattern}y"));
            assert_eq!(part.to_string(), pattern);
            assert_eq!(part.length_in(old), Some(length), "{pattern}");
            let old = old.get(..length).unwrap_or(old);
            assert_eq!(part.write(&version, Some(day), old).as_deref(), Some(new), "{pattern}");
            assert_eq!(part.write(&version, None, old).as_deref(), Some(kept), "{pattern}");
            assert_eq!(part.length_in(new), Some(new.len()), "{pattern}");
        }
        assert_eq!(part("{date:%B}").write(&version, None, "Movember"), None);
        assert_eq!(part("{major}.{minor}").length_in("1,2"), None);
        assert_eq!(part("{date:%B %Y}").length_in("Décembre 2025"), None);
    }

    #[test]
    fn formats_that_do_not_show_a_day_are_refused() {
        for format in ["", "x", "%%", "%H:%M", "%n%Y", "%Q", "%", "%s", "%Z", "%Y%"] {
            let error = VersionPart::split(&format!("{{date:{format}}}")).unwrap_err();
            assert!(matches!(error, VersionPartError::Day(..)), "{format}: {error}");
        }
        for text in ["{major}{minor}", "{major}1{minor}", "{date:%Y}{major}"] {
            assert_eq!(VersionPart::split(text), Err(VersionPartError::Ambiguous), "{text}");
        }
        assert_eq!(VersionPart::split("{major}\n{minor}"), Err(VersionPartError::Control));
        for text in ["{version}", "{date}", "{Major}", "{ major }", "{major", "x"] {
            assert_eq!(VersionPart::split(text), Ok(None), "{text}");
        }
    }
}
