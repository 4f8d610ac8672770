//! Gates that passed when a release commit was made: a release from the same machine does not look at them again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::run_context::folder_of;
use crate::io::{self, FileError, Git};
use crate::model::CommitId;

const FILE: &str = "gates.json";
/// So many commits are kept.
const KEPT: usize = 20;
const LIMIT: u64 = 1024 * 1024;

/// A commit, and the names of the gates that passed before it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Passed {
    commit: CommitId,
    gates: BTreeSet<String>,
}

/// Notes that these gates passed before the commit was made.
///
/// # Errors
/// Returns an error if the file in the git folder cannot be written.
pub fn remember_gates(git: &Git, commit: &CommitId, gates: BTreeSet<String>) -> Result<(), FileError> {
    let mut all = read(git);
    all.retain(|passed| passed.commit != *commit);
    all.push(Passed { commit: commit.clone(), gates });
    let old = all.len().saturating_sub(KEPT);
    all.drain(..old);
    let bytes = serde_json::to_vec(&all).map_err(|error| FileError::Io {
        act: "write",
        path: FILE.into(),
        source: std::io::Error::other(error),
    })?;
    io::write_file(&folder_of(git).join(FILE), &bytes)
}

/// Returns the names of the gates that passed before the commit was made here; none if that is not known.
#[must_use]
pub fn remembered_gates(git: &Git, commit: &CommitId) -> BTreeSet<String> {
    let found = read(git).into_iter().find(|passed| passed.commit == *commit);
    found.map_or_else(BTreeSet::new, |passed| passed.gates)
}

/// A file that is missing or broken holds nothing: its gates are looked at again.
fn read(git: &Git) -> Vec<Passed> {
    let bytes = io::read_file(&folder_of(git).join(FILE), LIMIT).ok();
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}
