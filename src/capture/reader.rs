//! [`Reader`]: reads files once, in parallel, and searches them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::listing::EntryKind;
use super::tree::{Tree, Unresolved, leaves, missing};
use crate::manifest::{Locator, ManifestType};
use crate::model::{Diagnostic, RepoPath};
use crate::workspace::{FolderFinding, Primaries, SourceFile, known_files, primaries};

/// The files that were read so far.
pub(super) struct Reader<'a> {
    tree: &'a dyn Tree,
    files: Mutex<BTreeMap<RepoPath, Result<SourceFile, Diagnostic>>>,
}

/// A path, and the file there or why it cannot be read.
type Read = (RepoPath, Result<SourceFile, Diagnostic>);

/// A file and what to find in it.
pub(super) type Wish = (RepoPath, Locator);

impl<'a> Reader<'a> {
    /// Reads from this tree.
    pub(super) fn new(tree: &'a dyn Tree) -> Self {
        Self { tree, files: Mutex::new(BTreeMap::new()) }
    }

    /// Reads and searches files, each once, in parallel.
    pub(super) fn read(&self, wishes: &[Wish]) {
        let mut by_file: BTreeMap<&RepoPath, Vec<&Locator>> = BTreeMap::new();
        for (path, locator) in wishes {
            by_file.entry(path).or_default().push(locator);
        }
        let work: Vec<(&RepoPath, Vec<&Locator>)> = by_file.into_iter().collect();
        let read: Vec<Read> =
            work.par_iter().map(|(path, locators)| ((*path).clone(), self.look(path, locators))).collect();
        self.lock().extend(read);
    }

    fn look(&self, path: &RepoPath, locators: &[&Locator]) -> Result<SourceFile, Diagnostic> {
        let known = self.lock().remove(path);
        let mut file = match known {
            Some(known) => known?,
            None => SourceFile::new(path.clone(), Arc::from(self.tree.read(path)?), &[]),
        };
        for locator in locators {
            file.look(locator);
        }
        Ok(file)
    }

    /// Finds the manifests in a folder that hold a version.
    pub(super) fn folder(&self, tree: &dyn Tree, folder: &RepoPath) -> FolderFinding {
        self.folders(tree, std::slice::from_ref(folder)).pop().unwrap_or(FolderFinding::Nothing)
    }

    /// Does the same for many folders, in their order.
    pub(super) fn folders(&self, tree: &dyn Tree, folders: &[RepoPath]) -> Vec<FolderFinding> {
        let found: Vec<(FolderFinding, Vec<Read>)> = folders.par_iter().map(|folder| look_into(tree, folder)).collect();
        let mut files = self.lock();
        found
            .into_iter()
            .map(|(finding, read)| {
                files.extend(read);
                finding
            })
            .collect()
    }

    /// Forgets files, be they read or not readable.
    pub(super) fn forget(&self, paths: &BTreeSet<RepoPath>) {
        let mut files = self.lock();
        paths.iter().for_each(|path| drop(files.remove(path)));
    }

    /// Returns what was read, and what could not be.
    pub(super) fn finish(self) -> (BTreeMap<RepoPath, SourceFile>, Vec<(RepoPath, Diagnostic)>) {
        let mut files = BTreeMap::new();
        let mut unread = Vec::new();
        for (path, result) in self.files.into_inner().unwrap_or_else(PoisonError::into_inner) {
            match result {
                Ok(file) => {
                    files.insert(path, file);
                }
                Err(diagnostic) => unread.push((path, diagnostic)),
            }
        }
        (files, unread)
    }

    /// Returns a file that was read.
    pub(super) fn with<T>(&self, path: &RepoPath, look: impl FnOnce(&SourceFile) -> Option<T>) -> Option<T> {
        self.lock().get(path).and_then(|result| result.as_ref().ok()).and_then(look)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<RepoPath, Result<SourceFile, Diagnostic>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look_into(tree: &dyn Tree, folder: &RepoPath) -> (FolderFinding, Vec<Read>) {
    let entries = tree.list(folder);
    let names: Vec<String> = entries.iter().filter(|e| e.kind != EntryKind::Folder).map(|e| e.name.clone()).collect();
    let mut read: Vec<Read> = Vec::new();
    let mut unread = Vec::new();
    let (locks, manifests): (Vec<_>, Vec<_>) =
        known_files(folder, &names).into_iter().partition(|(_, kind)| kind.is_lock());
    for (path, kind) in manifests {
        let linked = entries.kind_of(path.file_name()) == Some(EntryKind::Link);
        let (path, text) = if linked { followed(tree, path) } else { (path.clone(), tree.read(&path)) };
        let file = text.map(|text| SourceFile::new(path.clone(), Arc::from(text), &[Locator::Known(kind)]));
        if file.is_err() {
            unread.push((path.clone(), kind));
        }
        read.push((path, file));
    }
    let files: Vec<&SourceFile> = read.iter().filter_map(|(_, file)| file.as_ref().ok()).collect();
    (with_unread(primaries(&files, locks.clone()), unread, locks), read)
}

/// Reads what a symbolic link leads to, unless that is outside the workspace.
fn followed(tree: &dyn Tree, link: RepoPath) -> (RepoPath, Result<String, Diagnostic>) {
    match tree.resolve(&link) {
        Ok(target) => {
            let text = tree.read(&target);
            (target, text)
        }
        Err(Unresolved::Leaves(target)) => {
            let text = Err(leaves(&link, &target));
            (link, text)
        }
        Err(Unresolved::Missing) => {
            let text = Err(missing(&link));
            (link, text)
        }
    }
}

/// An unreadable manifest is reported as broken, not skipped.
fn with_unread(
    finding: FolderFinding,
    unread: Vec<(RepoPath, ManifestType)>,
    locks: Vec<(RepoPath, ManifestType)>,
) -> FolderFinding {
    if unread.is_empty() {
        return finding;
    }
    let mut found = match finding {
        FolderFinding::Package(found) | FolderFinding::Broken(found) => found,
        FolderFinding::NoVersion(_) | FolderFinding::Nothing => Primaries { name: None, manifests: Vec::new(), locks },
    };
    found.manifests.extend(unread);
    let rank = |kind: ManifestType| ManifestType::of_packages().position(|(known, _)| known == kind);
    found.manifests.sort_by_key(|(_, kind)| rank(*kind));
    FolderFinding::Broken(found)
}

/// The locator of a known type.
pub(super) fn known(kind: ManifestType) -> Locator {
    Locator::Known(kind)
}
