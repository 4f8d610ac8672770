//! Places of versions that other tools' files name.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::around::{patterns, versions_in};
use super::doubt::Doubt;
use super::marks::marks;
use super::places::{self, PlaceAt};
use super::tools::{How, ToolPlace, Tools};
use super::unit::{Entry, Unit, plain_entry, read};
use crate::manifest::{Locator, ManifestType, Pointer, SearchPattern, find};
use crate::model::{RepoPath, VersionScheme};
use crate::snapshot::Discovery;
use crate::text::Span;

/// Adds the places that hold the version of their unit, and returns the files that do not.
pub(super) fn add(units: &mut [Unit], discovery: &Discovery, tools: &Tools) -> Vec<RepoPath> {
    let mut wrong = BTreeSet::new();
    for place in tools.settings.iter().flat_map(|settings| &settings.places) {
        let matcher = place.path.matcher();
        for (path, text) in discovery.named_files.iter().filter(|(path, _)| matcher.is_match(path.as_str())) {
            if !add_one(units, place, path, text) {
                wrong.insert(path.clone());
            }
        }
    }
    wrong.into_iter().collect()
}

/// Returns the version at a place, as it is written; `None` if none is there, or several differ.
pub(super) fn read_place(how: &How, path: &RepoPath, text: &str) -> Option<String> {
    let written = |locator: &Locator| {
        let found = find(locator, text).ok()?;
        let first = found.versions.first()?.scalar.text.clone();
        found.versions.iter().all(|place| place.scalar.text == first).then_some(first)
    };
    match how {
        How::Known => written(&Locator::Known(ManifestType::of_file(path.file_name())?)),
        How::Pointer(pointer) => written(&by_pointer(path, pointer)?),
        How::Search(search) => {
            let pattern = SearchPattern::new(search).ok()?;
            let schemes = [VersionScheme::Semver, VersionScheme::Pep440];
            schemes.into_iter().find_map(|scheme| written(&Locator::Search(pattern.clone(), scheme)))
        }
        How::Lines(_) | How::Marks => None,
    }
}

/// Units that tags show to be packages have their manifests for themselves.
pub(super) fn settle(units: &mut [(Unit, Option<usize>)]) {
    let is_own = |unit: &Unit, entry: &Entry| entry.search.is_none() && entry.path.is_within(&unit.folder);
    let own: Vec<(RepoPath, RepoPath)> = units
        .iter()
        .filter(|(unit, _)| matches!(unit.doubt, Some(Doubt::Ignored(_))))
        .flat_map(|(unit, _)| {
            unit.entries.iter().filter(|entry| is_own(unit, entry)).map(|e| (unit.folder.clone(), e.path.clone()))
        })
        .collect();
    for (unit, _) in units {
        let folder = unit.folder.clone();
        unit.entries.retain(|entry| !own.iter().any(|(owner, path)| *owner != folder && *path == entry.path));
    }
}

fn add_one(units: &mut [Unit], place: &ToolPlace, path: &RepoPath, text: &Arc<str>) -> bool {
    let is_ignored = |unit: &Unit| matches!(unit.doubt, Some(Doubt::Ignored(_)));
    let has = |unit: &Unit| unit.entries.iter().any(|entry| entry.path == *path && entry.search.is_none());
    if units.iter().any(|unit| !is_ignored(unit) && has(unit)) && is_by_type(&place.how, path, text) {
        return true;
    }
    // A file that names packages by their folders is found beside them.
    let kind = ManifestType::of_file(path.file_name());
    if kind.is_some_and(|kind| kind.is_lock()) && is_by_type(&place.how, path, text) {
        return true;
    }
    let mut candidates: Vec<usize> = units
        .iter()
        .enumerate()
        .filter(|(_, unit)| !is_ignored(unit) && place.of.is_match(unit.names(), &unit.folder))
        .map(|(index, _)| index)
        .collect();
    // The innermost folder around the file first.
    let nearness = |index: &usize| {
        let folder = units.get(*index).map(|unit| &unit.folder);
        folder.filter(|folder| path.is_within(folder)).map(|folder| folder.as_str().len())
    };
    candidates.sort_by_key(|index| std::cmp::Reverse(nearness(index)));
    for index in candidates {
        let Some(unit) = units.get_mut(index) else { continue };
        let found = entries(unit, &place.how, path, text);
        if !found.is_empty() {
            let is_new = |entry: &Entry| {
                let is_same = |known: &Entry| {
                    (&known.path, &known.search, &known.pointer) == (&entry.path, &entry.search, &entry.pointer)
                };
                !unit.entries.iter().any(is_same)
            };
            let new: Vec<Entry> = found.into_iter().filter(is_new).collect();
            unit.listed |= !new.is_empty();
            unit.placed |= !new.is_empty();
            unit.entries.extend(new);
            return true;
        }
    }
    false
}

/// Returns `true` if the place is one that the type of the file finds anyway.
fn is_by_type(how: &How, path: &RepoPath, text: &str) -> bool {
    let How::Pointer(pointer) = how else { return true };
    let own = ManifestType::of_file(path.file_name()).and_then(|kind| find(&Locator::Known(kind), text).ok());
    let named = by_pointer(path, pointer).and_then(|locator| find(&locator, text).ok());
    let spans = |found: Option<crate::manifest::Found>| -> Vec<usize> {
        found.iter().flat_map(|found| found.scalars().map(|scalar| scalar.span.start)).collect()
    };
    let own = spans(own);
    spans(named).iter().any(|at| own.contains(at))
}

fn by_pointer(path: &RepoPath, pointer: &str) -> Option<Locator> {
    Some(Locator::Pointer(ManifestType::data_of_file(path.file_name())?, Pointer::new(pointer).ok()?))
}

/// Returns the entries of a place whose versions are all that of the unit.
fn entries(unit: &Unit, how: &How, path: &RepoPath, text: &str) -> Vec<Entry> {
    let single = |locator: Option<Locator>, kind| locator.and_then(|locator| entry(unit, &locator, path, text, kind));
    match how {
        How::Known => {
            let kind = ManifestType::of_file(path.file_name());
            kind.and_then(|kind| single(Some(Locator::Known(kind)), kind)).into_iter().collect()
        }
        How::Pointer(pointer) => {
            let kind = ManifestType::data_of_file(path.file_name()).unwrap_or(ManifestType::Json);
            let known = ManifestType::of_file(path.file_name()).filter(|_| is_by_type(how, path, text));
            if let Some(kind) = known {
                return single(Some(Locator::Known(kind)), kind).into_iter().collect();
            }
            let found = single(by_pointer(path, pointer), kind);
            found.map(|entry| Entry { pointer: Some(pointer.clone()), ..entry }).into_iter().collect()
        }
        How::Search(search) => {
            let search = search.replace("{{crate_name}}", unit.called());
            let found = by_search(unit, &search, path, text);
            if found.is_empty() { by_lines(unit, None, path, text) } else { found }
        }
        How::Lines(word) => by_lines(unit, word.as_deref(), path, text),
        How::Marks => by_marks(unit, path, text),
    }
}

fn entry(unit: &Unit, locator: &Locator, path: &RepoPath, text: &str, kind: ManifestType) -> Option<Entry> {
    let found = find(locator, text).ok()?;
    let places: Vec<&str> = found.versions.iter().map(|place| place.scalar.text.as_str()).collect();
    let same = |written: &&str| read(kind, written).is_some_and(|(version, _)| version == unit.version);
    let written = *places.first().filter(|_| places.iter().all(same))?;
    let spelled = read(kind, written).and_then(|(_, spelled)| spelled);
    Some(Entry { written: written.to_owned(), spelled, ..plain_entry(path.clone(), kind) })
}

fn by_search(unit: &Unit, search: &str, path: &RepoPath, text: &str) -> Vec<Entry> {
    let Ok(pattern) = SearchPattern::new(search) else { return Vec::new() };
    let in_scheme = |scheme| entry(unit, &Locator::Search(pattern.clone(), scheme), path, text, ManifestType::Text);
    let found = in_scheme(VersionScheme::Semver).or_else(|| in_scheme(VersionScheme::Pep440));
    found.map(|entry| Entry { search: Some(search.to_owned()), ..entry }).into_iter().collect()
}

fn by_marks(unit: &Unit, path: &RepoPath, text: &str) -> Vec<Entry> {
    let written = unit.entries.first().map_or("", |entry| &entry.written);
    let searches = marks(text, &unit.version).into_iter();
    searches.filter_map(|search| places::entry(path, &(PlaceAt::Search(search), None), written)).collect()
}

/// The places in the lines that hold a word, or in all; none if one of them cannot be distinguished from another version.
fn by_lines(unit: &Unit, word: Option<&str>, path: &RepoPath, text: &str) -> Vec<Entry> {
    let all = versions_in(text, &unit.version);
    let is_meant = |span: &&Span| word.is_none_or(|word| line_at(text, **span).contains(word));
    let entry = |span: &Span| {
        let mut tried = patterns(text, *span, &all).into_iter();
        tried.find_map(|search| by_search(unit, &search, path, text).pop())
    };
    let mut found: Vec<Entry> = all.iter().filter(is_meant).map(entry).collect::<Option<_>>().unwrap_or_default();
    found.dedup();
    found
}

/// The line that a place is in.
fn line_at(text: &str, span: Span) -> &str {
    let before = text.get(..span.start).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("")
}
