//! [`OddTags`]: tags in a package's form that are not in its line of releases, such as those of nightly builds.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobMatcher;

use super::comments::{array, one_line};
use super::package::Package;
use super::unit::read;
use crate::config::NameGlob;
use crate::model::{RepoPath, Version, VersionScheme};
use crate::snapshot::{Discovery, FoundManifest, Past, TagPrefix, Tagged};

/// Labels of builds that are no releases, where no file holds their versions.
const BUILDS: [&str; 6] = ["nightly", "snapshot", "canary", "insider", "insiders", "experimental"];

/// The tags that do not count, in each form.
#[derive(Debug, Default)]
pub(super) struct OddTags {
    groups: Vec<Group>,
    /// The globs of an existing relman.toml.
    kept: Vec<NameGlob>,
}

/// Tags that are left aside for one reason.
#[derive(Debug)]
struct Group {
    /// The text before their versions.
    form: String,
    /// Their label, if all tags with it are left aside.
    label: Option<String>,
    /// Their names, that of the highest version first.
    tags: Vec<String>,
    highest: Version,
    why: String,
}

impl OddTags {
    /// Takes them out of the forms of tags. Those forms that have no other tags go, too.
    pub(super) fn take(heads: &mut Vec<TagPrefix>, discovery: &Discovery) -> Self {
        let kept: Vec<NameGlob> = discovery
            .ignored
            .iter()
            .filter_map(|text| NameGlob::of_refs(text).ok())
            .filter(|glob| is_used(glob, heads))
            .collect();
        let today: BTreeSet<Version> = discovery.manifests.iter().flat_map(versions_of).collect();
        let groups: Vec<Group> = heads.iter().flat_map(|head| groups(head, &discovery.past, &today)).collect();
        let matchers: Vec<GlobMatcher> = kept.iter().map(NameGlob::matcher).collect();
        let names: BTreeSet<&str> = groups.iter().flat_map(|group| &group.tags).map(String::as_str).collect();
        for head in heads.iter_mut() {
            head.retain(|tag| {
                !names.contains(tag.name.as_str()) && !matchers.iter().any(|glob| glob.is_match(&tag.name))
            });
        }
        heads.retain(|head| !head.tags.is_empty());
        Self { groups, kept }
    }

    /// Returns the line `ignore-tags`: of the tags in the history of HEAD, those that would count as releases of a package.
    pub(super) fn line(&self, packages: &[Package], heads: &[TagPrefix], discovery: &Discovery) -> String {
        let heads: Vec<&TagPrefix> = packages.iter().filter_map(|package| heads.get(package.head?)).collect();
        let would_count = |group: &&Group| {
            let is_reached = |name: &String| !discovery.unreached.contains(name);
            let is_last = |head: &&TagPrefix| head.last().is_none_or(|tag| tag.version < group.highest);
            let is_meant = |head: &&TagPrefix| head.text == group.form && (group.label.is_some() || is_last(head));
            heads.iter().any(is_meant) && group.tags.iter().any(is_reached)
        };
        let lone = lone_numbers(discovery);
        let numbers: Vec<Group> = heads.iter().filter_map(|head| numbers(head, &lone)).collect();
        let groups: Vec<&Group> = self.groups.iter().filter(would_count).chain(&numbers).collect();
        let mut globs: Vec<String> = groups.iter().flat_map(|group| group.globs()).collect();
        let why = groups.first().map_or("as before", |group| &group.why);
        for glob in &self.kept {
            if !globs.iter().any(|known| known == glob.as_str()) {
                globs.push(glob.as_str().to_owned());
            }
        }
        if globs.is_empty() {
            return String::new();
        }
        format!("ignore-tags = {}   # {}\n", array(globs.iter().map(String::as_str)), one_line(why))
    }
}

impl Group {
    /// Returns the names of its tags, or one glob for all with its label.
    fn globs(&self) -> Vec<String> {
        match &self.label {
            Some(label) if self.tags.len() > 1 => {
                let has_hyphen = self.tags.iter().all(|tag| tag.contains(&format!("-{label}")));
                vec![format!("{}*{}{label}*", self.form, if has_hyphen { "-" } else { "" })]
            }
            _ => self.tags.clone(),
        }
    }
}

/// The tags in the history of HEAD that end in a lone number, by the text before it.
fn lone_numbers(discovery: &Discovery) -> BTreeMap<&str, Vec<(Version, &str)>> {
    let mut found: BTreeMap<&str, Vec<(Version, &str)>> = BTreeMap::new();
    for tag in discovery.tags.iter().filter(|tag| !discovery.unreached.contains(&tag.name)) {
        let start = tag.name.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = tag.name.strip_prefix(start).and_then(|digits| VersionScheme::Pep440.parse(digits).ok());
        if let Some(number) = number {
            found.entry(start).or_default().push((number, tag.name.as_str()));
        }
    }
    found
}

/// Tags of a package's form with a lone number above its releases, such as a date, which relman would read as a version.
fn numbers(head: &TagPrefix, lone: &BTreeMap<&str, Vec<(Version, &str)>>) -> Option<Group> {
    let last = head.last()?;
    let above = lone.get(head.text.as_str())?.iter().filter(|(number, _)| *number > last.version);
    let mut found: Vec<&(Version, &str)> = above.collect();
    found.sort_by(|a, b| b.cmp(a));
    let (highest, example) = found.first()?;
    let why = format!("{example} is not a version");
    let tags = found.iter().map(|(_, name)| (*name).to_owned()).collect();
    Some(Group { form: head.text.clone(), label: None, tags, highest: highest.clone(), why })
}

fn is_used(glob: &NameGlob, heads: &[TagPrefix]) -> bool {
    let matcher = glob.matcher();
    heads.iter().flat_map(|head| &head.tags).any(|tag| matcher.is_match(&tag.name))
}

/// A tag whose tree was looked at, and the versions that files hold there.
type Looked<'a> = (&'a Tagged, BTreeMap<&'a RepoPath, &'a Version>);

/// The odd tags of one form, whose versions no file held: builds by their label, and those below which the line went on.
fn groups(head: &TagPrefix, past: &Past, today: &BTreeSet<Version>) -> Vec<Group> {
    let line = head.tags.iter().map(|tag| &tag.version).filter(|version| today.contains(version)).max();
    let is_above = |tag: &&Tagged| line.is_none_or(|known| tag.version > *known);
    let is_build = |tag: &&Tagged| label_of(&tag.version).is_some_and(|label| BUILDS.contains(&label));
    let held = |tag: &Tagged| {
        let mut at = past.at(&tag.commit)?;
        Some(at.any(|(_, manifest)| manifest.version == tag.version))
    };
    let mut unheld: Vec<&Tagged> =
        head.tags.iter().filter(|tag| is_above(tag) || is_build(tag)).filter(|tag| held(tag) == Some(false)).collect();
    if unheld.is_empty() || unheld.len() == head.tags.len() {
        return Vec::new();
    }
    unheld.sort_by(|a, b| b.version.cmp(&a.version));
    let is_held =
        |label: &str| head.tags.iter().any(|tag| label_of(&tag.version) == Some(label) && held(tag) == Some(true));
    let looked: Vec<Looked<'_>> = head.tags.iter().filter_map(|tag| Some((tag, versions(past, tag)?))).collect();
    let mut found: Vec<Group> = Vec::new();
    for tag in unheld {
        let label = label_of(&tag.version).filter(|label| BUILDS.contains(label) && !is_held(label));
        let later = later(tag, &looked);
        let is_known = found.iter().any(|group| group.tags.contains(&tag.name));
        if is_known || (label.is_none() && later.is_none()) {
            continue;
        }
        let why = match later {
            Some(later) => format!("no file held the version of {}, and {} came after it", tag.name, later.name),
            None => format!("no file held the version of {}", tag.name),
        };
        let tags = match label {
            Some(label) => with_label(head, label),
            None => vec![tag.name.clone()],
        };
        let (form, label) = (head.text.clone(), label.map(str::to_owned));
        found.push(Group { form, label, tags, highest: tag.version.clone(), why });
    }
    let count: usize = found.iter().map(|group| group.tags.len()).sum();
    if count < head.tags.len() { found } else { Vec::new() }
}

fn versions<'a>(past: &'a Past, tag: &Tagged) -> Option<BTreeMap<&'a RepoPath, &'a Version>> {
    Some(past.at(&tag.commit)?.map(|(_, manifest)| (&manifest.path, &manifest.version)).collect())
}

fn versions_of(manifest: &FoundManifest) -> impl Iterator<Item = Version> {
    let places = manifest.found.iter().flat_map(|found| &found.versions);
    places.filter_map(|place| Some(read(manifest.kind, &place.scalar.text)?.0))
}

/// Returns a release that came after a tag although it is below it: a file held a lower version at the tag, and goes up to that of the release.
fn later<'a>(tag: &Tagged, looked: &[Looked<'a>]) -> Option<&'a Tagged> {
    let (_, then) = looked.iter().find(|(known, _)| known.name == tag.name)?;
    let is_later = |(other, files): &&Looked<'a>| {
        let went_on = |(path, version): (&&RepoPath, &&Version)| {
            **version == other.version && then.get(*path).is_some_and(|before| *before < *version)
        };
        other.version < tag.version && files.iter().any(went_on)
    };
    looked.iter().filter(is_later).map(|(other, _)| *other).min_by(|a, b| a.version.cmp(&b.version))
}

/// The names of all tags with a label, that of the highest version first.
fn with_label(head: &TagPrefix, label: &str) -> Vec<String> {
    let tags = head.tags.iter().filter(|tag| label_of(&tag.version) == Some(label));
    tags.map(|tag| tag.name.clone()).collect()
}

/// The first word of a prerelease.
fn label_of(version: &Version) -> Option<&str> {
    let label = version.pre.as_ref()?.as_str().split(['.', '-']).next()?.trim_end_matches(|c: char| c.is_ascii_digit());
    (!label.is_empty()).then_some(label)
}
