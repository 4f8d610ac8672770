//! The paths that commits change.

use std::io::BufRead;

use super::git::Git;
use super::git_process::{GitError, failed, read_command, shown, stream};

/// A commit and the one to compare it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitPair {
    /// The commit.
    pub commit: String,
    /// Its parent; `None` for a root, all of whose files are new.
    pub parent: Option<String>,
}

/// A path that a commit changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedPath<'a> {
    /// The path from the top of the work tree, as bytes.
    pub path: &'a [u8],
    /// Whether the parent does not have it.
    pub added: bool,
}

const ARGS: [&str; 8] =
    ["diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--name-status", "--ignore-submodules=none"];

impl Git {
    /// Reports every path that the commits change, one commit after the other, with one process: `tell` gets the index of the pair.
    /// A rename is an addition and a deletion.
    ///
    /// # Errors
    /// Returns an error if git fails, for example because the clone lacks a tree.
    pub fn changed_paths(
        &self,
        pairs: &[CommitPair],
        mut tell: impl FnMut(usize, ChangedPath<'_>),
    ) -> Result<(), GitError> {
        let command = read_command(self.toplevel(), &self.extra, &ARGS);
        let input: String = pairs.iter().map(CommitPair::line).collect();
        let (run, read) = stream(command, &ARGS, input.as_bytes(), |output| read_changes(output, pairs, &mut tell))?;
        // Git's own error explains more than its truncated output.
        run.ok().map_err(|error| self.without_trees(error))?;
        read
    }
}

impl CommitPair {
    /// Git compares a commit with the parents listed here, whatever its real ones are.
    fn line(&self) -> String {
        match &self.parent {
            Some(parent) => format!("{} {parent}\n", self.commit),
            None => format!("{}\n", self.commit),
        }
    }
}

/// Reads `COMMIT NUL (STATUS NUL PATH NUL)…`; a commit without changes is left out.
fn read_changes(
    output: &mut dyn BufRead,
    pairs: &[CommitPair],
    tell: &mut impl FnMut(usize, ChangedPath<'_>),
) -> Result<(), GitError> {
    let mut at = None;
    let mut rest = pairs.iter().enumerate();
    let mut field = Vec::new();
    let mut path = Vec::new();
    while next_field(output, &mut field)? {
        if field.len() > 1 {
            at = rest.find(|(_, pair)| pair.commit.as_bytes() == field).map(|(index, _)| index);
            continue;
        }
        let (true, Some(index)) = (next_field(output, &mut path)?, at) else {
            return Err(GitError::Unexpected {
                args: shown(&ARGS),
                answer: String::from_utf8_lossy(&field).into_owned(),
            });
        };
        tell(index, ChangedPath { path: &path, added: field == b"A" });
    }
    Ok(())
}

fn next_field(output: &mut dyn BufRead, field: &mut Vec<u8>) -> Result<bool, GitError> {
    field.clear();
    output.read_until(0, field).map_err(|source| failed(&ARGS, source))?;
    Ok(field.pop() == Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(commits: &[&str]) -> Vec<CommitPair> {
        commits.iter().map(|id| CommitPair { commit: (*id).to_owned(), parent: None }).collect()
    }

    #[test]
    fn reads_changes_and_passes_over_commits_without_any() {
        let output = b"aa\0M\0a file\0A\0new\nline\0cc\0D\0gone\0";
        let mut told = Vec::new();
        let tell = &mut |at, changed: ChangedPath<'_>| told.push((at, changed.path.to_vec(), changed.added));
        read_changes(&mut &output[..], &pairs(&["aa", "bb", "cc"]), tell).unwrap();
        let expected: [(usize, &[u8], bool); 3] = [(0, b"a file", false), (0, b"new\nline", true), (2, b"gone", false)];
        assert_eq!(told, expected.map(|(at, path, added)| (at, path.to_vec(), added)));
    }

    #[test]
    fn output_of_another_form_is_an_error() {
        for output in [&b"M\0x\0"[..], b"zz\0M\0x\0", b"aa\0M\0"] {
            let read = read_changes(&mut &*output, &pairs(&["aa"]), &mut |_, _| ());
            assert!(matches!(read, Err(GitError::Unexpected { .. })), "{output:?}");
        }
    }
}
