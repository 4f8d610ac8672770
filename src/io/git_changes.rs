//! How two trees, or a tree and the index, differ, entry by entry.

use std::collections::BTreeSet;

use super::git::Git;
use super::git_process::{GitError, Input, shown};

/// What a tree holds at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeEntry {
    /// The mode, as in [`IndexEntry`](super::IndexEntry).
    pub mode: u32,
    /// The object id in hexadecimal.
    pub oid: String,
}

/// A path at which two trees differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeChange {
    /// The path from the top of the work tree, as bytes.
    pub path: Vec<u8>,
    /// What the first tree holds; `None` if it holds nothing there.
    pub old: Option<TreeEntry>,
    /// What the second tree holds; `None` if it holds nothing there.
    pub new: Option<TreeEntry>,
}

const TREES: [&str; 7] = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=none"];
const STAGED: [&str; 7] =
    ["diff-index", "--cached", "--name-only", "--no-renames", "--no-relative", "-z", "--ignore-submodules=none"];

impl Git {
    /// Returns the paths at which two trees, or the trees of two commits, differ, sorted.
    ///
    /// # Errors
    /// Returns an error if git fails, for example because one of them is missing.
    pub fn tree_changes(&self, from: &str, to: &str) -> Result<Vec<TreeChange>, GitError> {
        let output = self.read(&[&TREES[..], &["--end-of-options", from, to, "--"]].concat())?;
        read_changes(&output).ok_or_else(|| GitError::Unexpected {
            args: shown(&TREES),
            answer: String::from_utf8_lossy(&output).chars().take(200).collect(),
        })
    }

    /// Returns the paths from the top, as bytes, at which the index differs from a tree, or from the tree of a commit.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn staged_against(&self, tree: &str) -> Result<BTreeSet<Vec<u8>>, GitError> {
        let output = self.read(&[&STAGED[..], &["--end-of-options", tree, "--"]].concat())?;
        Ok(output.split(|byte| *byte == 0).filter(|path| !path.is_empty()).map(<[u8]>::to_vec).collect())
    }

    /// Returns the tree that holds nothing.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn empty_tree(&self) -> Result<String, GitError> {
        let output = self.try_read(&["hash-object", "-t", "tree", "--stdin"], Input::Nothing)?.ok()?;
        Ok(String::from_utf8_lossy(&output).trim_end().to_owned())
    }
}

/// Reads `:OLDMODE NEWMODE OLDID NEWID STATUS NUL PATH NUL` for each path.
fn read_changes(output: &[u8]) -> Option<Vec<TreeChange>> {
    let mut changes = Vec::new();
    let mut records = output.split(|byte| *byte == 0).filter(|record| !record.is_empty());
    while let Some(record) = records.next() {
        let head = std::str::from_utf8(record).ok()?.strip_prefix(':')?;
        let mut parts = head.split(' ');
        let (old, new) = (parts.next()?, parts.next()?);
        let (old, new) = (entry(old, parts.next()?)?, entry(new, parts.next()?)?);
        changes.push(TreeChange { path: records.next()?.to_vec(), old, new });
    }
    Some(changes)
}

/// Returns the entry, whose mode is 0 if there is none; `None` if the text is not a mode.
#[expect(clippy::option_option, reason = "an unreadable entry differs from a missing one")]
fn entry(mode: &str, oid: &str) -> Option<Option<TreeEntry>> {
    let mode = u32::from_str_radix(mode, 8).ok()?;
    Some((mode != 0).then(|| TreeEntry { mode, oid: oid.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_added_changed_and_removed_paths() {
        let output = b":000000 100644 00 a1 A\0new\0:100644 100755 b1 b2 M\0a \xff\0:100644 000000 c1 00 D\0gone\0";
        let entry = |mode, oid: &str| Some(TreeEntry { mode, oid: oid.to_owned() });
        let change = |path: &[u8], old, new| TreeChange { path: path.to_vec(), old, new };
        let expected = [
            change(b"new", None, entry(0o100_644, "a1")),
            change(b"a \xff", entry(0o100_644, "b1"), entry(0o100_755, "b2")),
            change(b"gone", entry(0o100_644, "c1"), None),
        ];
        assert_eq!(read_changes(output).unwrap(), expected);
        assert_eq!(read_changes(b"").unwrap(), []);
        assert_eq!(read_changes(b"100644\0x\0"), None);
    }
}
