//! The way back: what the run made goes, as far as it still is exactly that.

use std::collections::BTreeSet;

use super::commit::{self, Position};
use super::error::{ApplyError, Failure};
use super::files::{self, Back, State};
use super::index::{self, Side};
use super::journal::{Content, Journal, JournalFile};
use super::leftovers;
use super::merge;
use super::run::{RESUME_OR_ABORT, Run};
use super::tags;
use super::take_back::take_back;
use super::tree;
use crate::io::{Held, Input};

/// The bytes of a file that somebody changed, and the same without the change of the run.
type Separated = (Vec<u8>, Vec<u8>);

impl Run<'_> {
    /// Takes the run back after a failure under our eyes; returns the error to tell.
    pub(super) fn undo(self, failure: Failure) -> ApplyError {
        // Another signal would only leave the half of it.
        let _held = Held::hold_apart();
        // Git itself may have been killed, with its locks in place and the half of its work done.
        let position = leftovers::clear(&self.work, &self.journal)
            .and_then(|()| Ok(commit::position(&self.work, &self.journal, &self.progress)?));
        match position.and_then(|position| self.backward(&position)) {
            Ok(kept) => {
                let next = Some(&failure).filter(|failure| failure.is_behind()).and_then(|_| take_back(&self));
                ApplyError::Undone { failure, kept, next }
            }
            Err(error) => {
                let help = error.help().unwrap_or_else(|| RESUME_OR_ABORT.to_owned());
                ApplyError::interrupted(format!("{failure}\nand it could not be taken back: {error}"), help)
            }
        }
    }

    /// Takes all back, in the reverse order: tags, index, branch, files, journal. Returns what was left, since it is somebody else's, in
    /// words. Nothing is changed where something of somebody else is in the way.
    pub(super) fn backward(&self, position: &Position) -> Result<String, ApplyError> {
        refuse_moved(position)?;
        let (backs, mut kept) = self.backs(position)?;
        self.refuse_foreign_entries()?;
        tags::undo(&self.work, &self.journal, &self.progress)?;
        match position {
            Position::Ours(landed) => {
                let before = match landed.parents.first() {
                    Some(parent) => parent.clone(),
                    None => tree::of_base(&self.work, &self.journal)?,
                };
                let given_back = self.swap.as_ref().map(|swap| index::give_back(&self.work, swap)).transpose()?;
                if given_back != Some(true) {
                    index::follow(&self.work, &landed.id, &before)?;
                }
                commit::undo(&self.work, landed)?;
            }
            _ => self.unstage()?,
        }
        files::put_back(&self.work, &self.journal, &backs)?;
        files::make_durable(&self.work, &self.journal)?;
        if self.journal.commit.is_some() && !self.is_at_base()? {
            kept.push("HEAD is where somebody else moved it".to_owned());
        }
        Journal::remove(&self.work)?;
        Ok(if kept.is_empty() {
            String::new()
        } else {
            format!("all else is as it was before the run; {}", kept.join("; "))
        })
    }

    /// Takes out of the index what is exactly the text of the run, whoever staged it.
    fn unstage(&self) -> Result<(), ApplyError> {
        if let Some(staged) = &self.journal.staged {
            index::stage(&self.work, staged, Side::Old)?;
        }
        // Where HEAD moved the index is somebody else's, and without the tree nothing of the run was staged.
        let Some(tree) = self.readable_tree().filter(|_| self.is_at_base().unwrap_or(false)) else { return Ok(()) };
        let base = tree::of_base(&self.work, &self.journal)?;
        // Where nothing is to be done, a lock of somebody else is not in the way.
        if index::is_at(&self.work, tree, &base)? {
            index::follow(&self.work, tree, &base)?;
        }
        Ok(())
    }

    /// The planned tree, if it was made and is still there: nothing holds it, so `git gc` may have removed it.
    fn readable_tree(&self) -> Option<&str> {
        let tree = self.progress.tree.as_deref()?;
        let run = self.work.git.try_read(&["cat-file", "-e", tree], Input::Nothing).ok()?;
        run.is_success().then_some(tree)
    }

    /// Decides for each file what is done to it, and says which ones somebody else changed.
    fn backs(&self, position: &Position) -> Result<(Vec<Back>, Vec<String>), ApplyError> {
        let states = files::states(&self.work, &self.journal)?;
        let committed = self.committed_by_others(position)?;
        let (mut backs, mut kept, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
        for (file, state) in self.journal.files.iter().zip(states) {
            let old = file.old.as_ref().map(|old| old.bytes().to_vec());
            backs.push(if committed.contains(&self.work.in_repository(&file.path)) {
                kept.push(format!("{} is as somebody committed it", file.path));
                Back::Leave
            } else if state == State::Old || file.old == file.new {
                Back::Leave
            } else if state == State::New {
                Back::Put { found: file.new.as_ref().map(|new| new.bytes().to_vec()), with: old }
            } else {
                match self.without_ours(position, file)? {
                    Some((found, with)) if Some(&with) == old.as_ref() => Back::Put { found: Some(found), with: old },
                    Some((found, with)) => {
                        kept.push(format!("what was changed in {} meanwhile is kept", file.path));
                        Back::Put { found: Some(found), with: Some(with) }
                    }
                    None => {
                        foreign.push(file.path.as_str().to_owned());
                        Back::Leave
                    }
                }
            });
        }
        if foreign.is_empty() { Ok((backs, kept)) } else { Err(files::in_the_way(&foreign)) }
    }

    /// Returns the planned paths, from the top, whose new content somebody else committed, above the base.
    fn committed_by_others(&self, position: &Position) -> Result<BTreeSet<String>, ApplyError> {
        let head =
            self.work.git.head()?.commit.filter(|_| *position == Position::Base && self.journal.commit.is_some());
        // Without the tree there was no commit yet, of which somebody could have taken a part.
        let (Some(tree), Some(head)) = (self.readable_tree(), head) else { return Ok(BTreeSet::new()) };
        if Some(&head) == self.journal.base.as_ref() {
            return Ok(BTreeSet::new());
        }
        let different = tree::differing(&self.work, &self.journal, tree, &head)?;
        let planned = self.journal.paths().map(|path| self.work.in_repository(path));
        Ok(planned.filter(|path| !different.contains(path)).collect())
    }

    /// Returns the bytes of a file that is neither old nor new, and the same without the change of the run; `None` if both touch the
    /// same lines.
    fn without_ours(&self, position: &Position, file: &JournalFile) -> Result<Option<Separated>, Failure> {
        let found = match files::read(&self.work, file) {
            Err(Failure::Changed { .. }) => None,
            found => found?,
        };
        let committed = match position {
            Position::Ours(landed) => commit::held(&self.work, &landed.id, &self.work.in_repository(&file.path))?,
            _ => None,
        };
        let new = committed.or_else(|| file.new.as_ref().map(|new| new.bytes().to_vec()));
        let old = file.old.as_ref().map(Content::bytes);
        // What is not a file on each side has no lines to compare.
        let (Some(found), Some(new), Some(old)) = (found, new, old) else { return Ok(None) };
        if found == new {
            return Ok(Some((found, old.to_vec())));
        }
        let merged = merge::without(&self.work, &found, &new, old)?;
        Ok(merged.map(|merged| (found, merged)))
    }
}

fn refuse_moved(position: &Position) -> Result<(), ApplyError> {
    let why = match position {
        Position::Base | Position::Ours(_) => return Ok(()),
        Position::Below(landed) => format!("somebody committed on top of {}, the commit of the run", landed.id),
        Position::Elsewhere(why) => why.clone(),
    };
    let help =
        "run `relman resume` to finish it; or bring the branch back to the commit of the run, then run `relman abort`";
    Err(ApplyError::interrupted(why, help))
}
