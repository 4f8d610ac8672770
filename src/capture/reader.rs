//! [`Reader`]: reads files once, in parallel, and searches them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::tree::{EntryKind, Tree};
use crate::manifest::{Locator, ManifestType};
use crate::model::{Diagnostic, RepoPath};
use crate::workspace::{FolderFinding, SourceFile, known_files, primaries};

/// The files that were read so far.
pub(super) struct Reader<'a> {
    tree: &'a dyn Tree,
    files: Mutex<BTreeMap<RepoPath, Result<SourceFile, Diagnostic>>>,
}

/// A file and what is to be found in it.
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
        let read: Vec<(RepoPath, Result<SourceFile, Diagnostic>)> =
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

    /// Looks for manifests in a folder and for those of them that hold a version.
    pub(super) fn folder(&self, tree: &dyn Tree, folder: &RepoPath) -> FolderFinding {
        self.folders(tree, std::slice::from_ref(folder)).pop().unwrap_or(FolderFinding::Nothing)
    }

    /// Does the same for many folders, in their order.
    pub(super) fn folders(&self, tree: &dyn Tree, folders: &[RepoPath]) -> Vec<FolderFinding> {
        let found: Vec<(FolderFinding, Vec<SourceFile>)> =
            folders.par_iter().map(|folder| look_into(tree, folder)).collect();
        let mut files = self.lock();
        found
            .into_iter()
            .map(|(finding, read)| {
                files.extend(read.into_iter().map(|file| (file.path.clone(), Ok(file))));
                finding
            })
            .collect()
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

    /// Lends a file that was read.
    pub(super) fn with<T>(&self, path: &RepoPath, look: impl FnOnce(&SourceFile) -> Option<T>) -> Option<T> {
        self.lock().get(path).and_then(|result| result.as_ref().ok()).and_then(look)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<RepoPath, Result<SourceFile, Diagnostic>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look_into(tree: &dyn Tree, folder: &RepoPath) -> (FolderFinding, Vec<SourceFile>) {
    let entries = tree.list(folder);
    let names: Vec<String> = entries.iter().filter(|e| e.kind != EntryKind::Folder).map(|e| e.name.clone()).collect();
    let mut files = Vec::new();
    let mut unread = false;
    for (path, kind) in known_files(folder, &names).into_iter().filter(|(_, kind)| !kind.is_lock()) {
        let linked = entries.iter().any(|e| e.kind == EntryKind::Link && e.name == path.file_name());
        let path = if linked { tree.resolve(&path).unwrap_or(path) } else { path };
        match tree.read(&path) {
            Ok(text) => files.push(SourceFile::new(path, Arc::from(text), &[Locator::Known(kind)])),
            Err(_) => unread = true,
        }
    }
    let finding = primaries(&files.iter().collect::<Vec<_>>());
    let finding = match finding {
        // A manifest that cannot even be read is told as a broken one, not passed over.
        FolderFinding::NoVersion(_) | FolderFinding::Nothing if unread => {
            FolderFinding::Broken(unreadable(folder, &names))
        }
        other => other,
    };
    (finding, files)
}

fn unreadable(folder: &RepoPath, names: &[String]) -> crate::workspace::Primaries {
    let manifests = known_files(folder, names).into_iter().filter(|(_, kind)| !kind.is_lock()).collect();
    crate::workspace::Primaries { name: None, manifests }
}

/// The locator of a known type.
pub(super) fn known(kind: ManifestType) -> Locator {
    Locator::Known(kind)
}
