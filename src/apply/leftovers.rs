//! What a killed git leaves: a process that still runs, and lock files.

use std::path::{Path, PathBuf};

use super::error::ApplyError;
use super::index::{self, with_suffix};
use super::journal::Journal;
use super::run_context::{RUN_VARIABLE, RunContext};
use crate::io::{self, Kind};
use crate::plan::{RefusalCode, TagPlan};

/// So long is waited for a git that outlived its relman: a hook may run for a while.
const PATIENCE_MS: u64 = 10_000;
/// So long for any other git beside a lock that was left: an editor's `git status`, the maintenance behind a commit.
const PATIENCE_WITH_OTHERS_MS: u64 = 2_000;
/// So long for a lock to go by itself: one that is held is held for a moment.
const PATIENCE_WITH_LOCKS_MS: u64 = 300;
const STEP_MS: u64 = 50;

/// Waits for git children of the interrupted run, then removes the locks that they left.
pub(super) fn clear(work: &RunContext, journal: &Journal) -> Result<(), ApplyError> {
    let mark = format!("{RUN_VARIABLE}={}", journal.run);
    let of_the_run = || running_git(work, &mark).and_then(|all| all.into_iter().find(|process| process.marked));
    if let Some(process) = wait_for_exit(PATIENCE_MS, of_the_run) {
        return Err(busy(process.pid, "of the interrupted run"));
    }
    index::remove_leftovers(&work.git.index_file())?;
    if let Some(staged) = &journal.staged {
        index::remove_leftovers(&staged.index)?;
    }
    remove_false_indexes(work);
    let changes_refs = journal.commit.is_some() || !journal.tags.is_empty();
    let locks = || ref_locks(work, journal.branch.as_deref(), &journal.tags);
    if !changes_refs || wait_for_exit(PATIENCE_WITH_LOCKS_MS, || locks().into_iter().next()).is_none() {
        return Ok(());
    }
    if let Some(process) = wait_for_exit(PATIENCE_WITH_OTHERS_MS, || running_git(work, &mark)?.first().copied()) {
        return Err(busy(process.pid, "in this repository"));
    }
    let left: Vec<PathBuf> =
        locks().into_iter().filter(|lock| !is_left_over(lock) || io::remove(lock).is_err()).collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(locked(&left))
}

/// Refuses where another program holds the lock of the index for longer than a moment. No git of the run can have left it.
pub(super) fn refuse_index_lock(work: &RunContext) -> Result<(), ApplyError> {
    let lock = work.git.index_lock();
    let is_there = || io::kind(&lock).is_ok_and(|kind| kind != Kind::Missing).then_some(());
    wait_for_exit(PATIENCE_WITH_OTHERS_MS, is_there).map_or(Ok(()), |()| Err(locked(std::slice::from_ref(&lock))))
}

/// Says that another program, or one that was killed, locked a part of the repository.
pub(super) fn locked(locks: &[PathBuf]) -> ApplyError {
    let shown: Vec<String> = locks.iter().map(|lock| lock.display().to_string()).collect();
    ApplyError::refused(
        RefusalCode::Locked,
        format!("another program is at work in this repository, or was killed there: {} exists", shown.join(", ")),
        "wait until it has ended; if no git, editor or other program uses the repository any more, remove the file, \
         then run the command again",
    )
}

/// Returns `true` if no process holds the lock. When the run began there was none, and no git is alive, so a git of the run left it.
fn is_left_over(lock: &Path) -> bool {
    // Git writes this into the lock of HEAD only when it goes to another branch, which no run does.
    let is_checkout = || io::read_file(lock, 1 << 12).is_ok_and(|bytes| bytes.starts_with(b"ref:"));
    !io::may_be_open(lock) && !is_checkout()
}

/// Removes the indexes that `git commit` makes for a moment, of processes that are gone. They are in nobody's way.
fn remove_false_indexes(work: &RunContext) {
    // A folder that cannot be listed keeps them: they are rubbish, no more.
    for entry in io::read_dir(work.git.git_dir()).unwrap_or_default() {
        let pid = entry.name.strip_prefix("next-index-").and_then(|name| name.strip_suffix(".lock"));
        if pid.and_then(|pid| pid.parse().ok()).is_some_and(|pid| !io::may_run(pid)) {
            let _ = io::remove(&work.git.git_dir().join(entry.name));
        }
    }
}

fn running_git(work: &RunContext, mark: &str) -> Option<Vec<io::GitProcess>> {
    io::git_processes(&[work.git.toplevel(), work.git.git_dir(), work.git.common_dir()], mark)
}

/// Waits until `look` finds nothing; returns what it still finds when the time is up.
fn wait_for_exit<T>(patience_ms: u64, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let mut waited = 0;
    loop {
        let found = look()?;
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

/// Returns the locks on refs that the git calls of a run take, as far as they are there. A name that no file can have is not locked.
pub(super) fn ref_locks(work: &RunContext, branch: Option<&str>, tags: &[TagPlan]) -> Vec<PathBuf> {
    let (own, shared) = (work.git.git_dir(), work.git.common_dir());
    let mut names = vec![own.join("HEAD"), shared.join("packed-refs"), shared.join("reftable/tables.list")];
    names.extend(branch.map(|branch| shared.join("refs/heads").join(branch)));
    names.extend(tags.iter().map(|tag| shared.join("refs/tags").join(tag.name.as_str())));
    let locks = names.iter().map(|name| with_suffix(name, ".lock"));
    locks.filter(|lock| io::kind(lock).is_ok_and(|kind| kind == Kind::File)).collect()
}
