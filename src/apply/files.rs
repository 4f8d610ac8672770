//! The files of a run: in which state they are, forward, and back.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::error::{ApplyError, Failure};
use super::journal::{Content, Journal, JournalFile};
use super::run_context::RunContext;
use crate::io::{self, FileError, FileMode, Kind, Plain};

/// What stands in the place of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// What stood there before the run.
    Old,
    /// What the run put there.
    New,
    /// Something else: somebody edited it.
    Foreign,
}

/// Returns the bytes of a file; `None` if nothing exists there. What is not a plain file is an error, since it must not be replaced.
pub(super) fn read(work: &RunContext, file: &JournalFile) -> Result<Option<Vec<u8>>, Failure> {
    match io::read_plain(&work.target(&file.path))? {
        Plain::Missing => Ok(None),
        Plain::File { bytes, .. } => Ok(Some(bytes)),
        Plain::Other => Err(changed(file)),
    }
}

fn changed(file: &JournalFile) -> Failure {
    Failure::Changed { paths: vec![file.path.as_str().to_owned()] }
}

/// Compares a file with its old and its new content.
fn state(work: &RunContext, file: &JournalFile) -> Result<State, Failure> {
    let now = match read(work, file) {
        Err(Failure::Changed { .. }) => return Ok(State::Foreign),
        now => now?,
    };
    let is = |content: &Option<Content>| content.as_ref().map(Content::bytes) == now.as_deref();
    Ok(if is(&file.new) {
        State::New
    } else if is(&file.old) {
        State::Old
    } else {
        State::Foreign
    })
}

/// Compares all files.
pub(super) fn states(work: &RunContext, journal: &Journal) -> Result<Vec<State>, Failure> {
    let states: Vec<_> = journal.files.par_iter().map(|file| state(work, file)).collect();
    // The first error in the order of the files is the one to report.
    states.into_iter().collect()
}

/// Refuses to go on where somebody edited a file.
pub(super) fn refuse_foreign(journal: &Journal, states: &[State]) -> Result<(), ApplyError> {
    let foreign = journal.paths().zip(states).filter(|(_, state)| **state == State::Foreign);
    let foreign: Vec<String> = foreign.map(|(path, _)| path.as_str().to_owned()).collect();
    if foreign.is_empty() { Ok(()) } else { Err(in_the_way(&foreign)) }
}

/// Says that files of somebody else are in the way.
pub(super) fn in_the_way(paths: &[String]) -> ApplyError {
    ApplyError::interrupted(
        format!("{} changed since the run began; nothing of it was overwritten", paths.join(", ")),
        "move your version out of the way (`git stash push -- FILE`, or rename a new file), then run `relman resume` or `relman abort`",
    )
}

/// Writes every new content beside its target, and when all are there and durable puts them in place. Files that are new
/// already are left as they are.
///
/// The sync before the first rename is one for all files. It also makes the renames cheap: a file system that delays the allocation
/// of blocks would else write out each file by itself when it takes the place of another one. The journal is removed behind the
/// renames, and file systems keep that order, so that none is needed at the end.
pub(super) fn write_all_then_rename(work: &RunContext, journal: &Journal, states: &[State]) -> Result<(), Failure> {
    for folder in &journal.folders {
        io::create_dirs(&work.target(folder))?;
    }
    let due = || journal.files.iter().zip(states).filter(|(_, state)| **state != State::New).map(|(file, _)| file);
    for file in due() {
        if let Some(new) = &file.new {
            write_temp(work, file, new.bytes())?;
        }
    }
    if due().next().is_some() {
        make_durable(work, journal)?;
    }
    for file in due() {
        put(work, file, file.old.as_ref().map(Content::bytes), file.new.is_some())?;
    }
    Ok(())
}

/// Puts what waits beside a file in its place, or removes it, if it still holds the expected bytes: the look and the act are as close as
/// can be.
fn put(work: &RunContext, file: &JournalFile, expected: Option<&[u8]>, replaces: bool) -> Result<(), Failure> {
    let (temp, target) = (work.target(&file.temp), work.target(&file.path));
    if read(work, file)?.as_deref() != expected {
        return Err(changed(file));
    }
    match (expected, replaces) {
        (None, true) if !io::rename_new(&temp, &target)? => Err(changed(file)),
        (None, _) => Ok(()),
        (Some(_), true) => Ok(io::rename(&temp, &target)?),
        (Some(_), false) => Ok(io::remove(&target)?),
    }
}

/// Makes what was written durable: one call for all files where the system has one.
pub(super) fn make_durable(work: &RunContext, journal: &Journal) -> Result<(), FileError> {
    let paths = journal.files.iter().flat_map(|file| [&file.temp, &file.path]).map(|path| work.target(path));
    let paths: Vec<_> = paths.collect();
    io::sync_filesystem(work.root(), paths.iter().map(std::path::PathBuf::as_path))
}

/// What is done to a file when a run is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Back {
    /// It is left as it is.
    Leave,
    /// It is put back, if it still holds what was found.
    Put { found: Option<Vec<u8>>, with: Option<Vec<u8>> },
}

/// Carries that out. Where a file changed since it was looked at nothing is overwritten, and this can be done again.
pub(super) fn put_back(work: &RunContext, journal: &Journal, backs: &[Back]) -> Result<(), Failure> {
    // What waits goes first: on a full disk its room is needed.
    remove_temps(work, journal)?;
    for (file, back) in journal.files.iter().zip(backs) {
        let (found, with) = match back {
            Back::Leave => continue,
            Back::Put { found, with } => (found, with),
        };
        if let Some(with) = with {
            write_temp(work, file, with)?;
        }
        put(work, file, found.as_deref(), with.is_some())?;
    }
    for folder in journal.folders.iter().rev() {
        io::remove_dir(&work.target(folder));
    }
    Ok(())
}

/// Removes what an interrupted run left beside the targets.
pub(super) fn remove_temps(work: &RunContext, journal: &Journal) -> Result<(), Failure> {
    journal.files.iter().try_for_each(|file| remove_temp(work, file))
}

/// The name is ours: before the journal was written nothing stood there. What is not the beginning of a text of ours is kept even so.
fn remove_temp(work: &RunContext, file: &JournalFile) -> Result<(), Failure> {
    let temp = work.target(&file.temp);
    match io::kind(&temp)? {
        Kind::Missing => return Ok(()),
        Kind::File => {}
        _ => return Err(Failure::TempFileExists { path: file.temp.clone() }),
    }
    let found = io::read_file(&temp, u64::MAX)?;
    let is_ours = |content: &Option<Content>| content.as_ref().is_some_and(|text| text.bytes().starts_with(&found));
    if is_ours(&file.new) || is_ours(&file.old) || found.is_empty() {
        return Ok(io::remove(&temp)?);
    }
    Err(Failure::TempFileExists { path: file.temp.clone() })
}

fn write_temp(work: &RunContext, file: &JournalFile, bytes: &[u8]) -> Result<(), Failure> {
    let temp = work.target(&file.temp);
    let mode = file.mode.map(|bits| FileMode { bits });
    match io::create_new(&temp, bytes, mode) {
        Err(error) if error.exists() => {
            remove_temp(work, file)?;
            Ok(io::create_new(&temp, bytes, mode)?)
        }
        done => Ok(done?),
    }
}
