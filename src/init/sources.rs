//! Source files that repeat the version of a manifest.

use std::collections::BTreeSet;

use super::unit::{Entry, Unit, read};
use crate::manifest::{Locator, ManifestType, SearchPattern, find, version_line};
use crate::model::{RepoPath, Version, VersionScheme};
use crate::snapshot::Discovery;

/// Adds to each unit the source files below it that held its version at every tag that was looked at, and changed with it.
pub(super) fn add_sources(units: &mut [Unit], discovery: &Discovery) {
    let known: BTreeSet<RepoPath> =
        units.iter().flat_map(|unit| &unit.entries).map(|entry| entry.path.clone()).collect();
    for (path, text) in discovery.sources.iter().filter(|(path, _)| !known.contains(*path)) {
        let around = units.iter_mut().filter(|unit| path.is_within(&unit.folder));
        let Some(unit) = around.max_by_key(|unit| unit.folder.as_str().len()) else { continue };
        if let Some(entry) = entry(path, text, unit).filter(|_| moved_with(path, unit, discovery)) {
            unit.entries.push(entry);
            unit.listed = true;
        }
    }
}

fn entry(path: &RepoPath, text: &str, unit: &Unit) -> Option<Entry> {
    let (search, written) = version_line(text)?;
    let pattern = SearchPattern::new(&search).ok()?;
    let matches = find(&Locator::Search(pattern, VersionScheme::Pep440), text).ok()?;
    let (version, spelled) = read(ManifestType::Text, &written)?;
    let is_whole = version == unit.version && matches.versions.iter().all(|place| place.scalar.text == written);
    let search = Some(search);
    is_whole.then(|| Entry {
        path: path.clone(),
        kind: ManifestType::Text,
        written,
        spelled,
        field: None,
        search,
        pointer: None,
    })
}

/// Returns `true` if both held one version at every tag that has both, and not always the same one.
fn moved_with(path: &RepoPath, unit: &Unit, discovery: &Discovery) -> bool {
    let Some(primary) = unit.entries.first() else { return false };
    let both: Vec<(&Version, &Version)> = discovery.past.both(&primary.path, path).collect();
    let versions: BTreeSet<&Version> = both.iter().map(|(version, _)| *version).collect();
    versions.len() > 1 && both.iter().all(|(a, b)| a == b)
}
