//! The user's index: it is changed entry by entry, under git's own lock, and only where it still holds what it is expected to hold.
//!
//! Git itself makes the change, in a copy beside the index, which then takes its place. So whatever else is staged, flagged or split
//! stays as it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::error::Failure;
use super::journal::{Staged, StagedEntry};
use super::run_context::RunContext;
use crate::io::{self, FileError, FileStamp, Git, Input, Kind, TreeChange, TreeEntry};

/// So long is waited for another program that holds the lock.
const PATIENCE_MS: u64 = 10_000;
const STEP_MS: u64 = 50;
/// The text of a lock that relman holds, before the number of the run.
const MARK: &str = "relman ";

/// Returns git as it works on another index.
pub(super) fn on_index(git: &Git, index: &Path) -> Git {
    git.with_env(vec![("GIT_INDEX_FILE".into(), Some(index.as_os_str().to_owned()))])
}

/// The index as it was when a run began.
#[derive(Debug)]
pub(super) struct Copied {
    /// `None` if there was none.
    stamp: Option<FileStamp>,
    /// The paths, from the top, whose entries differ from the base.
    staged: BTreeSet<Vec<u8>>,
}

impl Copied {
    /// Copies the index to where the commit will be made from. A second copy stays what it is, so that no other file can look like the
    /// index of now.
    pub(super) fn make(work: &RunContext, base: &str) -> Result<Self, Failure> {
        let (index, to) = (work.git.index_file(), work.own("index"));
        io::create_dirs(work.folder())?;
        // Before the copies: were it replaced in between, it is not what was copied.
        let stamp = FileStamp::of(&index)?;
        copy(&index, &work.own(BEFORE))?;
        copy(&index, &to)?;
        Ok(Self { stamp, staged: on_index(&work.git, &to).staged_against(base)? })
    }

    /// Returns `true` if the path, from the top, differs from the base.
    pub(super) fn has_staged(&self, path: &str) -> bool {
        self.staged.contains(path.as_bytes())
    }

    /// Returns `true` if nothing was staged.
    pub(super) fn is_clean(&self) -> bool {
        self.staged.is_empty()
    }
}

/// Makes a copy of an index; no file if there is none. It is the same file by another name where the system can do that: git replaces an
/// index and never writes to it, and so does relman.
pub(super) fn copy(index: &Path, to: &Path) -> Result<(), FileError> {
    io::remove(to)?;
    io::remove(&with_suffix(to, ".lock"))?;
    match io::link_or_copy(index, to) {
        Err(error) if error.is_missing() => Ok(()),
        copied => copied,
    }
}

/// What a change left as the index. What was there before lies in relman's folder.
#[derive(Debug)]
pub(super) struct Swap(Option<FileStamp>);

/// The file in relman's folder with the index before a change.
const BEFORE: &str = "index-before";

/// Puts the index that the commit was made from in the place of the user's one, if that still is what was copied and nothing was staged
/// in it: so it is what git would have left there. Returns `None`, and changes nothing, if not.
pub(super) fn take_over(work: &RunContext, copied: &Copied) -> Result<Option<Swap>, Failure> {
    if !copied.is_clean() {
        return Ok(None);
    }
    let index = work.git.index_file();
    locked(work, &index, || {
        if FileStamp::of(&index)? != copied.stamp {
            return Ok(None);
        }
        rename_near(&work.own("index"), &index)?;
        Ok(Some(Swap(FileStamp::of(&index)?)))
    })
}

/// Puts back what was there before a change, if the index still is exactly what that left. Returns `false`, and changes nothing, if
/// not, and where the index is split: then it refers to other files.
pub(super) fn give_back(work: &RunContext, swap: &Swap) -> Result<bool, Failure> {
    let (index, before) = (work.git.index_file(), work.own(BEFORE));
    // The name of the extension (gitformat-index(5), "Split index"); a path that has it in its name only costs some time.
    let is_split = |bytes: &[u8]| bytes.windows(4).any(|four| four == b"link");
    locked(work, &index, || {
        if FileStamp::of(&index)? != swap.0 || io::kind(&before)? != Kind::File {
            return Ok(false);
        }
        if is_split(&read(&index)?) || is_split(&read(&before)?) {
            return Ok(false);
        }
        rename_near(&before, &index)?;
        Ok(true)
    })
}

/// Returns the bytes of an index; none if it does not exist.
fn read(index: &Path) -> Result<Vec<u8>, FileError> {
    match io::read_file(index, u64::MAX) {
        Err(error) if error.is_missing() => Ok(Vec::new()),
        read => read,
    }
}

/// Puts a file in the place of another one that may be on another file system: it is copied beside that first.
fn rename_near(from: &Path, index: &Path) -> Result<(), FileError> {
    let next = with_suffix(index, ".relman");
    copy(from, &next)?;
    io::rename(&next, index)
}

/// Takes the entries from one tree to another one. An entry that is not that of the first tree is somebody else's, and stays.
pub(super) fn follow(work: &RunContext, from: &str, to: &str) -> Result<Option<Swap>, Failure> {
    let changes = work.git.tree_changes(from, to)?;
    if changes.is_empty() {
        return Ok(None);
    }
    replace(work, &work.git.index_file(), |git| {
        let theirs = git.staged_against(from)?;
        let ours = changes.iter().filter(|change| !theirs.contains(&change.path));
        Ok(ours.flat_map(line_of).collect())
    })
}

/// Returns `true` if [`follow`] has something to do.
pub(super) fn is_at(work: &RunContext, from: &str, to: &str) -> Result<bool, Failure> {
    let theirs = work.git.staged_against(from)?;
    Ok(work.git.tree_changes(from, to)?.iter().any(|change| !theirs.contains(&change.path)))
}

/// In which state the entries of a run are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
}

/// Returns the paths of the entries that are neither old nor new.
pub(super) fn foreign_entries(work: &RunContext, staged: &Staged) -> Result<Vec<String>, Failure> {
    let now = read_entries(&on_index(&work.git, &staged.index), staged)?;
    let is_foreign =
        |entry: &&StagedEntry| !now.contains(&of(entry, Side::Old)) && !now.contains(&of(entry, Side::New));
    Ok(staged.entries.iter().filter(is_foreign).map(|entry| entry.path.clone()).collect())
}

/// Takes the entries of a run without a commit to one side. Those that somebody else changed stay.
pub(super) fn stage(work: &RunContext, staged: &Staged, side: Side) -> Result<Option<Swap>, Failure> {
    let other = if side == Side::New { Side::Old } else { Side::New };
    replace(work, &staged.index, |git| {
        let now = read_entries(git, staged)?;
        let due = staged.entries.iter().filter(|entry| now.contains(&of(entry, other)));
        Ok(due.flat_map(|entry| line(entry.path.as_bytes(), &of(entry, side).1)).collect())
    })
}

type Entry = (String, TreeEntry);

fn of(entry: &StagedEntry, side: Side) -> Entry {
    let oid = if side == Side::New { &entry.new } else { &entry.old };
    (entry.path.clone(), TreeEntry { mode: entry.mode, oid: oid.clone() })
}

fn read_entries(git: &Git, staged: &Staged) -> Result<Vec<Entry>, Failure> {
    let paths: Vec<&str> = staged.entries.iter().map(|entry| entry.path.as_str()).collect();
    let found = git.index_entries_of(&paths)?.into_iter().filter(|entry| entry.stage == 0);
    Ok(found.map(|entry| (entry.path, TreeEntry { mode: entry.mode, oid: entry.oid })).collect())
}

/// A line for `git update-index -z --index-info`.
fn line(path: &[u8], entry: &TreeEntry) -> Vec<u8> {
    let TreeEntry { mode, oid } = entry;
    [format!("{mode:o} {oid} 0\t").as_bytes(), path, b"\0"].concat()
}

/// The line that makes a change. The mode 0 takes an entry out, whatever the id beside it is.
fn line_of(change: &TreeChange) -> Vec<u8> {
    let gone = || change.old.as_ref().map(|old| TreeEntry { mode: 0, oid: old.oid.clone() });
    // What was not there before nor after has no line.
    change.new.clone().or_else(gone).map(|entry| line(&change.path, &entry)).unwrap_or_default()
}

/// Changes those entries of an index that `lines` names after a look at it. Nothing else comes in between.
fn replace(
    work: &RunContext,
    index: &Path,
    lines: impl FnOnce(&Git) -> Result<Vec<u8>, Failure>,
) -> Result<Option<Swap>, Failure> {
    locked(work, index, || {
        let next = with_suffix(index, ".relman");
        copy(index, &next)?;
        let git = on_index(&work.git, &next);
        let lines = lines(&git)?;
        if lines.is_empty() {
            io::remove(&next)?;
            return Ok(None);
        }
        change(work, &git, &lines)?;
        copy(index, &work.own(BEFORE))?;
        io::rename(&next, index)?;
        Ok(Some(Swap(FileStamp::of(index)?)))
    })
}

/// Does something under git's own lock of an index.
fn locked<T>(work: &RunContext, index: &Path, act: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let lock = with_suffix(index, ".lock");
    take(work, &lock)?;
    let done = act();
    // A git that was killed leaves its lock of the copy. The first error is the one to tell; what stays is known by its name.
    for suffix in [".relman", ".relman.lock"] {
        let _ = io::remove(&with_suffix(index, suffix));
    }
    let released = io::remove(&lock);
    let done = done?;
    released?;
    Ok(done)
}

fn change(work: &RunContext, git: &Git, lines: &[u8]) -> Result<(), Failure> {
    let file = work.spool("entries", lines)?;
    let run = |args: &[&str], input| git.try_write(&[&["-c", "core.fsmonitor=false"], args].concat(), input);
    run(&["update-index", "-z", "--index-info"], Input::File(&file))?.ok()?;
    // Git takes an entry without the times of its file for a changed one until it has looked. That others need a look, too, is
    // what it exits 1 for.
    run(&["update-index", "-q", "--refresh"], Input::Nothing)?;
    Ok(())
}

/// Takes the lock. It bears its mark from the first moment on, so that a kill never leaves one that could be somebody else's.
fn take(work: &RunContext, lock: &Path) -> Result<(), Failure> {
    let marked = work.spool("index-mark", format!("{MARK}{}\n", work.run()).as_bytes())?;
    let mut waited = 0;
    while !io::link_new(&marked, lock)? {
        if waited >= PATIENCE_MS {
            return Err(Failure::IndexLocked { lock: lock.to_owned() });
        }
        io::pause(STEP_MS);
        waited += STEP_MS;
    }
    Ok(())
}

/// Removes what a killed relman left beside an index. The caller holds the lock of relman, so no other one is at work.
pub(super) fn remove_leftovers(index: &Path) -> Result<(), FileError> {
    let lock = with_suffix(index, ".lock");
    let is_ours = || io::read_file(&lock, 1 << 10).is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()));
    if io::kind(&lock).is_ok_and(|kind| kind == Kind::File) && is_ours() {
        io::remove(&lock)?;
    }
    io::remove(&with_suffix(index, ".relman"))?;
    io::remove(&with_suffix(index, ".relman.lock"))
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    name.into()
}
