//! [`Sparse`]: a work tree without some of the tracked files, and [`SparseTree`], which reads those from the index.

use std::collections::BTreeSet;

use super::index_tree::{IndexTree, LINKS};
use super::listing::{Entry, Listing};
use super::tree::{Tree, Unresolved};
use super::work_tree::WorkTree;
use crate::io::{Git, GitError, IndexEntry};
use crate::model::{Diagnostic, RepoPath, WorkspacePrefix};
use crate::snapshot::{BringBack, LeftOut};

/// The tracked files that are not written out.
#[derive(Debug, Default)]
pub struct Sparse {
    /// The index entries that git was told to leave out of the work tree, and every symbolic link: one that is written out may
    /// lead to a file that is not.
    entries: Vec<IndexEntry>,
}

impl Sparse {
    /// Reads the index, where this is a sparse checkout; otherwise git is not asked.
    pub(super) fn read(git: &Git) -> Result<Self, GitError> {
        if !git.has_sparse_patterns()? {
            return Ok(Self::default());
        }
        Ok(Self::of(&git.index_entries()?))
    }

    /// Collects the relevant entries of the index.
    pub(super) fn of(entries: &[IndexEntry]) -> Self {
        if !entries.iter().any(|entry| entry.is_left_out) {
            return Self::default();
        }
        let matters = |entry: &&IndexEntry| entry.is_left_out || entry.is_link();
        Self { entries: entries.iter().filter(matters).cloned().collect() }
    }

    /// Returns `true` if every tracked file is written out.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns `true` if git leaves this file out, by its path from the top of the work tree.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.entries.iter().any(|entry| entry.is_left_out && entry.path == path)
    }

    /// Returns the files below the folder `prefix` that are not on disk, and how to bring them back.
    pub(super) fn left_out(&self, tree: &WorkTree, git: &Git, prefix: &WorkspacePrefix) -> Result<LeftOut, GitError> {
        if self.is_empty() {
            return Ok(LeftOut::default());
        }
        let inside = |entry: &IndexEntry| RepoPath::new(prefix.strip(&entry.path)?).ok();
        let left_out = self.entries.iter().filter(|entry| entry.is_left_out).filter_map(inside);
        let paths: BTreeSet<RepoPath> = left_out.filter(|path| !tree.is_there(path)).collect();
        let bring_back = if !git.has_sparse_patterns()? {
            BringBack::Entries
        } else if git.is_sparse_by_folders()? {
            BringBack::Folders
        } else {
            BringBack::Patterns
        };
        Ok(LeftOut { paths, bring_back, prefix: prefix.clone() })
    }
}

/// The work tree, in which files that are not written out come from the index. Files on disk take precedence, as in git.
pub(super) struct SparseTree {
    disk: WorkTree,
    index: IndexTree,
}

impl SparseTree {
    /// Overlays the disk on the files that are left out of it.
    pub(super) fn new(disk: WorkTree, sparse: &Sparse, git: &Git, prefix: &WorkspacePrefix) -> Result<Self, GitError> {
        Ok(Self { disk, index: IndexTree::of(sparse.entries.clone(), git, prefix)? })
    }
}

impl Tree for SparseTree {
    fn git_path(&self, folder: &RepoPath) -> String {
        self.disk.git_path(folder)
    }

    fn list(&self, folder: &RepoPath) -> Listing {
        let (written, tracked) = (self.disk.list(folder), self.index.list(folder));
        let is_left_out =
            |entry: &&Entry| !written.has(&entry.name) && self.index.leaves_out(&folder.child(&entry.name));
        Listing::new(written.iter().chain(tracked.iter().filter(is_left_out)).cloned().collect())
    }

    fn resolve(&self, path: &RepoPath) -> Result<RepoPath, Unresolved> {
        // A link on one side may lead to the other.
        let mut path = path.clone();
        for _ in 0..LINKS {
            match self.disk.resolve(&path) {
                Err(Unresolved::Missing) => {}
                found => return found,
            }
            match self.index.target(&path)? {
                Some(target) => path = target,
                None => return if self.index.leaves_out(&path) { Ok(path) } else { Err(Unresolved::Missing) },
            }
        }
        Err(Unresolved::Missing)
    }

    fn read(&self, path: &RepoPath) -> Result<String, Diagnostic> {
        if self.index.leaves_out(path) && !self.disk.is_there(path) {
            self.index.read(path)
        } else {
            self.disk.read(path)
        }
    }

    fn ignored(&self, paths: &[RepoPath]) -> BTreeSet<RepoPath> {
        self.disk.ignored(paths)
    }

    fn below(&self, folder: &RepoPath) -> Vec<RepoPath> {
        let mut paths = self.disk.below(folder);
        let known: BTreeSet<RepoPath> = paths.iter().cloned().collect();
        let left_out = self.index.below(folder).into_iter();
        paths.extend(left_out.filter(|path| !known.contains(path) && !self.disk.is_there(path)));
        paths.sort();
        paths
    }

    fn problems(&self) -> Vec<Diagnostic> {
        self.disk.problems()
    }
}
