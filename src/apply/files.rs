//! The files of a run: in which state they are, forward, and back.

use super::error::{ApplyError, Failure};
use super::journal::{Content, Journal, JournalFile};
use super::workplace::Workplace;
use crate::io::{self, FileError, FileMode, Kind};

/// What stands in the place of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// What stood there before the run.
    Old,
    /// What the run put there.
    New,
    /// Something else: somebody edited it.
    Neither,
}

/// Compares a file with its old and its new content.
pub(super) fn state(work: &Workplace, file: &JournalFile) -> Result<State, FileError> {
    let target = work.target(&file.path);
    let now = match io::kind(&target)? {
        Kind::Missing => None,
        Kind::File => Some(io::read_file(&target, u64::MAX)?),
        _ => return Ok(State::Neither),
    };
    let is = |content: &Option<Content>| content.as_ref().map(Content::bytes) == now.as_deref();
    Ok(if is(&file.new) {
        State::New
    } else if is(&file.old) {
        State::Old
    } else {
        State::Neither
    })
}

/// Compares all files.
pub(super) fn states(work: &Workplace, journal: &Journal) -> Result<Vec<State>, FileError> {
    journal.files.iter().map(|file| state(work, file)).collect()
}

/// Tells whether a hook rewrote a file that was put in place a moment ago. The bytes are compared: another text of the same length would
/// leave an index behind that takes back what the hook did.
pub(super) fn rewritten(work: &Workplace, journal: &Journal) -> Result<bool, FileError> {
    Ok(states(work, journal)?.iter().any(|state| *state != State::New))
}

/// Refuses to go on where somebody edited a file.
pub(super) fn refuse_foreign(journal: &Journal, states: &[State]) -> Result<(), ApplyError> {
    let foreign: Vec<&str> = journal
        .files
        .iter()
        .zip(states)
        .filter(|(_, state)| **state == State::Neither)
        .map(|(file, _)| file.path.as_str())
        .collect();
    if foreign.is_empty() {
        return Ok(());
    }
    Err(ApplyError::interrupted(
        format!("{} changed since the run was interrupted; nothing was overwritten", foreign.join(", ")),
        "put the file back as it was (`git restore -- FILE` where it shows up in `git diff`), then run the command again",
    ))
}

/// Writes every new content beside its target, and when all are there and durable puts them in place. Files that are new
/// already are left as they are.
///
/// The sync before the first rename is one for all files. It also makes the renames cheap: a file system that delays the allocation
/// of blocks would else write out each file by itself when it takes the place of another one. The journal is removed behind the
/// renames, and file systems keep that order, so that none is needed at the end.
pub(super) fn switch(work: &Workplace, journal: &Journal, states: &[State]) -> Result<(), Failure> {
    for folder in &journal.folders {
        io::create_dirs(&work.target(folder))?;
    }
    let due = || journal.files.iter().zip(states).filter(|(_, state)| **state != State::New).map(|(file, _)| file);
    for file in due() {
        if let Some(new) = &file.new {
            put_beside(work, file, new)?;
        }
    }
    if due().next().is_some() {
        make_durable(work, journal)?;
    }
    for file in due() {
        match &file.new {
            Some(_) => io::rename(&work.target(&file.temp), &work.target(&file.path))?,
            None => io::remove(&work.target(&file.path))?,
        }
    }
    Ok(())
}

/// Makes what was written durable: one call for all files where the system has one.
pub(super) fn make_durable(work: &Workplace, journal: &Journal) -> Result<(), FileError> {
    let paths = journal.files.iter().flat_map(|file| [&file.temp, &file.path]).map(|path| work.target(path));
    let paths: Vec<_> = paths.collect();
    io::sync_filesystem(work.root(), paths.iter().map(std::path::PathBuf::as_path))
}

/// Puts the old content back wherever something else stands. What the run put there goes; what somebody else did
/// goes only in a run that failed under our eyes, where it was a hook.
pub(super) fn restore(work: &Workplace, journal: &Journal, states: &[State]) -> Result<(), FileError> {
    // What waits goes first: on a full disk its room is needed.
    remove_temps(work, journal)?;
    for (file, state) in journal.files.iter().zip(states) {
        if *state == State::Old || file.old == file.new {
            continue;
        }
        match &file.old {
            Some(old) => {
                put_beside(work, file, old)?;
                io::rename(&work.target(&file.temp), &work.target(&file.path))?;
            }
            None => io::remove(&work.target(&file.path))?,
        }
    }
    for folder in journal.folders.iter().rev() {
        io::remove_dir(&work.target(folder));
    }
    Ok(())
}

/// Removes what an interrupted run left beside the targets.
pub(super) fn remove_temps(work: &Workplace, journal: &Journal) -> Result<(), FileError> {
    journal.files.iter().try_for_each(|file| io::remove(&work.target(&file.temp)))
}

fn put_beside(work: &Workplace, file: &JournalFile, content: &Content) -> Result<(), FileError> {
    let temp = work.target(&file.temp);
    // The name is ours: before the journal was written nothing stood there.
    let mode = file.mode.map(|bits| FileMode { bits });
    match io::create_new(&temp, content.bytes(), mode) {
        Err(error) if error.exists() => {
            io::remove(&temp)?;
            io::create_new(&temp, content.bytes(), mode)
        }
        done => done,
    }
}
