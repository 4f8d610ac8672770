//! Any text, by a search pattern.
//!
//! A pattern is literal text around one `{version}`, or around a part of one. Its line ends match either kind of line end, unless it asks for the long one.

use super::found::leading_v;
use super::near_search::near_search;
use super::{Found, VersionPlace};
use crate::data::{Fault, Scalar, Style};
use crate::model::{SearchPattern, VersionPart, VersionScheme};
use crate::text::{Position, Span, without_bom};

/// How many bytes a version can have. With a limit the time that a search takes grows with its text alone.
const LONGEST: usize = 200;

/// Finds every match of the pattern; no two of them overlap.
pub(super) fn find(text: &str, pattern: &SearchPattern, scheme: VersionScheme) -> Result<Found, Vec<Fault>> {
    let (before, after) = (Literal::new(&pattern.before), Literal::new(&pattern.after));
    let mut versions = Vec::new();
    let mut near_miss = None;
    let mut at = without_bom(text).1;
    while let Some((start, place)) = before.next(text, at) {
        // A `v` before the number is part of neither the search nor the version.
        let place = place + text.get(place..).map_or(0, leading_v);
        let value = match pattern.part() {
            Some(part) => part_at(text, place, &after, part),
            None => version_at(text, place, &after, scheme),
        };
        match value {
            Some((end, next)) => {
                let span = Span::new(place, end);
                let value = span.of(text).unwrap_or("").to_owned();
                let scalar = Scalar { span, text: value, style: Style::Bare };
                let field = pattern.part().map_or("version".to_owned(), ToString::to_string);
                versions.push(VersionPlace { field, scalar });
                at = next;
            }
            None => {
                near_miss = near_miss.or(Some(place));
                at = start + text.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            }
        }
    }
    if versions.is_empty() {
        return Err(vec![no_match(text, pattern, scheme, near_miss)]);
    }
    Ok(Found { versions, ..Found::default() })
}

fn no_match(text: &str, pattern: &SearchPattern, scheme: VersionScheme, near_miss: Option<usize>) -> Fault {
    let shown = |text: &str| text.replace('\r', "\\r").replace('\n', "\\n");
    let written = shown(&pattern.to_string());
    let message = format!("the search `{written}` matches nothing in this file");
    if let Some(at) = near_miss.filter(|_| !pattern.before.is_empty()) {
        let Position { line, column } = Position::of(text, at);
        let expected = pattern.part().map_or_else(|| format!("a {scheme} version"), |part| format!("`{part}`"));
        let rest = if pattern.after.is_empty() { "" } else { " followed by the rest of the search" };
        let help = format!("expected {expected}{rest} at line {line}, column {column}");
        return Fault::new(Span::new(at, at), message).help(help);
    }
    let value = match pattern.part() {
        Some(_) => "values in place of placeholders",
        None => match near(text, &written, scheme) {
            Some((span, near)) => {
                let line = Position::of(text, span.start).line;
                return Fault::new(span, message).help(format!("did you mean `{near}`, as in line {line}?"));
            }
            None => "a version in place of {version}",
        },
    };
    let help = format!("the file must contain it exactly, white space included, with {value}");
    Fault::new(Span::new(0, 0), message).help(help)
}

/// Finds the line with a version that is most like a search.
fn near(text: &str, search: &str, scheme: VersionScheme) -> Option<(Span, String)> {
    let any = SearchPattern::new("{version}").ok()?;
    // Without text around it, its absence is all that can be said.
    if search == "{version}" {
        return None;
    }
    near_search(text, search, &find(text, &any, scheme).ok()?.versions)
}

/// One side of a pattern: texts between line ends.
struct Literal<'p>(Vec<&'p str>);

impl<'p> Literal<'p> {
    fn new(text: &'p str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        let mut from = 0;
        while let Some(at) = rest.get(from..).and_then(|tail| tail.find('\n')).map(|at| at + from) {
            let (head, tail) = (rest.get(..at).unwrap_or(""), rest.get(at + 1..).unwrap_or(""));
            if head.ends_with('\r') {
                from = at + 1;
            } else {
                parts.push(head);
                rest = tail;
                from = 0;
            }
        }
        parts.push(rest);
        Self(parts)
    }

    /// Returns the byte behind the literal, where the text goes on with it at `at`.
    fn matches(&self, text: &str, at: usize) -> Option<usize> {
        let mut rest = text.get(at..)?;
        for (index, part) in self.0.iter().enumerate() {
            if index > 0 {
                rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
            }
            rest = rest.strip_prefix(part)?;
        }
        Some(text.len() - rest.len())
    }

    /// Returns where the literal next starts, from `at` on, and the byte behind it.
    fn next(&self, text: &str, mut at: usize) -> Option<(usize, usize)> {
        let first = match self.0.as_slice() {
            [""] => return next_number(text, at).map(|start| (start, start)),
            ["", ..] => "\n",
            [first, ..] => first,
            [] => return None,
        };
        loop {
            let start = at + text.get(at..)?.find(first)?;
            if let Some(end) = self.matches(text, start) {
                return Some((start, end));
            }
            at = start + first.chars().next().map_or(1, char::len_utf8);
        }
    }
}

/// Returns where the next version may start that has no text before it: at a digit that continues neither a word nor another number.
/// A `v` before the digit does not count as a word.
fn next_number(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let before = |at: usize, back: usize| at.checked_sub(back).and_then(|i| bytes.get(i)).copied();
    let is_apart = |at: usize| match before(at, 1) {
        Some(b'-' | b'_') => !before(at, 2).is_some_and(|b| b.is_ascii_digit()),
        // A byte above ASCII ends a letter of some other script, or a sign; both end a word of ours.
        Some(b) => !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'+' | b'!'),
        None => true,
    };
    let starts = |at: usize| match before(at, 1) {
        Some(b'v' | b'V') => at > from && is_apart(at - 1),
        _ => is_apart(at),
    };
    (from..bytes.len()).find(|at| bytes.get(*at).is_some_and(u8::is_ascii_digit) && starts(*at))
}

/// Returns the byte behind the longest version at `at` that the literal follows, and the byte behind that.
fn version_at(text: &str, at: usize, after: &Literal<'_>, scheme: VersionScheme) -> Option<(usize, usize)> {
    let rest = text.get(at..)?;
    let longest = match scheme {
        VersionScheme::Semver => semver_reach(rest),
        VersionScheme::Pep440 => pep440_reach(rest),
    };
    let open_end = after.0.as_slice() == [""];
    (at + 1..=at + longest.min(LONGEST)).rev().find_map(|end| {
        let next = after.matches(text, end)?;
        let whole = !open_end || ends_number(text.as_bytes().get(end..).unwrap_or(&[]));
        (whole && scheme.parse(text.get(at..end)?).is_ok()).then_some((end, next))
    })
}

/// Returns the byte behind the part of a version at `at`, where the literal follows it, and the byte behind that.
fn part_at(text: &str, at: usize, after: &Literal<'_>, part: &VersionPart) -> Option<(usize, usize)> {
    // A format may read as far as it likes.
    let line = text.get(at..)?.split(['\n', '\r']).next()?;
    let length = part.length_in(line).filter(|length| *length <= LONGEST)?;
    let end = at + length;
    let next = after.matches(text, end)?;
    let open_end = after.0.as_slice() == [""];
    (!open_end || ends_number(text.as_bytes().get(end..).unwrap_or(&[]))).then_some((end, next))
}

/// Returns `true` if a version that nothing has to follow may end before these bytes: they go on neither its number nor its word.
fn ends_number(rest: &[u8]) -> bool {
    match rest {
        [b'.', next, ..] => !next.is_ascii_digit(),
        [next, ..] => !next.is_ascii_alphanumeric(),
        [] => true,
    }
}

/// Counts the leading bytes that a version of SemVer 2.0.0 could have; 0 where none can start here.
fn semver_reach(text: &str) -> usize {
    let mut scan = Scan { text: text.as_bytes(), at: 0 };
    let release = scan.digits() && scan.byte(b".") && scan.digits() && scan.byte(b".") && scan.digits();
    if !release {
        return 0;
    }
    if scan.byte(b"-") {
        scan.run(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    }
    if scan.byte(b"+") {
        scan.run(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    }
    scan.at
}

/// Counts the leading bytes that a version of PEP 440 could have; 0 where none can start here.
fn pep440_reach(text: &str) -> usize {
    let mut scan = Scan { text: text.as_bytes(), at: 0 };
    if !scan.digits() {
        return 0;
    }
    let epoch = scan.at;
    if scan.byte(b"!") && !scan.digits() {
        return epoch;
    }
    loop {
        let at = scan.at;
        if !(scan.byte(b".") && scan.digits()) {
            scan.at = at;
            break;
        }
    }
    // A prerelease, a post release and a development release, each with separators before and behind its letters.
    for _ in 0..3 {
        let at = scan.at;
        let dash = scan.text.get(at) == Some(&b'-');
        scan.byte(b"-._");
        let letters = scan.run(|b| b.is_ascii_alphabetic());
        let behind = scan.at;
        scan.byte(if letters { b"-._" } else { b"" });
        // Without letters only a dash and a number are a post release.
        if !(scan.digits() && (letters || dash)) {
            scan.at = if letters { behind } else { at };
        }
    }
    if scan.byte(b"+") {
        scan.run(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    }
    scan.at
}

/// A place in a text that moves forward.
struct Scan<'t> {
    text: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    /// Steps over one byte of `any`.
    fn byte(&mut self, any: &[u8]) -> bool {
        let found = self.text.get(self.at).is_some_and(|b| any.contains(b));
        self.at += usize::from(found);
        found
    }

    /// Steps over all bytes of a kind, as far as a version can reach; tells whether there was one.
    fn run(&mut self, kind: impl Fn(u8) -> bool) -> bool {
        let rest = self.text.get(self.at..).unwrap_or(&[]);
        let length = rest.iter().take(LONGEST + 1).take_while(|b| kind(**b)).count();
        self.at += length;
        length > 0
    }

    fn digits(&mut self) -> bool {
        self.run(|b| b.is_ascii_digit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use VersionScheme::{Pep440, Semver};

    fn matches<'t>(text: &'t str, pattern: &str, scheme: VersionScheme) -> Vec<&'t str> {
        match find(text, &SearchPattern::new(pattern).unwrap(), scheme) {
            Ok(found) => found.versions.iter().map(|v| v.scalar.span.of(text).unwrap()).collect(),
            Err(_) => Vec::new(),
        }
    }

    #[test]
    fn the_longest_version_that_the_rest_follows_is_taken() {
        let cases: [(&str, &str, VersionScheme, &[&str]); 32] = [
            ("__version__ = \"0.2.0a1\"\n", "__version__ = \"{version}\"", Pep440, &["0.2.0a1"]),
            ("v=1.2.3-rc.1+5;", "v={version}", Semver, &["1.2.3-rc.1+5"]),
            ("v=1.2.3-rc.1. Next", "v={version}", Semver, &["1.2.3-rc.1"]),
            ("v=1.2.3-rc.1. Next", "v={version}.", Semver, &["1.2.3-rc.1"]),
            ("x-1.2.3-linux.tar", "x-{version}-linux", Semver, &["1.2.3"]),
            ("x-1.2.3-linux-linux", "x-{version}-linux", Semver, &["1.2.3-linux"]),
            ("1.2.3 and 1.2.4", "{version}", Semver, &["1.2.3", "1.2.4"]),
            ("11.2.3", "1{version}", Semver, &["1.2.3"]),
            ("a1.2.3 b", "{version}", Semver, &[]),
            ("0.1.2.3", "{version}", Semver, &[]),
            ("v1.2.3, foo-1.2.3.tar", "{version}.tar", Semver, &["1.2.3"]),
            ("2024-10-05\n", "{version}\n", Pep440, &[]),
            ("v: 1.2.3.4", "v: {version}", Semver, &[]),
            ("v: 1.2.3rc1", "v: {version}", Semver, &[]),
            ("v: 1.2.3.4", "v: {version}", Pep440, &["1.2.3.4"]),
            ("v: 1!2.0.post1.dev2+ab.1, v: 1.0-1", "v: {version}", Pep440, &["1!2.0.post1.dev2+ab.1", "1.0-1"]),
            ("v: 1.0a. v: 1.0-alpha_3 v: 1_0", "v: {version}", Pep440, &["1.0a", "1.0-alpha_3", "1"]),
            ("v: v1.0, v: V1.1, v: vv1.0", "v: {version}", Pep440, &["1.0", "1.1"]),
            ("v1.2.3, dev1.2.4 (v1.2.5)", "{version}", Semver, &["1.2.3", "1.2.5"]),
            ("image: x:v1.2.3 # v1", "image: x:{version}", Semver, &["1.2.3"]),
            ("{a} {1.2.3}", "{{version}}", Semver, &["1.2.3"]),
            ("{ver} 1.2.3", "{ver} {version}", Semver, &["1.2.3"]),
            ("a\r\nb 1.2.3\r\nc", "a\nb {version}\nc", Semver, &["1.2.3"]),
            ("a\nb 1.2.3\nc", "a\r\nb {version}\nc", Semver, &[]),
            ("a\nb 1.2.3\nc", "a\nb {version}\r\nc", Semver, &[]),
            ("a\r\nb 1.2.3\r\nc", "a\r\nb {version}\r\n", Semver, &["1.2.3"]),
            ("x\r\n1.2.3\r\n", "\n{version}\n", Semver, &["1.2.3"]),
            ("aaa1.2.3", "aa{version}", Semver, &["1.2.3"]),
            ("é1.2.3é1.2.4", "é{version}", Semver, &["1.2.3", "1.2.4"]),
            ("\u{feff}1.2.3", "{version}", Semver, &["1.2.3"]),
            ("a 01.2.3 a 1.2.3", "a {version}", Semver, &["1.2.3"]),
            ("a 1.2.99999999999999999999 a 1.2", "a {version}", Semver, &[]),
        ];
        for (text, pattern, scheme, expected) in cases {
            assert_eq!(matches(text, pattern, scheme), expected, "{pattern:?} in {text:?}");
        }
    }

    #[test]
    fn no_match_says_what_is_missing() {
        let fault = |text: &str, pattern: &str| {
            let fault = find(text, &SearchPattern::new(pattern).unwrap(), Semver).unwrap_err().remove(0);
            (fault.message, fault.help.unwrap())
        };
        let (message, help) = fault("a\n  v = \"0.2\"\n", "v = \"{version}\"\n");
        assert_eq!(message, "the search `v = \"{version}\"\\n` matches nothing in this file");
        assert_eq!(help, "expected a SemVer version followed by the rest of the search at line 2, column 8");
        assert_eq!(fault("v=x", "v={version}").1, "expected a SemVer version at line 1, column 3");
        let plain = "the file must contain it exactly, white space included, with a version in place of {version}";
        assert_eq!(fault("", "v={version}").1, plain);
        assert_eq!(fault("x 1.2", "{version}").1, plain);
        let near = "did you mean `__version__ = \"{version}\"`, as in line 2?";
        assert_eq!(fault("x = 1\n__version__ = \"1.2.0\"\n", "VERSION = \"{version}\"").1, near);
    }

    #[test]
    fn time_grows_with_the_text_alone() {
        // Where it grew with the square of the text, this would take many minutes.
        let pieces =
            ["1.", "1-", "1.1.1-", "01.1.1-", "1.1.1-01-", "1+a-", "1a", "1!", "v=", "v=1.1.1-", "\n", "1 ", "1.0.0\n"];
        for piece in pieces {
            let text = piece.repeat(20_000 / piece.len());
            for pattern in ["{version}", "v={version}", "{version}\"", "v={version};", "\n{version}\n\n\n"] {
                for scheme in [Semver, Pep440] {
                    let length: usize = matches(&text, pattern, scheme).iter().map(|version| version.len()).sum();
                    assert!(length <= text.len(), "versions overlap: {piece:?}, {pattern:?}");
                }
            }
        }
    }
}
