//! Files that repeat the version of a package, as its newest releases show: each held the version of every one, and changed with it.

use std::collections::{BTreeMap, BTreeSet};

use super::around::{patterns, versions_in};
use super::marks::{has_marks, marks};
use super::parts::parts;
use super::unit::{Entry, HeldBy, Unit, read};
use crate::manifest::{Locator, ManifestType, Pointer, SearchPattern, find, pointers};
use crate::model::{RepoPath, Version, VersionScheme};
use crate::snapshot::{Discovery, FollowedFile, FoundManifest, NEWEST_RELEASES, TagPrefix};
use crate::text::Span;

/// A file with more places is generated.
const MOST: usize = 24;

/// A place of a version in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PlaceAt {
    /// The whole file.
    Whole,
    /// A value of a data file.
    Pointer(Pointer),
    /// A search.
    Search(String),
}

/// A place, and the scheme in which a search finds its version if it is not the package's.
pub(super) type Place = (PlaceAt, Option<VersionScheme>);

/// A unit with the index of the form of its tags.
type Released = (Unit, Option<usize>);

/// Adds to the units the places that moved with them, to those whose versions are held by the same thing. A unit of which no file was known
/// to hold its version has one then.
pub(super) fn add_places(units: &mut [Released], held_by: HeldBy, heads: &[TagPrefix], discovery: &Discovery) {
    if !units.iter().any(|(unit, _)| unit.held_by == held_by) {
        return;
    }
    let known: BTreeSet<RepoPath> =
        units.iter().flat_map(|(unit, _)| &unit.entries).map(|entry| entry.path.clone()).collect();
    let named = |manifest: &FoundManifest| Some(manifest.found.as_ref()?.name.as_ref()?.name.clone());
    let names: BTreeSet<String> = discovery.manifests.iter().filter_map(named).collect();
    let is_free = |path: &RepoPath| is_npm(path) || !(known.contains(path) || is_chart(path));
    for (path, file) in discovery.followed.iter().filter(|(path, _)| is_free(path)) {
        let places = held(path, file, (units, held_by), heads);
        for (at, owners) in places.into_iter().filter(|(at, _)| !is_npm(path) || requires_other(at, &names)) {
            let Some(owner) = owner(&at, path, &owners, (units, heads)) else { continue };
            let scheme = owners.get(&owner).copied().flatten();
            let Some((unit, _)) = units.get_mut(owner) else { continue };
            let written = unit.entries.first().map_or("", |entry| &entry.written);
            if let Some(entry) = entry(path, &(at, scheme), written) {
                unit.entries.push(entry);
                unit.listed = true;
            }
        }
    }
    let has_place = |unit: &Unit| unit.entries.iter().any(|entry| entry.search.is_some() || entry.pointer.is_some());
    for (unit, _) in units.iter_mut().filter(|(unit, _)| unit.held_by == HeldBy::Tags && has_place(unit)) {
        unit.held_by = HeldBy::Manifests;
    }
}

/// The units that a place moved with, and its scheme for each of them.
type Owners = BTreeMap<usize, Option<VersionScheme>>;

/// Returns the places of a file.
fn held(
    path: &RepoPath,
    file: &FollowedFile,
    (units, held_by): (&[Released], HeldBy),
    heads: &[TagPrefix],
) -> BTreeMap<PlaceAt, Owners> {
    let mut found: BTreeMap<PlaceAt, Owners> = BTreeMap::new();
    let mut seen: BTreeMap<(Option<usize>, &Version, VersionScheme), Vec<Place>> = BTreeMap::new();
    let is_marked = has_marks(&file.now);
    for (index, (unit, head)) in units.iter().enumerate().filter(|(_, (unit, _))| unit.held_by == held_by) {
        let releases = head.and_then(|head| heads.get(head)).map_or_else(Vec::new, |head| releases(file, head));
        if releases.len() < 2 && !is_marked {
            continue;
        }
        // Units under one tag become one package, which spells versions as the first of them does.
        let under = units.iter().filter(|(_, other)| head.is_some() && other == head).map(|(other, _)| other);
        let first = under.min_by_key(|other| other.is_chart()).unwrap_or(unit);
        let scheme = first.scheme();
        let places = seen.entry((*head, &unit.version, scheme)).or_insert_with(|| {
            FollowedText { path, text: &file.now, version: &unit.version, scheme, releases }.places()
        });
        for (at, scheme) in places {
            found.entry(at.clone()).or_default().insert(index, *scheme);
        }
    }
    found
}

fn is_npm(path: &RepoPath) -> bool {
    ManifestType::of_file(path.file_name()) == Some(ManifestType::PackageJson)
}

/// Returns `true` if a place of a package.json is the exact version of a package that is built elsewhere.
fn requires_other(place: &PlaceAt, names: &BTreeSet<String>) -> bool {
    match place {
        PlaceAt::Pointer(pointer) => match pointer.keys() {
            [kind, name] => kind.to_lowercase().ends_with("dependencies") && !names.contains(name),
            _ => false,
        },
        _ => false,
    }
}

/// The versions of applications in charts are looked at with the charts.
fn is_chart(path: &RepoPath) -> bool {
    ManifestType::of_file(path.file_name()) == Some(ManifestType::Chart)
}

/// The texts of the newest releases, with their versions.
pub(super) fn releases<'a>(file: &'a FollowedFile, head: &'a TagPrefix) -> Vec<(&'a str, &'a Version)> {
    let text = |commit: &str| file.then.get(commit).map(String::as_str);
    head.newest(NEWEST_RELEASES).into_iter().filter_map(|tag| Some((text(&tag.commit)?, &tag.version))).collect()
}

/// Which of the units that moved with a place it belongs to: one that it names, else the nearest one, else the one of the whole repository,
/// else the only one or one of those that share their tags, else the one whose spelling it has.
fn owner(
    place: &PlaceAt,
    path: &RepoPath,
    owners: &Owners,
    (units, heads): (&[Released], &[TagPrefix]),
) -> Option<usize> {
    let rank = |index: usize| {
        let (unit, _) = units.get(index)?;
        let depth = if unit.folder.is_root() { 0 } else { unit.folder.as_str().len() };
        let around = if path.is_within(&unit.folder) { depth } else { 0 };
        Some((names(place, unit), around, unit.doubt.is_none()))
    };
    let best = owners.keys().filter_map(|index| rank(*index)).max()?;
    let first: Vec<usize> = owners.keys().copied().filter(|index| rank(*index) == Some(best)).collect();
    let of = |index: &usize| units.get(*index);
    let is_bare = |head: Option<usize>| head.and_then(|head| heads.get(head)).is_some_and(TagPrefix::is_bare);
    let at_root = first.iter().copied().find(|index| of(index).is_some_and(|(unit, _)| unit.folder.is_root()));
    let of_all = || first.iter().copied().find(|index| of(index).is_some_and(|(_, head)| is_bare(*head)));
    let only = |indices: &[usize]| {
        let heads: BTreeSet<Option<usize>> = indices.iter().filter_map(of).map(|(_, head)| *head).collect();
        indices.first().copied().filter(|_| heads.len() == 1)
    };
    let is_spelled = |index: &usize| owners.get(index).is_some_and(Option::is_none);
    let spelled = || only(&first.iter().copied().filter(is_spelled).collect::<Vec<_>>());
    at_root.or_else(of_all).or_else(|| only(&first)).or_else(spelled)
}

/// How much of a unit's name a place has, in letters.
fn names(place: &PlaceAt, unit: &Unit) -> usize {
    let text = match place {
        PlaceAt::Search(search) => search.as_str(),
        PlaceAt::Pointer(_) | PlaceAt::Whole => return 0,
    };
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let has = |name: &str| {
        text.match_indices(name).any(|(at, _)| {
            let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + name.len()..).unwrap_or(""));
            !before.ends_with(is_letter) && !after.starts_with(is_letter)
        })
    };
    let known = [unit.called(), unit.short_name()].into_iter().filter(|name| name.len() > 2 && has(name)).map(str::len);
    known.max().unwrap_or(0)
}

/// Returns the entry of a place that holds a version as it is written.
pub(super) fn entry(path: &RepoPath, (at, scheme): &Place, written: &str) -> Option<Entry> {
    let (kind, pointer, search) = match at {
        PlaceAt::Whole => (ManifestType::Plain, None, None),
        PlaceAt::Pointer(pointer) => (ManifestType::data_of_file(path.file_name())?, Some(pointer.to_string()), None),
        PlaceAt::Search(search) => (ManifestType::Text, None, Some(search.clone())),
    };
    let written = written.to_owned();
    Some(Entry { path: path.clone(), kind, written, spelled: *scheme, field: None, search, pointer })
}

/// A file that changed with releases, and the package that may be repeated in it.
pub(super) struct FollowedText<'a> {
    /// The file.
    pub(super) path: &'a RepoPath,
    /// What it holds.
    pub(super) text: &'a str,
    /// The version of the package there.
    pub(super) version: &'a Version,
    /// The scheme of the package.
    pub(super) scheme: VersionScheme,
    /// What it held at the newest releases.
    pub(super) releases: Vec<(&'a str, &'a Version)>,
}

impl FollowedText<'_> {
    /// Returns the places that moved with the package, and those that are marked as such.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut found = Vec::new();
        let mut covered: Vec<Span> = Vec::new();
        if self.releases.len() > 1 {
            let all = versions_in(self.text, self.version);
            if all.len() <= MOST {
                self.moved(&all, &mut found, &mut covered);
            }
        }
        if !found.is_empty() {
            found.extend(
                parts((self.text, self.version), &self.releases, &covered)
                    .into_iter()
                    .map(|search| (PlaceAt::Search(search), None)),
            );
        }
        for search in marks(self.text, self.version) {
            let spans = self.spans(&search, self.scheme);
            if spans.iter().any(|span| !covered.contains(span)) {
                covered.extend(spans);
                found.push((PlaceAt::Search(search), None));
            }
        }
        found
    }

    fn moved(&self, all: &[Span], found: &mut Vec<Place>, covered: &mut Vec<Span>) {
        let now = self.text;
        if self.agrees(&Locator::Known(ManifestType::Plain)) {
            covered.extend(all);
            found.push((PlaceAt::Whole, None));
            return;
        }
        if let Some(kind) = ManifestType::data_of_file(self.path.file_name()).filter(|_| !all.is_empty()) {
            for pointer in pointers(kind, now, |text| is_version(text, self.version)) {
                let locator = Locator::Pointer(kind, pointer.clone());
                if self.agrees(&locator) {
                    let places = find(&locator, now).map_or_else(|_| Vec::new(), |found| found.versions);
                    covered.extend(places.iter().map(|place| place.scalar.span));
                    let scheme = self.spelled(&locator).filter(|scheme| *scheme != self.scheme);
                    found.push((PlaceAt::Pointer(pointer), scheme));
                }
            }
        }
        for span in all {
            let is_covered =
                |covered: &[Span]| covered.iter().any(|known| known.start <= span.start && span.end <= known.end);
            if is_covered(covered) {
                continue;
            }
            let schemes = [self.scheme, other(self.scheme)];
            let tried = patterns(now, *span, all);
            let mut tried = schemes.into_iter().flat_map(|scheme| tried.iter().map(move |search| (search, scheme)));
            if let Some((search, scheme)) = tried.find(|(search, scheme)| {
                self.spans(search, *scheme).contains(span)
                    && self.search(search, *scheme).is_some_and(|at| self.agrees(&at))
            }) {
                covered.extend(self.spans(search, scheme));
                found.push((PlaceAt::Search(search.clone()), Some(scheme).filter(|scheme| *scheme != self.scheme)));
            }
        }
    }

    fn search(&self, search: &str, scheme: VersionScheme) -> Option<Locator> {
        Some(Locator::Search(SearchPattern::new(search).ok()?, scheme))
    }

    fn spans(&self, search: &str, scheme: VersionScheme) -> Vec<Span> {
        let found = self.search(search, scheme).and_then(|locator| find(&locator, self.text).ok());
        found.map_or_else(Vec::new, |found| found.versions.iter().map(|place| place.scalar.span).collect())
    }

    /// Returns the scheme of a value, as its newest spelling shows that is not one of both.
    fn spelled(&self, locator: &Locator) -> Option<VersionScheme> {
        let texts = std::iter::once(self.text).chain(self.releases.iter().map(|(text, _)| *text));
        let written = texts.filter_map(|text| Some(find(locator, text).ok()?.versions.first()?.scalar.text.clone()));
        written.filter_map(|written| read(ManifestType::Text, &written)?.1).next()
    }

    /// Returns `true` if all that is found is the version of the package now, and that of every one of the newest releases.
    fn agrees(&self, locator: &Locator) -> bool {
        let holds = |text: &str, version: &Version| {
            find(locator, text).is_ok_and(|found| {
                !found.versions.is_empty() && found.versions.iter().all(|place| is_version(&place.scalar.text, version))
            })
        };
        holds(self.text, self.version) && self.releases.iter().all(|(text, version)| holds(text, version))
    }
}

fn other(scheme: VersionScheme) -> VersionScheme {
    match scheme {
        VersionScheme::Semver => VersionScheme::Pep440,
        VersionScheme::Pep440 => VersionScheme::Semver,
    }
}

/// Returns `true` if a text is the version, in whatever spelling.
pub(super) fn is_version(text: &str, version: &Version) -> bool {
    // `1.2.0-dev` is a development release in one of them, and has a label in the other.
    let schemes = [VersionScheme::Semver, VersionScheme::Pep440];
    schemes.into_iter().any(|scheme| scheme.parse(text).is_ok_and(|read| read == *version))
}
