//! The content of the index.

use std::collections::BTreeSet;

use super::git::Git;
use super::git_process::{GitError, Input};
use crate::text::{escaped, unescaped};

/// One entry of the index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexEntry {
    /// The path relative to the top of the work tree.
    pub path: String,
    /// The mode: `0o100644`, `0o100755`, `0o120000` for a symbolic link, `0o160000` for a submodule.
    pub mode: u32,
    /// The object id in hexadecimal.
    pub oid: String,
    /// The stage: 0, or 1 to 3 in a conflict.
    pub stage: u8,
    /// Whether git was told to ignore changes of the file in the work tree (assume-unchanged, skip-worktree), so that no status names it.
    pub is_unwatched: bool,
    /// Whether git was told to leave the file out of the work tree (skip-worktree), as in a sparse checkout.
    pub is_left_out: bool,
}

impl IndexEntry {
    /// Returns `true` if it is a symbolic link.
    #[must_use]
    pub fn is_link(&self) -> bool {
        self.mode == 0o120_000
    }
}

/// A path at which the index differs from a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexChange {
    /// The path relative to the top of the work tree.
    pub path: String,
    /// Whether the index does not hold it.
    pub deleted: bool,
}

/// How many paths one call gets: the shortest limit of a command line is about 32,000 bytes. For more paths the whole index is read.
const MOST_PATHS: usize = 50;

impl Git {
    /// Returns the entries of the index, sorted by path; those whose path is not UTF-8 are left out.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn index_entries(&self) -> Result<Vec<IndexEntry>, GitError> {
        self.list_index(&["ls-files", "-v", "-s", "-z"])
    }

    /// Returns the entries of the index, with the bytes of paths that are not UTF-8 [`escaped`]: for messages, not for writing.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn index_listing(&self) -> Result<Vec<IndexEntry>, GitError> {
        let args = ["ls-files", "-v", "-s", "-z"];
        let output = self.read(&args)?;
        let records = output.split(|byte| *byte == 0).filter(|record| !record.is_empty());
        records.map(|record| read_entry(&escaped(record), &args)).collect()
    }

    /// Returns the entries of these paths, relative to the top of the work tree, and of everything below them.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn index_entries_of(&self, paths: &[&str]) -> Result<Vec<IndexEntry>, GitError> {
        if paths.len() <= MOST_PATHS {
            let specs: Vec<String> = paths.iter().map(|path| format!(":(top,literal){path}")).collect();
            let mut args = vec!["ls-files", "-v", "-s", "-z", "--"];
            args.extend(specs.iter().map(String::as_str));
            return self.list_index(&args);
        }
        // Git compares every entry with every pathspec; for thousands of paths, one lookup each is much cheaper.
        let wanted: BTreeSet<&str> = paths.iter().copied().collect();
        let is_wanted = |path: &str| {
            let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
            wanted.contains(path) || folders.into_iter().any(|folder| wanted.contains(folder))
        };
        Ok(self.index_entries()?.into_iter().filter(|entry| is_wanted(&entry.path)).collect())
    }

    /// Returns the paths at which the index differs from a commit, sorted; those that are not UTF-8 are left out. No file is read.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn index_changes(&self, commit: &str) -> Result<Vec<IndexChange>, GitError> {
        let args = ["diff-index", "--cached", "--name-status", "--no-renames", "-z", "--end-of-options", commit, "--"];
        let output = self.read(&args)?;
        let fields: Vec<&[u8]> = output.split(|byte| *byte == 0).collect();
        let read = |record: &[&[u8]]| match record {
            [state, path] => Some(IndexChange { path: str::from_utf8(path).ok()?.to_owned(), deleted: *state == b"D" }),
            _ => None,
        };
        let mut changes: Vec<IndexChange> = fields.chunks_exact(2).filter_map(read).collect();
        changes.sort();
        Ok(changes)
    }

    fn list_index(&self, args: &[&str]) -> Result<Vec<IndexEntry>, GitError> {
        let output = self.read(args)?;
        let records = output.split(|byte| *byte == 0).filter(|record| !record.is_empty());
        records.filter_map(|record| std::str::from_utf8(record).ok()).map(|record| read_entry(record, args)).collect()
    }

    /// Returns those of the paths, relative to the top of the work tree, that a commit would not include because a
    /// `.gitignore` names them.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn ignored(&self, paths: &[&str]) -> Result<BTreeSet<String>, GitError> {
        if paths.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut input = Vec::new();
        for path in paths {
            // A path that begins with a colon would be a pattern.
            input.extend(b"./");
            input.extend(unescaped(path).unwrap_or_else(|| path.as_bytes().to_vec()));
            input.push(0);
        }
        let run = self.try_read(&["check-ignore", "-z", "--stdin"], Input::Bytes(&input))?;
        // Exit code 1 means that none of them is ignored.
        let output = if run.code == Some(1) { run.stdout } else { run.ok()? };
        let records = output.split(|byte| *byte == 0).filter(|record| !record.is_empty());
        Ok(records.map(|record| escaped(record.strip_prefix(b"./").unwrap_or(record))).collect())
    }
}

fn read_entry(record: &str, args: &[&str]) -> Result<IndexEntry, GitError> {
    let parsed = || {
        let (head, path) = record.split_once('\t')?;
        let mut parts = head.split(' ');
        // A lower-case letter marks assume-unchanged, S a file that is left out of the work tree (git-ls-files(1), "-t" and "-v").
        let tag = parts.next()?;
        let is_left_out = tag.starts_with(['S', 's']);
        let is_unwatched = is_left_out || tag.starts_with(|tag: char| tag.is_ascii_lowercase());
        let mode = u32::from_str_radix(parts.next()?, 8).ok()?;
        let oid = parts.next()?.to_owned();
        let stage = parts.next()?.parse().ok()?;
        Some(IndexEntry { path: path.to_owned(), mode, oid, stage, is_unwatched, is_left_out })
    };
    parsed().ok_or_else(|| GitError::Unexpected { args: super::git_process::shown(args), answer: record.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_entry() {
        let entry = read_entry("M 100755 abc 2\ta path\twith a tab", &["ls-files"]).unwrap();
        let path = "a path\twith a tab".to_owned();
        let oid = "abc".to_owned();
        let expected = IndexEntry { path, mode: 0o100_755, oid, stage: 2, is_unwatched: false, is_left_out: false };
        assert_eq!(entry, expected);
        for (tag, is_unwatched) in [("H", false), ("h", true), ("S", true), ("s", true)] {
            let entry = read_entry(&format!("{tag} 100644 abc 0\ta"), &["ls-files"]).unwrap();
            assert_eq!(entry.is_unwatched, is_unwatched, "{tag}");
            assert_eq!(entry.is_left_out, tag.eq_ignore_ascii_case("s"), "{tag}");
        }
        assert!(read_entry("nothing", &["ls-files"]).is_err());
    }
}
