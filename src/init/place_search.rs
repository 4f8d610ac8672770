//! [`searches`]: patterns that find a version where it is written now.

use std::collections::BTreeSet;

use crate::manifest::{Locator, SearchPattern, find};
use crate::model::VersionScheme;
use crate::text::without_bom;

/// How many characters around a version a pattern has at most: enough to tell places apart.
const AROUND: usize = 40;

/// Which lines of a text hold a version.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lines<'a> {
    /// All that hold it.
    All,
    /// Those that hold this text, too.
    With(&'a str),
}

/// Returns the patterns of all places of a version in some lines, as it is spelled there; empty if it is not there, or a pattern would
/// find something else, too.
pub(super) fn searches(text: &str, spelled: &str, lines: Lines<'_>, scheme: VersionScheme) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let is_exact = |search: &String| {
        let pattern = SearchPattern::new(search).ok();
        let matches = pattern.and_then(|pattern| find(&Locator::Search(pattern, scheme), text).ok());
        matches.is_some_and(|found| found.versions.iter().all(|place| place.scalar.text == spelled))
    };
    for line in without_bom(text).0.lines() {
        let is_one = match lines {
            Lines::All => true,
            Lines::With(word) => line.contains(word),
        };
        for search in if is_one { in_line(line, spelled) } else { Vec::new() } {
            // `version: ` is the end of `cff-version: `, too.
            let from_start = format!("\n{}", indented(line, &search));
            match [search, from_start].into_iter().find(is_exact) {
                Some(search) => found.insert(search),
                None => return Vec::new(),
            };
        }
    }
    found.into_iter().collect()
}

/// Returns a pattern with the white space before it in its line.
fn indented(line: &str, search: &str) -> String {
    let start = line.len() - line.trim_start().len();
    format!("{}{search}", line.get(..start).unwrap_or(""))
}

/// The patterns of a line: the text between one place and the next.
fn in_line(line: &str, spelled: &str) -> Vec<String> {
    let places: Vec<usize> =
        line.match_indices(spelled).map(|(at, _)| at).filter(|at| is_whole(line, *at, spelled)).collect();
    let mut from = 0;
    let mut found = Vec::new();
    for (index, at) in places.iter().enumerate() {
        let end = at + spelled.len();
        let next = places.get(index + 1).copied().unwrap_or(line.len());
        let (before, after) = (line.get(from..*at).unwrap_or(""), line.get(end..next).unwrap_or(""));
        let before = before.trim_start();
        let before = before.char_indices().rev().nth(AROUND - 1).and_then(|(at, _)| before.get(at..)).unwrap_or(before);
        let after = after.char_indices().nth(AROUND).and_then(|(at, _)| after.get(..at)).unwrap_or(after);
        // More braces could be a part of a version.
        if !before.contains(['{', '}']) && !after.contains(['{', '}']) {
            found.push(format!("{before}{{version}}{}", after.trim_end()));
        }
        from = end;
    }
    found
}

/// Returns `true` if the text at a place is not a part of a longer version or word.
fn is_whole(line: &str, at: usize, spelled: &str) -> bool {
    let before = line.get(..at).and_then(|text| text.chars().next_back());
    let mut after = line.get(at + spelled.len()..).unwrap_or("").chars();
    let (first, second) = (after.next(), after.next());
    let starts = before.is_none_or(|c| !(c.is_ascii_digit() || c == '.'));
    let ends = match first {
        Some('.') => !second.is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(c) => !c.is_ascii_alphanumeric() && c != '+',
        None => true,
    };
    starts && ends
}

#[cfg(test)]
mod tests {
    use super::{Lines, searches};
    use crate::model::VersionScheme;

    #[test]
    fn the_text_around_a_version_finds_it_again() {
        for (text, lines, expected) in [
            ("version: 1.2.3\n", Lines::All, vec!["version: {version}"]),
            ("a 1.2.3\nb 1.2.3.4\nc 11.2.3\nd 1.2.3rc1\n", Lines::All, vec!["a {version}"]),
            ("tag v1.2.3...v1.2.3;\n", Lines::All, vec!["...v{version};", "tag v{version}...v"]),
            ("__version__ = '1.2.3'\nother = '1.2.3'\n", Lines::With("__version__"), vec!["__version__ = '{version}'"]),
            ("x: 1.2.3\nx: 1.0.0\n", Lines::All, vec![]),
            ("cff-version: 1.2.0\nversion: 1.2.3\n", Lines::All, vec!["\nversion: {version}"]),
        ] {
            assert_eq!(searches(text, "1.2.3", lines, VersionScheme::Semver), expected, "{text}");
        }
    }
}
