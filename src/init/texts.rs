//! Packages without a manifest that is known: their versions are in texts that moved with their tags.

use std::collections::BTreeSet;

use super::places::{FollowedText, Place, PlaceAt, entry, is_version, releases};
use super::unit::{Entry, HeldBy, Unit, read};
use crate::manifest::{Locator, ManifestType, SearchPattern, find};
use crate::model::{RepoPath, Version, VersionScheme};
use crate::snapshot::{Discovery, FollowedFile, TagPrefix};

/// Files from which builds take a version, by their names or the ends of these; the first one is the primary.
const BUILDS: [&str; 12] = [
    "setup.py",
    "setup.cfg",
    ".gemspec",
    "CMakeLists.txt",
    "meson.build",
    "configure.ac",
    "build.gradle",
    "_version.py",
    "__version__.py",
    "__about__.py",
    "__init__.py",
    "version",
];

/// Files that repeat a version in the way of builds, and that no build takes it from.
const REPEATS: [&str; 1] = ["conf.py"];

/// Files that tell people of a version.
const DOCS: [&str; 4] = [".md", ".rst", ".txt", ".adoc"];

/// Returns a unit for each form of tags that belongs to none, if files of today held the versions of its newest tags.
pub(super) fn text_units(
    units: &[(Unit, Option<usize>)],
    heads: &[TagPrefix],
    discovery: &Discovery,
) -> Vec<(Unit, Option<usize>)> {
    let used: BTreeSet<usize> = units.iter().filter_map(|(_, head)| *head).collect();
    let mut taken: BTreeSet<RepoPath> =
        units.iter().flat_map(|(unit, _)| &unit.entries).map(|entry| entry.path.clone()).collect();
    let mut found = Vec::new();
    for (index, head) in heads.iter().enumerate().filter(|(index, _)| !used.contains(index)) {
        // The tags of another form on the same commits are those of the same package.
        let is_again = |known: &usize| {
            heads
                .get(*known)
                .zip(head.last())
                .is_some_and(|(known, last)| known.tags.iter().any(|tag| tag.commit == last.commit))
        };
        if used.iter().any(is_again) {
            continue;
        }
        if let Some(unit) = text_unit(head, discovery, &taken) {
            taken.extend(unit.entries.iter().map(|entry| entry.path.clone()));
            found.push((unit, Some(index)));
        }
    }
    found
}

/// Returns `true` if texts of today held the versions of the newest tags, whatever manifests hold.
pub(super) fn are_in_texts(head: &TagPrefix, discovery: &Discovery) -> bool {
    text_unit(head, discovery, &BTreeSet::new()).is_some()
}

fn text_unit(head: &TagPrefix, discovery: &Discovery, taken: &BTreeSet<RepoPath>) -> Option<Unit> {
    let is_of = |path: &RepoPath| {
        head.is_bare()
            || path.as_str().split('/').any(|part| part == head.label || head.label.ends_with(&format!("/{part}")))
    };
    let files =
        discovery.followed.iter().filter(|(path, _)| !taken.contains(*path) && is_of(path) && !is_manifest(path));
    let usual = if head.last()?.version.release.len() == 3 { VersionScheme::Semver } else { VersionScheme::Pep440 };
    let scheme = head.scheme.unwrap_or(usual);
    let mut places: Vec<(Version, Entry)> = files.flat_map(|(path, file)| moved(path, file, head, scheme)).collect();
    places.sort_by_key(|(_, entry)| (rank(&entry.path), entry.path.as_str().len()));
    let (version, primary) = places.iter().find(|(_, entry)| !is_doc(&entry.path))?.clone();
    // Texts that went on without tags are those of something else, unless they are on the way to the next one.
    let last = &head.last()?.version;
    let is_alive = version == *last || (version > *last && version.is_prerelease());
    let mut entries = vec![primary.clone()];
    entries.extend(
        places.into_iter().filter(|(held, entry)| *held == version && *entry != primary).map(|(_, entry)| entry),
    );
    let folder = if head.is_bare() { RepoPath::root() } else { home(&primary.path, &head.label) };
    let name = if head.is_bare() { project(&primary.path, discovery) } else { Some(head.label.clone()) };
    let unit = || Unit { name, entries, listed: true, ..Unit::new(folder, version, HeldBy::Manifests) };
    is_alive.then(unit)
}

fn is_manifest(path: &RepoPath) -> bool {
    ManifestType::of_file(path.file_name()).is_some_and(|kind| kind != ManifestType::Plain)
}

/// The name that a setup.py, a gemspec or a CMakeLists.txt gives its project.
fn project(path: &RepoPath, discovery: &Discovery) -> Option<String> {
    let text = &discovery.followed.get(path)?.now;
    let quoted = |line: &str| {
        let (key, value) = line.split_once('=')?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let is_name = matches!(key.trim(), "name" | "s.name" | "spec.name");
        is_name.then(|| value.get(1..)?.split_once(quote).map(|(name, _)| name.to_owned()))?
    };
    let called = |line: &str| {
        let name = line.trim().strip_prefix("project(")?.split([' ', ')']).next()?;
        (!name.is_empty()).then(|| name.to_owned())
    };
    match path.file_name() {
        "CMakeLists.txt" => text.lines().find_map(called),
        "setup.cfg" => {
            text.lines().find_map(|line| Some(line.strip_prefix("name")?.trim().strip_prefix('=')?.trim().to_owned()))
        }
        name if name == "setup.py" || name.ends_with(".gemspec") => text.lines().find_map(quoted),
        name if name.ends_with(".py") || name.ends_with(".rb") => package_folder(path),
        _ => None,
    }
}

/// The folder of a package of Python or Ruby, which has its name.
fn package_folder(path: &RepoPath) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.is_root())?;
    let name = folder.file_name();
    let is_package = !["src", "lib", "doc", "docs"].contains(&name);
    is_package.then(|| name.to_owned())
}

/// The folder that the tags name.
fn home(path: &RepoPath, label: &str) -> RepoPath {
    let above: Vec<RepoPath> = path.ancestors().collect();
    let named = above.iter().find(|folder| label.ends_with(folder.file_name()) && !folder.is_root());
    named.cloned().unwrap_or_else(RepoPath::root)
}

/// Returns the places of a file that held the versions of the newest tags, and hold one version now.
fn moved(path: &RepoPath, file: &FollowedFile, head: &TagPrefix, scheme: VersionScheme) -> Vec<(Version, Entry)> {
    let mut releases = releases(file, head);
    if releases.len() < 2 {
        return Vec::new();
    }
    let (text, version) = releases.remove(0);
    let places = FollowedText { path, text, version, scheme, releases: releases.clone() }.places();
    // Some of its numbers do not tell a version.
    let is_whole = |(at, _): &Place| !matches!(at, PlaceAt::Search(search) if !search.contains("{version}"));
    let held = |place: Place| {
        let written = written_now(path, &place, &file.now, scheme)?;
        let version = read(ManifestType::Text, &written)?.0;
        let mut entry = entry(path, &place, &written)?;
        entry.spelled = entry.spelled.or(read(ManifestType::Text, &written)?.1);
        Some((version, entry))
    };
    places.into_iter().filter(is_whole).filter_map(held).collect()
}

/// Returns the one version that a place holds now, as it is written.
fn written_now(path: &RepoPath, (at, own): &Place, text: &str, scheme: VersionScheme) -> Option<String> {
    let locator = match at {
        PlaceAt::Whole => Locator::Known(ManifestType::Plain),
        PlaceAt::Pointer(pointer) => Locator::Pointer(ManifestType::data_of_file(path.file_name())?, pointer.clone()),
        PlaceAt::Search(search) => Locator::Search(SearchPattern::new(search).ok()?, own.unwrap_or(scheme)),
    };
    let found = find(&locator, text).ok()?;
    let first = found.versions.first()?.scalar.text.clone();
    let (version, _) = read(ManifestType::Text, &first)?;
    found.versions.iter().all(|place| is_version(&place.scalar.text, &version)).then_some(first)
}

/// Returns how late a file comes among those that hold a version.
pub(super) fn rank(path: &RepoPath) -> usize {
    let name = path.file_name();
    let is_build = |end: &&str| name.ends_with(end) || name.to_lowercase().starts_with(end);
    if is_doc(path) {
        return usize::MAX;
    }
    let is_repeated = REPEATS.contains(&name);
    BUILDS.iter().position(is_build).unwrap_or(BUILDS.len() + usize::from(is_repeated))
}

fn is_doc(path: &RepoPath) -> bool {
    let name = path.file_name();
    DOCS.iter().any(|end| name.ends_with(end))
        && !name.to_lowercase().starts_with("version")
        && name != "CMakeLists.txt"
}
