//! What manifests held at the newest tags: the evidence for which tags belong to which package.
//!
//! The trees are read level by level, all of one level by one process, and each tree and each file once, however many tags have it. Only
//! folders that lead to a manifest of today are opened, and those near the top, where packages were before they were moved.

use std::collections::{BTreeMap, BTreeSet};

use crate::history::entries;
use crate::io::{Git, GitError};
use crate::manifest::{Locator, ManifestType, RequirementPlace, find, version_line};
use crate::model::{RegistryName, RepoPath, Version, VersionScheme, WorkspacePrefix};
use crate::snapshot::{FoundTag, Past, PastManifest, PastRequirement, TagPrefix, tag_prefixes};
use crate::text::hex;
use crate::workspace::folder_of_others;

/// How many of the newest tags of one form are looked at.
const NEWEST: usize = 4;

/// About how many commits are looked at in all.
const COMMITS: usize = 600;

/// How deep folders are opened that hold no manifest today.
const SHALLOW: usize = 2;

/// Larger files are not manifests.
const LARGEST: usize = 4 * 1024 * 1024;

/// What to look for at the tags of a repository.
pub(super) struct LookBack<'a> {
    /// The repository.
    pub(super) git: &'a Git,
    /// The folder of all manifests.
    pub(super) prefix: &'a WorkspacePrefix,
    /// The manifests of today.
    pub(super) manifests: Vec<&'a RepoPath>,
    /// The source files from which versions are read.
    pub(super) sources: BTreeSet<&'a RepoPath>,
    /// The versions that they hold.
    pub(super) versions: &'a BTreeSet<Version>,
    /// What the packages of today are called.
    pub(super) names: BTreeSet<&'a RegistryName>,
}

/// A folder or a file at a path, by its id: what most commits have in common. Ids come first, since they differ sooner than paths.
type Place = (String, RepoPath);

/// The names in folders, by the folders.
type Leading = BTreeMap<RepoPath, BTreeSet<String>>;

/// The top folder of each commit, if it could be read.
type Roots = Vec<Option<Place>>;

/// What is known of a manifest: where its version and its requirements are in the past.
#[derive(Clone, Copy, Default)]
struct Known {
    manifest: Option<u32>,
    requirements: Option<u32>,
}

/// What is known of all manifests below a folder.
#[derive(Clone, Default)]
struct Below {
    manifests: Vec<u32>,
    requirements: Vec<u32>,
}

/// The manifests directly in a folder, and the folders in it that have to be opened.
#[derive(Default)]
struct Opened {
    files: Vec<Place>,
    folders: Vec<Place>,
}

impl LookBack<'_> {
    /// Reads the manifests at the newest tags of each form.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub(super) fn read(&self, tags: &[FoundTag]) -> Result<Past, GitError> {
        let prefixes = tag_prefixes(tags);
        let count = (COMMITS / prefixes.len().max(1)).clamp(1, NEWEST);
        let commits: Vec<String> = self.commits(&prefixes, count).into_iter().collect();
        let mut past = Past::default();
        if commits.is_empty() {
            return Ok(past);
        }
        let (roots, opened) = self.open(&commits)?;
        let known = self.known(&opened, &mut past, count > 1)?;
        let mut below = BTreeMap::new();
        for (commit, root) in commits.into_iter().zip(roots) {
            let Some(root) = root else { continue };
            collect(&root, &opened, &known, &mut below);
            let Below { manifests, requirements } = below.get(&root).cloned().unwrap_or_default();
            past.add_commit(commit.clone(), manifests);
            past.require_at(commit, requirements);
        }
        Ok(past)
    }

    /// The commits of the newest tags of each form, of those at the versions of today, and of those from the highest such version on
    /// downwards, where tags of something else are above it.
    fn commits(&self, prefixes: &[TagPrefix], count: usize) -> BTreeSet<String> {
        prefixes.iter().flat_map(|prefix| self.newest(prefix, count)).collect()
    }

    fn newest(&self, prefix: &TagPrefix, count: usize) -> Vec<String> {
        let tags = &prefix.tags;
        let now = tags.iter().filter(|tag| self.versions.contains(&tag.version)).take(count);
        let line = prefix.newest_held(self.versions, count);
        tags.iter().take(count).chain(now).chain(line).map(|tag| tag.commit.clone()).collect()
    }

    /// Opens the folders of the commits. Returns the root of each commit, and what each folder holds.
    fn open(&self, commits: &[String]) -> Result<(Roots, BTreeMap<Place, Opened>), GitError> {
        let leading = self.leading();
        let mut roots = vec![None; commits.len()];
        let mut opened = BTreeMap::new();
        let mut next = Vec::new();
        let names: Vec<String> = commits.iter().map(|commit| format!("{commit}:{}", self.prefix.as_str())).collect();
        self.git.objects(&names, usize::MAX, |index, tree| {
            // The commit stands for its root, whose own id is not known.
            let root = (commits.get(index).cloned().unwrap_or_default(), RepoPath::root());
            let found = self.opened(&root, &tree, &leading);
            next.extend(found.folders.iter().cloned());
            opened.insert(root.clone(), found);
            roots.get_mut(index).into_iter().for_each(|known| *known = Some(root.clone()));
        })?;
        while !next.is_empty() {
            let level: Vec<Place> = std::mem::take(&mut next);
            let level: BTreeSet<Place> = level.into_iter().filter(|place| !opened.contains_key(place)).collect();
            let level: Vec<Place> = level.into_iter().collect();
            let ids: Vec<String> = level.iter().map(|(id, _)| id.clone()).collect();
            self.git.objects(&ids, usize::MAX, |index, tree| {
                let Some(place) = level.get(index) else { return };
                let found = self.opened(place, &tree, &leading);
                next.extend(found.folders.iter().cloned());
                opened.insert(place.clone(), found);
            })?;
        }
        Ok((roots, opened))
    }

    /// The names in each folder that lead to a manifest or a source.
    fn leading(&self) -> Leading {
        let paths = self.manifests.iter().chain(&self.sources);
        let mut leading = Leading::new();
        for path in paths.flat_map(|path| path.ancestors().chain([(*path).clone()])) {
            if let Some(home) = path.parent() {
                leading.entry(home).or_default().insert(path.file_name().to_owned());
            }
        }
        leading
    }

    fn opened(&self, (id, folder): &Place, tree: &[u8], leading: &Leading) -> Opened {
        let depth = if folder.is_root() { 0 } else { folder.as_str().split('/').count() };
        let leading = leading.get(folder);
        let mut found = Opened::default();
        for entry in entries(tree, id.len() / 2) {
            let Ok(name) = std::str::from_utf8(entry.name) else { continue };
            let path = || folder.child(name);
            let leads = leading.is_some_and(|names| names.contains(name));
            if !entry.is_tree() {
                let is_one = manifest_type(name).is_some() || (leads && self.sources.contains(&path()));
                found.files.extend(is_one.then(|| (hex(entry.id), path())));
            } else if leads || (depth < SHALLOW && !name.starts_with('.') && folder_of_others(&path()).is_none()) {
                found.folders.push((hex(entry.id), path()));
            }
        }
        found
    }

    fn kind(&self, path: &RepoPath) -> Option<ManifestType> {
        if self.sources.contains(path) {
            return Some(ManifestType::Text);
        }
        manifest_type(path.file_name())
    }

    /// Reads all manifests that were found, and adds those with a version to the past; with requirements, if releases are to be compared.
    fn known(
        &self,
        opened: &BTreeMap<Place, Opened>,
        past: &mut Past,
        is_compared: bool,
    ) -> Result<BTreeMap<Place, Known>, GitError> {
        let places: BTreeSet<&Place> = opened.values().flat_map(|opened| &opened.files).collect();
        let mut places: Vec<&Place> = places.into_iter().collect();
        // The manifests of a commit are sorted by path then, if they are by their indices.
        places.sort_by(|(_, a), (_, b)| a.cmp(b));
        let ids: Vec<String> = places.iter().map(|(id, _)| id.clone()).collect();
        let mut known = BTreeMap::new();
        self.git.objects(&ids, LARGEST, |index, bytes| {
            let Some(place) = places.get(index) else { return };
            let text = String::from_utf8(bytes).ok();
            let Some((kind, text)) = self.kind(&place.1).zip(text) else { return };
            let (manifest, requirements) = self.content(&place.1, kind, &text);
            let requirements = Some(requirements).filter(|found| is_compared && !found.is_empty());
            let found = Known {
                manifest: manifest.map(|manifest| past.add(manifest)),
                requirements: requirements.map(|found| past.add_requirements(place.1.clone(), found)),
            };
            known.insert((*place).clone(), found);
        })?;
        Ok(known)
    }

    /// Reads the version of a manifest, and what it requires of the packages of today.
    fn content(&self, path: &RepoPath, kind: ManifestType, text: &str) -> (Option<PastManifest>, Vec<PastRequirement>) {
        if kind == ManifestType::Text {
            let written = version_line(text).map(|(_, written)| written);
            return (written.and_then(|written| past_manifest(path, kind, None, &written)), Vec::new());
        }
        let Ok(found) = find(&Locator::Known(kind), text) else { return (None, Vec::new()) };
        let ours = found.requirements.into_iter().filter(|place| self.names.contains(&place.on));
        let requirement = |place: RequirementPlace| PastRequirement {
            on: place.on,
            kind: place.kind,
            notation: place.notation,
            text: place.scalar.text,
        };
        let requirements = ours.map(requirement).collect();
        let written = found.versions.into_iter().find(|place| place.field != "appVersion");
        let name = found.name.map(|name| name.name);
        (written.and_then(|written| past_manifest(path, kind, name, &written.scalar.text)), requirements)
    }
}

/// Returns the type of a file with this name that may hold the version of a package.
fn manifest_type(name: &str) -> Option<ManifestType> {
    ManifestType::of_file(name).filter(|kind| !kind.is_lock())
}

fn past_manifest(path: &RepoPath, kind: ManifestType, name: Option<String>, written: &str) -> Option<PastManifest> {
    let version = match kind.only_scheme() {
        Some(scheme) => scheme.parse(written).ok(),
        None => [VersionScheme::Pep440, VersionScheme::Semver].iter().find_map(|scheme| scheme.parse(written).ok()),
    };
    Some(PastManifest { path: path.clone(), kind, name, version: version? })
}

/// Collects the manifests below a folder, each folder once.
fn collect(
    folder: &Place,
    opened: &BTreeMap<Place, Opened>,
    known: &BTreeMap<Place, Known>,
    below: &mut BTreeMap<Place, Below>,
) {
    if below.contains_key(folder) {
        return;
    }
    let Some(found) = opened.get(folder) else { return };
    let mut all = Below::default();
    for file in found.files.iter().filter_map(|place| known.get(place)) {
        all.manifests.extend(file.manifest);
        all.requirements.extend(file.requirements);
    }
    for inner in &found.folders {
        collect(inner, opened, known, below);
        if let Some(inner) = below.get(inner) {
            all.manifests.extend(&inner.manifests);
            all.requirements.extend(&inner.requirements);
        }
    }
    all.manifests.sort_unstable();
    all.requirements.sort_unstable();
    below.insert(folder.clone(), all);
}
