//! The tree that the commit of a run is to have: that of the base, and in it the planned files as git would store them.

use std::collections::BTreeSet;

use super::error::Failure;
use super::files::{self, State};
use super::index::{Copied, copy, on_index};
use super::journal::Journal;
use super::run_context::RunContext;
use crate::io::{self, Git, GitError, Input};

/// The index that the commit is made from, in relman's folder: the user's own one is not locked while hooks run, and nothing of it can
/// get into the commit.
pub(super) fn private(work: &RunContext) -> Git {
    on_index(&work.git, &work.own("index"))
}

/// Puts the planned files into the private index and returns its tree. The files are in place already.
///
/// The index that was copied for the run holds the base already, unless something was staged.
pub(super) fn make(work: &RunContext, journal: &Journal, copied: Option<&Copied>) -> Result<String, Failure> {
    let git = private(work);
    let run = |args: &[&str], input| {
        let all = [&["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"], args].concat();
        git.try_write(&all, input)?.ok()
    };
    match &journal.base {
        Some(_) if copied.is_some_and(Copied::is_clean) => {}
        Some(base) => {
            // With a copy of the user's index git knows which files it need not read again.
            copy(&work.git.index_file(), &work.own("index"))?;
            run(&["read-tree", "--reset", base], Input::Nothing)?;
        }
        None => {
            run(&["read-tree", "--empty"], Input::Nothing)?;
        }
    }
    let paths: String = journal.paths().map(|path| format!("{}\0", work.in_repository(path))).collect();
    let file = work.spool("paths", paths.as_bytes())?;
    run(&["update-index", "--add", "--remove", "-z", "--stdin"], Input::File(&file))?;
    let (tree, changed) = io::both(|| run(&["write-tree"], Input::Nothing), || changed_files(work, journal));
    let changed = changed?;
    if !changed.is_empty() {
        return Err(Failure::Changed { paths: changed });
    }
    Ok(String::from_utf8_lossy(&tree?).trim_end().to_owned())
}

/// Returns the files that somebody changed since they were put in place: what git has just read may be theirs.
fn changed_files(work: &RunContext, journal: &Journal) -> Result<Vec<String>, Failure> {
    let states = files::states(work, journal)?;
    let changed = journal.paths().zip(states).filter(|(_, state)| *state != State::New);
    Ok(changed.map(|(path, _)| path.as_str().to_owned()).collect())
}

/// Returns the planned paths, from the top, at which two trees differ.
pub(super) fn differing(
    work: &RunContext,
    journal: &Journal,
    one: &str,
    other: &str,
) -> Result<BTreeSet<String>, GitError> {
    let planned: BTreeSet<String> = journal.paths().map(|path| work.in_repository(path)).collect();
    let changes = work.git.tree_changes(one, other)?;
    let paths = changes.into_iter().filter_map(|change| String::from_utf8(change.path).ok());
    Ok(paths.filter(|path| planned.contains(path)).collect())
}

/// Returns the tree of the base commit; the empty tree if the repository has no commits yet.
pub(super) fn of_base(work: &RunContext, journal: &Journal) -> Result<String, GitError> {
    journal.base.clone().map_or_else(|| work.git.empty_tree(), Ok)
}
