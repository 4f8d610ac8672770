//! [`Tree`]: files to read, from the work tree or from the index.

use std::collections::BTreeSet;

use crate::model::{Diagnostic, RepoPath};
use crate::text::unescaped;

/// Larger files are no manifests: no lock file comes near it, and reading one by mistake would take all memory.
pub(super) const LARGEST: u64 = 64 * 1024 * 1024;

/// A place that holds the workspace's files.
pub(super) trait Tree: Sync {
    /// Returns the entries of a folder, sorted by name; none where it does not exist.
    fn list(&self, folder: &RepoPath) -> Vec<Entry>;

    /// Follows symbolic links to the file or folder that the path means.
    ///
    /// # Errors
    /// Returns an error if there is nothing, or it leads out of the workspace.
    fn resolve(&self, path: &RepoPath) -> Result<RepoPath, Unresolved>;

    /// Reads a file whole, as it is.
    ///
    /// # Errors
    /// Returns an error if it is missing, too large, or no UTF-8.
    fn read(&self, path: &RepoPath) -> Result<String, Diagnostic>;

    /// Returns those of the files that git ignores and does not track: they are nobody's but this machine's.
    fn ignored(&self, paths: &[RepoPath]) -> BTreeSet<RepoPath>;

    /// Returns what could not be looked at: folders that this user is not allowed to read. What is in them is not known, so nothing
    /// that was read can be relied on.
    fn problems(&self) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// Returns every file below a folder that git would not ignore, sorted.
    fn below(&self, folder: &RepoPath) -> Vec<RepoPath>;
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name; bytes that are not UTF-8 are [`escaped`](crate::text::escaped), so that it can be listed and named, not read.
    pub(super) name: String,
    /// What it is.
    pub(super) kind: EntryKind,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// A file, or a pipe, a socket or a device, which cannot be read as one.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
}

/// Why a path means nothing that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unresolved {
    /// There is nothing.
    Missing,
    /// It leads out of the workspace, to here.
    Leaves(String),
}

/// Reads bytes as text.
pub(super) fn decoded(path: &RepoPath, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Diagnostic::new(format!("{path} is not UTF-8: the byte at offset {offset} is part of no character"))
            .in_file(path)
            .help("save the file as UTF-8")
    })
}

/// Refuses to read a file if its path is not UTF-8: neither relman.toml nor a plan can name it.
pub(super) fn check_name(path: &RepoPath) -> Result<(), Diagnostic> {
    match unescaped(path.as_str()) {
        None => Ok(()),
        Some(_) => Err(Diagnostic::new(format!("the name of {path} is not UTF-8"))
            .in_file(path)
            .help("rename the file or folder; the escaped bytes are the ones to replace")),
    }
}

/// Says that a file is too large to be read as a manifest or a changelog.
pub(super) fn too_large(path: &RepoPath, size: u64) -> Diagnostic {
    let message = format!("{path} has {size} bytes; files above {LARGEST} bytes are not read");
    Diagnostic::new(message)
        .in_file(path)
        .help("list a smaller file; the oldest releases of a changelog can move to a file of their own")
}

/// Says that something else stands where a file was expected.
pub(super) fn not_a_file(path: &RepoPath, what: &str) -> Diagnostic {
    Diagnostic::new(format!("{path} is {what}, not a file"))
        .in_file(path)
        .help("put a file in its place, or take it out of relman.toml")
}

/// Reports a file that does not exist.
pub(super) fn missing(path: &RepoPath) -> Diagnostic {
    Diagnostic::new(format!("{path} does not exist"))
        .in_file(path)
        .help("write the file, or take it out of relman.toml")
}

/// Says that a symbolic link leads out of the workspace.
pub(super) fn leaves(path: &RepoPath, target: &str) -> Diagnostic {
    Diagnostic::new(format!("{path} leaves the repository: it leads to {target}"))
        .in_file(path)
        .help("list a file inside; a symbolic link that stays inside is edited through")
}
