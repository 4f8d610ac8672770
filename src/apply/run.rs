//! [`run`], [`resume`], [`abort`]: forward, and back.

use std::path::Path;

use super::commit::{self, Position, SavedIndex};
use super::error::{ApplyError, Failure};
use super::files::{self, State};
use super::journal::{Journal, Progress};
use super::leftovers;
use super::prepare::{Base, prepare};
use super::push::{self, Arrived, PushEnd};
use super::receipt::Receipt;
use super::tags;
use super::workplace::{Workplace, lock};
use crate::io::Git;
use crate::model::CommitId;
use crate::plan::Plan;

const RESUME_OR_ABORT: &str = "run `relman resume` to finish it, or `relman abort` to take it back";

/// A run on its way.
struct Run {
    work: Workplace,
    journal: Journal,
    progress: Progress,
    /// The index before the run; nothing in a run that was resumed, and in one without a commit.
    index: Option<SavedIndex>,
    /// Whether this process began the run.
    fresh: bool,
    words: String,
}

/// Carries out a plan whose paths are relative to `root`, the folder of relman.toml.
///
/// # Errors
/// Refused before anything is written; failed, and then undone; or interrupted, when even the undoing failed or
/// something left the machine.
pub fn run(plan: &Plan, git: &Git, root: &Path) -> Result<Receipt, ApplyError> {
    begin(plan, git, root, Base::Compared)
}

/// Writes the files of a plan by the same transaction, wherever HEAD is. Commit, tags and pushes must be absent.
///
/// # Errors
/// As [`run`].
pub fn write_texts(plan: &Plan, git: &Git, root: &Path) -> Result<Receipt, ApplyError> {
    if plan.commit.is_some() || !plan.tags.is_empty() || !plan.pushes.is_empty() {
        return Err(Failure::BadPlan("it holds more than files".to_owned()).into());
    }
    begin(plan, git, root, Base::Ignored)
}

fn begin(plan: &Plan, git: &Git, root: &Path, base: Base) -> Result<Receipt, ApplyError> {
    let prefix = git.prefix_of(root).ok_or_else(|| {
        Failure::BadPlan(format!("{} is no folder of the work tree {}", root.display(), git.toplevel().display()))
    })?;
    let work = Workplace::new(git, &prefix);
    let _lock = lock(git)?;
    if let Some(journal) = Journal::load(git)? {
        let message = format!("an earlier run was interrupted: {}", journal.summary);
        return Err(ApplyError::interrupted(message, RESUME_OR_ABORT));
    }
    let journal = prepare(&work, plan, base)?;
    let index = plan.commit.as_ref().map(|_| SavedIndex::read(&work)).transpose()?;
    journal.save(&work)?;
    let work = work.for_run(&journal.run, journal.time);
    let progress = Progress::of(&journal.run);
    let states = vec![State::Old; journal.files.len()];
    Run { work, journal, progress, index, fresh: true, words: String::new() }.forward(&Position::Base, &states)
}

/// Finishes an interrupted run; nothing where there is none.
///
/// # Errors
/// As [`run`]; interrupted, too, where somebody moved HEAD or edited a file since.
pub fn resume(git: &Git) -> Result<Option<Receipt>, ApplyError> {
    let _lock = lock(git)?;
    let Some((run, position)) = Run::load(git)? else { return Ok(None) };
    let states = match &position {
        // With the commit there the files are the user's again.
        Position::Ours(_) => vec![State::New; run.journal.files.len()],
        _ => files::states(&run.work, &run.journal)?,
    };
    files::refuse_foreign(&run.journal, &states)?;
    files::remove_temps(&run.work, &run.journal)?;
    run.forward(&position, &states).map(Some)
}

/// Takes an interrupted run back; nothing where there is none.
///
/// # Errors
/// Interrupted where something left the machine, or may have, or where somebody moved HEAD or edited a file since.
pub fn abort(git: &Git) -> Result<Option<Receipt>, ApplyError> {
    let _lock = lock(git)?;
    let Some((run, position)) = Run::load(git)? else { return Ok(None) };
    run.refuse_after_push(&position)?;
    let states = run.states_for_abort(&position)?;
    files::refuse_foreign(&run.journal, &states)?;
    run.backward(&position, &states)
        .map(Some)
        .map_err(|failure| ApplyError::interrupted(format!("the run was not taken back: {failure}"), RESUME_OR_ABORT))
}

impl Run {
    /// Reads the journal, waits for git children that are still at work, and finds out how far the run came.
    fn load(git: &Git) -> Result<Option<(Self, Position)>, ApplyError> {
        let Some(journal) = Journal::load(git)? else { return Ok(None) };
        let work = Workplace::new(git, &journal.prefix).for_run(&journal.run, journal.time);
        leftovers::clear(&work, &journal)?;
        let progress = Progress::load(&work, &journal.run);
        let position = commit::position(&work, &journal, &progress)?;
        if let Position::Elsewhere(why) = &position {
            let message = format!("{why}; {} was interrupted at {}", journal.summary, shown(&journal.base));
            let help = "bring HEAD back to where the run left it, then run the command again";
            return Err(ApplyError::interrupted(message, help));
        }
        Ok(Some((Self { work, journal, progress, index: None, fresh: false, words: String::new() }, position)))
    }

    /// Goes on from where the world stands to the end. What fails before the first push is undone.
    fn forward(mut self, position: &Position, states: &[State]) -> Result<Receipt, ApplyError> {
        // A push that an interrupted run began may have arrived, so that nothing may be taken back on a mere failure.
        let maybe_out = self.progress.begun > 0;
        let pushed = self.local_steps(position, states).and_then(|head| {
            let end = push::run(&self.work, &self.journal, &mut self.progress, &head)?;
            Ok((head, end))
        });
        match pushed {
            Ok((_, PushEnd::Done)) => self.finish(),
            Ok((_, PushEnd::Stopped(error))) => Err(error),
            Ok((_, PushEnd::NothingLeft(failure))) => Err(self.undo(failure)),
            Err(failure) if maybe_out || self.progress.arrived > 0 => {
                Err(ApplyError::interrupted(failure.to_string(), RESUME_OR_ABORT))
            }
            Err(failure) => Err(self.undo(failure)),
        }
    }

    /// Files, commit, tags. Returns the commit that HEAD is at.
    fn local_steps(&mut self, position: &Position, states: &[State]) -> Result<String, Failure> {
        files::switch(&self.work, &self.journal, states)?;
        let head = match (&self.journal.commit, position) {
            (Some(_), Position::Ours(id)) => {
                // A git that was killed behind its commit may not have come to the index.
                commit::reset_index(&self.work, &self.journal, Some(id))?;
                id.clone()
            }
            (Some(planned), _) => {
                self.words = commit::make(&self.work, &self.journal, planned)?;
                let (id, added) = commit::made(&self.work, &self.journal)?;
                commit::take_up(&self.work, &self.journal, &added, &id)?;
                if files::rewritten(&self.work, &self.journal)? {
                    // What a hook adds goes into the commit, but `git commit --only` has made up the index before.
                    commit::reset_index(&self.work, &self.journal, Some(&id))?;
                }
                id
            }
            (None, _) => self.journal.base.clone().unwrap_or_default(),
        };
        if self.journal.commit.is_some() && self.progress.commit.as_ref() != Some(&head) {
            self.progress.commit = Some(head.clone());
            self.progress.tags.clear();
            self.progress.save(&self.work, false)?;
        }
        if !self.journal.tags.is_empty() && head.is_empty() {
            return Err(Failure::BadPlan("there is no commit to tag".to_owned()));
        }
        tags::make(&self.work, &self.journal, &mut self.progress, &head, self.fresh)?;
        Ok(head)
    }

    fn finish(self) -> Result<Receipt, ApplyError> {
        Journal::remove(&self.work).map_err(|error| {
            let message = format!("all is done, but the journal is still there: {error}");
            ApplyError::interrupted(message, "run `relman resume` once the cause is gone")
        })?;
        Ok(self.receipt(self.journal.files.len()))
    }

    fn receipt(&self, files: usize) -> Receipt {
        let ids = self.progress.tags.iter().map(|id| CommitId(id.clone()));
        Receipt {
            files,
            commit: self.progress.commit.clone().map(CommitId),
            tags: self.journal.tags.iter().map(|tag| tag.name.clone()).zip(ids).collect(),
            pushes: self.progress.arrived,
            words: self.words.clone(),
        }
    }

    /// Takes the run back after a failure under our eyes; returns the error to tell.
    fn undo(self, failure: Failure) -> ApplyError {
        // Git itself may have been killed, with its locks in place and the half of its work done.
        let cleared = leftovers::clear(&self.work, &self.journal).and_then(|()| self.position_for_undo());
        let taken_back = cleared.and_then(|position| {
            // A hook may have rewritten the files; in a run that was resumed it may have been somebody else.
            let states =
                if self.fresh { files::states(&self.work, &self.journal)? } else { self.states_for_abort(&position)? };
            if !self.fresh {
                files::refuse_foreign(&self.journal, &states)?;
            }
            self.backward(&position, &states).map_err(ApplyError::from)
        });
        match taken_back {
            Ok(_) => failure.into(),
            Err(error) => {
                let message = format!("{failure}\nand it could not be taken back: {error}");
                ApplyError::interrupted(message, RESUME_OR_ABORT)
            }
        }
    }

    fn position_for_undo(&self) -> Result<Position, ApplyError> {
        match commit::position(&self.work, &self.journal, &self.progress)? {
            Position::Elsewhere(why) => Err(ApplyError::interrupted(why, RESUME_OR_ABORT)),
            position => Ok(position),
        }
    }

    /// Takes all back, in the reverse order: tags, branch, index, files, journal.
    fn backward(&self, position: &Position, states: &[State]) -> Result<Receipt, Failure> {
        tags::undo(&self.work, &self.journal, &self.progress)?;
        if let Position::Ours(id) = position {
            commit::undo(&self.work, &self.journal, id)?;
        }
        if self.journal.commit.is_some() {
            match &self.index {
                Some(saved) => saved.put_back(&self.work)?,
                None => commit::reset_index(&self.work, &self.journal, self.journal.base.as_deref())?,
            }
        }
        files::restore(&self.work, &self.journal, states)?;
        let files = states.iter().filter(|state| **state != State::Old).count();
        files::make_durable(&self.work, &self.journal)?;
        Journal::remove(&self.work)?;
        Ok(self.receipt(files))
    }

    /// The states of all files, where a file that git calls unchanged since our commit counts as new: a hook may
    /// have had a hand in it before it was committed.
    fn states_for_abort(&self, position: &Position) -> Result<Vec<State>, ApplyError> {
        let mut states = files::states(&self.work, &self.journal)?;
        if matches!(position, Position::Ours(_)) && states.contains(&State::Neither) {
            let differing = commit::differing(&self.work, &self.journal)?;
            for (file, state) in self.journal.files.iter().zip(&mut states) {
                if *state == State::Neither && !differing.contains(&self.work.in_repository(&file.path)) {
                    *state = State::New;
                }
            }
        }
        Ok(states)
    }

    fn refuse_after_push(&self, position: &Position) -> Result<(), ApplyError> {
        let head = match position {
            Position::Ours(id) => id.clone(),
            _ => self.journal.base.clone().unwrap_or_default(),
        };
        let first = self.journal.pushes.first().filter(|_| self.progress.begun > 0);
        let Some(first) = first else { return Ok(()) };
        let none = self.progress.arrived == 0
            && push::arrived(&self.work, &self.journal, &self.progress, first, &head) == Arrived::Nothing;
        if none {
            return Ok(());
        }
        Err(ApplyError::interrupted(
            format!("something of the run is on {}, or may be; what was pushed is never taken back", first.remote),
            "run `relman resume` to send the rest",
        ))
    }
}

fn shown(base: &Option<String>) -> &str {
    base.as_deref().unwrap_or("no commit")
}
