//! [`WorkTree`]: the files as they lie on the disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::tree::{Entry, EntryKind, LARGEST, Tree, Unresolved, decoded, missing, too_large};
use crate::io::{self, FileError, Git, Kind};
use crate::model::{Diagnostic, RepoPath};

/// The work tree below the folder of relman.toml.
pub(super) struct WorkTree {
    root: PathBuf,
    git: Git,
    prefix: String,
}

impl WorkTree {
    /// Takes the folder of relman.toml, symbolic links followed, and where it lies in its repository.
    pub(super) fn new(root: PathBuf, git: Git, prefix: String) -> Self {
        Self { root, git, prefix }
    }

    fn seen_from_top(&self, path: &RepoPath) -> String {
        if self.prefix.is_empty() { path.as_str().to_owned() } else { format!("{}/{path}", self.prefix) }
    }

    fn absolute(&self, path: &RepoPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    fn relative(&self, path: &Path) -> Option<RepoPath> {
        let inside = path.strip_prefix(&self.root).ok()?.to_str()?;
        let slashed = if cfg!(windows) { inside.replace('\\', "/") } else { inside.to_owned() };
        if slashed.is_empty() { Some(RepoPath::root()) } else { RepoPath::new(&slashed).ok() }
    }
}

impl Tree for WorkTree {
    fn list(&self, folder: &RepoPath) -> Vec<Entry> {
        let entries = io::read_dir(&self.absolute(folder)).unwrap_or_default();
        let known = entries.into_iter().filter_map(|entry| {
            let kind = match entry.kind {
                Kind::File => EntryKind::File,
                Kind::Directory => EntryKind::Folder,
                Kind::Symlink => EntryKind::Link,
                Kind::Other | Kind::Missing => return None,
            };
            Some(Entry { name: entry.name, kind })
        });
        known.collect()
    }

    fn resolve(&self, path: &RepoPath) -> Result<RepoPath, Unresolved> {
        let target = io::canonical(&self.absolute(path)).map_err(|_| Unresolved::Missing)?;
        self.relative(&target).ok_or_else(|| Unresolved::Leaves(target.display().to_string()))
    }

    fn read(&self, path: &RepoPath) -> Result<String, Diagnostic> {
        match io::read_file(&self.absolute(path), LARGEST) {
            Ok(bytes) => decoded(path, bytes),
            Err(error) if error.is_missing() => Err(missing(path)),
            Err(FileError::TooLarge { size, .. }) => Err(too_large(path, size)),
            Err(error) => Err(Diagnostic::new(error.to_string()).in_file(path)),
        }
    }

    fn ignored(&self, paths: &[RepoPath]) -> BTreeSet<RepoPath> {
        let from_top: Vec<String> = paths.iter().map(|path| self.seen_from_top(path)).collect();
        let asked: Vec<&str> = from_top.iter().map(String::as_str).collect();
        // Where git has no answer nothing is left out.
        let ignored = self.git.ignored(&asked).unwrap_or_default();
        paths.iter().zip(&from_top).filter(|(_, path)| ignored.contains(*path)).map(|(path, _)| path.clone()).collect()
    }

    fn below(&self, folder: &RepoPath) -> Vec<RepoPath> {
        // What lies above the repository says nothing about it: only with a `.git` in sight does the walk know where it ends.
        let walk = WalkBuilder::new(self.absolute(folder)).hidden(false).require_git(true).build();
        let files = walk.filter_map(Result::ok).filter(|entry| entry.file_type().is_some_and(|t| t.is_file()));
        let mut paths: Vec<RepoPath> = files
            .filter_map(|entry| self.relative(entry.path()))
            .filter(|path| !path.as_str().split('/').any(|part| part == ".git"))
            .collect();
        paths.sort();
        paths
    }
}
