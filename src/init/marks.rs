//! [`marks`]: places that a text itself marks as those of its version, in comments that release-please reads.

use super::around::{patterns, versions_in};
use crate::manifest::{Locator, SearchPattern, find};
use crate::model::{Version, VersionScheme};

/// What such a comment begins with.
const MARK: &str = "x-release-please-";

/// A number of a version that a comment names.
const NUMBERS: [(&str, usize); 3] = [("major", 0), ("minor", 1), ("patch", 2)];

/// Returns `true` if a text has such comments.
pub(super) fn has_marks(text: &str) -> bool {
    text.contains(MARK)
}

/// Returns the searches for the lines with marks, where they find the version and nothing else.
pub(super) fn marks(text: &str, version: &Version) -> Vec<String> {
    if !has_marks(text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut block: Option<&str> = None;
    for line in text.lines() {
        let mark = line
            .split_once(MARK)
            .map(|(_, rest)| rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or(""));
        match mark {
            Some("end") => block = None,
            Some(start) if start.starts_with("start-") => block = start.strip_prefix("start-"),
            Some(what) => found.extend(of_line(line, what, version, text)),
            None => found.extend(block.into_iter().flat_map(|what| of_line(line, what, version, text))),
        }
    }
    found.dedup();
    found
}

fn of_line(line: &str, what: &str, version: &Version, text: &str) -> Vec<String> {
    if what == "version" {
        let all = versions_in(line, version);
        let usable = |search: &String| finds(search, text, |found| found == *version);
        return all.iter().filter_map(|span| patterns(line, *span, &all).into_iter().find(usable)).collect();
    }
    let number = NUMBERS.into_iter().find(|(name, _)| *name == what);
    number.and_then(|(name, part)| of_number(line, name, version.part(part), text)).into_iter().collect()
}

/// A line that holds one number of the version.
fn of_number(line: &str, name: &str, number: u64, text: &str) -> Option<String> {
    let number = number.to_string();
    let (before, after) = line.split_once(MARK).map_or(line, |(line, _)| line).split_once(&number)?;
    let closing: String = after.chars().take_while(|c| !c.is_whitespace()).collect();
    let search = format!("{}{{{name}}}{closing}", before.trim_start());
    let locator = Locator::Search(SearchPattern::new(&search).ok()?, VersionScheme::Semver);
    let found = find(&locator, text).ok()?;
    found.versions.iter().all(|place| place.scalar.text == number).then_some(search)
}

fn finds(search: &str, text: &str, is_wanted: impl Fn(Version) -> bool) -> bool {
    let pattern = SearchPattern::new(search).ok();
    let found = pattern.and_then(|pattern| find(&Locator::Search(pattern, VersionScheme::Pep440), text).ok());
    let read = |text: &str| super::unit::read(crate::model::ManifestType::Text, text).map(|(version, _)| version);
    found.is_some_and(|found| found.versions.iter().all(|place| read(&place.scalar.text).is_some_and(&is_wanted)))
}

#[cfg(test)]
mod tests {
    use super::marks;
    use crate::model::VersionScheme;

    #[test]
    fn lines_and_blocks_with_marks_are_found() {
        let text = "VERSION = \"1.2.3\"  # x-release-please-version\nMAJOR = 1  // x-release-please-major\n\
            other 1.2.3\n<!-- x-release-please-start-version -->\n```\nnpm i acme@1.2.3\n```\n<!-- x-release-please-end -->\n";
        let version = VersionScheme::Semver.parse("1.2.3").unwrap();
        assert_eq!(marks(text, &version), ["VERSION = \"{version}\"", "MAJOR = {major}", "acme@{version}"]);
        let older = VersionScheme::Semver.parse("1.2.2").unwrap();
        assert_eq!(marks("VERSION = \"1.2.3\"  # x-release-please-version\n", &older), Vec::<String>::new());
        assert_eq!(marks("VERSION = \"1.2.3\"", &version), Vec::<String>::new());
    }
}
