//! [`Planner::generated`]: the files that the generators of relman.toml make of a planned release become a part of it.

use std::collections::BTreeSet;
use std::path::Path;

use super::checkout::Checkout;
use super::confirm::agrees;
use super::error::ProcessError;
use super::own_command::{CommandResult, FilledRun, environment, report_begun, report_ended, run_filled};
use super::prompt::Prompt;
use super::release::Planner;
use crate::apply::write_files;
use crate::capture::{CaptureOptions, Place, capture};
use crate::config::{Generator, ReleaseText};
use crate::io::{self, EnvOverrides, Kind, TreeChange};
use crate::model::RepoPath;
use crate::plan::{
    FileChange, FileChanges, Proposal, Refusal, RefusalCode, ReleasePlan, ReleaseUnit, ReleaseWords, RunLine,
    not_as_planned, rewritten, units_of,
};
use crate::snapshot::{ChangedFile, Snapshot};
use crate::text::list_truncated;

/// How many paths a message lists.
const SHOWN: usize = 6;
/// Larger files are not taken into a plan, in bytes.
const LARGEST: u64 = 50 * 1024 * 1024;
/// The modes of a plain file: as git writes them.
const PLAIN: [u32; 2] = [0o100_644, 0o100_755];

impl Planner<'_> {
    /// Runs the generators of what is released in a clean checkout that holds the planned edits, and takes what they change into the plan.
    /// Asks again where that was not in the plan that was shown; `None` if the answer is no.
    ///
    /// # Errors
    /// A generator fails, or something cannot be read.
    pub(super) fn generated(
        &self,
        proposal: Proposal,
        asks: bool,
        prompt: &mut dyn Prompt,
    ) -> Result<Option<Proposal>, ProcessError> {
        let units = units_of(self.snapshot, proposal.plan())?;
        let due = due(self.snapshot, &units);
        if due.is_empty() || proposal.is_refused() {
            return Ok(Some(proposal));
        }
        let plan = proposal.plan();
        let generation = Generation { place: &self.session.place, snapshot: self.snapshot, units: &units, plan };
        let changes = match generation.run(&due, prompt)? {
            Ok(changes) => changes,
            Err(refusals) => return Ok(Some(refusals.into_iter().fold(proposal, Proposal::refused_for))),
        };
        if changes.is_empty() {
            return Ok(Some(proposal));
        }
        let paths: Vec<RepoPath> = changes.iter().map(|(path, _)| path.clone()).collect();
        let proposal = proposal.with_files(changes);
        let question = format!("{} generated: {}. Go on?", plural(paths.len()), list_truncated(&paths, SHOWN));
        if asks && prompt.can_ask() && !agrees(&question, &proposal, &self.snapshot.texts(), prompt) {
            return Ok(None);
        }
        Ok(Some(proposal))
    }
}

fn plural(count: usize) -> String {
    if count == 1 { "1 file was".to_owned() } else { format!("{count} files were") }
}

/// A generator, and the release that it runs for.
type Due<'a> = (&'a Generator, ReleaseUnit);

/// The generators of what is released.
fn due<'a>(snapshot: &'a Snapshot, units: &[ReleaseUnit]) -> Vec<Due<'a>> {
    let of = |generator: &'a Generator| {
        let unit = match &generator.package {
            None => units.first(),
            Some(id) => {
                let index = snapshot.workspace.index_of(&id.value);
                units.iter().find(|unit| Some(unit.package) == index)
            }
        };
        unit.filter(|unit| generator.command.versions.is_match(&unit.version)).map(|unit| (generator, unit.clone()))
    };
    snapshot.config.generate.iter().filter_map(of).collect()
}

struct Generation<'a> {
    place: &'a Place,
    snapshot: &'a Snapshot,
    units: &'a [ReleaseUnit],
    plan: &'a ReleasePlan,
}

type Changes = Vec<(RepoPath, FileChange)>;

impl Generation<'_> {
    /// Runs the generators one after the other; each sees what those before it made.
    fn run(&self, due: &[Due<'_>], prompt: &mut dyn Prompt) -> Result<Result<Changes, Vec<Refusal>>, ProcessError> {
        let Some(base) = &self.plan.base else {
            let message = "generators need a commit to start from, and there is none yet".to_owned();
            return Ok(Err(vec![refusal(message, Some("commit once, then release".to_owned()))]));
        };
        let checkout = Checkout::of(self.place, base.as_str(), "origin")?;
        write_files(&self.plan.files, checkout.git(), checkout.root())?;
        let shared: Vec<RepoPath> = due.iter().flat_map(|(generator, _)| &generator.share).cloned().collect();
        checkout.share(self.place, &shared)?;
        let git = checkout.git();
        let (planned, mut refusals) = (git.stage_all()?, Vec::new());
        let mut tree = planned.clone();
        for (generator, unit) in due {
            let is_taken = self.run_one(generator, unit, &checkout, prompt)?;
            if !is_taken {
                git.stage_all()?;
                git.restore_all(&tree)?;
                continue;
            }
            let after = git.stage_all()?;
            refusals.extend(self.out_of_bounds(generator, &git.tree_changes(&tree, &after)?));
            tree = after;
        }
        if !refusals.is_empty() {
            return Ok(Err(refusals));
        }
        refusals.extend(self.drift(&checkout)?);
        let mut changes = Vec::new();
        for change in git.tree_changes(&planned, &tree)? {
            match self.change(&checkout, &change)? {
                Ok(change) => changes.extend(change),
                Err(refusal) => refusals.push(refusal),
            }
        }
        Ok(if refusals.is_empty() { Ok(changes) } else { Err(refusals) })
    }

    /// Runs a generator. Returns `true` if what it changed is taken.
    fn run_one(
        &self,
        generator: &Generator,
        unit: &ReleaseUnit,
        checkout: &Checkout,
        prompt: &mut dyn Prompt,
    ) -> Result<bool, ProcessError> {
        let words = ReleaseWords { scratch: "{scratch}", ..ReleaseWords::new(self.snapshot, self.units) };
        let fill = |text: &ReleaseText| words.fill(text, unit);
        let command = &generator.command;
        let lines: Vec<RunLine> = command.run.iter().map(|line| RunLine::filled(line, fill)).collect();
        let package = &self.snapshot.workspace.packages[unit.package].id;
        let release = Some((unit.text.as_str(), unit.tag.as_str(), package.as_str()));
        let mut environment: EnvOverrides = environment(&command.env, release);
        environment.extend(generator.variables.iter().map(|(name, text)| (name.into(), Some(fill(text).into()))));
        let dir = command
            .cwd
            .as_ref()
            .map_or_else(|| checkout.root().to_owned(), |folder| checkout.root().join(folder.as_str()));
        let limit = u64::try_from(command.timeout.as_millis()).unwrap_or(u64::MAX);
        let run = FilledRun { lines: &lines, needs: &command.needs, dir: &dir, environment, input: &[], limit };
        report_begun(&generator.name, prompt);
        let taken = match run_filled(&run, &mut |line: &str| prompt.command_line(&generator.name, line))? {
            CommandResult::Succeeded => Ok(true),
            CommandResult::Exited { code, .. } if generator.ok.contains(&code) => Ok(false),
            CommandResult::Exited { why, .. } | CommandResult::Failed(why) => Err(why),
        };
        report_ended(&generator.name, taken.as_ref().err().map(String::as_str), prompt);
        taken.map_err(|why| {
            let message = format!("the generator `{}` failed: {why}", generator.name);
            let help = command.help.clone().or_else(|| absent_program(&lines, &dir));
            ProcessError::Failed { message, help }
        })
    }

    /// Refuses what a generator changed beside its outputs.
    fn out_of_bounds(&self, generator: &Generator, changes: &[TreeChange]) -> Option<Refusal> {
        let is_output = |path: &str| generator.outputs.iter().any(|glob| glob.matcher().is_match(path));
        let shown = |change: &TreeChange| {
            let path = String::from_utf8_lossy(&change.path).into_owned();
            let inner = std::str::from_utf8(&change.path).ok().and_then(|path| self.place.prefix.strip(path));
            (!inner.is_some_and(is_output)).then_some(path)
        };
        let outside: Vec<String> = changes.iter().filter_map(shown).collect();
        if outside.is_empty() {
            return None;
        }
        let message = format!(
            "the generator `{}` changed what `outputs` does not name: {}",
            generator.name,
            list_truncated(&outside, SHOWN)
        );
        Some(refusal(message, Some("add it to `outputs`, or let the command leave it alone".to_owned())))
    }

    /// Refuses a generator's files in which a version is not the planned one any more.
    fn drift(&self, checkout: &Checkout) -> Result<Option<Refusal>, ProcessError> {
        // The file that `--config` names may be one that git does not track.
        if let Some(name) = self.place.file.as_deref().and_then(|name| RepoPath::new(name).ok())
            && io::kind(&checkout.root().join(name.as_str()))? != Kind::File
        {
            let mut own = FileChanges::default();
            own.put(name, FileChange::Create { text: self.snapshot.config.text.to_string() });
            write_files(&own, checkout.git(), checkout.root())?;
        }
        let place = Place { git: checkout.git().clone(), root: checkout.root().to_owned(), ..self.place.clone() };
        let made = capture(&place, CaptureOptions::default(), &|_, _| ())?;
        let places = not_as_planned(&made, self.plan);
        let message =
            || format!("a generator changed versions that this release writes: {}", list_truncated(&places, SHOWN));
        Ok((!places.is_empty()).then(|| refusal(message(), None)))
    }

    /// What happens to a file, from the text that it has in the work tree to the one that the generator made.
    fn change(
        &self,
        checkout: &Checkout,
        change: &TreeChange,
    ) -> Result<Result<Option<(RepoPath, FileChange)>, Refusal>, ProcessError> {
        let shown = String::from_utf8_lossy(&change.path).into_owned();
        let path = std::str::from_utf8(&change.path).ok().and_then(|path| self.place.prefix.strip(path));
        let Some(path) = path.and_then(|path| RepoPath::new(path).ok()) else {
            return Ok(Err(refusal(format!("{shown} is generated, and its name cannot be part of a plan"), None)));
        };
        if let Some(new) = change.new.as_ref().filter(|new| !PLAIN.contains(&new.mode)) {
            let what = if new.mode == 0o120_000 { "a symbolic link" } else { "not a file" };
            return Ok(Err(refusal(format!("{path} is generated as {what}; only files can be"), None)));
        }
        let modes = change.old.as_ref().zip(change.new.as_ref()).map(|(old, new)| (old.mode, new.mode));
        if modes.is_some_and(|(old, new)| old != new) {
            return Ok(Err(refusal(format!("the generator changed the permissions of {path}"), None)));
        }
        if self.dirty().contains(&path) {
            let message = format!("{path} is generated, and has changes that are not committed");
            return Ok(Err(refusal(message, Some("commit or stash them".to_owned()))));
        }
        let read = |root: &Path| io::read_text(&root.join(path.as_str()), LARGEST);
        // A file that the plan creates or deletes has another text in the work tree than in the checkout.
        let is_here = io::kind(&self.place.root.join(path.as_str()))? == Kind::File;
        let old = if is_here { Some(read(&self.place.root)?) } else { None };
        let new = if change.new.is_some() { Some(read(checkout.root())?) } else { None };
        let change = rewritten(self.plan.files.get(&path), old.as_deref(), new);
        Ok(Ok(change.map(|change| (path, change))))
    }

    fn dirty(&self) -> BTreeSet<RepoPath> {
        let inside = |changed: &ChangedFile| match changed {
            ChangedFile::Inside(path) => Some(path.clone()),
            ChangedFile::Outside(_) => None,
        };
        self.snapshot.git.changed.iter().filter_map(inside).collect()
    }
}

/// What to do about a program of the repository that cannot be started in the checkout; `None` if it can.
fn absent_program(lines: &[RunLine], dir: &Path) -> Option<String> {
    let RunLine::Argv(words) = lines.first()? else { return None };
    let program = words.first().filter(|word| word.contains('/') && io::find_program(word, dir).is_none())?;
    let is_there = io::kind(&dir.join(program)).is_ok_and(|kind| kind == Kind::File);
    Some(match is_there {
        true => format!("make it executable: `git update-index --chmod=+x {program}`, and commit that"),
        false => format!("generators run in a clean checkout of HEAD: commit {program}"),
    })
}

fn refusal(message: String, help: Option<String>) -> Refusal {
    Refusal { code: RefusalCode::Generate, message, help }
}
