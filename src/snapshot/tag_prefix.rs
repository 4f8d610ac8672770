//! [`TagPrefix`]: tags that differ only in their version.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::FoundTag;
use crate::model::{TagTemplate, Version, VersionScheme};

/// Labels that do not name a package: such tags belong to the whole repository.
const NOBODY: [&str; 5] = ["", "release", "releases", "version", "rel"];

/// How many of the newest tags decide how versions are spelled.
const SPELLING: usize = 3;

/// The text before the version in some tags, and the versions that follow it.
#[derive(Clone, Debug)]
pub struct TagPrefix {
    /// The text before the version: `scheduler-v`, `v`, `@scope/web@`.
    pub text: String,
    /// The name in the text, without separators: `scheduler`, empty, `@scope/web`.
    pub label: String,
    /// The tags, the highest version first; those of one version in the order of their names.
    pub tags: Vec<Tagged>,
    /// How the tags spell versions, if that can be recognised.
    pub scheme: Option<VersionScheme>,
}

/// One tag.
#[derive(Clone, Debug)]
pub struct Tagged {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// The commit that it points to.
    pub commit: String,
}

impl TagPrefix {
    /// Returns `true` if the tags do not name a package.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        NOBODY.contains(&self.label.as_str())
    }

    /// Keeps some of the tags, which then say how versions are spelled.
    pub fn retain(&mut self, is_kept: impl Fn(&Tagged) -> bool) {
        let count = self.tags.len();
        self.tags.retain(is_kept);
        if self.tags.len() < count {
            self.scheme = scheme(&self.tags, self.text.len());
        }
    }

    /// Returns the tag of a version, in whatever spelling.
    #[must_use]
    pub fn tag_of(&self, version: &Version) -> Option<&Tagged> {
        self.tags.iter().find(|tag| tag.version == *version)
    }

    /// Returns the tags with the highest versions, the highest first, one of each commit.
    #[must_use]
    pub fn newest(&self, count: usize) -> Vec<&Tagged> {
        let mut tags: Vec<&Tagged> = self.tags.iter().collect();
        tags.dedup_by(|a, b| a.commit == b.commit);
        tags.truncate(count);
        tags
    }

    /// Returns the tags from the highest of some versions on downwards, the highest first, one of each commit; empty if none of them is tagged.
    #[must_use]
    pub fn newest_held(&self, versions: &BTreeSet<Version>, count: usize) -> Vec<&Tagged> {
        let Some(held) = self.tags.iter().position(|tag| versions.contains(&tag.version)) else { return Vec::new() };
        let mut tags: Vec<&Tagged> = self.tags.iter().skip(held).collect();
        tags.dedup_by(|a, b| a.commit == b.commit);
        tags.truncate(count);
        tags
    }

    /// Returns the tag with the highest version.
    #[must_use]
    pub fn last(&self) -> Option<&Tagged> {
        self.tags.first()
    }
}

/// Groups tags by the text before their versions. Tags without a version, or with a lone number (`v1`), are left aside.
#[must_use]
pub fn tag_prefixes(tags: &[FoundTag]) -> Vec<TagPrefix> {
    let mut by_text: BTreeMap<&str, Vec<(&FoundTag, &str)>> = BTreeMap::new();
    for tag in tags {
        if let Some((head, version)) = split(&tag.name) {
            by_text.entry(head).or_default().push((tag, version));
        }
    }
    by_text.retain(|text, _| can_be_a_prefix(text));
    by_text.into_iter().map(|(text, tags)| head(text, &tags)).collect()
}

/// Returns `true` if a template can start with the text, which holds no placeholder then.
fn can_be_a_prefix(head: &str) -> bool {
    let template = format!("{head}{{version}}");
    !head.contains(['{', '}']) && TagTemplate::new(&template, "", VersionScheme::Semver).is_ok()
}

fn head(text: &str, tags: &[(&FoundTag, &str)]) -> TagPrefix {
    let tagged = |(tag, version): &(&FoundTag, &str)| {
        Some(Tagged { name: tag.name.clone(), version: read(version)?, commit: tag.commit.clone() })
    };
    let mut tags: Vec<Tagged> = tags.iter().filter_map(tagged).collect();
    tags.sort_by(|a, b| b.version.cmp(&a.version));
    TagPrefix { text: text.to_owned(), label: label(text).to_owned(), scheme: scheme(&tags, text.len()), tags }
}

/// Returns the scheme in which most of the newest tags, the highest first, spell what the other scheme would spell differently. An odd one
/// does not count.
fn scheme(tags: &[Tagged], start: usize) -> Option<VersionScheme> {
    use VersionScheme::{Pep440, Semver};
    let newest = || tags.iter().filter(|tag| !is_plain(&tag.version));
    let spelled = |scheme: VersionScheme, tag: &Tagged| {
        let text = tag.name.get(start..).unwrap_or("");
        scheme.render(&tag.version).is_ok_and(|canonical| canonical == text)
    };
    let count = |scheme| newest().take(SPELLING).filter(|tag| spelled(scheme, tag)).count();
    match count(Pep440).cmp(&count(Semver)) {
        Ordering::Greater => Some(Pep440),
        Ordering::Less => Some(Semver),
        Ordering::Equal => newest().next().map(|tag| match Semver.parse_lenient(tag.name.get(start..).unwrap_or("")) {
            Ok(_) => Semver,
            Err(_) => Pep440,
        }),
    }
}

/// Returns `true` if both schemes spell the version in the same way, but for zeros behind its numbers.
fn is_plain(version: &Version) -> bool {
    let text = |scheme: VersionScheme| scheme.render(version).ok();
    let is_final = !version.is_prerelease() && version.post.is_none();
    text(VersionScheme::Semver).is_some_and(|semver| is_final || text(VersionScheme::Pep440) == Some(semver))
}

/// Reads the version of a tag. Numbers alone are as many as the tag has.
fn read(text: &str) -> Option<Version> {
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return VersionScheme::Pep440.parse(text).ok();
    }
    VersionScheme::Semver.parse_lenient(text).or_else(|_| VersionScheme::Pep440.parse(text)).ok()
}

const SEPARATORS: [char; 5] = ['-', '@', '/', '_', '='];

/// Splits a tag at the start of its version.
fn split(name: &str) -> Option<(&str, &str)> {
    let starts = name.char_indices().filter(|(at, c)| c.is_ascii_digit() && may_end(name.get(..*at).unwrap_or("")));
    starts
        .filter_map(|(at, _)| name.split_at_checked(at))
        .find(|(_, version)| version.contains('.') && read(version).is_some())
}

/// Returns `true` if a version may follow this text.
fn may_end(text: &str) -> bool {
    let before = text.strip_suffix(['v', 'V']).unwrap_or(text);
    before.is_empty() || before.ends_with(SEPARATORS)
}

fn label(head: &str) -> &str {
    let text = head.strip_suffix(['v', 'V']).unwrap_or(head);
    let text = text.trim_end_matches('=');
    text.strip_suffix(SEPARATORS).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{split, tag_prefixes};
    use crate::model::VersionScheme;
    use crate::snapshot::FoundTag;

    #[test]
    fn the_version_is_told_from_what_names_the_package() {
        for (tag, expected) in [
            ("v1.2.3", Some(("v", ""))),
            ("1.2.3", Some(("", ""))),
            ("name-v1.2.3", Some(("name-v", "name"))),
            ("@scope/name@1.2.3-rc.1", Some(("@scope/name@", "@scope/name"))),
            ("libs/name/v1.2.3", Some(("libs/name/v", "libs/name"))),
            ("name-1.2.3-rc.1", Some(("name-", "name"))),
            ("http2-1.0.0", Some(("http2-", "http2"))),
            ("py-3-v1.0", Some(("py-3-v", "py-3"))),
            ("scheduler-v0.3.0a1", Some(("scheduler-v", "scheduler"))),
            ("name==1.2.3", Some(("name==", "name"))),
            ("name_v1.2.3", Some(("name_v", "name"))),
            ("release-2024", None),
            ("v1", None),
            ("nightly", None),
            ("rev1.2", None),
        ] {
            let found = split(tag).map(|(head, _)| (head, super::label(head)));
            assert_eq!(found, expected, "{tag}");
        }
    }

    #[test]
    fn the_spelling_is_that_of_the_tags() {
        let tag = |name: &str| FoundTag { name: name.to_owned(), commit: String::new() };
        let found = tag_prefixes(&[tag("a-v1.0.0"), tag("a-v1.1.0a1"), tag("b-v1.0.0-rc.1"), tag("v1.0.0")]);
        let shown: Vec<_> = found.iter().map(|head| (head.text.as_str(), head.scheme, head.tags.len())).collect();
        assert_eq!(
            shown,
            [("a-v", Some(VersionScheme::Pep440), 2), ("b-v", Some(VersionScheme::Semver), 1), ("v", None, 1)]
        );
    }
}
