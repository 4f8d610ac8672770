//! [`Pep508`]: the parts of a dependency specifier.

use std::ops::Range;

/// What a dependency specifier (PEP 508) requires, by version: its parts as they stand in the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pep508<'t> {
    /// The name, as it is written.
    pub(super) name: &'t str,
    /// The bytes of the version specifiers: neither blanks nor parentheses around them, no marker.
    pub(super) specifiers: Range<usize>,
}

impl<'t> Pep508<'t> {
    /// Takes a specifier apart. Nothing where it names a URL, has no version specifier, or is none at all.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let start = text.len() - text.trim_start().len();
        let name = text.get(start..)?;
        let end =
            name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(name.len());
        let name = name.get(..end)?;
        name.starts_with(|c: char| c.is_ascii_alphanumeric()).then_some(())?;
        let mut at = blanks(text, start + end);
        if text.get(at..)?.starts_with('[') {
            at = blanks(text, at + text.get(at..)?.find(']')? + 1);
        }
        let rest = text.get(at..)?;
        let (at, rest) = match rest.strip_prefix('(') {
            Some(inner) => (at + 1, inner.get(..inner.find(')')?)?),
            None => (at, rest.get(..rest.find(';').unwrap_or(rest.len()))?),
        };
        let specifiers = rest.trim();
        specifiers.starts_with(['<', '>', '=', '!', '~']).then_some(())?;
        let start = at + rest.len() - rest.trim_start().len();
        Some(Self { name, specifiers: start..start + specifiers.len() })
    }
}

fn blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    at + rest.len() - rest.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifiers_are_what_stands_between_name_and_marker() {
        for (text, name, specifiers) in [
            ("a>=1", "a", ">=1"),
            ("a_B.c-d ~= 1.2 ", "a_B.c-d", "~= 1.2"),
            ("a[x]>=1,<2", "a", ">=1,<2"),
            (" a [ x , y ] == 1.* ; python_version < '3.9'", "a", "== 1.*"),
            ("a (>=1, <2)", "a", ">=1, <2"),
            ("a( !=1 );os_name=='nt'", "a", "!=1"),
            ("a===1;extra == \"x>=2\"", "a", "===1"),
            ("\u{a0}a\u{a0}>1", "a", ">1"),
        ] {
            let read = Pep508::read(text).unwrap();
            assert_eq!((read.name, text.get(read.specifiers)), (name, Some(specifiers)), "{text}");
        }
    }

    #[test]
    fn what_requires_no_version_is_nothing() {
        for text in [
            "",
            " ",
            "a",
            "a[x]",
            "a ; python_version >= '3'",
            "a @ https://example.com/a>=1",
            "a[x]@file:///a==1",
            "-e .",
            ">=1",
            "a (>=1",
            "a[x >=1",
            "a ()",
            "a 1.0",
            "a^1",
            "./a>=1",
            "ä>=1",
        ] {
            assert_eq!(Pep508::read(text), None, "{text}");
        }
    }
}
