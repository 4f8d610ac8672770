//! [`Unit`]: the manifests of a folder that share a version.

use std::collections::{BTreeMap, BTreeSet};

use super::skip::Skip;
use crate::manifest::{Found, Locator, ManifestType, NoVersion, SearchPattern, find};
use crate::model::{RepoPath, Version, VersionScheme};
use crate::snapshot::{Discovery, FoundManifest};

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
    /// A version of an application that a chart of this unit names, and that is not the chart's.
    pub(super) app_version: Option<(RepoPath, Version)>,
}

/// A file of a unit.
#[derive(Clone, Debug)]
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
                of_folder(folder, manifests, locks, discovery, &mut result);
            }
        }
    }
    drop_placeholder_root(&mut result);
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
            let same_world = |entry: &Entry| entry.kind.ecosystem() == kind.and_then(ManifestType::ecosystem);
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
}

fn of_folder(
    folder: &RepoPath,
    manifests: &[&FoundManifest],
    locks: &[&RepoPath],
    discovery: &Discovery,
    result: &mut Units,
) {
    let mut parts = Vec::new();
    for manifest in in_order(manifests) {
        match part(manifest, discovery) {
            Ok(part) => parts.extend(part),
            Err(why) => result.left_out.push(LeftOut { path: manifest.path.clone(), why, has_version: true }),
        }
    }
    let mut units: Vec<Unit> = Vec::new();
    let split = parts.iter().any(|part| parts.first().is_some_and(|first| first.version != part.version));
    for part in parts {
        let Part { entry, name, version, app_version, extra } = part;
        let listed = split || extra.is_some() || entry.field.is_some();
        let app_version = app_version.map(|version| (entry.path.clone(), version));
        let entries: Vec<Entry> = [Some(entry), extra].into_iter().flatten().collect();
        match units.iter_mut().find(|unit| unit.version == version) {
            Some(unit) => {
                unit.entries.extend(entries);
                unit.name = unit.name.take().or(name);
                unit.listed |= listed;
                unit.app_version = unit.app_version.take().or(app_version);
            }
            None => units.push(Unit { folder: folder.clone(), name, version, entries, listed, app_version }),
        }
    }
    for lock in locks {
        let Some(kind) = ManifestType::of_file(lock.file_name()) else { continue };
        let same_world = |unit: &&mut Unit| unit.entries.iter().any(|e| e.kind.ecosystem() == kind.ecosystem());
        if let Some(unit) = units.iter_mut().find(same_world) {
            unit.entries.push(plain_entry((*lock).clone(), kind));
        }
    }
    result.units.extend(units);
}

/// The manifests in the order in which a primary is looked for.
fn in_order<'a>(manifests: &[&'a FoundManifest]) -> Vec<&'a FoundManifest> {
    let of_kind = |kind: ManifestType| manifests.iter().copied().filter(move |manifest| manifest.kind == kind);
    ManifestType::of_packages().flat_map(|(kind, _)| of_kind(kind)).collect()
}

fn plain_entry(path: RepoPath, kind: ManifestType) -> Entry {
    Entry { path, kind, written: String::new(), spelled: None, field: None, search: None }
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
    Ok(Some(Part { entry, name, version, app_version: app_version.flatten().filter(|_| differs), extra: None }))
}

fn main_version(found: &Found) -> Option<&str> {
    let main = found.versions.iter().find(|place| place.field != "appVersion")?;
    Some(&main.scalar.text)
}

/// Reads a version, and the scheme that its spelling reveals.
fn read(kind: ManifestType, written: &str) -> Option<(Version, Option<VersionScheme>)> {
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
    let text = discovery.sources.get(&path)?;
    let (search, written) = text.lines().find_map(searched)?;
    let pattern = SearchPattern::new(&search).ok()?;
    let matches = find(&Locator::Search(pattern, VersionScheme::Pep440), text).ok()?;
    let only = matches.versions.len() == 1 && matches.versions.iter().all(|place| place.scalar.text == written);
    let version = VersionScheme::Pep440.parse(&written).ok().filter(|_| only)?;
    let mut entry = plain_entry(path, ManifestType::Text);
    entry.written = written;
    entry.spelled = Some(VersionScheme::Pep440);
    entry.search = Some(search);
    let extra = Some(plain_entry(manifest.path.clone(), manifest.kind));
    Some(Part { entry, name, version, app_version: None, extra })
}

/// Reads a line such as `__version__ = "1.0.0"`; returns the search that finds it, and the version.
fn searched(line: &str) -> Option<(String, String)> {
    let (before, rest) = line.split_once(['"', '\''])?;
    let names = ["__version__", "VERSION", "version", "__VERSION__"];
    let name = before.trim().trim_end_matches(['=', ':', ' ', '\t']).split([':', ' ']).next()?;
    let quote = line.get(before.len()..)?.chars().next()?;
    let (version, _) = rest.split_once(quote)?;
    let known = names.contains(&name) && before.contains('=') && VersionScheme::Pep440.parse(version).is_ok();
    known.then(|| (format!("{before}{quote}{{version}}{quote}"), version.to_owned()))
}

/// A root at version 0.0.0 with packages below is a workspace that is never released.
fn drop_placeholder_root(result: &mut Units) {
    let is_placeholder = |unit: &Unit| {
        unit.folder.is_root() && !unit.version.is_prerelease() && unit.version.release.iter().all(|n| *n == 0)
    };
    let below: BTreeSet<bool> = result.units.iter().map(|unit| unit.folder.is_root()).collect();
    if !below.contains(&false) {
        return;
    }
    let dropped = result.units.iter().filter(|unit| is_placeholder(unit)).filter_map(|unit| unit.entries.first());
    let left_out = dropped.map(|entry| LeftOut {
        path: entry.path.clone(),
        why: "0.0.0 does not look like a released version".to_owned(),
        has_version: false,
    });
    result.left_out.extend(left_out.collect::<Vec<_>>());
    result.units.retain(|unit| !is_placeholder(unit));
}

impl Unit {
    /// Returns the name, or the last part of the folder.
    pub(super) fn called(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.folder.file_name())
    }

    /// Returns the scheme that a text of the unit spells although its type would not, if any.
    pub(super) fn unusual_scheme(&self) -> Option<(&Entry, VersionScheme)> {
        let unusual = |entry: &'_ Entry| {
            let usual = entry.kind.usual_scheme()?;
            entry.spelled.filter(|spelled| *spelled != usual)
        };
        self.entries.iter().find_map(|entry| Some((entry, unusual(entry)?)))
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
    use super::{read, searched};
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

    #[test]
    fn a_line_with_a_version_becomes_a_search() {
        for (line, expected) in [
            ("__version__ = \"1.0.0\"", Some("__version__ = \"{version}\"")),
            ("__version__: str = '1.0.0a1'  # kept", Some("__version__: str = '{version}'")),
            ("VERSION='1.0'", Some("VERSION='{version}'")),
            ("__version__ = get()", None),
            ("name = \"1.0.0\"", None),
            ("\"version\": \"1.0.0\"", None),
        ] {
            assert_eq!(searched(line).map(|(search, _)| search).as_deref(), expected, "{line}");
        }
    }
}
