//! What a killed git leaves: a process that still runs, and lock files.

use std::path::{Path, PathBuf};

use super::error::ApplyError;
use super::journal::Journal;
use super::workplace::{RUN_VARIABLE, Workplace};
use crate::io::{self, Kind};
use crate::plan::RefusalCode;

/// So long is waited for a git that outlived its relman: a hook may run for a while.
const PATIENCE_MS: u64 = 10_000;
/// So long for any other git beside a lock that was left: an editor's `git status`, the maintenance behind a commit.
const PATIENCE_WITH_OTHERS_MS: u64 = 2_000;
const STEP_MS: u64 = 50;

/// Waits for git children of the interrupted run, then removes the locks that they left.
pub(super) fn clear(work: &Workplace, journal: &Journal) -> Result<(), ApplyError> {
    let mark = format!("{RUN_VARIABLE}={}", journal.run);
    let of_the_run = || living(work, &mark).and_then(|all| all.into_iter().find(|process| process.marked));
    if let Some(process) = outlasting(PATIENCE_MS, of_the_run) {
        return Err(busy(process.pid, "of the interrupted run"));
    }
    let locks = locks(work, journal)?;
    if locks.is_empty() {
        return Ok(());
    }
    match living(work, &mark) {
        Some(_) => match outlasting(PATIENCE_WITH_OTHERS_MS, || living(work, &mark)?.first().copied()) {
            Some(process) => Err(busy(process.pid, "in this repository")),
            None => Ok(locks.iter().try_for_each(|lock| io::remove(lock))?),
        },
        None => {
            let shown: Vec<String> = locks.iter().map(|lock| lock.display().to_string()).collect();
            Err(ApplyError::refused(
                RefusalCode::Locked,
                format!("git left locks in this repository: {}", shown.join(", ")),
                "see that no git is running, remove them, then run the command again",
            ))
        }
    }
}

fn living(work: &Workplace, mark: &str) -> Option<Vec<io::GitProcess>> {
    io::git_processes(&[work.git.toplevel(), work.git.git_dir(), work.git.common_dir()], mark)
}

/// Waits until there is no such process; returns the one that is still there when patience ends.
fn outlasting(patience_ms: u64, mut process: impl FnMut() -> Option<io::GitProcess>) -> Option<io::GitProcess> {
    let mut waited = 0;
    loop {
        let found = process()?;
        if waited >= patience_ms {
            return Some(found);
        }
        io::pause(STEP_MS);
        waited += STEP_MS;
    }
}

fn busy(pid: u32, what: &str) -> ApplyError {
    ApplyError::refused(
        RefusalCode::Locked,
        format!("a git {what} is still at work (process {pid})"),
        "wait until it has ended, or end it, then run the command again",
    )
}

/// Returns the locks that the git calls of this run take, as far as they are there.
fn locks(work: &Workplace, journal: &Journal) -> Result<Vec<PathBuf>, ApplyError> {
    let (own, shared) = (work.git.git_dir(), work.git.common_dir());
    let mut names = vec![work.git.index_file(), own.join("HEAD"), shared.join("packed-refs")];
    names.push(shared.join("reftable/tables.list"));
    names.extend(journal.branch.iter().map(|branch| shared.join("refs/heads").join(branch)));
    names.extend(journal.tags.iter().map(|tag| shared.join("refs/tags").join(&tag.name.0)));
    let mut locks: Vec<PathBuf> = names.into_iter().map(with_lock).collect();
    for entry in io::read_dir(own)? {
        if entry.name.starts_with("next-index-") && entry.name.ends_with(".lock") {
            locks.push(own.join(entry.name));
        }
    }
    let mut found = Vec::new();
    for lock in locks {
        if is_file(&lock)? {
            found.push(lock);
        }
    }
    Ok(found)
}

fn with_lock(path: PathBuf) -> PathBuf {
    let mut name = path.into_os_string();
    name.push(".lock");
    name.into()
}

fn is_file(path: &Path) -> Result<bool, ApplyError> {
    Ok(io::kind(path)? == Kind::File)
}
