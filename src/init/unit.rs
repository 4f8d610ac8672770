//! [`Unit`]: the manifests of a folder that share a version.

use std::collections::BTreeMap;

use super::doubt::Doubt;
use super::skip::Skip;
use crate::manifest::{Found, Locator, ManifestType, NoVersion, SearchPattern, find, version_line};
use crate::model::{RepoPath, Version, VersionScheme};
use crate::snapshot::{Discovery, FoundManifest, Past};

/// Up to this number of units, lock files are searched for entries of other units; in larger repositories one lock file above them is
/// the rule, and the list would be long.
const FEW: usize = 50;

/// Manifests of one folder that hold one version.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// The folder.
    pub(super) folder: RepoPath,
    /// The name in the first manifest that has one.
    pub(super) name: Option<String>,
    /// The version of the primary.
    pub(super) version: Version,
    /// The manifests, the primary first, then lock files.
    pub(super) entries: Vec<Entry>,
    /// Whether the manifests have to be listed, because they are not exactly those found in the folder.
    pub(super) listed: bool,
    /// Whether another tool's file names places of it, so that its folder has to be written beside them.
    pub(super) placed: bool,
    /// A version of an application that a chart of this unit names, and that is not the chart's.
    pub(super) app_version: Option<(RepoPath, Version)>,
    /// Why it is a package only if tags say so.
    pub(super) doubt: Option<Doubt>,
    /// Whether it is versioned beside packages that have tags, and never had any.
    pub(super) never_tagged: bool,
    /// The file of another tool that says that it is versioned and not tagged.
    pub(super) untagged_by: Option<String>,
    /// The index of the form of the tags of others that it was released under.
    pub(super) under: Option<usize>,
    /// What holds its version.
    pub(super) held_by: HeldBy,
}

/// What holds the version of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeldBy {
    /// Its manifests.
    Manifests,
    /// A file that names the unit by its folder.
    Lock,
    /// Its tags alone.
    Tags,
}

/// A file of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The file.
    pub(super) path: RepoPath,
    /// Its type.
    pub(super) kind: ManifestType,
    /// The version as it is written; empty in files that hold requirements or entries only.
    pub(super) written: String,
    /// The scheme that the spelling reveals, if the type allows both.
    pub(super) spelled: Option<VersionScheme>,
    /// The only field that counts.
    pub(super) field: Option<&'static str>,
    /// The pattern by which the version is found.
    pub(super) search: Option<String>,
    /// The pointer to the version in a data file.
    pub(super) pointer: Option<String>,
}

/// A folder or a manifest that is not a package.
#[derive(Clone, Debug)]
pub(super) struct LeftOut {
    /// The folder or manifest.
    pub(super) path: RepoPath,
    /// The reason.
    pub(super) why: String,
    /// Whether a glob over its folder would find it.
    pub(super) has_version: bool,
}

/// The units, sorted by folder, and the folders and manifests that are not units.
#[derive(Debug, Default)]
pub(super) struct Units {
    pub(super) units: Vec<Unit>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Makes units of the manifests of every folder.
pub(super) fn units(discovery: &Discovery, skip: &Skip<'_>) -> Units {
    let mut folders: BTreeMap<RepoPath, Vec<&FoundManifest>> = BTreeMap::new();
    for manifest in &discovery.manifests {
        folders.entry(home(&manifest.path)).or_default().push(manifest);
    }
    let mut locks: BTreeMap<RepoPath, Vec<&RepoPath>> = BTreeMap::new();
    for lock in discovery.locks.keys() {
        locks.entry(home(lock)).or_default().push(lock);
    }
    let mut result = Units::default();
    for (folder, manifests) in &folders {
        let has_version = manifests.iter().any(|m| m.found.as_ref().is_none_or(|found| !found.versions.is_empty()));
        match skip.reason(folder) {
            Some(why) if has_version => {
                result.left_out.push(LeftOut { path: folder.clone(), why, has_version });
            }
            Some(_) => {}
            None => {
                let locks = locks.get(folder).map_or(&[][..], Vec::as_slice);
                let doubt = skip.doubt(folder);
                of_folder(folder, manifests, (locks, doubt), discovery, &mut result);
            }
        }
    }
    if result.units.len() <= FEW {
        share_locks(&mut result.units, discovery);
    }
    result
}

/// A lock file next to one package may have an entry of another, which then has to list it.
fn share_locks(units: &mut [Unit], discovery: &Discovery) {
    for unit in units {
        let naming = discovery.locks.iter().filter(|(_, folders)| folders.contains(&unit.folder));
        for (lock, _) in naming {
            let kind = ManifestType::of_file(lock.file_name());
            let world = kind.and_then(ManifestType::ecosystem);
            let same_world = |entry: &Entry| world.is_some() && entry.kind.ecosystem() == world;
            if let Some(kind) = kind.filter(|_| unit.entries.iter().any(same_world)) {
                unit.entries.push(plain_entry(lock.clone(), kind));
                unit.listed = true;
            }
        }
    }
}

fn home(path: &RepoPath) -> RepoPath {
    path.parent().unwrap_or_else(RepoPath::root)
}

/// One manifest with its version, before those of a folder are merged.
struct Part {
    entry: Entry,
    name: Option<String>,
    version: Version,
    /// A version of an application that differs from the chart's own.
    app_version: Option<Version>,
    extra: Option<Entry>,
    is_private: bool,
}

fn of_folder(
    folder: &RepoPath,
    manifests: &[&FoundManifest],
    (locks, doubt): (&[&RepoPath], Option<Doubt>),
    discovery: &Discovery,
    result: &mut Units,
) {
    let mut units: Vec<Unit> = Vec::new();
    for manifest in in_order(manifests) {
        match part(manifest, discovery) {
            Ok(Some(part)) => add(part, folder, &mut units, &discovery.past),
            Ok(None) => {}
            // Broken inputs of tests are not worth a word.
            Err(_) if doubt.is_some() || !manifest.kind.makes_package() => {}
            Err(why) => result.left_out.push(LeftOut { path: manifest.path.clone(), why, has_version: true }),
        }
    }
    let is_split = units.len() > 1;
    for unit in &mut units {
        unit.listed |= is_split;
        let is_zero = unit.version.release.iter().all(|n| *n == 0);
        unit.doubt = unit.doubt.take().max(is_zero.then_some(Doubt::Zero)).max(doubt.clone());
    }
    for lock in locks {
        let Some(kind) = ManifestType::of_file(lock.file_name()) else { continue };
        let Some(world) = kind.ecosystem() else { continue };
        let same_world = |unit: &&mut Unit| unit.entries.iter().any(|e| e.kind.ecosystem() == Some(world));
        if let Some(unit) = units.iter_mut().find(same_world) {
            unit.entries.push(plain_entry((*lock).clone(), kind));
        }
    }
    result.units.extend(units);
}

/// Adds a manifest to the unit of its folder that holds the same version, now and at every tag that has both; otherwise as a unit.
fn add(part: Part, folder: &RepoPath, units: &mut Vec<Unit>, past: &Past) {
    let Part { entry, name, version, app_version, extra, is_private } = part;
    let is_plain = entry.kind == ManifestType::Plain || entry.kind.follows();
    let listed = extra.is_some() || entry.field.is_some() || is_plain;
    let app_version = app_version.map(|version| (entry.path.clone(), version));
    let doubt = match (is_private, is_plain) {
        (true, _) => Some(Doubt::Private),
        (_, true) => Some(Doubt::Plain),
        _ => None,
    };
    let moved_together = |unit: &Unit| {
        let first = unit.entries.first();
        unit.version == version && first.is_some_and(|first| past.both(&first.path, &entry.path).all(|(a, b)| a == b))
    };
    let same = units.iter_mut().find(|unit| moved_together(unit));
    let entries: Vec<Entry> = [Some(entry), extra].into_iter().flatten().collect();
    match same {
        Some(unit) => {
            unit.entries.extend(entries);
            unit.name = unit.name.take().or(name);
            unit.listed |= listed;
            unit.app_version = unit.app_version.take().or(app_version);
            // One manifest that is published is enough.
            unit.doubt = unit.doubt.take().filter(|_| doubt.is_some());
        }
        None => {
            let unit = Unit::new(folder.clone(), version, HeldBy::Manifests);
            units.push(Unit { name, entries, listed, app_version, doubt, ..unit });
        }
    }
}

/// The manifests in the order in which a primary is looked for.
fn in_order<'a>(manifests: &[&'a FoundManifest]) -> Vec<&'a FoundManifest> {
    let of_kind = |kind: &ManifestType| {
        let kind = *kind;
        manifests.iter().copied().filter(move |manifest| manifest.kind == kind)
    };
    let packages = ManifestType::ALL.iter().filter(|kind| kind.makes_package());
    let others = ManifestType::ALL.iter().filter(|kind| !kind.makes_package());
    packages.chain(others).flat_map(of_kind).collect()
}

/// Returns the entry of a file that is found by its type.
pub(super) fn plain_entry(path: RepoPath, kind: ManifestType) -> Entry {
    Entry { path, kind, written: String::new(), spelled: None, field: None, search: None, pointer: None }
}

/// Reads one manifest; `None` if it holds no version, an error where it cannot be read.
fn part(manifest: &FoundManifest, discovery: &Discovery) -> Result<Option<Part>, String> {
    let Some(found) = &manifest.found else { return Err("it cannot be read".to_owned()) };
    let name = found.name.as_ref().map(|name| name.name.clone());
    let Some(written) = main_version(found) else { return Ok(dynamic(manifest, found, name, discovery)) };
    let (version, spelled) =
        read(manifest.kind, written).ok_or_else(|| format!("`{written}` is not a valid version"))?;
    let app_version = found.versions.iter().find(|place| place.field == "appVersion").map(|place| &place.scalar.text);
    let app_version = app_version.map(|text| VersionScheme::Semver.parse(text).ok());
    let differs = app_version.as_ref().is_some_and(|app| app.as_ref() != Some(&version));
    let mut entry = plain_entry(manifest.path.clone(), manifest.kind);
    entry.written = written.to_owned();
    entry.spelled = spelled;
    entry.field = differs.then_some("version");
    let app_version = app_version.flatten().filter(|_| differs);
    Ok(Some(Part { entry, name, version, app_version, extra: None, is_private: manifest.is_private }))
}

fn main_version(found: &Found) -> Option<&str> {
    let main = found.versions.iter().find(|place| place.field != "appVersion")?;
    Some(&main.scalar.text)
}

/// Reads a version, and the scheme that its spelling reveals.
pub(super) fn read(kind: ManifestType, written: &str) -> Option<(Version, Option<VersionScheme>)> {
    use VersionScheme::{Pep440, Semver};
    if let Some(only) = kind.only_scheme() {
        return Some((only.parse(written).ok()?, None));
    }
    let as_semver = Semver.parse(written).ok();
    let Ok(version) = Pep440.parse(written) else { return Some((as_semver?, Some(Semver))) };
    let canonical = Pep440.render(&version).is_ok_and(|text| text == written);
    let spelled = match (canonical, as_semver.is_some()) {
        (true, true) => None,
        (false, true) => Some(Semver),
        (_, false) => Some(Pep440),
    };
    Some((version, spelled))
}

/// A version that is computed from a file becomes a search in that file, if it is written there in an editable form.
fn dynamic(manifest: &FoundManifest, found: &Found, name: Option<String>, discovery: &Discovery) -> Option<Part> {
    let Some(NoVersion::Dynamic { file: Some(file), .. }) = &found.no_version else { return None };
    let path = home(&manifest.path).join(file)?;
    // Another manifest says its version by itself.
    if ManifestType::of_file(path.file_name()).is_some_and(|kind| kind != ManifestType::Plain) {
        return None;
    }
    let text = discovery.sources.get(&path)?;
    let (search, written) = version_line(text)?;
    let pattern = SearchPattern::new(&search).ok()?;
    let matches = find(&Locator::Search(pattern, VersionScheme::Pep440), text).ok()?;
    let only = matches.versions.len() == 1 && matches.versions.iter().all(|place| place.scalar.text == written);
    let version = VersionScheme::Pep440.parse(&written).ok().filter(|_| only)?;
    let mut entry = plain_entry(path, ManifestType::Text);
    entry.written = written;
    entry.spelled = Some(VersionScheme::Pep440);
    entry.search = Some(search);
    let extra = Some(plain_entry(manifest.path.clone(), manifest.kind));
    Some(Part { entry, name, version, app_version: None, extra, is_private: manifest.is_private })
}

impl Unit {
    /// Returns a unit without manifests and name, of which nothing else is known.
    pub(super) fn new(folder: RepoPath, version: Version, held_by: HeldBy) -> Self {
        Self {
            folder,
            name: None,
            version,
            entries: Vec::new(),
            listed: false,
            placed: false,
            app_version: None,
            doubt: None,
            never_tagged: false,
            untagged_by: None,
            under: None,
            held_by,
        }
    }

    /// Returns the name, or the last part of the folder.
    pub(super) fn called(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.folder.file_name())
    }

    /// Returns the last part of the name: that of `@scope/name` and of Maven's `group:artifact`.
    pub(super) fn short_name(&self) -> &str {
        self.called().rsplit(['/', ':']).next().unwrap_or("")
    }

    /// Returns `true` if it only repeats the version of a package.
    pub(super) fn follows(&self) -> bool {
        self.entries.first().is_some_and(|entry| entry.kind.follows())
    }

    /// Returns `true` if its primary is a chart.
    pub(super) fn is_chart(&self) -> bool {
        self.entries.first().is_some_and(|entry| entry.kind == ManifestType::Chart)
    }

    /// Returns the names by which others may mean it.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.called())
    }

    /// Returns the scheme that a text of the unit spells although its type would not, if any.
    pub(super) fn unusual_scheme(&self) -> Option<(&Entry, VersionScheme)> {
        let unusual = |entry: &'_ Entry| {
            let usual = entry.kind.usual_scheme()?;
            entry.spelled.filter(|spelled| *spelled != usual)
        };
        self.entries.iter().find_map(|entry| Some((entry, unusual(entry)?)))
    }

    /// Returns the scheme in which the package spells its version.
    pub(super) fn scheme(&self) -> VersionScheme {
        self.unusual_scheme().map_or_else(|| self.usual_scheme(), |(_, scheme)| scheme)
    }

    /// Returns the scheme in which the package would spell its version by default.
    pub(super) fn usual_scheme(&self) -> VersionScheme {
        let first = self.entries.first();
        // A text that is searched has no scheme of its own, but it was read in one.
        first.and_then(|entry| entry.kind.usual_scheme().or(entry.spelled)).unwrap_or(VersionScheme::Semver)
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::model::{ManifestType, VersionScheme};

    #[test]
    fn the_spelling_gives_the_scheme_away() {
        for (text, expected) in [
            ("1.2.3", Some(None)),
            ("0.3.0-alpha.1", Some(Some(VersionScheme::Semver))),
            ("0.3.0a1", Some(Some(VersionScheme::Pep440))),
            ("0.65b0", Some(Some(VersionScheme::Pep440))),
            ("1.0.0-next.1", Some(Some(VersionScheme::Semver))),
            ("latest", None),
        ] {
            assert_eq!(read(ManifestType::Pyproject, text).map(|(_, scheme)| scheme), expected, "{text}");
        }
    }
}
