//! The input of `init`: manifests, lock files, tags, and the members of Cargo workspaces.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::followed::Following;
use super::past::LookBack;
use super::recent::recent_commits;
use super::release_branches::release_branches;
use super::tool_files::{named_files, tool_files};
use super::tree::Tree;
use super::{CaptureError, Place, read_configuration};
use crate::config::{FRAGMENTS, PathGlob};
use crate::io::{self, GitError};
use crate::manifest::{
    Locator, LockedAt, LockedEntry, ManifestType, NoVersion, PNPM_WORKSPACE, WorkspaceRoot, find, is_private,
    pnpm_workspace, version_line,
};
use crate::model::{RepoPath, Version, VersionScheme};
use crate::snapshot::{Branches, Discovery, FoundManifest, FoundTag, Past, RecentCommit};
use crate::workspace::is_sample;

/// Above this number, Cargo workspaces are read without cargo, since each costs a process.
const MOST_CARGO_CALLS: usize = 8;

/// The usual names of source files that repeat a version.
const SOURCES: [&str; 9] = [
    "__init__.py",
    "__about__.py",
    "__version__.py",
    "_version.py",
    "version.py",
    "version.ts",
    "version.js",
    "version.rs",
    "version.go",
];

/// At most so many folders are between such a file and its manifest's.
const NEAR: usize = 4;

/// The usual names of changelogs, the most usual first.
const CHANGELOGS: [&str; 3] = ["CHANGELOG.md", "CHANGES.md", "HISTORY.md"];

/// Which files to read because the files of other tools name them.
pub type NamedFiles<'n> = &'n dyn Fn(&BTreeMap<RepoPath, Arc<str>>) -> Vec<PathGlob>;

/// Collects the input of `init` from a repository, in the work tree or, if `staged`, in the index. Runs no program but git.
///
/// # Errors
/// Returns an error if git fails.
pub fn discover(place: &Place, staged: bool, named: NamedFiles<'_>) -> Result<Discovery, CaptureError> {
    let tree = place.tree(staged)?;
    let tree = tree.as_ref();
    let (Files { files, locks, manifests }, tags) = rayon::join(|| files(tree), || found_tags(place));
    let tags = tags?;
    let roots = manifests.iter().filter_map(|m| Some((&m.path, m.found.as_ref()?.workspace.clone()?)));
    let pnpm = files.iter().filter(|path| path.file_name() == PNPM_WORKSPACE);
    let pnpm = pnpm.filter_map(|path| Some((path, pnpm_workspace(&tree.read(path).ok()?)?)));
    let roots: Vec<(&RepoPath, WorkspaceRoot)> = roots.chain(pnpm).collect();
    let members = roots.iter().flat_map(|(path, root)| globs(path, &root.members)).collect();
    let not_members = roots.iter().flat_map(|(path, root)| globs(path, &root.exclude)).collect();
    let mut sources = sources(tree, &manifests);
    sources.extend(repeating(tree, &files, &manifests));
    let held: BTreeSet<Version> = manifests.iter().flat_map(versions).collect();
    let following = Following { git: &place.git, prefix: &place.prefix, tree, files: &files, versions: &held };
    let neighbours: Vec<_> =
        locks.par_iter().map(|(path, kind)| neighbours(tree, path.clone(), *kind, &manifests)).collect();
    // Git walks the history for the first while the others read objects.
    let (Refs { unreached, branches, commits }, (past, followed)) = io::both(
        || refs(place, &tags),
        || {
            let past = || past(place, &manifests, &sources, (&tags, &held));
            rayon::join(past, || following.read(&tags).unwrap_or_default())
        },
    );
    let tool_files = tool_files(tree, &files, &manifests);
    let recorded = recorded(tree, &locks);
    Ok(Discovery {
        named_files: named_files(tree, &files, &named(&tool_files)),
        tool_files,
        branches,
        unreached,
        commits,
        nested: nested(tree, &manifests),
        fragments: files.iter().filter(|path| is_fragment(path)).cloned().collect(),
        changelogs: changelogs(tree, &files, (&manifests, &recorded)),
        past,
        recorded,
        followed,
        sources,
        manifests,
        locks: neighbours.into_iter().collect(),
        ignored: ignored_tags(place),
        tags,
        members,
        not_members,
    })
}

/// The globs of tags that mean nothing by the relman.toml that exists.
fn ignored_tags(place: &Place) -> Vec<String> {
    let config = place.file.as_ref().and_then(|_| read_configuration(place).ok());
    let globs = config.map_or(Vec::new(), |config| config.workspace.ignore_tags);
    globs.iter().map(|glob| glob.as_str().to_owned()).collect()
}

/// The files of a repository, and those of them that are read for versions.
struct Files {
    files: Vec<RepoPath>,
    locks: Vec<(RepoPath, ManifestType)>,
    manifests: Vec<FoundManifest>,
}

fn files(tree: &dyn Tree) -> Files {
    let foreign = |path: &RepoPath| path.as_str().split('/').any(|part| part == "node_modules");
    let files: Vec<RepoPath> = tree.below(&RepoPath::root()).into_iter().filter(|path| !foreign(path)).collect();
    let known = files.iter().filter_map(|path| Some((path.clone(), ManifestType::of_file(path.file_name())?)));
    let (locks, manifests): (Vec<_>, Vec<_>) = known.partition(|(_, kind)| kind.is_lock());
    let manifests = manifests.into_par_iter().map(|(path, kind)| read(tree, path, kind)).collect();
    Files { files, locks, manifests }
}

/// The tags of a repository that name a commit.
fn found_tags(place: &Place) -> Result<Vec<FoundTag>, GitError> {
    let tags = place.git.tag_targets()?.into_iter();
    Ok(tags.filter_map(|(name, commit)| Some(FoundTag { name, commit: commit? })).collect())
}

/// What the history says without a look at any file.
struct Refs {
    unreached: BTreeSet<String>,
    branches: Branches,
    commits: Vec<RecentCommit>,
}

fn refs(place: &Place, tags: &[FoundTag]) -> Refs {
    let unreached = unreached(place, tags);
    let branches = release_branches(&place.git, tags, &unreached);
    Refs { branches, commits: recent_commits(&place.git), unreached }
}

fn read(tree: &dyn Tree, path: RepoPath, kind: ManifestType) -> FoundManifest {
    let text = tree.read(&path).ok();
    let is_private = text.as_deref().is_some_and(|text| is_private(kind, text));
    let found = text.and_then(|text| find(&Locator::Known(kind), &text).ok());
    FoundManifest { path, kind, found, is_private }
}

fn is_fragment(path: &RepoPath) -> bool {
    path.parent().is_some_and(|folder| folder.file_name() == FRAGMENTS)
}

/// The tags that HEAD does not reach. Before the first commit, no history exists to be outside of.
fn unreached(place: &Place, tags: &[FoundTag]) -> BTreeSet<String> {
    let reached = if tags.is_empty() { Ok(Vec::new()) } else { place.git.tags_merged("HEAD") };
    let Ok(reached) = reached else { return BTreeSet::new() };
    let reached: BTreeSet<&String> = reached.iter().collect();
    tags.iter().map(|tag| &tag.name).filter(|name| !reached.contains(name)).cloned().collect()
}

/// The versions of folders in files that name packages by their folders alone, and these files.
type Recorded = BTreeMap<RepoPath, (RepoPath, Version)>;

/// The changelogs at the top, beside manifests and in recorded folders.
fn changelogs(
    tree: &dyn Tree,
    files: &[RepoPath],
    (manifests, recorded): (&[FoundManifest], &Recorded),
) -> BTreeMap<RepoPath, String> {
    let home = |path: &RepoPath| path.parent().unwrap_or_else(RepoPath::root);
    let homes = manifests.iter().map(|manifest| home(&manifest.path)).chain([RepoPath::root()]);
    let homes = homes.chain(recorded.keys().cloned());
    let homes: BTreeSet<RepoPath> = homes.filter(|home| !is_sample(home)).collect();
    let is_one = |path: &&RepoPath| {
        CHANGELOGS.iter().any(|name| path.file_name().eq_ignore_ascii_case(name)) && homes.contains(&home(path))
    };
    let read = |path: &RepoPath| Some((path.clone(), tree.read(path).ok()?));
    files.par_iter().filter(is_one).filter_map(read).collect::<Vec<_>>().into_iter().collect()
}

/// Looks at the newest tags. A clone without their objects has less evidence, and that is all.
fn past(
    place: &Place,
    manifests: &[FoundManifest],
    sources: &BTreeMap<RepoPath, String>,
    (tags, held): (&[FoundTag], &BTreeSet<Version>),
) -> Past {
    let look = LookBack {
        git: &place.git,
        prefix: &place.prefix,
        manifests: manifests.iter().map(|manifest| &manifest.path).collect(),
        sources: sources.keys().collect(),
        versions: held,
        names: manifests.iter().filter_map(|manifest| manifest.found.as_ref()?.name.as_ref()).collect(),
    };
    look.read(tags).unwrap_or_default()
}

/// Returns globs of a workspace as globs of folders of the repository.
fn globs(root: &RepoPath, globs: &[String]) -> Vec<String> {
    let home = root.parent().unwrap_or_else(RepoPath::root);
    globs.iter().filter_map(|glob| Some(home.join(glob)?.to_string())).collect()
}

/// Returns a lock file with the other folders that its entries refer to, and whose versions they hold: where they are stale, they do not move
/// with them.
fn neighbours(
    tree: &dyn Tree,
    path: RepoPath,
    kind: ManifestType,
    manifests: &[FoundManifest],
) -> (RepoPath, BTreeSet<RepoPath>) {
    let home = path.parent().unwrap_or_else(RepoPath::root);
    // A lock file at the top has all packages below it, and needs no list.
    let text = if home.is_root() { None } else { tree.read(&path).ok().filter(|text| text.contains("..")) };
    let found = text.and_then(|text| find(&Locator::Known(kind), &text).ok());
    let holds = |folder: &RepoPath, entry: &LockedEntry| {
        let of_folder = manifests.iter().filter(|manifest| manifest.path.parent().as_ref() == Some(folder));
        let known: Vec<Version> = of_folder.flat_map(versions).collect();
        let mut locked = entry.versions.iter().filter_map(|place| version(&place.scalar.text));
        known.is_empty() || locked.all(|locked| known.contains(&locked))
    };
    let folder = |entry: &LockedEntry| match &entry.at {
        LockedAt::Folder(folder) => home.join(folder).filter(|folder| !folder.is_within(&home) && holds(folder, entry)),
        LockedAt::Workspace => None,
    };
    let folders = found.iter().flat_map(|found| &found.locked).filter_map(folder).collect();
    (path, folders)
}

fn recorded(tree: &dyn Tree, locks: &[(RepoPath, ManifestType)]) -> Recorded {
    let mut recorded = BTreeMap::new();
    for (path, kind) in locks.iter().filter(|(_, kind)| kind.ecosystem().is_none()) {
        let found = tree.read(path).ok().and_then(|text| find(&Locator::Known(*kind), &text).ok());
        let home = path.parent().unwrap_or_else(RepoPath::root);
        for entry in found.iter().flat_map(|found| &found.locked) {
            let version = entry.versions.first().and_then(|place| VersionScheme::Semver.parse(&place.scalar.text).ok());
            if let (LockedAt::Folder(folder), Some(version)) = (&entry.at, version)
                && let Some(folder) = home.join(folder)
            {
                recorded.insert(folder, (path.clone(), version));
            }
        }
    }
    recorded
}

/// Returns the versions that a manifest holds.
fn versions(manifest: &FoundManifest) -> impl Iterator<Item = Version> {
    let places = manifest.found.iter().flat_map(|found| &found.versions);
    places.filter_map(|place| version(&place.scalar.text))
}

fn version(text: &str) -> Option<Version> {
    VersionScheme::Pep440.parse(text).or_else(|_| VersionScheme::Semver.parse(text)).ok()
}

/// The files from which dynamic versions could be read.
fn sources(tree: &dyn Tree, manifests: &[FoundManifest]) -> BTreeMap<RepoPath, String> {
    let source = |manifest: &FoundManifest| match manifest.found.as_ref()?.no_version.as_ref()? {
        NoVersion::Dynamic { file: Some(file), .. } => {
            let path = manifest.path.parent().unwrap_or_else(RepoPath::root).join(file)?;
            let text = tree.resolve(&path).ok().and_then(|path| tree.read(&path).ok())?;
            Some((path, text))
        }
        _ => None,
    };
    manifests.par_iter().filter_map(source).collect::<Vec<_>>().into_iter().collect()
}

/// The source files near a manifest whose names say that they repeat its version.
fn repeating(tree: &dyn Tree, files: &[RepoPath], manifests: &[FoundManifest]) -> Vec<(RepoPath, String)> {
    let homes: BTreeSet<RepoPath> = manifests.iter().map(|m| m.path.parent().unwrap_or_else(RepoPath::root)).collect();
    let is_near = |path: &RepoPath| path.ancestors().take(NEAR).any(|folder| homes.contains(&folder));
    let is_one = |path: &&RepoPath| {
        SOURCES.contains(&path.file_name()) && is_near(path) && path.parent().is_none_or(|home| !is_sample(&home))
    };
    let read =
        |path: &RepoPath| Some((path.clone(), tree.read(path).ok().filter(|text| version_line(text).is_some())?));
    files.par_iter().filter(is_one).filter_map(read).collect()
}

/// The top folders of other repositories (submodules, clones) that hold manifests.
fn nested(tree: &dyn Tree, manifests: &[FoundManifest]) -> BTreeSet<RepoPath> {
    let folders: BTreeSet<RepoPath> = manifests.iter().filter_map(|m| m.path.parent()).collect();
    let above: BTreeSet<RepoPath> = folders.iter().flat_map(RepoPath::ancestors).collect();
    let folders: BTreeSet<RepoPath> = folders.union(&above).filter(|folder| !folder.is_root()).cloned().collect();
    let is_top = |folder: &&RepoPath| tree.list(folder).has(".git");
    let folders: Vec<&RepoPath> = folders.iter().collect();
    folders.par_iter().copied().filter(is_top).cloned().collect::<Vec<_>>().into_iter().collect()
}

fn cargo_roots(manifests: &[FoundManifest]) -> Vec<RepoPath> {
    let is_root = |m: &&FoundManifest| {
        m.kind == ManifestType::Cargo && m.found.as_ref().is_some_and(|found| found.workspace.is_some())
    };
    let asked = |m: &&FoundManifest| m.path.parent().is_none_or(|home| !is_sample(&home));
    manifests.iter().filter(is_root).filter(asked).map(|manifest| manifest.path.clone()).collect()
}

/// Adds the members of Cargo workspaces according to cargo, and returns messages for the user. Not for commands that only
/// read, since the repository can make cargo run programs.
pub fn ask_cargo(place: &Place, discovery: &mut Discovery) -> Vec<String> {
    let mut messages = Vec::new();
    let roots = cargo_roots(&discovery.manifests);
    for root in roots.iter().take(MOST_CARGO_CALLS) {
        match io::cargo_members(&place.root.join(root.as_str())) {
            Ok(members) => {
                let inside = members.iter().filter_map(|path| path.parent()?.strip_prefix(&place.root).ok()?.to_str());
                let inside: Vec<String> = inside.map(|path| path.replace('\\', "/")).collect();
                messages.push(format!("asked cargo for the members of {root}: {}", inside.len()));
                discovery.members.extend(inside);
            }
            Err(error) => messages.push(format!("{error}; the members of {root} are read from its `members` alone")),
        }
    }
    messages
}
