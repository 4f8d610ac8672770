//! [`IndexTree`]: the files as the next commit would contain them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::listing::{Entry, EntryKind, Listing};
use super::tree::{LARGEST, Tree, Unresolved, check_name, decoded, missing};
use crate::io::{CatFile, Git, GitError, IndexEntry};
use crate::model::{Diagnostic, ProblemCode, RepoPath, WorkspacePrefix, is_dot_git};

const SUBMODULE: u32 = 0o160_000;

/// How many symbolic links are followed in a row.
pub(super) const LINKS: usize = 16;

/// The index that git works on: inside a hook, the one named by the environment.
pub(super) struct IndexTree {
    entries: BTreeMap<String, IndexEntry>,
    blobs: CatFile,
    prefix: WorkspacePrefix,
}

impl IndexTree {
    /// Reads the listing of the index below the folder `prefix` of the work tree (empty: all of it).
    pub(super) fn read(git: &Git, prefix: &WorkspacePrefix) -> Result<Self, GitError> {
        Self::of(git.index_listing()?, git, prefix)
    }

    /// Creates the tree from entries of the index, keeping those below the folder `prefix`.
    pub(super) fn of(entries: Vec<IndexEntry>, git: &Git, prefix: &WorkspacePrefix) -> Result<Self, GitError> {
        let entries = entries.into_iter().filter(|entry| entry.stage == 0 || entry.stage == 2);
        // An old version of git may have admitted paths below `.git`.
        let entries = entries.filter(|entry| !entry.path.split('/').any(is_dot_git));
        let entries = entries.filter_map(|entry| Some((prefix.strip(&entry.path)?.to_owned(), entry)));
        Ok(Self { entries: entries.collect(), blobs: CatFile::start(git)?, prefix: prefix.clone() })
    }

    /// Returns `true` if git leaves the file out of the work tree, or a file below the folder.
    pub(super) fn leaves_out(&self, path: &RepoPath) -> bool {
        let start = format!("{path}/");
        let mut below = self.entries.range(start.clone()..).take_while(|(key, _)| key.starts_with(&start));
        self.entries.get(path.as_str()).is_some_and(|entry| entry.is_left_out)
            || below.any(|(_, entry)| entry.is_left_out)
    }

    /// Returns where a symbolic link leads to; `None` if the path is not one.
    pub(super) fn target(&self, path: &RepoPath) -> Result<Option<RepoPath>, Unresolved> {
        if !self.entries.get(path.as_str()).is_some_and(IndexEntry::is_link) {
            return Ok(None);
        }
        let target = self.blob(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let target = target.ok_or(Unresolved::Missing)?;
        let home = path.parent().unwrap_or_else(RepoPath::root);
        home.join(&target).map(Some).ok_or(Unresolved::Leaves(target))
    }

    fn blob(&self, path: &RepoPath) -> Result<Vec<u8>, Diagnostic> {
        let Some(entry) = self.entries.get(path.as_str()) else { return Err(missing(path)) };
        match self.blobs.read(&entry.oid, LARGEST) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(not_fetched(path, entry)),
            Err(error) => Err(Diagnostic::new(ProblemCode::Unreadable, error.to_string()).in_file(path)),
        }
    }

    fn is_folder(&self, path: &str) -> bool {
        let start = format!("{path}/");
        self.entries.range(start.clone()..).next().is_some_and(|(key, _)| key.starts_with(&start))
    }
}

impl Tree for IndexTree {
    fn git_path(&self, folder: &RepoPath) -> String {
        self.prefix.join(folder.as_str())
    }

    fn list(&self, folder: &RepoPath) -> Listing {
        let start = if folder.is_root() { String::new() } else { format!("{folder}/") };
        let mut from = Bound::Included(start.clone());
        let mut entries = Vec::new();
        while let Some((key, entry)) = self.entries.range((from, Bound::Unbounded)).next() {
            let Some(rest) = key.strip_prefix(&start) else { break };
            match rest.split_once('/') {
                Some((name, _)) => {
                    entries.push(Entry { name: name.to_owned(), kind: EntryKind::Folder });
                    // The character after `/` in ASCII skips everything in the folder.
                    from = Bound::Included(format!("{start}{name}0"));
                }
                None => {
                    let kind = if entry.is_link() { EntryKind::Link } else { EntryKind::File };
                    if entry.mode != SUBMODULE {
                        entries.push(Entry { name: rest.to_owned(), kind });
                    }
                    from = Bound::Excluded(key.clone());
                }
            }
        }
        Listing::new(entries)
    }

    fn resolve(&self, path: &RepoPath) -> Result<RepoPath, Unresolved> {
        let mut path = path.clone();
        for _ in 0..LINKS {
            match self.target(&path)? {
                Some(target) => path = target,
                None if path.is_root() || self.entries.contains_key(path.as_str()) || self.is_folder(path.as_str()) => {
                    return Ok(path);
                }
                None => return Err(Unresolved::Missing),
            }
        }
        Err(Unresolved::Missing)
    }

    fn read(&self, path: &RepoPath) -> Result<String, Diagnostic> {
        check_name(path)?;
        decoded(path, self.blob(path)?)
    }

    fn ignored(&self, _: &[RepoPath]) -> BTreeSet<RepoPath> {
        // Everything in the index is tracked.
        BTreeSet::new()
    }

    fn below(&self, folder: &RepoPath) -> Vec<RepoPath> {
        let start = if folder.is_root() { String::new() } else { format!("{folder}/") };
        let inside = self.entries.range(start.clone()..).take_while(|(key, _)| key.starts_with(&start));
        let files = inside.filter(|(_, entry)| entry.mode != SUBMODULE && !entry.is_link());
        files.map(|(key, _)| RepoPath::root().child(key)).collect()
    }
}

/// Reports that git lacks the content that the index names. A partial clone fetches it when the file is written out.
fn not_fetched(path: &RepoPath, entry: &IndexEntry) -> Diagnostic {
    if !entry.is_left_out {
        return Diagnostic::new(ProblemCode::Missing, format!("git does not have the staged content of {path}"))
            .in_file(path)
            .help("`git fsck` lists what is missing; in a partial clone `git checkout -- FILE` fetches it");
    }
    let folder = entry.path.rsplit_once('/').map_or(entry.path.as_str(), |(folder, _)| folder);
    let message =
        format!("{path} is not written out (a sparse checkout), and its content was not fetched (a partial clone)");
    Diagnostic::new(ProblemCode::Missing, message).in_file(path).help(format!(
        "run `git sparse-checkout add {folder}` at the top of the work tree: it fetches the file and writes it out"
    ))
}
