//! New texts for the index alone: stored as objects before the run is journaled.

use super::error::{ApplyError, Failure};
use super::journal::{Staged, StagedEntry};
use super::objects;
use super::pack::ObjectKind;
use super::run_context::RunContext;
use crate::io;
use crate::model::RepoPath;

/// Looks up the index entries of these files and stores their new texts as objects, invisible until the index refers to them. `None`
/// if no file is given.
pub(super) fn prepare(work: &RunContext, texts: &[(RepoPath, String)]) -> Result<Option<Staged>, ApplyError> {
    if texts.is_empty() {
        return Ok(None);
    }
    io::create_dirs(work.folder())?;
    let paths: Vec<String> = texts.iter().map(|(path, _)| work.in_repository(path)).collect();
    let borrowed: Vec<&str> = paths.iter().map(String::as_str).collect();
    let found = work.git.index_entries_of(&borrowed)?;
    // What is in the index has been through the filters.
    let known = found.first().map_or("", |entry| entry.oid.as_str());
    let objects = objects::store(work, ObjectKind::Blob, known, texts.iter().map(|(_, text)| text))?;
    let mut entries = Vec::new();
    for (path, new) in paths.iter().zip(objects) {
        let entry = found.iter().find(|entry| entry.path == *path && entry.stage == 0);
        let entry = entry.ok_or_else(|| Failure::BadPlan(format!("{path} is not in the index, or in conflict")))?;
        entries.push(StagedEntry { path: path.clone(), mode: entry.mode, old: entry.oid.clone(), new });
    }
    Ok(Some(Staged { index: work.git.index_file(), entries }))
}
