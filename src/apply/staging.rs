//! New texts for the index alone: stored as objects before the run is journaled.

use super::error::{ApplyError, Failure};
use super::journal::{Staged, StagedEntry};
use super::run_context::RunContext;
use crate::io::{self, Input};
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
    let mut entries = Vec::new();
    for (path, new) in paths.iter().zip(blobs(work, texts)?) {
        let entry = found.iter().find(|entry| entry.path == *path && entry.stage == 0);
        let entry = entry.ok_or_else(|| Failure::BadPlan(format!("{path} is not in the index, or in conflict")))?;
        entries.push(StagedEntry { path: path.clone(), mode: entry.mode, old: entry.oid.clone(), new });
    }
    Ok(Some(Staged { index: work.git.index_file(), entries }))
}

/// Stores the texts as they are: what is in the index has been through the filters.
fn blobs(work: &RunContext, texts: &[(RepoPath, String)]) -> Result<Vec<String>, Failure> {
    let folder = work.own("blobs");
    io::remove_tree(&folder)?;
    io::create_dirs(&folder)?;
    let mut list = String::new();
    for (number, (_, text)) in texts.iter().enumerate() {
        let path = folder.join(number.to_string());
        io::write_file(&path, text.as_bytes())?;
        list.push_str(&path.display().to_string());
        list.push('\n');
    }
    let file = work.spool("objects", list.as_bytes())?;
    let args = ["hash-object", "-w", "--no-filters", "--stdin-paths"];
    let output = work.git.try_write(&args, Input::File(&file))?.ok()?;
    io::remove(&file)?;
    io::remove_tree(&folder)?;
    let objects: Vec<String> = String::from_utf8_lossy(&output).lines().map(str::to_owned).collect();
    if objects.len() == texts.len() {
        return Ok(objects);
    }
    Err(Failure::BadPlan(format!("git stored {} of {} texts", objects.len(), texts.len())))
}
