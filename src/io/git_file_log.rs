//! The commits that changed some files.

use std::collections::BTreeSet;

use super::git::Git;
use super::git_log::RunningLog;
use super::git_process::{GitError, shown};

/// A change of a file by a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHistoryEntry {
    /// The commit's id in hexadecimal.
    pub commit: String,
    /// The path from the top of the work tree.
    pub path: String,
    /// The ids of what its parents hold there, as far as they hold something.
    pub old: Vec<String>,
    /// The id of what it holds there itself; `None` if it holds nothing.
    pub new: Option<String>,
}

const ARGS: [&str; 12] = [
    "log",
    "-z",
    "--format=tformat:%H",
    "--no-show-signature",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-follow",
    "--no-relative",
    "--root",
    "--diff-merges=combined",
    "--end-of-options",
];

/// The most bytes of paths in one command line; that of Windows takes 32,767.
const MOST: usize = 16_000;

impl Git {
    /// Reads the changes of these files, given from the top of the work tree, by the commits that are reachable from `commit`, newest
    /// first, until `on_change` returns `false`. A merge changes what it took from none of its parents. Of side branches whose files were not
    /// taken over, git shows nothing.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn file_history(
        &self,
        commit: &str,
        paths: &BTreeSet<&str>,
        mut on_change: impl FnMut(FileHistoryEntry) -> Result<bool, GitError>,
    ) -> Result<(), GitError> {
        let is_long = paths.iter().map(|path| path.len()).sum::<usize>() > MOST;
        // All files of the same names are more than is needed, and few words.
        let names: BTreeSet<&str> = paths.iter().filter_map(|path| path.rsplit('/').next()).collect();
        let specs: Vec<String> = match is_long {
            true => names.iter().map(|name| format!(":(top,glob)**/{}", escaped(name))).collect(),
            false => paths.iter().map(|path| format!(":(top,literal){path}")).collect(),
        };
        let specs = specs.iter().map(String::as_str);
        let args: Vec<&str> = ARGS.into_iter().chain([commit, "--"]).chain(specs).collect();
        let mut log = RunningLog::start(self, &args)?;
        let mut current = String::new();
        while let Some(field) = log.field()? {
            let field = String::from_utf8_lossy(&field).into_owned();
            let head = field.trim_start_matches('\n');
            if !head.starts_with(':') {
                // A merge has an empty field before its files.
                if !head.is_empty() {
                    head.clone_into(&mut current);
                }
                continue;
            }
            let (Some((old, new)), Some(path)) = (ids(head), log.field()?) else {
                return Err(GitError::Unexpected { args: shown(&ARGS), answer: field });
            };
            let path = String::from_utf8_lossy(&path).into_owned();
            let entry = FileHistoryEntry { commit: current.clone(), path, old, new };
            if paths.contains(entry.path.as_str()) && !on_change(entry)? {
                return Ok(());
            }
        }
        log.end()
    }
}

/// Reads the ids in `:OLDMODE NEWMODE OLDID NEWID STATUS`, of a merge with a colon, a mode and an id for each parent.
fn ids(head: &str) -> Option<(Vec<String>, Option<String>)> {
    let words = head.trim_start_matches(':');
    let parents = head.len() - words.len();
    let ids = words.split(' ').skip(parents + 1).take(parents + 1);
    let mut ids: Vec<Option<String>> =
        ids.map(|id| (!id.bytes().all(|byte| byte == b'0')).then(|| id.to_owned())).collect();
    let new = ids.pop().filter(|_| ids.len() == parents)?;
    Some((ids.into_iter().flatten().collect(), new))
}

/// Writes a name that git takes as it is where it reads globs.
fn escaped(name: &str) -> String {
    let special = |c: char| matches!(c, '*' | '?' | '[' | '\\');
    name.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn ids_of_each_parent_are_read() {
        let read = |head: &str| ids(head).map(|(old, new)| (old.join(" "), new.unwrap_or_default()));
        let both = |old: &str, new: &str| Some((old.to_owned(), new.to_owned()));
        assert_eq!(read(":100644 100644 a1 b2 M"), both("a1", "b2"));
        assert_eq!(read(":000000 100644 00 b2 A"), both("", "b2"));
        assert_eq!(read(":100644 000000 a1 00 D"), both("a1", ""));
        assert_eq!(read("::100644 100644 100644 a1 b2 c3 MM"), both("a1 b2", "c3"));
        assert_eq!(read(":100644"), None);
    }
}
