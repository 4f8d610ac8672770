//! [`Kept`]: how a changelog is kept, read off its newest sections.

use super::comments::{key, one_line, quoted};
use super::commit_groups::CommitGroups;
use crate::config::{FRAGMENTS, USUAL_CHANGES};
use crate::model::{RepoPath, Version, VersionScheme};
use crate::snapshot::TagPrefix;

/// The heading that relman writes without being asked.
const USUAL_HEADING: &str = "## [{version}] - {date}";

/// The last column of a date such as 2026-01-31.
const DATE: usize = 10;

/// How a changelog is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// The file.
    pub(super) path: RepoPath,
    /// The template of its headings.
    heading: String,
    /// The newest heading, as it is written.
    example: String,
    /// Why commits are entries, too.
    from_commits: Option<String>,
    /// Whether changes are collected under a heading of their own before a release.
    is_open: bool,
    /// A heading of a prerelease among the newest ones.
    prerelease: Option<String>,
    /// A file beside it that relman would take for a fragment, and that is another tool's.
    foreign: Option<RepoPath>,
    /// The templates of its links between versions, and the ref that the newest tag is compared with.
    links: Option<(String, String)>,
    /// How another tool fills it.
    stated: Option<StatedFragments>,
    /// The groups that another tool makes of commits.
    groups: Option<CommitGroups>,
}

/// The fragments of another tool, whose names are those of relman's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StatedFragments {
    /// Their folder.
    pub(super) folder: String,
    /// Their types, with the titles of their groups.
    pub(super) types: Vec<(String, String)>,
    /// The file that says so.
    pub(super) origin: String,
}

/// Reads a changelog. Says why it is not one of today if its newest section is not that of the version, of its last tag or of its last final
/// one, or its headings have no common form: prereleases may have no section.
pub(super) fn kept(path: &RepoPath, text: &str, version: &Version, head: Option<&TagPrefix>) -> Result<Kept, String> {
    let headings: Vec<&str> = headings(text).collect();
    let is_open = headings.iter().any(|heading| is_unreleased(heading));
    let released: Vec<(String, Version, &str)> = headings.into_iter().filter_map(released).take(5).collect();
    let Some((heading, newest, example)) = released.first() else {
        return Err("it has no section of a release whose heading can be written again".to_owned());
    };
    if let Some((.., other)) = released.get(1).filter(|(other, ..)| other != heading) {
        return Err(format!("its newest headings have no common form: `{example}`, `{other}`"));
    }
    let last = head.and_then(TagPrefix::last);
    let last_final = head.and_then(|head| head.tags.iter().find(|tag| !tag.version.is_prerelease()));
    if newest != version && ![last, last_final].into_iter().flatten().any(|tag| tag.version == *newest) {
        let last = last_final.or(last).map_or_else(String::new, |tag| format!(", the last release is {}", tag.name));
        return Err(format!("its newest section is `{example}`{last}"));
    }
    let prerelease = released.iter().find(|(_, version, _)| version.is_prerelease());
    Ok(Kept {
        path: path.clone(),
        heading: heading.clone(),
        example: (*example).to_owned(),
        from_commits: (!is_open).then(|| "nothing is collected in it between releases".to_owned()),
        is_open,
        prerelease: prerelease.map(|(.., heading)| (*heading).to_owned()),
        foreign: None,
        links: head.and_then(|head| links(text, head, newest)),
        stated: None,
        groups: None,
    })
}

/// Returns the changelog that a tool's file describes, which does not exist yet or is empty.
pub(super) fn described(path: RepoPath, heading: &str, origin: &str) -> Kept {
    Kept {
        path,
        heading: heading.to_owned(),
        example: origin.to_owned(),
        from_commits: Some("nothing is collected in it between releases".to_owned()),
        is_open: false,
        prerelease: None,
        foreign: None,
        links: None,
        stated: None,
        groups: None,
    }
}

impl Kept {
    /// Returns it with what the fragments beside it show.
    pub(super) fn beside(mut self, fragments: &[RepoPath]) -> Self {
        let folder = self.path.parent().unwrap_or_else(RepoPath::root).child(FRAGMENTS);
        let beside = fragments.iter().filter(|path| path.parent().as_ref() == Some(&folder));
        let types = USUAL_CHANGES.map(|(kind, _)| kind);
        self.foreign = beside.into_iter().find(|path| !is_fragment(path.file_name(), &types)).cloned();
        self
    }

    /// Returns it with commits as entries, for this reason, where nothing else says what is.
    pub(super) fn with_commits(mut self, why: Option<&String>) -> Self {
        let is_free = self.from_commits.is_none() && self.foreign.is_none();
        self.from_commits = self.from_commits.or(why.filter(|_| is_free).cloned());
        self
    }

    /// Returns it with the groups that a tool makes of commits.
    pub(super) fn grouped(mut self, groups: Option<CommitGroups>) -> Self {
        self.groups = groups.filter(|_| self.from_commits.is_some());
        self
    }

    /// Returns it with the fragments of another tool, or with one that is not readable as a fragment.
    pub(super) fn filled_from(mut self, fragments: Result<StatedFragments, RepoPath>) -> Self {
        match fragments {
            Ok(stated) => (self.foreign, self.stated) = (None, Some(stated)),
            Err(foreign) => self.foreign = Some(foreign),
        }
        self
    }

    /// Returns `true` if one table describes both.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let what =
            |kept: &Self| (kept.heading.clone(), kept.is_open, kept.prerelease.is_some(), kept.foreign.is_some());
        what(self) == what(other)
    }

    /// Writes its table; `path` is the value of that key, if it is not the default.
    pub(super) fn table(&self, name: &str, path: Option<&str>) -> String {
        let mut out = format!("\n[{name}]   # as in {}\n", one_line(self.path.as_str()));
        if let Some(path) = path {
            out.push_str(&format!("path = {}\n", quoted(path)));
        }
        if self.heading != USUAL_HEADING {
            out.push_str(&format!("heading = {}   # as in {}\n", quoted(&self.heading), one_line(&self.example)));
        }
        if let Some(path) = &self.foreign {
            out.push_str(&format!("fragments = \"\"   # {} is another tool's\n", one_line(path.as_str())));
        }
        if let Some(stated) = &self.stated {
            let origin = one_line(&stated.origin);
            out.push_str(&format!("fragments = {}   # as in {origin}\n", quoted(&stated.folder)));
            let types: Vec<String> =
                stated.types.iter().map(|(kind, title)| format!("{} = {}", key(kind), quoted(title))).collect();
            out.push_str(&format!("types = {{ {} }}\n", types.join(", ")));
        } else if let Some(why) = &self.from_commits {
            out.push_str(&format!("sources = [\"fragments\", \"commits\"]   # {why}\n"));
            out.push_str(&self.groups.as_ref().map_or_else(String::new, CommitGroups::lines));
        }
        if let Some(heading) = &self.prerelease {
            out.push_str(&format!("prereleases = \"rotate\"   # as in {}\n", one_line(heading)));
        }
        out.push_str("empty = \"- No notable changes.\"   # without this line, a release without entries is refused\n");
        if let Some((compare, unreleased)) = &self.links {
            out.push_str(&format!("compare-url = {}   # the links at its foot\n", quoted(compare)));
            out.push_str(&format!("unreleased-ref = {}\n", quoted(unreleased)));
        }
        out
    }
}

/// Returns `true` if a file in a folder of fragments is one of these types, or one that is ignored.
pub(super) fn is_fragment(name: &str, types: &[&str]) -> bool {
    let kind = name.strip_suffix(".md").and_then(|name| name.rsplit_once('.')).map(|(_, kind)| kind);
    name.starts_with('.') || name == "README.md" || kind.is_some_and(|kind| types.contains(&kind))
}

/// Returns the headings of the first three levels.
fn headings(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        is_code ^= line.starts_with("```") || line.starts_with("~~~");
        !is_code && ["# ", "## ", "### "].iter().any(|mark| line.starts_with(mark))
    })
}

/// Returns `true` if a heading is that of changes that are not released yet.
pub(super) fn is_unreleased(heading: &str) -> bool {
    let title = heading.trim_start_matches('#').trim().trim_start_matches('[');
    title.split([']', '(']).next().is_some_and(|title| title.trim().eq_ignore_ascii_case("unreleased"))
}

/// Reads the heading of a release: its template, its version, and the heading itself.
fn released(heading: &str) -> Option<(String, Version, &str)> {
    let plain = without_link(heading.trim_end());
    let words = plain.split([' ', '[', ']', '(', ')', ',', '*', '@']).map(|word| word.trim_start_matches('v'));
    let is_version = |word: &&str| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit());
    let text = words.into_iter().find(is_version)?;
    let version = VersionScheme::Semver.parse_lenient(text).or_else(|_| VersionScheme::Pep440.parse(text)).ok()?;
    let template = plain.replacen(text, "{version}", 1);
    let template = match template.char_indices().find_map(|(at, _)| date(&template, at)) {
        Some(date) => template.replacen(date, "{date}", 1),
        None => template.clone(),
    };
    let rest = template.replace("{version}", "").replace("{date}", "");
    let is_whole = !rest.contains(|c: char| c.is_ascii_digit() || matches!(c, '{' | '}'));
    is_whole.then_some((template, version, heading))
}

/// Returns the date at a place of a text.
fn date(text: &str, at: usize) -> Option<&str> {
    let date = text.get(at..at + DATE)?;
    let is_date = date.char_indices().all(|(at, c)| if matches!(at, 4 | 7) { c == '-' } else { c.is_ascii_digit() });
    is_date.then_some(date)
}

/// Replaces a link by its text: `[1.0.0](https://example.com)` becomes `1.0.0`.
fn without_link(heading: &str) -> String {
    let link = heading.split_once('[').and_then(|(before, rest)| {
        let (title, rest) = rest.split_once("](")?;
        let (_, after) = rest.split_once(')')?;
        Some(format!("{before}{title}{after}"))
    });
    link.unwrap_or_else(|| heading.to_owned())
}

/// Reads the links at the foot: the template of those between two tags, and what the tag of the newest section is compared with.
fn links(text: &str, head: &TagPrefix, newest: &Version) -> Option<(String, String)> {
    let newest = head.tag_of(newest).or(head.last())?;
    let link = |label: &str| {
        text.lines().find_map(|line| {
            let (name, url) = line.strip_prefix('[')?.split_once("]:")?;
            name.eq_ignore_ascii_case(label).then(|| url.trim())
        })
    };
    let unreleased = link("unreleased")?;
    let (start, reference) = unreleased.split_once(&format!("{}...", newest.name))?;
    Some((format!("{start}{{from}}...{{to}}"), reference.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{kept, released};
    use crate::model::{RepoPath, VersionScheme};

    #[test]
    fn headings_are_templates() {
        for (heading, expected) in [
            ("## [1.2.0] - 2026-01-31", Some("## [{version}] - {date}")),
            ("## 1.2.0", Some("## {version}")),
            ("# v1.2.0 (2026-01-31)", Some("# v{version} ({date})")),
            ("## [1.2.0](https://example.com/v1.1.0...v1.2.0) (2026-01-31)", Some("## {version} ({date})")),
            ("## acme-core@1.2.0", Some("## acme-core@{version}")),
            ("## 1.2.0 (January 31, 2026)", None),
            ("## Features", None),
        ] {
            assert_eq!(released(heading).map(|(template, ..)| template).as_deref(), expected, "{heading}");
        }
    }

    #[test]
    fn an_old_changelog_is_not_kept() {
        let path = RepoPath::new("CHANGELOG.md").unwrap();
        let version = VersionScheme::Semver.parse("1.2.0").unwrap();
        for (text, expected) in [
            ("# Changelog\n\n## [Unreleased]\n\n## 1.2.0\n\n## 1.1.0\n", Some(true)),
            ("# Changelog\n\n## 1.2.0\n\n```\n## Unreleased\n```\n", Some(false)),
            ("## 1.1.0\n", None),
            ("## 1.2.0\n\n## 1.1.0 (2026-01-31)\n", None),
        ] {
            assert_eq!(kept(&path, text, &version, None).ok().map(|kept| kept.is_open), expected, "{text}");
        }
    }
}
