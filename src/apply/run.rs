//! [`run`], [`resume`], [`abort`]: forward, and back.

use std::path::Path;

use super::commit::{self, Position};
use super::error::{ApplyError, Failure};
use super::files::{self, State};
use super::index::{self, Copied, Side, Swap};
use super::journal::{Journal, Progress};
use super::leftovers;
use super::prepare::{Base, prepare};
use super::proof::{Proof, exact};
use super::push::{self, Arrived, PushEnd};
use super::receipt::Receipt;
use super::staging;
use super::tags;
use super::tree;
use super::workplace::{Workplace, lock, worktree_of};
use crate::io::Git;
use crate::model::{CommitId, RepoPath};
use crate::plan::Plan;

pub(super) const RESUME_OR_ABORT: &str = "run `relman resume` to finish it, or `relman abort` to take it back";

/// A run on its way.
pub(super) struct Run<'a> {
    pub(super) work: Workplace,
    pub(super) journal: Journal,
    pub(super) progress: Progress,
    /// The index when the run began; `None` in a run that is resumed, and in one without a commit.
    copied: Option<Copied>,
    /// What the index was changed to by this process.
    pub(super) swap: Option<Swap>,
    proof: Proof<'a>,
    words: String,
}

/// Carries out a plan whose paths are relative to `root`, the folder of relman.toml. Hooks may add to the commit, and change nothing
/// of the release.
///
/// # Errors
/// Refused before anything is written; failed, and then undone; or interrupted, when even the undoing failed or
/// something left the machine.
pub fn run(plan: &Plan, git: &Git, root: &Path) -> Result<Receipt, ApplyError> {
    run_proven(plan, git, root, &exact)
}

/// As [`run`], where hooks may change files of the release as long as `proof` accepts the commit.
///
/// # Errors
/// As [`run`].
pub fn run_proven(plan: &Plan, git: &Git, root: &Path, proof: Proof<'_>) -> Result<Receipt, ApplyError> {
    begin(plan, git, root, Base::Compared, &[], proof)
}

/// Writes the files of a plan by the same transaction, wherever HEAD is. Commit, tags and pushes must be absent.
///
/// # Errors
/// As [`run`].
pub fn write_texts(plan: &Plan, git: &Git, root: &Path) -> Result<Receipt, ApplyError> {
    write_and_stage(plan, &[], git, root)
}

/// The same, with new texts for the index alone: for files that are in it already and keep their mode. It is the index that the
/// environment names (in a hook not always the usual one).
///
/// # Errors
/// As [`run`], and where one of the files is not in the index.
pub fn write_and_stage(
    plan: &Plan,
    texts: &[(RepoPath, String)],
    git: &Git,
    root: &Path,
) -> Result<Receipt, ApplyError> {
    if plan.commit.is_some() || !plan.tags.is_empty() || !plan.pushes.is_empty() {
        return Err(Failure::BadPlan("it holds more than files".to_owned()).into());
    }
    begin(plan, git, root, Base::Ignored, texts, &exact)
}

fn begin(
    plan: &Plan,
    git: &Git,
    root: &Path,
    base: Base,
    texts: &[(RepoPath, String)],
    proof: Proof<'_>,
) -> Result<Receipt, ApplyError> {
    let prefix = git.prefix_of(root).ok_or_else(|| {
        Failure::BadPlan(format!("{} is not a folder of the work tree {}", root.display(), git.toplevel().display()))
    })?;
    let work = Workplace::new(git, &prefix);
    let _lock = lock(git)?;
    if let Some(journal) = Journal::load(git)? {
        let pending = journal.pending(git);
        let message = format!("an earlier run was interrupted: {}", pending.summary);
        return Err(ApplyError::interrupted(message, pending.help()));
    }
    let (mut journal, copied) = prepare(&work, plan, base)?;
    journal.staged = staging::prepare(&work, texts)?;
    journal.save(&work)?;
    let work = work.for_run(&journal.run, journal.time);
    let progress = Progress::of(&journal.run);
    let states = vec![State::Old; journal.files.len()];
    Run { work, journal, progress, copied, swap: None, proof, words: String::new() }.forward(Position::Base, &states)
}

/// Finishes an interrupted run; `None` if there is none.
///
/// # Errors
/// As [`run`]; interrupted, too, where somebody moved HEAD or edited a file since.
pub fn resume(git: &Git) -> Result<Option<Receipt>, ApplyError> {
    resume_proven(git, &exact)
}

/// As [`resume`], with the proof of [`run_proven`].
///
/// # Errors
/// As [`resume`].
pub fn resume_proven(git: &Git, proof: Proof<'_>) -> Result<Option<Receipt>, ApplyError> {
    let unfinished = |error| unfinished(git, error);
    let _lock = lock(git).map_err(unfinished)?;
    let Some((run, position)) = Run::load(git, proof).map_err(unfinished)? else { return Ok(None) };
    let states = run.states_to_resume(&position).map_err(unfinished)?;
    run.forward(position, &states).map(Some)
}

/// Takes an interrupted run back; `None` if there is none.
///
/// # Errors
/// Interrupted where something left the machine, or may have, or where somebody moved HEAD or edited a file since.
pub fn abort(git: &Git) -> Result<Option<Receipt>, ApplyError> {
    let unfinished = |error| unfinished(git, error);
    let _lock = lock(git).map_err(unfinished)?;
    let Some((run, position)) = Run::load(git, &exact).map_err(unfinished)? else { return Ok(None) };
    run.refuse_after_push(&position)?;
    let kept = run.backward(&position).map_err(unfinished)?;
    let files = run.journal.files.len();
    Ok(Some(Receipt { words: kept, ..run.receipt(files) }))
}

/// An error of a command that is to end an interrupted run, which is then still there.
fn unfinished(git: &Git, error: ApplyError) -> ApplyError {
    let ApplyError::Failed(failure) = &error else { return error };
    let summary = match Journal::load(git) {
        Ok(None) => return error,
        Ok(Some(journal)) => journal.summary,
        Err(_) => "its journal cannot be read".to_owned(),
    };
    let message = format!("{failure}\nso the interrupted run is still unfinished: {summary}");
    ApplyError::interrupted(message, "remove the cause, then run the command again")
}

impl<'a> Run<'a> {
    /// Reads the journal, waits for git children that are still at work, and finds out how far the run came.
    fn load(git: &Git, proof: Proof<'a>) -> Result<Option<(Self, Position)>, ApplyError> {
        let Some(journal) = Journal::load(git)? else { return Ok(None) };
        if journal.worktree != worktree_of(git) {
            let message = format!("{} was interrupted in another work tree: {}", journal.summary, journal.toplevel);
            return Err(ApplyError::interrupted(message, "run the command there"));
        }
        let work = Workplace::new(git, &journal.prefix).for_run(&journal.run, journal.time);
        leftovers::clear(&work, &journal)?;
        let progress = Progress::load(&work, &journal.run);
        let position = commit::position(&work, &journal, &progress)?;
        if let Position::Elsewhere(why) = &position {
            let base = journal.base.as_deref().unwrap_or("no commit");
            let message = format!("{why}; {} was interrupted at {base}", journal.summary);
            let help = "bring HEAD back to where the run left it, then run the command again";
            return Err(ApplyError::interrupted(message, help));
        }
        Ok(Some((Self { work, journal, progress, copied: None, swap: None, proof, words: String::new() }, position)))
    }

    /// Returns the states of the files of an interrupted run, and refuses to go on where somebody else's work is in the way.
    fn states_to_resume(&self, position: &Position) -> Result<Vec<State>, ApplyError> {
        if self.journal.commit.is_some() {
            leftovers::refuse_index_lock(&self.work)?;
        }
        if matches!(position, Position::Ours(_) | Position::Below(_)) {
            // With the commit there the files are the user's again.
            return Ok(vec![State::New; self.journal.files.len()]);
        }
        if self.journal.commit.is_some() && !self.is_at_base()? {
            let message = format!("HEAD moved since {} was interrupted", self.journal.summary);
            let help =
                "bring HEAD back to where it was, then run the command again; or take the run back with `relman abort`";
            return Err(ApplyError::interrupted(message, help));
        }
        let states = files::states(&self.work, &self.journal)?;
        files::refuse_foreign(&self.journal, &states)?;
        self.refuse_foreign_entries()?;
        files::remove_temps(&self.work, &self.journal)?;
        Ok(states)
    }

    pub(super) fn is_at_base(&self) -> Result<bool, Failure> {
        let head = self.work.git.head()?;
        Ok(head.commit == self.journal.base
            && commit::current_reference(&self.work)? == commit::reference_of(&self.journal))
    }

    pub(super) fn refuse_foreign_entries(&self) -> Result<(), ApplyError> {
        let staged = self.journal.staged.as_ref();
        let foreign = staged.map(|staged| index::foreign_entries(&self.work, staged)).transpose()?.unwrap_or_default();
        if foreign.is_empty() { Ok(()) } else { Err(files::in_the_way(&foreign)) }
    }

    /// Goes on from where the world stands to the end. What fails before the first push is undone.
    fn forward(mut self, position: Position, states: &[State]) -> Result<Receipt, ApplyError> {
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

    /// Files, index, commit, tags. Returns the commit that the tags are on.
    fn local_steps(&mut self, position: Position, states: &[State]) -> Result<String, Failure> {
        files::switch(&self.work, &self.journal, states)?;
        if let Some(staged) = &self.journal.staged {
            index::stage(&self.work, staged, Side::New)?;
        }
        let head = match self.journal.commit {
            Some(_) => self.commit(position)?,
            None => self.journal.base.clone().unwrap_or_default(),
        };
        if !self.journal.tags.is_empty() && head.is_empty() {
            return Err(Failure::BadPlan("it has tags, but no commit to tag".to_owned()));
        }
        tags::make(&self.work, &self.journal, &mut self.progress, &head)?;
        Ok(head)
    }

    /// Makes the commit, unless it is there already, and holds it against the plan; then the index follows.
    fn commit(&mut self, position: Position) -> Result<String, Failure> {
        let position = match (&self.journal.commit, position) {
            (Some(planned), Position::Base) => {
                self.progress = Progress::of(&self.journal.run);
                self.progress.tree = Some(tree::make(&self.work, &self.journal, self.copied.as_ref())?);
                self.progress.save(&self.work, false)?;
                self.words = commit::make(&self.work, planned)?;
                commit::made(&self.work, &self.journal, &self.progress)?
            }
            (_, found) => found,
        };
        let is_on_top = matches!(position, Position::Ours(_));
        let (Position::Ours(landed) | Position::Below(landed)) = position else {
            return Err(Failure::NotAsPlanned { why: "HEAD moved meanwhile".to_owned() });
        };
        if self.progress.commit.as_ref() != Some(&landed.id) {
            commit::verify(&self.work, &self.journal, &self.progress, &landed, self.proof)?;
            self.progress.commit = Some(landed.id.clone());
            self.progress.tags.clear();
            self.progress.save(&self.work, false)?;
        }
        if is_on_top {
            let taken = self.copied.as_ref().map(|copied| index::take_over(&self.work, copied)).transpose()?.flatten();
            self.swap = match taken {
                None => index::follow(&self.work, &tree::of_base(&self.work, &self.journal)?, &landed.id)?,
                taken => taken,
            };
        }
        Ok(landed.id)
    }

    fn finish(self) -> Result<Receipt, ApplyError> {
        Journal::remove(&self.work).map_err(|error| {
            let message = format!("all is done, but the journal is still there: {error}");
            ApplyError::interrupted(message, "run `relman resume` once the cause is gone")
        })?;
        Ok(self.receipt(self.journal.files.len()))
    }

    fn receipt(&self, files: usize) -> Receipt {
        Receipt {
            files,
            commit: self.progress.commit.clone().map(CommitId),
            tags: self.journal.tags.iter().map(|tag| tag.name.clone()).zip(self.progress.tags.clone()).collect(),
            pushes: self.progress.arrived,
            words: self.words.clone(),
        }
    }

    fn refuse_after_push(&self, position: &Position) -> Result<(), ApplyError> {
        let head = match position {
            Position::Ours(landed) | Position::Below(landed) => landed.id.clone(),
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
