//! What `init` is told of a repository: manifests, lock files, tags, and what cargo says of its workspaces.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::tree::Tree;
use super::{CaptureError, Place};
use crate::io;
use crate::manifest::{Locator, LockedAt, LockedEntry, ManifestType, NoVersion, find};
use crate::model::{Diagnostic, RepoPath};
use crate::plan::{Findings, FoundManifest, FoundTag, is_sample, propose, workspace_members};

/// Cargo workspaces beyond this number are read without cargo: each costs a process.
const MOST_CARGO_CALLS: usize = 8;

/// The text of a relman.toml, and what was said on the way.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The text.
    pub text: String,
    /// What a person should know of how it was found.
    pub words: Vec<String>,
}

/// Looks at a repository and returns what `init` writes. Cargo is asked for the members of its workspaces, where it is there.
///
/// # Errors
/// Where git fails, or no package is found.
pub fn proposed(place: &Place) -> Result<Proposed, CaptureError> {
    let tree = place.tree(false)?;
    let (mut findings, roots) = look(place, tree.as_ref())?;
    let words = ask_cargo(place, &roots, &mut findings);
    Ok(Proposed { text: propose(&findings).map_err(nothing)?, words })
}

/// Returns the same text without asking cargo: a command that only reads runs no program that the repository could steer.
pub(super) fn text(place: &Place, tree: &dyn Tree) -> Result<String, CaptureError> {
    let (findings, _) = look(place, tree)?;
    Ok(propose(&findings).map_err(nothing)?)
}

fn nothing(error: crate::plan::NothingFound) -> Vec<Diagnostic> {
    vec![Diagnostic::new(error.to_string()).help(error.help)]
}

/// Reads every manifest, and returns the roots of Cargo workspaces beside the findings.
fn look(place: &Place, tree: &dyn Tree) -> Result<(Findings, Vec<RepoPath>), CaptureError> {
    let (files, tags) = rayon::join(|| tree.below(&RepoPath::root()), || place.git.tag_targets());
    let foreign = |path: &RepoPath| path.as_str().split('/').any(|part| part == "node_modules");
    let files: Vec<RepoPath> = files.into_iter().filter(|path| !foreign(path)).collect();
    let known = |path: &RepoPath| ManifestType::of_file(path.file_name()).filter(|kind| *kind != ManifestType::Plain);
    let mut locks = Vec::new();
    let mut manifests = Vec::new();
    for path in &files {
        match known(path) {
            Some(kind) if kind.is_lock() => locks.push((path.clone(), kind)),
            Some(kind) => manifests.push((path.clone(), kind)),
            None => {}
        }
    }
    let read: Vec<(FoundManifest, Vec<String>)> =
        manifests.into_par_iter().map(|(path, kind)| read(tree, path, kind)).collect();
    let mut members: Vec<String> = read.iter().flat_map(|(_, members)| members.clone()).collect();
    let pnpm = files.iter().filter(|path| path.file_name() == "pnpm-workspace.yaml");
    members.extend(pnpm.filter_map(|path| Some(workspace_members(path, &tree.read(path).ok()?))).flatten());
    let manifests: Vec<FoundManifest> = read.into_iter().map(|(manifest, _)| manifest).collect();
    let roots = cargo_roots(&manifests);
    let locks: Vec<_> = locks.into_par_iter().map(|(path, kind)| neighbours(tree, path, kind)).collect();
    let findings = Findings {
        nested: nested(tree, &manifests),
        sources: sources(tree, &manifests),
        manifests,
        locks: locks.into_iter().collect(),
        tags: tags?.into_iter().filter_map(|(name, commit)| Some(FoundTag { name, commit: commit? })).collect(),
        members,
        root_name: place.root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
    };
    Ok((findings, roots))
}

/// Reads a manifest and the members of the workspace that it is the root of.
fn read(tree: &dyn Tree, path: RepoPath, kind: ManifestType) -> (FoundManifest, Vec<String>) {
    let text = tree.read(&path).ok();
    let found = text.as_ref().and_then(|text| find(&Locator::Known(kind), text).ok());
    let home = path.parent().unwrap_or_else(RepoPath::root);
    let mut members = text.as_ref().map_or(Vec::new(), |text| workspace_members(&path, text));
    let cargo = found.as_ref().and_then(|found| found.cargo_workspace.as_ref());
    members.extend(cargo.iter().flat_map(|w| &w.members).filter_map(|glob| Some(home.join(glob)?.to_string())));
    (FoundManifest { path, kind, found }, members)
}

/// Returns a lock file with the folders that its entries name above its own.
fn neighbours(tree: &dyn Tree, path: RepoPath, kind: ManifestType) -> (RepoPath, BTreeSet<RepoPath>) {
    let home = path.parent().unwrap_or_else(RepoPath::root);
    // A lock file at the top has all packages below it, and needs no list.
    let text = if home.is_root() { None } else { tree.read(&path).ok().filter(|text| text.contains("..")) };
    let found = text.and_then(|text| find(&Locator::Known(kind), &text).ok());
    let folder = |entry: &LockedEntry| match &entry.at {
        LockedAt::Folder(folder) => home.join(folder).filter(|folder| !folder.is_within(&home)),
        LockedAt::Workspace => None,
    };
    let folders = found.iter().flat_map(|found| &found.locked).filter_map(folder).collect();
    (path, folders)
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

/// The top folders of other repositories (submodules, clones) that hold manifests.
fn nested(tree: &dyn Tree, manifests: &[FoundManifest]) -> BTreeSet<RepoPath> {
    let folders: BTreeSet<RepoPath> = manifests.iter().filter_map(|m| m.path.parent()).collect();
    let above: BTreeSet<RepoPath> = folders.iter().flat_map(RepoPath::ancestors).collect();
    let folders: BTreeSet<RepoPath> = folders.union(&above).filter(|folder| !folder.is_root()).cloned().collect();
    let is_top = |folder: &&RepoPath| tree.list(folder).iter().any(|entry| entry.name == ".git");
    let folders: Vec<&RepoPath> = folders.iter().collect();
    folders.par_iter().copied().filter(is_top).cloned().collect::<Vec<_>>().into_iter().collect()
}

fn cargo_roots(manifests: &[FoundManifest]) -> Vec<RepoPath> {
    let is_root = |m: &&FoundManifest| m.found.as_ref().is_some_and(|found| found.cargo_workspace.is_some());
    let asked = |m: &&FoundManifest| m.path.parent().is_none_or(|home| !is_sample(&home));
    manifests.iter().filter(is_root).filter(asked).map(|manifest| manifest.path.clone()).collect()
}

/// Adds the members that cargo knows, and says so.
fn ask_cargo(place: &Place, roots: &[RepoPath], findings: &mut Findings) -> Vec<String> {
    let mut words = Vec::new();
    for root in roots.iter().take(MOST_CARGO_CALLS) {
        match io::cargo_members(&place.root.join(root.as_str())) {
            Ok(members) => {
                let inside = members.iter().filter_map(|path| path.parent()?.strip_prefix(&place.root).ok()?.to_str());
                let inside: Vec<String> = inside.map(|path| path.replace('\\', "/")).collect();
                words.push(format!("asked cargo for the members of {root}: {}", inside.len()));
                findings.members.extend(inside);
            }
            Err(error) => words.push(format!("{error}; the members of {root} are read from its `members` alone")),
        }
    }
    words
}
