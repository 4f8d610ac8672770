//! [`inheriting`]: manifests that inherit their version from the root of their workspace.

use std::collections::BTreeSet;

use super::expand::{Wanted, expand};
use super::reader::{Reader, known};
use super::tree::Tree;
use crate::config::PathGlob;
use crate::manifest::{Found, ManifestType, NoVersion, WorkspaceRoot};
use crate::model::RepoPath;
use crate::workspace::{Heir, PackageSeed};

/// How many manifests may inherit their version one from the other.
const DEPTH: usize = 16;

/// Finds the manifests that inherit their version from a package's manifest: those that the package lists, and those that a workspace
/// root has through `members`, less `exclude`, and through path dependencies of those. `extra` are manifests without a package.
pub(super) fn inheriting(
    tree: &dyn Tree,
    reader: &Reader<'_>,
    seeds: &[PackageSeed],
    extra: &[(RepoPath, ManifestType)],
) -> Vec<Heir> {
    let own = seeds.iter().flat_map(|seed| &seed.manifests).map(|manifest| (&manifest.path, manifest.kind));
    let own: Vec<(&RepoPath, ManifestType)> = own.collect();
    let holders: BTreeSet<(&RepoPath, ManifestType)> = own.iter().copied().collect();
    let mut heirs = Vec::new();
    for (root, kind) in own.into_iter().chain(extra.iter().map(|(path, kind)| (path, *kind))) {
        let members = Members { tree, reader, root, kind };
        heirs.extend(members.heir(root));
        let workspace = found(reader, root, kind, |found| found.workspace.clone());
        if let Some(workspace) = workspace.filter(|workspace| workspace.shares_version) {
            heirs.extend(members.inheriting(&workspace));
        }
    }
    let mut seen = BTreeSet::new();
    heirs.retain(|heir| holders.contains(&(&heir.root, heir.kind)) && seen.insert(heir.manifest.clone()));
    heirs
}

/// Looks at what was found in a manifest that was read.
fn found<T>(
    reader: &Reader<'_>,
    path: &RepoPath,
    kind: ManifestType,
    look: impl FnOnce(&Found) -> Option<T>,
) -> Option<T> {
    reader.with(path, |file| file.found(&known(kind)).and_then(look))
}

/// The search for the members of a workspace.
struct Members<'a> {
    tree: &'a dyn Tree,
    reader: &'a Reader<'a>,
    root: &'a RepoPath,
    kind: ManifestType,
}

impl Members<'_> {
    fn inheriting(&self, workspace: &WorkspaceRoot) -> Vec<Heir> {
        let home = self.root.parent().unwrap_or_else(RepoPath::root);
        let inside = |written: &String| home.join(written);
        let excluded: Vec<RepoPath> = workspace.exclude.iter().filter_map(inside).collect();
        let globs = workspace.members.iter().filter_map(inside).filter_map(|path| PathGlob::new(path.as_str()).ok());
        let mut queue: Vec<RepoPath> = globs.flat_map(|glob| expand(self.tree, &glob, Wanted::Folders)).collect();
        queue.extend(self.path_dependencies(self.root));
        let mut seen = BTreeSet::from([home.clone()]);
        let mut members = Vec::new();
        while let Some(folder) = queue.pop() {
            let out = excluded.iter().any(|excluded| folder.is_within(excluded));
            if out || !folder.is_within(&home) || !seen.insert(folder.clone()) {
                continue;
            }
            let manifest = folder.child(self.root.file_name());
            // What is not there, or is a link to elsewhere, is not a member.
            if self.tree.resolve(&manifest).as_ref() != Ok(&manifest) {
                continue;
            }
            self.reader.read(&[(manifest.clone(), known(self.kind))]);
            queue.extend(self.path_dependencies(&manifest));
            queue.extend(self.modules(&manifest));
            members.push(manifest);
        }
        members.sort();
        members.iter().filter_map(|manifest| self.heir(manifest)).collect()
    }

    /// Returns a manifest with the one whose version it inherits: the one that it names, or where that comes from, else the root.
    fn heir(&self, manifest: &RepoPath) -> Option<Heir> {
        let mut holder = manifest.clone();
        for _ in 0..DEPTH {
            if !self.inherits(&holder) {
                break;
            }
            let named = found(self.reader, &holder, self.kind, |found| Some(found.inherited.as_ref()?.from.clone()));
            let Some(named) = named else {
                holder = self.root.clone();
                break;
            };
            holder = holder.parent().unwrap_or_else(RepoPath::root).join(&named)?;
            if self.tree.resolve(&holder).as_ref() != Ok(&holder) {
                return None;
            }
            self.reader.read(&[(holder.clone(), known(self.kind))]);
        }
        let heir = Heir { manifest: manifest.clone(), kind: self.kind, root: holder };
        (heir.root != heir.manifest && !self.inherits(&heir.root)).then_some(heir)
    }

    fn inherits(&self, path: &RepoPath) -> bool {
        let why = found(self.reader, path, self.kind, |found| found.no_version.clone());
        why == Some(NoVersion::Inherited)
    }

    /// Returns the folders of the members of a member.
    fn modules(&self, manifest: &RepoPath) -> Vec<RepoPath> {
        let home = manifest.parent().unwrap_or_else(RepoPath::root);
        let workspace = found(self.reader, manifest, self.kind, |found| found.workspace.clone());
        let written = workspace.filter(|workspace| workspace.shares_version).map(|workspace| workspace.members);
        written.unwrap_or_default().iter().filter_map(|folder| home.join(folder)).collect()
    }

    fn path_dependencies(&self, manifest: &RepoPath) -> Vec<RepoPath> {
        let home = manifest.parent().unwrap_or_else(RepoPath::root);
        let written = found(self.reader, manifest, self.kind, |found| Some(found.path_dependencies.clone()));
        written.unwrap_or_default().iter().filter_map(|path| home.join(&path.folder)).collect()
    }
}
