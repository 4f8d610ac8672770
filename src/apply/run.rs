//! [`run`], [`resume`], [`abort`]: forward, and back.

use std::path::Path;

use super::commit::{self, Position};
use super::error::{ApplyError, Failure};
use super::files::{self, State};
use super::index::{self, Copied, Side, Swap};
use super::journal::{Journal, Progress, StepState};
use super::leftovers;
use super::merge_commit;
use super::outward::{self, Made};
use super::prepare;
use super::proof::{Proof, exact};
use super::receipt::Receipt;
use super::run_context::{RunContext, lock, worktree_of};
use super::services::Services;
use super::staging;
use super::tags::{self, Target};
use super::tree;
use crate::io::{Git, GitIdentity, Held, Lock, signal_held_back};
use crate::model::{CommitId, Event, EventKind, EventState, RepoPath};
use crate::plan::{FileChanges, Outward, OutwardStep, ReleasePlan, ReportedState, ReportedStep};

pub(super) const RESUME_OR_ABORT: &str = "run `relman resume` to finish it, or `relman abort` to take it back";

/// A run on its way.
pub(super) struct Run<'a> {
    pub(super) work: RunContext,
    pub(super) journal: Journal,
    pub(super) progress: Progress,
    /// The index when the run began; `None` in a run that is resumed, and in one without a commit.
    copied: Option<Copied>,
    /// What the index was changed to by this process.
    pub(super) swap: Option<Swap>,
    proof: Proof<'a>,
    services: Services<'a>,
    words: String,
}

/// Carries out a plan whose paths are relative to `root`, the folder of relman.toml. Hooks may add to the commit, and change nothing
/// of the release.
///
/// # Errors
/// Refused before anything is written; failed, and then undone; or interrupted, when even the undoing failed or
/// something left the machine.
pub fn run(plan: &ReleasePlan, services: &Services<'_>, root: &Path) -> Result<Receipt, ApplyError> {
    run_proven(plan, services, root, &exact)
}

/// As [`run`], where hooks may change files of the release as long as `proof` accepts the commit.
///
/// # Errors
/// As [`run`].
pub fn run_proven(
    plan: &ReleasePlan,
    services: &Services<'_>,
    root: &Path,
    proof: Proof<'_>,
) -> Result<Receipt, ApplyError> {
    let (work, _lock) = begin(services.git, root)?;
    let (journal, copied) = prepare::release(&work, plan)?;
    Run::start(work, journal, copied, *services, proof)
}

/// Changes files by the same transaction, wherever HEAD is.
///
/// # Errors
/// As [`run`].
pub fn write_files(files: &FileChanges, git: &Git, root: &Path) -> Result<Receipt, ApplyError> {
    write_and_stage(files, &[], git, root)
}

/// The same, with new texts for the index alone: for files that are in it already and keep their mode. It is the index that the
/// environment names (in a hook not always the usual one).
///
/// # Errors
/// As [`run`], and where one of the files is not in the index.
pub fn write_and_stage(
    files: &FileChanges,
    texts: &[(RepoPath, String)],
    git: &Git,
    root: &Path,
) -> Result<Receipt, ApplyError> {
    let (work, _lock) = begin(git, root)?;
    let mut journal = prepare::files(&work, files)?;
    journal.staged = staging::prepare(&work, texts)?;
    Run::start(work, journal, None, Services::new(git, root), &exact)
}

/// Takes the lock of the repository, and refuses where an earlier run was interrupted.
fn begin(git: &Git, root: &Path) -> Result<(RunContext, Lock), ApplyError> {
    let prefix = git.prefix_of(root).ok_or_else(|| {
        Failure::BadPlan(format!("{} is not a folder of the work tree {}", root.display(), git.toplevel().display()))
    })?;
    let lock = lock(git)?;
    if let Some(journal) = Journal::load(git)? {
        let pending = journal.pending(git);
        let message = format!("an earlier run was interrupted: {}", pending.summary);
        return Err(ApplyError::interrupted(message, pending.help()));
    }
    Ok((RunContext::new(git, &prefix), lock))
}

/// Finishes an interrupted run; `None` if there is none.
///
/// # Errors
/// As [`run`]; interrupted, too, where somebody moved HEAD or edited a file since.
pub fn resume(services: &Services<'_>) -> Result<Option<Receipt>, ApplyError> {
    resume_proven(services, &exact)
}

/// As [`resume`], with the proof of [`run_proven`].
///
/// # Errors
/// As [`resume`].
pub fn resume_proven(services: &Services<'_>, proof: Proof<'_>) -> Result<Option<Receipt>, ApplyError> {
    let unfinished = |error| unfinished(services.git, error);
    let _lock = lock(services.git).map_err(unfinished)?;
    // Nothing was interrupted.
    let Some((run, position)) = Run::load(*services, proof).map_err(unfinished)? else { return Ok(None) };
    let states = run.states_to_resume(&position).map_err(unfinished)?;
    run.forward(position, &states).map(Some)
}

/// Takes an interrupted run back; `None` if there is none.
///
/// # Errors
/// Interrupted where something left the machine, or may have, or where somebody moved HEAD or edited a file since.
pub fn abort(services: &Services<'_>) -> Result<Option<Receipt>, ApplyError> {
    let unfinished = |error| unfinished(services.git, error);
    let _lock = lock(services.git).map_err(unfinished)?;
    // Nothing was interrupted.
    let Some((run, position)) = Run::load(*services, &exact).map_err(unfinished)? else { return Ok(None) };
    if let Some(step) = run.first_out() {
        let (to, help) = (step.action.destination(), "run `relman resume` to do the rest");
        let message = format!("something of the run is on {to}, or may be; what left the machine is never taken back");
        return Err(ApplyError::interrupted(message, help));
    }
    let _held = Held::hold_apart();
    let kept = run.backward(&position).map_err(unfinished)?;
    let files = run.journal.files.len();
    Ok(Some(Receipt { words: kept, ..run.receipt(files) }))
}

/// Ends an interrupted run of which only branches left the machine: deletes the tags that never did, and keeps the commit. `None` if
/// there is none.
///
/// # Errors
/// Interrupted where a tag left the machine, or may have, or something on the forge was begun.
pub fn abort_tags(services: &Services<'_>) -> Result<Option<Receipt>, ApplyError> {
    let unfinished = |error| unfinished(services.git, error);
    let _lock = lock(services.git).map_err(unfinished)?;
    // Nothing was interrupted.
    let Some((run, _)) = Run::load(*services, &exact).map_err(unfinished)? else { return Ok(None) };
    if let Some(step) = run.journal.outward.iter().find(|step| !is_branch_only(step) && run.may_be_out(step)) {
        let message = format!("the step `{}` is done, or may be: {}", step.id, step.action);
        return Err(ApplyError::interrupted(message, "run `relman resume` to do the rest"));
    }
    let _held = Held::hold_apart();
    tags::delete_unsent(&run.work, &run.journal, &run.progress).map_err(|error| unfinished(error.into()))?;
    let receipt = Receipt { files: 0, tags: Vec::new(), ..run.receipt(0) };
    Journal::remove(&run.work)?;
    Ok(Some(receipt))
}

/// Returns `true` if a step sends branches alone, or sends nothing.
fn is_branch_only(step: &OutwardStep) -> bool {
    match &step.action {
        Outward::Merge(_) | Outward::Back(_) | Outward::Wait(_) => true,
        Outward::Push(push) => push.tags.is_empty(),
        _ => false,
    }
}

/// An error of a command that is to end an interrupted run, which is then still there.
fn unfinished(git: &Git, error: ApplyError) -> ApplyError {
    // The other errors say themselves how things are.
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
    /// Notes what is about to be done, and does it.
    fn start(
        work: RunContext,
        journal: Journal,
        copied: Option<Copied>,
        services: Services<'a>,
        proof: Proof<'a>,
    ) -> Result<Receipt, ApplyError> {
        journal.save(&work)?;
        let work = work.for_run(&journal.run, journal.time);
        let progress = Progress::of(&journal.run);
        let states = vec![State::Old; journal.files.len()];
        let run = Self { work, journal, progress, copied, swap: None, proof, services, words: String::new() };
        run.forward(Position::Base, &states)
    }

    /// Reads the journal, waits for git children that are still at work, and finds out how far the run came.
    fn load(services: Services<'a>, proof: Proof<'a>) -> Result<Option<(Self, Position)>, ApplyError> {
        let git = services.git;
        // Nothing was interrupted.
        let Some(journal) = Journal::load(git)? else { return Ok(None) };
        if journal.worktree != worktree_of(git) {
            let message = format!("{} was interrupted in another work tree: {}", journal.summary, journal.toplevel);
            return Err(ApplyError::interrupted(message, "run the command there"));
        }
        let work = RunContext::new(git, &journal.prefix).for_run(&journal.run, journal.time);
        leftovers::clear(&work, &journal)?;
        let progress = Progress::load(&work, &journal.run);
        let position = commit::position(&work, &journal, &progress)?;
        if let Position::Elsewhere(why) = &position {
            let base = journal.base.as_deref().unwrap_or("no commit");
            let message = format!("{why}; {} was interrupted at {base}", journal.summary);
            let help = "bring HEAD back to where the run left it, then run the command again";
            return Err(ApplyError::interrupted(message, help));
        }
        let run = Self { work, journal, progress, copied: None, swap: None, proof, services, words: String::new() };
        Ok(Some((run, position)))
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
        let foreign = match &self.journal.staged {
            Some(staged) => index::foreign_entries(&self.work, staged)?,
            None => Vec::new(),
        };
        if foreign.is_empty() { Ok(()) } else { Err(files::in_the_way(&foreign)) }
    }

    /// Goes on from where the world is to the end. What fails before something is out is undone.
    fn forward(mut self, position: Position, states: &[State]) -> Result<Receipt, ApplyError> {
        let _held = Held::hold();
        let done = self
            .local_steps(position, states)
            .and_then(|()| outward::run(&self.work, &self.services, &self.journal, &mut self.progress));
        // Git gets the signal as well, and what it or a hook says of it is not the cause.
        match done.map_err(Failure::or_stopped) {
            Ok(()) => self.finish(),
            Err(failure) if self.first_out().is_none() => Err(self.undo(failure)),
            Err(failure) => {
                let cause = failure.help().map_or(String::new(), |help| format!("{help}; then "));
                let help = format!("{cause}run `relman resume`: it asks what is there already and does the rest");
                let steps = self.ends();
                let left = steps.iter().filter(|step| step.state != ReportedState::Done).count();
                let message = match failure {
                    Failure::Stopped(_) => format!(
                        "{failure}: the commit and the tags are made, and {left} of {} steps that leave this machine are not done",
                        steps.len()
                    ),
                    failure => failure.to_string(),
                };
                Err(ApplyError::Interrupted { message, help: Some(help), steps })
            }
        }
    }

    /// Returns the outward steps with their ends, after one of them failed: the first that is not done. Those behind it were not attempted.
    fn ends(&self) -> Vec<ReportedStep> {
        let mut failed = ReportedState::Failed;
        let end = |step: &OutwardStep| {
            let mut reported = ReportedStep::from(step.clone());
            match self.progress.outward.get(&step.id) {
                Some(StepState::Done(evidence)) => reported.done(evidence.url.clone()),
                _ if step.is_done => {}
                _ => reported.state = std::mem::replace(&mut failed, ReportedState::NotAttempted),
            }
            reported
        };
        self.journal.outward.iter().map(end).collect()
    }

    /// Returns `true` if something of a step is out, or may be.
    fn may_be_out(&self, step: &OutwardStep) -> bool {
        outward::may_be_out(&self.work, &self.services, &self.journal, &self.progress, step)
    }

    /// Returns the first step of which something is out, or may be: from then on the run cannot be taken back.
    fn first_out(&self) -> Option<&OutwardStep> {
        outward::first_out(&self.work, &self.services, &self.journal, &self.progress)
    }

    fn begins(&self, phase: &str) {
        (self.services.report)(Event::new(EventKind::Phase, phase, EventState::Begun));
    }

    /// Files, index, commit, tags.
    fn local_steps(&mut self, position: Position, states: &[State]) -> Result<(), Failure> {
        self.begins("files");
        files::write_all_then_rename(&self.work, &self.journal, states)?;
        if let Some(staged) = &self.journal.staged {
            index::stage(&self.work, staged, Side::New)?;
        }
        Failure::if_stopped()?;
        self.begins("commit");
        let committer = if self.journal.commit.is_some() { Some(self.commit(position)?) } else { None };
        if let Some(merge) = self.journal.merge.as_ref().filter(|_| self.progress.merge.is_none()) {
            self.progress.merge = Some(merge_commit::make(&self.work, merge)?);
            self.progress.save(&self.work, true)?;
        }
        for commit in self.journal.branch_commits.iter().skip(self.progress.branch_commits.len()) {
            self.progress.branch_commits.push(merge_commit::for_branch(&self.work, commit)?);
            self.progress.save(&self.work, true)?;
        }
        Failure::if_stopped()?;
        if self.journal.tags.is_empty() {
            return Ok(());
        }
        self.begins("tags");
        let head = Made { journal: &self.journal, progress: &self.progress }.head().map(str::to_owned);
        let head = head.ok_or_else(|| Failure::BadPlan("it has tags, but no commit to tag".to_owned()))?;
        tags::make(&self.work, &self.journal, &mut self.progress, &Target { commit: &head, committer })
    }

    /// Makes the commit, unless it is there already, and holds it against the plan; then the index follows. Returns who made it.
    fn commit(&mut self, position: Position) -> Result<GitIdentity, Failure> {
        let position = match (&self.journal.commit, position) {
            (Some(_), Position::Base) if !self.progress.outward.is_empty() => {
                return Err(Failure::NotAsPlanned { why: "it is gone from the branch, and was being sent".to_owned() });
            }
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
        // A position without the commit is an error, not a way on.
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
        Ok(landed.committer)
    }

    fn finish(self) -> Result<Receipt, ApplyError> {
        Journal::remove(&self.work).map_err(|error| {
            let message = format!("all is done, but the journal is still there: {error}");
            ApplyError::interrupted(message, "run `relman resume` once the cause is gone")
        })?;
        Ok(self.receipt(self.journal.files.len()))
    }

    fn receipt(&self, files: usize) -> Receipt {
        let done = |step: &OutwardStep| match self.progress.outward.get(&step.id)? {
            StepState::Done(evidence) => Some((step.clone(), evidence.clone())),
            StepState::Begun => None,
        };
        Receipt {
            files,
            commit: self.progress.commit.clone().map(CommitId::new),
            tags: self.journal.tags.iter().map(|tag| tag.name.clone()).zip(self.progress.tags.clone()).collect(),
            outward: self.journal.outward.iter().filter_map(done).collect(),
            words: self.words.clone(),
            stopped_by: signal_held_back(),
        }
    }
}
