//! [`inheriting`]: manifests that inherit their version from the root of their workspace.

use std::collections::BTreeSet;

use super::expand::{Wanted, expand};
use super::reader::{Reader, known};
use super::tree::Tree;
use crate::config::PathGlob;
use crate::manifest::{Found, ManifestType, NoVersion, WorkspaceRoot};
use crate::model::RepoPath;
use crate::workspace::{Heir, PackageSeed};

/// Finds the manifests that inherit their version from a workspace root that is a package's manifest: through `members`, less
/// `exclude`, and through path dependencies of those.
pub(super) fn inheriting(tree: &dyn Tree, reader: &Reader<'_>, seeds: &[PackageSeed]) -> Vec<Heir> {
    let mut heirs = Vec::new();
    for root in seeds.iter().flat_map(|seed| &seed.manifests) {
        let workspace = found(reader, &root.path, root.kind, |found| found.workspace.clone());
        if let Some(workspace) = workspace.filter(|workspace| workspace.shares_version) {
            let members = Members { tree, reader, root: &root.path, kind: root.kind };
            heirs.extend(members.inheriting(&workspace));
        }
    }
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
            members.push(manifest);
        }
        members.retain(|path| self.inherits(path));
        members.sort();
        let heir = |manifest| Heir { manifest, kind: self.kind, root: self.root.clone() };
        members.into_iter().map(heir).collect()
    }

    fn inherits(&self, path: &RepoPath) -> bool {
        let why = found(self.reader, path, self.kind, |found| found.no_version.clone());
        why == Some(NoVersion::Inherited)
    }

    fn path_dependencies(&self, manifest: &RepoPath) -> Vec<RepoPath> {
        let home = manifest.parent().unwrap_or_else(RepoPath::root);
        let written = found(self.reader, manifest, self.kind, |found| Some(found.path_dependencies.clone()));
        written.unwrap_or_default().iter().filter_map(|path| home.join(&path.folder)).collect()
    }
}
