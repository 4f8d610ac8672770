//! Filters: programs of the user's configuration through which git reads files of the work tree. Calls that read never run one.

use std::collections::BTreeSet;
use std::ffi::OsString;

use super::git::Git;
use super::git_process::{GitError, Input};
use super::git_settled::neutral_filters;

const PARAMETERS: &str = "GIT_CONFIG_PARAMETERS";

/// The filters of a repository's configuration that would run a program.
#[derive(Debug)]
pub(super) struct Filters {
    names: BTreeSet<Vec<u8>>,
}

impl Filters {
    /// Finds them among the keys of a configuration.
    pub(super) fn among<'a>(keys: impl Iterator<Item = &'a [u8]>) -> Self {
        let name = |key: &[u8]| {
            let key = key.strip_prefix(b"filter.")?;
            let end = key.iter().rposition(|byte| *byte == b'.')?;
            key.get(..end).map(<[u8]>::to_vec)
        };
        Self { names: keys.filter_map(name).collect() }
    }

    /// Returns the repository for calls in which these filters run nothing: files are compared without them. Line
    /// ends are still converted, which runs no program.
    pub(super) fn neutralised(&self, git: &Git) -> Git {
        if self.names.is_empty() {
            return git.clone();
        }
        let existing = git.variable(PARAMETERS);
        git.with_env(vec![(OsString::from(PARAMETERS), Some(neutral_filters(&self.names, existing)))])
    }

    /// Returns those of the paths, relative to the top of the work tree, that git reads through one of these filters.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub(super) fn filtered(&self, git: &Git, paths: &[&str]) -> Result<BTreeSet<String>, GitError> {
        if self.names.is_empty() || paths.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut input = paths.join("\0");
        input.push('\0');
        let output = git.try_read(&["check-attr", "-z", "--stdin", "filter"], Input::Bytes(input.as_bytes()))?.ok()?;
        let fields: Vec<&[u8]> = output.split(|byte| *byte == 0).collect();
        let found = fields.chunks_exact(3).filter_map(|record| match record {
            [path, _, driver] if self.names.contains(*driver) => Some(String::from_utf8_lossy(path).into_owned()),
            _ => None,
        });
        Ok(found.collect())
    }
}
