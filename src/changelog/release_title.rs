//! [`TitleReader`]: reads from the heading of a section the version, or that it is unreleased.

use super::headings::headings;
use super::usual_title::{Usual, conventional_version, is_same_name, without_yanked};
use crate::model::{Version, VersionScheme};

/// Longer headings are not headings of releases. This bounds the search for the parts of a template.
const LONGEST: usize = 300;

/// The meaning of a heading.
#[derive(Clone, Debug, PartialEq)]
pub enum Title {
    /// Unreleased changes.
    Unreleased,
    /// A release.
    Release {
        /// The version as written there.
        written: String,
        /// Its value.
        version: Version,
        /// The name of the package, if the template has one.
        name: Option<String>,
    },
}

/// The name before the version of a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Nothing.
    Nothing,
    /// A package of the changelog.
    Package,
    /// Something else, as in `react@18.0.0`.
    Other,
}

/// Reads the titles of headings: by the template that relman.toml gives, else by the usual forms of changelogs.
#[derive(Clone, Debug)]
pub struct TitleReader {
    parts: Vec<Part>,
    level: usize,
    schemes: [VersionScheme; 2],
    names: Vec<String>,
    keeps_headings: bool,
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
        let heading = headings(template).into_iter().next();
        let level = heading.as_ref().map_or(1, |heading| heading.level);
        let said = heading.map_or_else(|| template.trim_start_matches('#').trim().to_owned(), |heading| heading.said);
        let mut parts = Vec::new();
        let mut rest = said.as_str();
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
        Self { parts, level, schemes: [scheme, scheme.other()], names: Vec::new(), keeps_headings: false }
    }

    /// Takes the names of the packages, so that `web 1.2.0` reads as a release of `web`.
    #[must_use]
    pub fn of_packages(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.names.extend(names);
        self
    }

    /// Sets whether fragments may contain headings of any level, which then do not end a section.
    #[must_use]
    pub fn keeping_headings(self, keeps_headings: bool) -> Self {
        Self { keeps_headings, ..self }
    }

    /// Returns the level of the template's heading.
    #[must_use]
    pub fn level(&self) -> usize {
        self.level
    }

    /// Returns `true` if only the headings of sections end a section.
    pub(super) fn keeps_headings(&self) -> bool {
        self.keeps_headings
    }

    /// Reads the visible text of a heading of this level, and what it names before the version; `None` if it is not the heading of a
    /// section.
    #[must_use]
    pub fn read(&self, said: &str, level: usize) -> Option<(Title, Naming)> {
        let title = without_yanked(said.trim());
        if title.len() > LONGEST {
            return None;
        }
        let usual = conventional_version(title, &self.names);
        if let Some(found) = self.by_template(title, usual.as_ref()) {
            let version = self.version(&found.version)?;
            let naming = match &found.name {
                None => Naming::Nothing,
                Some(name) if level == self.level || self.names.contains(name) => Naming::Package,
                Some(_) => Naming::Other,
            };
            return Some((Title::Release { written: found.version, version, name: found.name }, naming));
        }
        let (name, written) = match usual? {
            Usual::Unreleased => return Some((Title::Unreleased, Naming::Nothing)),
            Usual::Release { name, version } => (name, version),
        };
        let version = self.version(written)?;
        let naming = match name {
            None => Naming::Nothing,
            Some(name) if self.names.iter().any(|known| is_same_name(known, name)) => Naming::Package,
            Some(_) => Naming::Other,
        };
        let has_name = self.parts.contains(&Part::Name);
        let name = name.filter(|_| has_name).map(|name| self.id_of(name).to_owned());
        Some((Title::Release { written: written.to_owned(), version, name }, naming))
    }

    /// Reads a title by the template. A title without a name does not belong to a package called `Version` or `Release`.
    fn by_template(&self, title: &str, usual: Option<&Usual<'_>>) -> Option<Captured> {
        let mut found = Captured::default();
        if !self.matches(&self.parts, title, &mut found) {
            return None;
        }
        let is_bare = matches!(usual, Some(Usual::Release { name: None, .. }));
        let is_known = found.name.as_ref().is_none_or(|name| self.names.contains(name));
        (is_known || !is_bare).then_some(found)
    }

    /// Returns the package that a name in a title refers to, else the name itself.
    fn id_of<'a>(&'a self, name: &'a str) -> &'a str {
        self.names.iter().find(|known| is_same_name(known, name)).map_or(name, String::as_str)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(template: &str, title: &str) -> String {
        match TitleReader::new(template, VersionScheme::Semver)
            .of_packages(["web".to_owned()])
            .read(title, 2)
            .map(|(title, _)| title)
        {
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
            ("## \\[{version}\\]", "[1.2.0]", "1.2.0"),
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
