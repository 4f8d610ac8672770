//! Packages whose version no manifest holds: Go modules, Python projects for which a tool computes it, and folders whose version another
//! tool records.
//!
//! Nothing holds a version that a tag could be compared with, so their tags are those that name them, by Go's rule or in other words, and the
//! bare ones where only one of them could be meant.

use std::collections::{BTreeMap, BTreeSet};

use super::doubts::give_way;
use super::skip::Skip;
use super::unit::{Entry, HeldBy, LeftOut, Unit, plain_entry};
use crate::manifest::{ManifestType, NoVersion, module_major};
use crate::model::{RepoPath, Version, VersionScheme};
use crate::snapshot::{Discovery, FoundManifest, TagPrefix};

/// A unit with the index of the form of its tags.
type Paired = (Unit, Option<usize>);

/// Adds the units that tags name, or, where nothing else is a package, those that could be one. A doubtful package that has no tags gives
/// way to them. The result is sorted by folder.
pub(super) fn add_computed(
    units: &mut Vec<Paired>,
    discovery: &Discovery,
    skip: &Skip<'_>,
    heads: &[TagPrefix],
    left_out: &mut Vec<LeftOut>,
) {
    let is_weak = |(unit, head): &Paired| unit.doubt.is_some() && head.is_none() && !unit.never_tagged;
    let taken: BTreeSet<&RepoPath> =
        units.iter().filter(|paired| !is_weak(paired)).map(|(unit, _)| &unit.folder).collect();
    let is_alone = taken.is_empty();
    let candidates = candidates(discovery, skip);
    let (known, found): (Vec<Unit>, Vec<Unit>) = candidates.into_iter().partition(|unit| taken.contains(&unit.folder));
    let used: BTreeSet<usize> = units.iter().filter_map(|(_, head)| *head).collect();
    let free: Vec<(usize, &TagPrefix)> = heads.iter().enumerate().filter(|(index, _)| !used.contains(index)).collect();
    let with_head = |unit: Unit| {
        let head = head(&unit, &free);
        (unit, head)
    };
    let mut paired: Vec<Paired> = found.into_iter().map(with_head).collect();
    if is_alone && paired.iter().all(|(_, head)| head.is_none()) {
        let bare = newest(&free, &TagPrefix::is_bare);
        paired.iter_mut().filter(|(unit, _)| unit.doubt.is_none()).for_each(|(_, head)| *head = bare);
    }
    for (unit, head) in &mut paired {
        if let Some(version) = head.and_then(|head| heads.get(head)).and_then(|head| last(head, discovery)) {
            unit.release(version);
        }
    }
    let is_sure = |(unit, head): &Paired| head.is_some() || (unit.held_by == HeldBy::Lock && unit.doubt.is_none());
    if paired.iter().any(is_sure) {
        give_way(units, left_out);
        paired.retain(is_sure);
    } else {
        let at_root = paired.iter().any(|(unit, _)| unit.folder.is_root());
        paired.retain(|(unit, _)| unit.doubt.is_none() && (unit.folder.is_root() || !at_root));
        paired.truncate(if units.is_empty() { usize::MAX } else { 0 });
    }
    known.iter().for_each(|computed| name_by(units, computed));
    units.extend(paired);
    units.sort_by(|(a, _), (b, _)| a.folder.cmp(&b.folder));
}

/// A file with nothing but a version is that of the manifest beside it, which says what its package is called.
fn name_by(units: &mut [Paired], computed: &Unit) {
    let is_nameless = |unit: &Unit| unit.folder == computed.folder && unit.name.is_none();
    if let Some((unit, _)) = units.iter_mut().find(|(unit, head)| is_nameless(unit) && head.is_some()) {
        unit.name.clone_from(&computed.name);
        let manifests = computed.entries.iter().filter(|entry| entry.kind.makes_package());
        unit.entries.extend(manifests.map(|entry| plain_entry(entry.path.clone(), entry.kind)));
        unit.listed = true;
    }
}

/// The units of all folders whose version no manifest holds.
pub(super) fn candidates(discovery: &Discovery, skip: &Skip<'_>) -> Vec<Unit> {
    let mut folders: BTreeMap<RepoPath, Vec<&FoundManifest>> = BTreeMap::new();
    let home = |path: &RepoPath| path.parent().unwrap_or_else(RepoPath::root);
    for manifest in discovery.manifests.iter().filter(|manifest| is_computed(manifest, discovery)) {
        folders.entry(home(&manifest.path)).or_default().push(manifest);
    }
    for folder in discovery.recorded.keys() {
        folders.entry(folder.clone()).or_default();
    }
    // Of the folders of several major versions of a module, only the highest one is released under their common tags.
    let mut highest: BTreeMap<RepoPath, (u64, RepoPath)> = BTreeMap::new();
    for (folder, _) in folders.iter().filter(|(_, manifests)| is_module(manifests)) {
        let (base, major) = major_folder(folder);
        let known = highest.entry(base).or_insert_with(|| (major, folder.clone()));
        if major > known.0 {
            *known = (major, folder.clone());
        }
    }
    let is_highest = |folder: &RepoPath| highest.get(&major_folder(folder).0).is_none_or(|(_, other)| other == folder);
    let kept = folders.into_iter().filter(|(folder, manifests)| !is_module(manifests) || is_highest(folder));
    let kept = kept.filter(|(folder, _)| skip.reason(folder).is_none());
    kept.map(|(folder, manifests)| unit(folder, &manifests, discovery, skip)).collect()
}

fn is_computed(manifest: &FoundManifest, discovery: &Discovery) -> bool {
    let found = manifest.found.as_ref();
    match found.and_then(|found| found.no_version.as_ref()) {
        Some(NoVersion::InTags) => found.is_some_and(|found| found.module.is_some()),
        // A file from which it is computed in some other way than by reading a line tells nothing; tags may.
        Some(NoVersion::Dynamic { file, .. }) => {
            file.as_ref().is_none_or(|file| !is_manifest(file) && !discovery.tags.is_empty())
        }
        _ => false,
    }
}

fn is_manifest(file: &str) -> bool {
    ManifestType::of_file(file.rsplit('/').next().unwrap_or(file)).is_some()
}

fn is_module(manifests: &[&FoundManifest]) -> bool {
    manifests.iter().any(|manifest| manifest.kind == ManifestType::GoMod)
}

fn unit(folder: RepoPath, manifests: &[&FoundManifest], discovery: &Discovery, skip: &Skip<'_>) -> Unit {
    let mut entries: Vec<Entry> = manifests.iter().map(|m| plain_entry(m.path.clone(), m.kind)).collect();
    let record = discovery.recorded.get(&folder);
    if let Some((path, _)) = record {
        entries.push(plain_entry(path.clone(), ManifestType::ReleasePlease));
    }
    let version = record.map_or_else(|| Version::stable(vec![0, 1, 0]), |(_, version)| version.clone());
    let held_by = if record.is_some() { HeldBy::Lock } else { HeldBy::Tags };
    let (name, doubt) = (name(&folder, manifests), skip.doubt(&folder));
    let mut unit = Unit { name, doubt, entries, ..Unit::new(folder, version.clone(), held_by) };
    unit.write(&version);
    unit
}

/// A module is called by its folder, as its tags are; the one at the top by the last part of its path.
fn name(folder: &RepoPath, manifests: &[&FoundManifest]) -> Option<String> {
    let named = manifests.iter().find_map(|m| Some((m.kind, m.found.as_ref()?.name.as_ref()?.name.clone())));
    match named {
        Some((ManifestType::GoMod, path)) => {
            let (folder, _) = major_folder(folder);
            let is_major = |part: &&str| !part.strip_prefix('v').is_some_and(is_number);
            let of_path = || path.rsplit('/').find(is_major).unwrap_or(&path).to_owned();
            Some(if folder.is_root() { of_path() } else { folder.to_string() })
        }
        Some((_, name)) => Some(name),
        None if folder.is_root() => None,
        None => Some(folder.to_string()),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Returns the folder without that of a major version (`sub/v2`), and the version; 1 if it has none.
fn major_folder(folder: &RepoPath) -> (RepoPath, u64) {
    let major = folder.file_name().strip_prefix('v').filter(|number| is_number(number));
    match major.and_then(|number| number.parse().ok()) {
        Some(major) => (folder.parent().unwrap_or_else(RepoPath::root), major),
        None => (folder.clone(), 1),
    }
}

/// Leaves go.mod out of units whose version another file holds and whose module keeps the path of an older major: they are programs, which
/// are not imported by that path.
pub(super) fn leave_old_modules(units: &mut [Paired], discovery: &Discovery) {
    let modules = discovery.manifests.iter().filter_map(|m| Some((&m.path, m.found.as_ref()?.module.as_ref()?)));
    let majors: BTreeMap<&RepoPath, u64> = modules.map(|(path, module)| (path, module_major(&module.text))).collect();
    for (unit, _) in units.iter_mut().filter(|(unit, _)| unit.entries.iter().any(|entry| !entry.written.is_empty())) {
        let major = unit.version.part(0);
        let count = unit.entries.len();
        unit.entries.retain(|entry| majors.get(&entry.path).is_none_or(|of_path| *of_path >= major));
        unit.listed |= unit.entries.len() < count;
    }
}

/// Returns what Go's rule puts before the version in the tags of a module (<https://go.dev/ref/mod#vcs-version>); `None` if the unit is
/// not one.
pub(super) fn module_prefix(unit: &Unit) -> Option<String> {
    unit.entries.iter().find(|entry| entry.kind == ManifestType::GoMod)?;
    let (folder, _) = major_folder(&unit.folder);
    Some(if folder.is_root() { "v".to_owned() } else { format!("{folder}/v") })
}

/// Returns the form of the tags of a unit: by Go's rule, else those that name it, else the bare ones if it is at the top.
fn head(unit: &Unit, heads: &[(usize, &TagPrefix)]) -> Option<usize> {
    let fits = |head: &TagPrefix| unit.held_by == HeldBy::Tags || head.tag_of(&unit.version).is_some();
    let rule = module_prefix(unit);
    let name = unit.called();
    let last = name.rsplit('/').next().unwrap_or(name);
    let names = [name, last, unit.folder.as_str(), unit.folder.file_name()];
    let by_rule = newest(heads, &|head| rule.as_ref() == Some(&head.text) && fits(head));
    let is_named = |head: &TagPrefix| !head.is_bare() && names.contains(&head.label.as_str());
    let by_name = || newest(heads, &|head| is_named(head) && fits(head));
    let bare = || newest(heads, &|head| head.is_bare() && fits(head)).filter(|_| unit.folder.is_root());
    by_rule.or_else(by_name).or_else(bare)
}

/// Of the forms that are wanted, the one with the highest version.
fn newest(heads: &[(usize, &TagPrefix)], is_wanted: &dyn Fn(&TagPrefix) -> bool) -> Option<usize> {
    let wanted = heads.iter().filter(|(_, head)| is_wanted(head));
    let version = |head: &TagPrefix| head.last().map(|tag| tag.version.clone());
    wanted.max_by(|(_, a), (_, b)| version(a).cmp(&version(b))).map(|(index, _)| *index)
}

/// The highest version of a form that HEAD reaches, else of all.
pub(super) fn last<'a>(head: &'a TagPrefix, discovery: &Discovery) -> Option<&'a Version> {
    let reached = head.tags.iter().filter(|tag| !discovery.unreached.contains(&tag.name));
    reached.map(|tag| &tag.version).max().or_else(|| head.last().map(|tag| &tag.version))
}

impl Unit {
    /// Takes the version of its last tag, if nothing else holds it.
    fn release(&mut self, version: &Version) {
        if self.held_by == HeldBy::Tags {
            self.version = version.clone();
            self.write(version);
        }
    }

    fn write(&mut self, version: &Version) {
        let scheme = self.usual_scheme();
        let text = scheme.render(version).or_else(|_| VersionScheme::Semver.render(version)).unwrap_or_default();
        self.entries.first_mut().into_iter().for_each(|entry| entry.written.clone_from(&text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_major_versions() {
        let folder = |text: &str| RepoPath::new(text).unwrap();
        assert_eq!(major_folder(&folder("sub/v2")), (folder("sub"), 2));
        assert_eq!(major_folder(&folder("v10")), (RepoPath::root(), 10));
        assert_eq!(major_folder(&folder("vendor")), (folder("vendor"), 1));
        assert_eq!(major_folder(&RepoPath::root()), (RepoPath::root(), 1));
    }
}
