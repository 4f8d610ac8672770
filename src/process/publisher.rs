//! [`CommandPublisher`]: runs the commands of `[[release.run]]` in a clean checkout of their tag, and looks at what they make.

use std::path::Path;

use super::artifact_looks::Looker;
use super::checkout::Checkout;
use super::error::ProcessError;
use super::own_command::{FilledRun, environment, report_begun, report_ended, run_filled};
use super::plugin_deed::PluginDeed;
use super::prompt::{CommandWriter, Prompt};
use crate::apply::{Decision, Publication, PublishError, Publisher};
use crate::capture::Place;
use crate::io::now_seconds;
use crate::model::{CommitId, PackageIx, TagName};
use crate::plan::{
    Allowance, ArtifactReport, ArtifactState, Known, ReleaseUnit, RunLine, RunStep, judge, made_artifacts,
};
use crate::registry::Registries;
use crate::snapshot::{RemoteLook, Snapshot};

/// What a person said of commands that cannot be looked at, by their names.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// Those that have to run again.
    pub again: Vec<String>,
    /// Those that are done.
    pub done: Vec<String>,
}

/// Looks at what commands make.
#[derive(Clone, Copy)]
pub(super) struct MadeLooks<'a> {
    pub(super) place: &'a Place,
    pub(super) snapshot: &'a Snapshot,
    pub(super) registries: &'a Registries,
    pub(super) remote: &'a RemoteLook,
}

/// Runs commands, and looks at what they make.
pub(super) struct CommandPublisher<'a> {
    pub(super) made: MadeLooks<'a>,
    pub(super) remote_name: &'a str,
    pub(super) decisions: &'a Decisions,
    /// Takes a line of a command's output, with its name.
    pub(super) on_line: CommandWriter,
}

/// Runs a command that tells people about a release, in the folder of relman.toml. Returns why it failed; `None` if it succeeded.
///
/// # Errors
/// Returns an error as [`run_filled`] does.
pub(super) fn run_here(
    place: &Place,
    step: &RunStep,
    tag: &TagName,
    prompt: &mut dyn Prompt,
) -> Result<Option<String>, ProcessError> {
    let dir = step.cwd.as_ref().map_or_else(|| place.root.clone(), |folder| place.root.join(folder.as_str()));
    report_begun(&step.name, prompt);
    let ended =
        run_filled(&filled(step, &step.run, tag, &dir), &mut |line: &str| prompt.command_line(&step.name, line));
    let failure = ended?.failure();
    report_ended(&step.name, failure.as_deref(), prompt);
    Ok(failure)
}

fn filled<'a>(step: &'a RunStep, lines: &'a [RunLine], tag: &TagName, dir: &'a Path) -> FilledRun<'a> {
    let release = Some((step.version.as_str(), tag.as_str(), step.package.as_str()));
    FilledRun {
        lines,
        needs: &step.needs,
        dir,
        environment: environment(&step.env, release),
        // A command without input reads nothing.
        input: step.input.as_deref().unwrap_or("").as_bytes(),
        limit: step.seconds.saturating_mul(1_000),
    }
}

impl Publisher for CommandPublisher<'_> {
    fn rehearse(&self, publication: Publication<'_>) -> Result<(), PublishError> {
        if let Some(deed) = self.made.deed(publication.step, publication.commit) {
            return self.hearing(deed.rehearse());
        }
        self.run(publication, &publication.step.rehearse)
    }

    fn publish(&self, publication: Publication<'_>) -> Result<(), PublishError> {
        if let Some(deed) = self.made.deed(publication.step, publication.commit) {
            return self.hearing(deed.perform(&|line| (self.on_line)(&publication.step.name, line)));
        }
        self.run(publication, &publication.step.run)
    }

    fn missing(&self, publication: Publication<'_>) -> Result<Vec<String>, PublishError> {
        let unit = self.unit(publication)?;
        // It is looked at before and after, and again until it is there.
        self.made.registries.forget();
        self.hearing(self.made.missing(&unit, publication.step))
    }

    fn decision(&self, name: &str) -> Option<Decision> {
        let is_in = |names: &[String]| names.iter().any(|known| known == name);
        let done = is_in(&self.decisions.done).then_some(Decision::Done);
        done.or_else(|| is_in(&self.decisions.again).then_some(Decision::Again))
    }
}

impl<'a> MadeLooks<'a> {
    /// Returns what a plugin does in a step; `None` if a command does it.
    fn deed(&self, step: &'a RunStep, commit: &'a str) -> Option<PluginDeed<'a>> {
        let plugin = step.plugin.as_ref()?;
        Some(PluginDeed { place: self.place, config: &self.snapshot.config, step, plugin, commit })
    }

    /// Returns what is not right yet of what a command makes for a release.
    ///
    /// # Errors
    /// It cannot be looked at.
    pub(super) fn missing(&self, unit: &ReleaseUnit, step: &RunStep) -> Result<Vec<String>, PublishError> {
        if let Some(plugin) = &step.plugin {
            let of_remote = self.remote.tags.get(unit.tag.as_str()).map(|tag| tag.commit.as_str());
            // Without a commit nothing was done under its key.
            let commit = unit.commit.as_ref().map(CommitId::as_str).or(of_remote).unwrap_or_default();
            return PluginDeed { place: self.place, config: &self.snapshot.config, step, plugin, commit }.missing();
        }
        // The command is over, so what it makes does not need the time that CI gets.
        let times = std::collections::BTreeMap::new();
        let known = Known { times: &times, remote: Some(self.remote), has_forge: false };
        let expected = made_artifacts(self.snapshot, unit, &step.makes, known).map_err(PublishError::Failed)?;
        let looks = Looker::of_registries(self.registries).look(&expected);
        let looked: Vec<_> = expected.iter().cloned().zip(looks).collect();
        let reports = judge(self.snapshot, &looked, Allowance { now: now_seconds(), is_waiting: false });
        let shown = |report: &ArtifactReport| {
            let message = report.message.as_deref().map_or(String::new(), |message| format!(": {message}"));
            format!("{}{message}", report.artifact)
        };
        let unknown: Vec<String> =
            reports.iter().filter(|report| report.state == ArtifactState::Unknown).map(shown).collect();
        if !unknown.is_empty() {
            return Err(PublishError::Unseen(format!("it cannot be seen whether it is done: {}", unknown.join("; "))));
        }
        let is_right = |report: &&ArtifactReport| !matches!(report.state, ArtifactState::Ok | ArtifactState::Accepted);
        Ok(reports.iter().filter(is_right).map(shown).collect())
    }
}

impl CommandPublisher<'_> {
    /// Passes on what plugins wrote to standard error meanwhile.
    fn hearing<T>(&self, result: T) -> T {
        for (plugin, line) in self.made.place.plugins.take_said() {
            (self.on_line)(plugin.as_str(), &line);
        }
        result
    }

    fn unit(&self, publication: Publication<'_>) -> Result<ReleaseUnit, PublishError> {
        let Publication { step, tag, commit } = publication;
        let package = self.package(step)?;
        let version = self.made.snapshot.workspace.packages[package].scheme.parse_lenient(&step.version);
        let version = version.map_err(|error| PublishError::Failed(error.to_string()))?;
        let commit = Some(CommitId::new(commit));
        Ok(ReleaseUnit { package, version, text: step.version.clone(), tag: tag.clone(), commit })
    }

    fn package(&self, step: &RunStep) -> Result<PackageIx, PublishError> {
        let missing = || PublishError::Failed(format!("`{}` is not a package of relman.toml any more", step.package));
        self.made.snapshot.workspace.index_of(&step.package).ok_or_else(missing)
    }

    fn run(&self, publication: Publication<'_>, lines: &[RunLine]) -> Result<(), PublishError> {
        let Publication { step, tag, commit } = publication;
        let failed = |error: ProcessError| match error {
            ProcessError::Signalled(signal) => PublishError::Signalled(signal),
            other => PublishError::Failed(other.to_string()),
        };
        let checkout = Checkout::of(self.made.place, commit, self.remote_name).map_err(failed)?;
        checkout.share(self.made.place, &step.share).map_err(failed)?;
        let dir = match &step.cwd {
            Some(folder) => checkout.root().join(folder.as_str()),
            None => checkout.root().to_owned(),
        };
        let run = filled(step, lines, tag, &dir);
        match run_filled(&run, &mut |line: &str| (self.on_line)(&step.name, line)).map_err(failed)?.failure() {
            None => Ok(()),
            Some(why) => Err(PublishError::Failed(why)),
        }
    }
}
