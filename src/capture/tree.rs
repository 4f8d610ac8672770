//! [`Tree`]: files to read, from the work tree or from the index.

use std::collections::BTreeSet;

use super::listing::Listing;
use crate::model::{Diagnostic, ProblemCode, RepoPath};
use crate::text::unescaped;

/// Larger files are not manifests: no lock file comes near this size, and reading such a file by mistake would exhaust the memory.
pub(super) const LARGEST: u64 = 64 * 1024 * 1024;

/// A source of the workspace's files.
pub(super) trait Tree: Sync {
    /// Returns the entries of a folder.
    fn list(&self, folder: &RepoPath) -> Listing;

    /// Follows symbolic links to the file or folder behind the path.
    ///
    /// # Errors
    /// Returns an error if there is nothing, or it leads out of the workspace.
    fn resolve(&self, path: &RepoPath) -> Result<RepoPath, Unresolved>;

    /// Reads a file whole, as it is.
    ///
    /// # Errors
    /// Returns an error if it is missing, too large, or no UTF-8.
    fn read(&self, path: &RepoPath) -> Result<String, Diagnostic>;

    /// Returns those of the files that git ignores and does not track: they are local to this machine.
    fn ignored(&self, paths: &[RepoPath]) -> BTreeSet<RepoPath>;

    /// Returns what could not be inspected: folders that this user must not read. Their content is unknown, so nothing
    /// that was read is reliable.
    fn problems(&self) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// Returns a folder as git names it, from the top of the repository.
    fn git_path(&self, folder: &RepoPath) -> String {
        folder.to_string()
    }

    /// Returns every file below a folder that git would not ignore, sorted.
    fn below(&self, folder: &RepoPath) -> Vec<RepoPath>;
}

/// Why a path cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unresolved {
    /// It does not exist.
    Missing,
    /// It leads out of the workspace, to here.
    Leaves(String),
}

/// Reads bytes as text.
pub(super) fn decoded(path: &RepoPath, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Diagnostic::new(
            ProblemCode::Unreadable,
            format!("{path} is not UTF-8: the byte at offset {offset} is part of no character"),
        )
        .in_file(path)
        .help("save the file as UTF-8")
    })
}

/// Refuses to read a file if its path is not UTF-8: neither relman.toml nor a plan could name it.
pub(super) fn check_name(path: &RepoPath) -> Result<(), Diagnostic> {
    match unescaped(path.as_str()) {
        None => Ok(()),
        Some(_) => Err(Diagnostic::new(ProblemCode::Unreadable, format!("the name of {path} is not UTF-8"))
            .in_file(path)
            .help("rename the file or folder; the escaped bytes are the ones to replace")),
    }
}

/// Reports that a file is too large to be read as a manifest or a changelog.
pub(super) fn too_large(path: &RepoPath, size: u64) -> Diagnostic {
    let message = format!("{path} has {size} bytes; files above {LARGEST} bytes are not read");
    Diagnostic::new(ProblemCode::Unreadable, message)
        .in_file(path)
        .help("list a smaller file; the oldest releases of a changelog can move to a file of their own")
}

/// Reports that a path is not a file.
pub(super) fn not_a_file(path: &RepoPath, what: &str) -> Diagnostic {
    Diagnostic::new(ProblemCode::Unreadable, format!("{path} is {what}, not a file"))
        .in_file(path)
        .help("put a file in its place, or remove it from relman.toml")
}

/// Reports a file that does not exist.
pub(super) fn missing(path: &RepoPath) -> Diagnostic {
    Diagnostic::new(ProblemCode::Missing, format!("{path} does not exist"))
        .in_file(path)
        .help("write the file, or remove it from relman.toml")
}

/// Reports that a symbolic link leads out of the workspace.
pub(super) fn leaves(path: &RepoPath, target: &str) -> Diagnostic {
    Diagnostic::new(ProblemCode::Outside, format!("{path} leaves the repository: it leads to {target}"))
        .in_file(path)
        .help("list a file inside; a symbolic link that stays inside is edited through")
}
