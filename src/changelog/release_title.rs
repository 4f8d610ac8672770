//! [`TitleReader`]: what the heading of a section says: which version, or that it is not released.

use crate::model::{Version, VersionScheme};

/// Longer headings are no headings of releases; it bounds the search for a template's parts.
const LONGEST: usize = 300;

/// What a heading stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Title {
    /// What is not released yet.
    Unreleased,
    /// A release.
    Release {
        /// The version as it is written there.
        written: String,
        /// Its value.
        version: Version,
        /// The name of the package, where the template has one.
        name: Option<String>,
    },
}

/// Reads the titles of headings: by the template that relman.toml gives, else as changelogs are usually written.
#[derive(Clone, Debug)]
pub struct TitleReader {
    parts: Vec<Part>,
    level: usize,
    schemes: [VersionScheme; 2],
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Version,
    Date,
    Name,
}

impl TitleReader {
    /// Takes the template of a heading, `## [{version}] - {date}`, and the scheme in which the package spells versions.
    #[must_use]
    pub fn new(template: &str, scheme: VersionScheme) -> Self {
        let title = template.trim_start_matches('#');
        let mut parts = Vec::new();
        let mut rest = title.trim();
        while !rest.is_empty() {
            let found = [("{version}", Part::Version), ("{date}", Part::Date), ("{name}", Part::Name)];
            let next = found.into_iter().filter_map(|(word, part)| Some((rest.find(word)?, word, part)));
            let Some((at, word, part)) = next.min_by_key(|(at, ..)| *at) else { break };
            let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(part);
            rest = behind.strip_prefix(word).unwrap_or("");
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Self { parts, level: (template.len() - title.len()).max(1), schemes: [scheme, scheme.other()] }
    }

    /// Returns the level of the template's heading.
    #[must_use]
    pub fn level(&self) -> usize {
        self.level
    }

    /// Reads a title; nothing where it is not that of a release's section.
    #[must_use]
    pub fn read(&self, title: &str) -> Option<Title> {
        let title = without_yanked(title.trim());
        if is_unreleased(title) {
            return Some(Title::Unreleased);
        }
        let mut found = Captured::default();
        if title.len() <= LONGEST && self.matches(&self.parts, title, &mut found) {
            let version = self.version(&found.version)?;
            return Some(Title::Release { written: found.version, version, name: found.name });
        }
        let written = usual(title)?;
        let version = self.version(written)?;
        Some(Title::Release { written: written.to_owned(), version, name: None })
    }

    fn version(&self, text: &str) -> Option<Version> {
        self.schemes.iter().find_map(|scheme| scheme.parse_lenient(text).ok())
    }

    fn matches(&self, parts: &[Part], text: &str, found: &mut Captured) -> bool {
        let Some((part, others)) = parts.split_first() else { return text.is_empty() };
        if let Part::Text(literal) = part {
            return text.strip_prefix(literal.as_str()).is_some_and(|rest| self.matches(others, rest, found));
        }
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        for (value, rest) in ends.filter_map(|end| text.split_at_checked(end)) {
            let fits = match part {
                Part::Version => self.version(value).is_some(),
                Part::Date => value.starts_with(|c: char| c.is_ascii_digit()),
                _ => !value.starts_with(char::is_whitespace),
            };
            if fits && self.matches(others, rest, found) {
                match part {
                    Part::Version => found.version = value.to_owned(),
                    Part::Name => found.name = Some(value.to_owned()),
                    _ => {}
                }
                return true;
            }
        }
        false
    }
}

#[derive(Default)]
struct Captured {
    version: String,
    name: Option<String>,
}

fn without_yanked(title: &str) -> &str {
    let cut = title.len().checked_sub("[YANKED]".len());
    match cut.and_then(|at| title.split_at_checked(at)) {
        Some((before, mark)) if mark.eq_ignore_ascii_case("[YANKED]") => before.trim_end(),
        _ => title,
    }
}

fn is_unreleased(title: &str) -> bool {
    let title = title.trim_start_matches('[');
    let word = title.get(.."unreleased".len()).is_some_and(|word| word.eq_ignore_ascii_case("unreleased"));
    let behind = title.get("unreleased".len()..).unwrap_or("");
    word && !behind.starts_with(|c: char| c.is_alphanumeric())
}

/// Finds the version in a heading as people write them: `[1.2.3] - 2026-01-02`, `1.2.3 (2026-01-02)`, `v1.2.3`, `[1.2.3](link)`,
/// `Version 1.2`. What stands behind it must look like a date or a remark, not like the rest of a sentence.
fn usual(title: &str) -> Option<&str> {
    let plain = title.trim_start_matches(['*', '_', '`', '[']);
    let word = ["Version ", "version ", "Release ", "release "].iter().find_map(|word| plain.strip_prefix(word));
    let plain = word.unwrap_or(plain).trim_start_matches('[');
    let plain = plain.strip_prefix(['v', 'V']).unwrap_or(plain);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '+' | '!');
    let end = plain.find(|c: char| !is_part(c)).unwrap_or(plain.len());
    let (version, rest) = plain.split_at_checked(end)?;
    let rest = rest.trim_start_matches(['*', '_', '`', ']']).trim_start();
    let is_remark = rest.is_empty()
        || rest.starts_with(['-', '–', '—', '(', '[', '/', ':', '|', ',', '"', '“'])
        || rest.starts_with(|c: char| c.is_ascii_digit());
    (version.contains('.') && version.starts_with(|c: char| c.is_ascii_digit()) && is_remark).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(template: &str, title: &str) -> String {
        match TitleReader::new(template, VersionScheme::Semver).read(title) {
            None => "-".to_owned(),
            Some(Title::Unreleased) => "unreleased".to_owned(),
            Some(Title::Release { written, name: Some(name), .. }) => format!("{name}: {written}"),
            Some(Title::Release { written, .. }) => written,
        }
    }

    #[test]
    fn the_usual_headings_are_read() {
        let table = [
            ("[1.2.3] - 2026-01-02", "1.2.3"),
            ("1.2.3 (2026-01-02)", "1.2.3"),
            ("v1.2.3", "1.2.3"),
            ("[v1.2.3]", "1.2.3"),
            ("[0.3.0-alpha.2] — 2026-06-29", "0.3.0-alpha.2"),
            ("0.3.0a2 – 2026-06-29", "0.3.0a2"),
            ("[1.2.3] - 2026-01-02 [YANKED]", "1.2.3"),
            ("1.2.3 [yanked]", "1.2.3"),
            ("[1.2.3](https://example.com/1.2.3) (2026-01-02)", "1.2.3"),
            ("Version 0.6", "0.6"),
            ("Release v2.0.0: \"Moon\"", "2.0.0"),
            ("**1.0.0** / 2020-01-01", "1.0.0"),
            ("1.0.0+build.5", "1.0.0+build.5"),
            ("[Unreleased]", "unreleased"),
            ("Unreleased", "unreleased"),
            ("[unreleased] - soon", "unreleased"),
            ("[Unreleased](https://example.com)", "unreleased"),
            ("Unreleasedness", "-"),
            ("Changelog", "-"),
            ("1.0 is near", "-"),
            ("2020", "-"),
            ("Added", "-"),
            ("", "-"),
            ("[", "-"),
            ("1.x", "-"),
        ];
        for (title, expected) in table {
            assert_eq!(read("## [{version}] - {date}", title), expected, "{title}");
        }
    }

    #[test]
    fn any_template_is_read_back() {
        let table = [
            ("## {name} {version} ({date})", "web 1.2.0 (2026-01-02)", "web: 1.2.0"),
            ("## {name} {version} ({date})", "my web 1.2.0 (2026-01-02)", "my web: 1.2.0"),
            ("## {name} {version} ({date})", "1.2.0 (2026-01-02)", "1.2.0"),
            ("# {version}", "1.2.0", "1.2.0"),
            ("## {date}: {version} is out", "2026-01-02: 1.2.0 is out", "1.2.0"),
            ("## {date}: {version} is out", "2026-01-02: next is out", "-"),
            ("### Édition {version} — {date} !", "Édition 1.0.0-rc.1 — 2026-01-02 !", "1.0.0-rc.1"),
            ("## \\[{version}\\]", "\\[1.2.0\\]", "1.2.0"),
            ("## {name}@{version}", "@s/a@1.0.0", "@s/a: 1.0.0"),
        ];
        for (template, title, expected) in table {
            assert_eq!(read(template, title), expected, "{template} {title}");
        }
        assert_eq!(TitleReader::new("### {version}", VersionScheme::Pep440).level(), 3);
        let long = format!("{} 1.0.0", "a ".repeat(5000));
        assert_eq!(read("## {name} {name} {version} {date}", &long), "-");
    }
}
