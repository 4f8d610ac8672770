//! [`versions_in`], [`patterns`]: where a line holds a version, and what is around it.

use std::collections::BTreeSet;

use crate::model::{Pre, Version, VersionScheme};
use crate::text::Span;

/// What comes behind the numbers of a version that is not released yet.
const UNRELEASED: [&str; 3] = ["-snapshot", "-dev", ".dev"];

/// Longer texts before a version are not a pattern that anyone wants to read.
const LONGEST: usize = 100;

/// Returns the places of a version in a text, in whatever spelling, that are not a part of another number or word.
pub(super) fn versions_in(text: &str, version: &Version) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for spelling in spellings(version) {
        let spans = text.match_indices(&spelling).map(|(at, _)| Span::new(at, at + spelling.len()));
        let apart: Vec<Span> = spans.filter(|span| is_apart(text, *span)).collect();
        found.extend(
            apart.into_iter().filter(|span| !found.iter().any(|known| known.start == span.start)).collect::<Vec<_>>(),
        );
    }
    found.sort_by_key(|span| span.start);
    found
}

/// The canonical spellings of both schemes, and the others that PEP 440 reads for a prerelease (`1.0.0.rc4`, `1.0.0-rc4`), the longest first.
fn spellings(version: &Version) -> Vec<String> {
    let canonical = [VersionScheme::Semver, VersionScheme::Pep440].into_iter();
    let mut found: BTreeSet<String> = canonical.filter_map(|scheme| scheme.render(version).ok()).collect();
    if let Some((label, number)) = version.pre.as_ref().and_then(Pre::stage) {
        let release: Vec<String> = version.release.iter().map(ToString::to_string).collect();
        let release = release.join(".");
        let short = label.get(..1).filter(|_| matches!(label, "alpha" | "beta")).unwrap_or(label);
        let words = [label, short].into_iter();
        let spelled = words.flat_map(|word| ["-", ".", "_", ""].map(|before| format!("{release}{before}{word}")));
        let spelled = spelled.flat_map(|start| ["", ".", "-"].map(|between| format!("{start}{between}{number}")));
        found.extend(spelled.filter(|text| is_spelling(text, version)));
    }
    let mut found: Vec<String> = found.into_iter().collect();
    // A longer one may begin with another.
    found.sort_by_key(|text| std::cmp::Reverse(text.len()));
    found
}

fn is_spelling(text: &str, version: &Version) -> bool {
    let read = [VersionScheme::Semver, VersionScheme::Pep440].map(|scheme| scheme.parse(text).ok());
    read.into_iter().flatten().any(|read| read == *version)
}

/// Returns `true` if what is at a place is not a part of another number or word.
pub(super) fn is_apart(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).unwrap_or("");
    let before = before.strip_suffix(['v', 'V']).unwrap_or(before);
    let after = text.get(span.end..).unwrap_or("").as_bytes();
    let is_unreleased = UNRELEASED
        .iter()
        .any(|end| after.get(..end.len()).is_some_and(|next| next.eq_ignore_ascii_case(end.as_bytes())));
    let ends = match after {
        _ if is_unreleased => false,
        [b'.', next, ..] => !next.is_ascii_digit(),
        [next, ..] => !next.is_ascii_alphanumeric(),
        [] => true,
    };
    ends && !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
}

/// Returns patterns that find the version at `span`, one of those that the text holds at `all`, the most natural one first: the word that it
/// is in, else the line, with as little behind it as possible.
pub(super) fn patterns(text: &str, span: Span, all: &[Span]) -> Vec<String> {
    let line_start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let line_end =
        text.get(span.end..).and_then(|after| after.find(['\r', '\n'])).map_or(text.len(), |at| at + span.end);
    let start = all.iter().map(|other| other.end).filter(|end| *end <= span.start && *end > line_start).max();
    let end = all.iter().map(|other| other.start).filter(|start| *start >= span.end && *start < line_end).min();
    let before = text.get(start.unwrap_or(line_start)..span.start).unwrap_or("");
    let after = text.get(span.end..end.unwrap_or(line_end)).unwrap_or("");
    let word = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or("")
        .trim_start_matches(['"', '\'', '`', '(', '[', '*', ')', ']']);
    let line = if start.is_some() { before } else { before.trim_start() };
    let mut found = Vec::new();
    for before in [word, line].into_iter().filter(|text| names_something(text)) {
        for after in ends(before, after) {
            found.push(format!("{before}{{version}}{after}"));
        }
    }
    // `version: ` is the end of `cff-version: `, too: then only the line's beginning tells them apart.
    if start.is_none() && line_start > 0 && names_something(line) {
        found.push(format!("\n{before}{{version}}{}", after.trim_end()));
    }
    // A version that has a line for itself.
    if before.trim().is_empty() && after.trim().is_empty() {
        found.push("{version}".to_owned());
    }
    found.dedup();
    found
}

fn names_something(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() > 1 && text.len() <= LONGEST
}

/// The texts that may end a pattern: the quote that begins before the version, nothing, the sign behind it, the rest of the word, the line.
fn ends<'t>(before: &str, after: &'t str) -> Vec<&'t str> {
    let sign = after.chars().next().filter(|c| !c.is_alphanumeric() && !c.is_whitespace());
    let sign = sign.and_then(|c| after.get(..c.len_utf8())).unwrap_or("");
    let word = after.split(char::is_whitespace).next().unwrap_or("");
    let is_quoted = matches!(sign, "\"" | "'" | "`") && before.ends_with(sign);
    let shortest = if is_quoted { sign } else { "" };
    vec![shortest, "", sign, word, after.trim_end()]
}

#[cfg(test)]
mod tests {
    use super::{patterns, versions_in};
    use crate::model::VersionScheme;

    #[test]
    fn the_most_natural_pattern_comes_first() {
        let version = VersionScheme::Semver.parse("1.2.3").unwrap();
        for (line, expected) in [
            ("__version__ = \"1.2.3\"", "__version__ = \"{version}\""),
            ("  docker run acme/api:1.2.3 serve", "acme/api:{version}"),
            ("Version 1.2.3 of 2024", "Version {version}"),
            ("`pip install acme==1.2.3`", "acme=={version}"),
            ("see [v1.2.3](https://acme.dev/v1.2.3/)", "see [v{version}"),
            ("const VERSION: &str = '1.2.3';", "const VERSION: &str = '{version}'"),
        ] {
            let all = versions_in(line, &version);
            assert_eq!(patterns(line, all[0], &all)[0], expected, "{line}");
        }
        assert_eq!(versions_in("11.2.3 1.2.3.4 1.2.30 x1.2.3 v1.2.3", &version).len(), 1);
        assert_eq!(versions_in("a 1.2.3\nb 1.2.3.4\nc 11.2.3\nd 1.2.3rc1\n", &version).len(), 1);
        let file = "cff-version: 1.2.0\nversion: 1.2.3\n";
        let all = versions_in(file, &version);
        assert_eq!(patterns(file, all[0], &all), ["version: {version}", "\nversion: {version}"]);
        let candidate = VersionScheme::Pep440.parse("1.2.3rc4").unwrap();
        for text in ["1.2.3rc4", "1.2.3-rc.4", "v1.2.3.rc4", "1.2.3-rc4.", "1.2.3_rc4"] {
            assert_eq!(versions_in(text, &candidate).len(), 1, "{text}");
        }
        for text in ["1.2.3-SNAPSHOT", "1.2.3.dev0", "1.2.3-dev"] {
            assert_eq!(versions_in(text, &version), [], "{text}");
        }
        let second = "see [v1.2.3](https://acme.dev/v1.2.3/)";
        let all = versions_in(second, &version);
        assert_eq!(patterns(second, all[1], &all)[0], "https://acme.dev/v{version}");
    }
}
