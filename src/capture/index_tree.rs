//! [`IndexTree`]: the files as the next commit would hold them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::tree::{Entry, EntryKind, LARGEST, Tree, Unresolved, decoded, missing};
use crate::io::{CatFile, Git, GitError};
use crate::model::{Diagnostic, RepoPath, is_dot_git};

const LINK: u32 = 0o120_000;
const SUBMODULE: u32 = 0o160_000;

/// How many symbolic links in a row are followed.
const LINKS: usize = 16;

/// The index that git works on: inside a hook the one that the environment names.
pub(super) struct IndexTree {
    entries: BTreeMap<String, (u32, String)>,
    blobs: CatFile,
}

impl IndexTree {
    /// Reads the listing of the index below the folder `prefix` of the work tree (empty: all of it).
    pub(super) fn read(git: &Git, prefix: &str) -> Result<Self, GitError> {
        let inside = |path: &str| {
            if prefix.is_empty() {
                Some(path.to_owned())
            } else {
                path.strip_prefix(prefix)?.strip_prefix('/').map(str::to_owned)
            }
        };
        let entries = git.index_entries()?.into_iter().filter(|entry| entry.stage == 0 || entry.stage == 2);
        // An old git may have let in what leads below `.git`.
        let entries = entries.filter(|entry| !entry.path.split('/').any(is_dot_git));
        let entries = entries.filter_map(|entry| Some((inside(&entry.path)?, (entry.mode, entry.oid))));
        Ok(Self { entries: entries.collect(), blobs: CatFile::start(git)? })
    }

    fn blob(&self, path: &RepoPath) -> Result<Vec<u8>, Diagnostic> {
        let Some((_, oid)) = self.entries.get(path.as_str()) else { return Err(missing(path)) };
        match self.blobs.read(oid, LARGEST) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(Diagnostic::new(format!("git does not have the staged content of {path}")).in_file(path)),
            Err(error) => Err(Diagnostic::new(error.to_string()).in_file(path)),
        }
    }

    fn is_folder(&self, path: &str) -> bool {
        let start = format!("{path}/");
        self.entries.range(start.clone()..).next().is_some_and(|(key, _)| key.starts_with(&start))
    }
}

impl Tree for IndexTree {
    fn list(&self, folder: &RepoPath) -> Vec<Entry> {
        let start = if folder.is_root() { String::new() } else { format!("{folder}/") };
        let mut from = Bound::Included(start.clone());
        let mut entries = Vec::new();
        while let Some((key, (mode, _))) = self.entries.range((from, Bound::Unbounded)).next() {
            let Some(rest) = key.strip_prefix(&start) else { break };
            match rest.split_once('/') {
                Some((name, _)) => {
                    entries.push(Entry { name: name.to_owned(), kind: EntryKind::Folder });
                    // The character behind `/` skips all that lies in the folder.
                    from = Bound::Included(format!("{start}{name}0"));
                }
                None => {
                    let kind = if *mode == LINK { EntryKind::Link } else { EntryKind::File };
                    if *mode != SUBMODULE {
                        entries.push(Entry { name: rest.to_owned(), kind });
                    }
                    from = Bound::Excluded(key.clone());
                }
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        entries
    }

    fn resolve(&self, path: &RepoPath) -> Result<RepoPath, Unresolved> {
        let mut path = path.clone();
        for _ in 0..LINKS {
            match self.entries.get(path.as_str()) {
                Some((LINK, _)) => {
                    let target = self.blob(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                    let target = target.ok_or(Unresolved::Missing)?;
                    let home = path.parent().unwrap_or_else(RepoPath::root);
                    path = home.join(&target).ok_or(Unresolved::Leaves(target))?;
                }
                Some(_) => return Ok(path),
                None if path.is_root() || self.is_folder(path.as_str()) => return Ok(path),
                None => return Err(Unresolved::Missing),
            }
        }
        Err(Unresolved::Missing)
    }

    fn read(&self, path: &RepoPath) -> Result<String, Diagnostic> {
        decoded(path, self.blob(path)?)
    }

    fn ignored(&self, _: &[RepoPath]) -> BTreeSet<RepoPath> {
        // What is in the index is tracked.
        BTreeSet::new()
    }

    fn below(&self, folder: &RepoPath) -> Vec<RepoPath> {
        let start = if folder.is_root() { String::new() } else { format!("{folder}/") };
        let inside = self.entries.range(start.clone()..).take_while(|(key, _)| key.starts_with(&start));
        let files = inside.filter(|(_, (mode, _))| *mode != SUBMODULE && *mode != LINK);
        files.filter_map(|(key, _)| RepoPath::new(key).ok()).collect()
    }
}
