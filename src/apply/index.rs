//! [`stage`]: new texts for the index alone.

use std::path::Path;

use super::error::{ApplyError, Failure};
use super::workplace::{Workplace, lock};
use crate::io::{self, Git, Input};
use crate::model::RepoPath;

/// Puts new texts into the index that the environment names (in a hook not always the usual one), for files that are
/// in it already and keep their mode. The work tree stays as it is. Paths are relative to `root`.
///
/// # Errors
/// Where a file is not in the index, another relman is at work, or git cannot write.
pub fn stage(git: &Git, root: &Path, texts: &[(RepoPath, String)]) -> Result<(), ApplyError> {
    if texts.is_empty() {
        return Ok(());
    }
    let prefix = git
        .prefix_of(root)
        .ok_or_else(|| Failure::BadPlan(format!("{} is no folder of the work tree", root.display())))?;
    let work = Workplace::new(git, &prefix);
    let _lock = lock(git)?;
    let paths: Vec<String> = texts.iter().map(|(path, _)| work.in_repository(path)).collect();
    let borrowed: Vec<&str> = paths.iter().map(String::as_str).collect();
    let entries = git.index_entries_of(&borrowed)?;
    let objects = blobs(&work, texts)?;
    let mut lines = Vec::new();
    for (path, object) in paths.iter().zip(&objects) {
        let entry = entries.iter().find(|entry| entry.path == *path && entry.stage == 0);
        let entry = entry.ok_or_else(|| Failure::BadPlan(format!("{path} is not in the index, or in conflict")))?;
        lines.extend_from_slice(format!("{:o} {object} 0\t{path}\0", entry.mode).as_bytes());
    }
    let file = work.spool("index-info", &lines)?;
    let staged = git.try_write(&["update-index", "-z", "--index-info"], Input::File(&file))?;
    io::remove(&file)?;
    staged.ok()?;
    Ok(())
}

/// Stores the texts as they are: what is in the index has been through the filters.
fn blobs(work: &Workplace, texts: &[(RepoPath, String)]) -> Result<Vec<String>, Failure> {
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
