//! [`verify`]: whether what was released has arrived, asked until it has, or time is over.

use std::time::Duration;

use super::artifact_looks::Looker;
use super::error::ProcessError;
use super::own_command::{OwnRun, report_begun, report_ended, run_own};
use super::plugin_deed::PluginDeed;
use super::prompt::Prompt;
use super::publisher::run_here;
use super::session::Session;
use super::world::World;
use crate::capture::{CaptureNeeds, CaptureOptions};
use crate::io::{Stopwatch, now_seconds, pause};
use crate::model::{ArtifactName, CommitId, Event, EventKind, EventState, Milestone};
use crate::plan::{
    Allowance, ArtifactState, Expected, Known, OnlyNamed, ReleaseUnit, SCHEMA, VerifyReport, VerifyRequest, What,
    announcement, expected_artifacts, judge, only_named, verify_units, wants_forge,
};
use crate::registry::Registries;
use crate::snapshot::{ArtifactFacts, ArtifactLook, Look, RemoteLook, Snapshot, TagLook};

/// The shortest and the longest pause between two looks, in milliseconds.
const PAUSES: (u64, u64) = (2_000, 30_000);

/// What is verified, and how.
#[derive(Clone, Debug)]
pub struct VerifyOptions {
    /// What is verified.
    pub request: VerifyRequest,
    /// How long is waited for what has not arrived yet.
    pub wait: Wait,
    /// Whether the command of relman.toml that tells people about a release is run, if all of it has arrived.
    pub announces: bool,
    /// How long a forge or a registry that is overloaded is waited for.
    pub patience: Duration,
}

/// How long is waited for what has not arrived yet.
#[derive(Clone, Copy, Debug)]
pub enum Wait {
    /// As long as relman.toml says.
    Configured,
    /// As long as relman.toml says, or where it does not say, so long.
    AtLeast(Duration),
    /// So long.
    For(Duration),
}

/// Looks at what releases should have put somewhere, again and again while something is on its way and there is time. Writes nothing.
///
/// # Errors
/// Returns an error if the repository cannot be read, or a name means nothing here.
pub fn verify(
    session: &Session,
    options: &VerifyOptions,
    prompt: &mut dyn Prompt,
) -> Result<VerifyReport, ProcessError> {
    let needs = CaptureNeeds { push: true, changelogs: options.announces, ..CaptureNeeds::default() };
    let snapshot = session.read(CaptureOptions { needs, staged: false }, prompt)?;
    let world = World::new(&session.place, options.patience, true);
    let registries = world.registries(&snapshot, &session.place);
    let verifier = Verifier { session, snapshot: &snapshot, world: &world, registries };
    let remote = world.remote_tags(&snapshot);
    let units = match &remote {
        Look::Found(remote) => verify_units(&snapshot, &options.request, remote)?,
        unanswered => unseen(&snapshot, session, &options.request, unanswered)?,
    };
    let mut report = verifier.verify(&units, remote, options, prompt)?;
    if options.announces {
        let note = verifier.announce(&units, &report, prompt)?;
        report.notes.push(note);
    }
    Ok(report)
}

/// The releases of the tags that are here, where the remote did not say which ones it has.
fn unseen(
    snapshot: &Snapshot,
    session: &Session,
    request: &VerifyRequest,
    look: &Look<RemoteLook>,
) -> Result<Vec<ReleaseUnit>, ProcessError> {
    let tags = session.place.git.tag_objects()?.into_iter();
    let local_tags = tags.map(|(name, object, commit)| (name, TagLook { object, commit })).collect();
    let units = verify_units(snapshot, request, &RemoteLook { local_tags, ..RemoteLook::default() })?;
    match look {
        // Nothing was looked at, which is not the same as nothing released.
        Look::Unknown { message, help } if units.is_empty() => {
            Err(ProcessError::Failed { message: message.clone(), help: help.clone() })
        }
        _ => Ok(units),
    }
}

/// Whoever looks at artifacts.
pub(super) struct Verifier<'a> {
    pub(super) session: &'a Session,
    pub(super) snapshot: &'a Snapshot,
    pub(super) world: &'a World,
    pub(super) registries: &'a Registries,
}

impl Verifier<'_> {
    /// Looks at what these releases should have put somewhere; the remote was looked at already.
    pub(super) fn verify(
        &self,
        units: &[ReleaseUnit],
        mut remote: Look<RemoteLook>,
        options: &VerifyOptions,
        prompt: &mut dyn Prompt,
    ) -> Result<VerifyReport, ProcessError> {
        let times = self.session.place.git.tag_times()?;
        let (has_forge, note) = self.has_forge(units);
        let known = Known { times: &times, remote: remote.found(), has_forge };
        let all = expected_artifacts(self.snapshot, units, known);
        let only = only_named(all, &options.request.only)?;
        let configured = self.snapshot.config.verify.as_ref().map(|verify| verify.wait);
        let configured = configured.filter(|wait| !wait.is_zero());
        let wait = match options.wait {
            // Without a word in relman.toml it is looked once.
            Wait::Configured => configured.unwrap_or_default(),
            Wait::AtLeast(default) => configured.unwrap_or(default),
            Wait::For(wait) => wait,
        };
        let since = Stopwatch::start();
        let (mut pause_next, mut shown) = (PAUSES.0, String::new());
        loop {
            let is_waiting = u128::from(since.milliseconds()) < wait.as_millis();
            let mut report = self.look(&only, units, &remote, is_waiting, prompt)?;
            report.notes.extend(note.clone());
            let left = wait.as_millis().saturating_sub(u128::from(since.milliseconds()));
            if !is_waiting || !is_worth_waiting(&report) {
                return Ok(report);
            }
            let pending = pending(&report);
            if pending != shown {
                let there = report.artifacts.iter().filter(|artifact| artifact.state != ArtifactState::Pending).count();
                let event = Event::new(EventKind::Wait, "artifacts", EventState::Running);
                prompt.report(event.counting(there, report.artifacts.len()).saying(format!("waiting for {pending}")));
                shown = pending;
            }
            pause(pause_next.min(u64::try_from(left).unwrap_or(u64::MAX)).max(1));
            pause_next = (pause_next * 3 / 2).min(PAUSES.1);
            remote = self.world.remote_tags(self.snapshot);
            self.registries.forget();
        }
    }

    /// Returns whether releases are looked for on a forge, and what is said where the remote is on none.
    fn has_forge(&self, units: &[ReleaseUnit]) -> (bool, Option<String>) {
        if !wants_forge(self.snapshot, units) {
            return (false, None);
        }
        match self.world.other_host(self.snapshot) {
            None => (!matches!(self.world.forge(self.snapshot), Look::NotAsked), None),
            Some(host) => {
                let note = format!(
                    "pipeline and release are not looked at: {host} is neither GitHub nor GitLab; set `kind` in [forge] if it is one of them"
                );
                (false, Some(note))
            }
        }
    }

    /// Runs the command that tells people; returns what is to be said about that.
    fn announce(
        &self,
        units: &[ReleaseUnit],
        report: &VerifyReport,
        prompt: &mut dyn Prompt,
    ) -> Result<String, ProcessError> {
        let config = self.snapshot.config.verify.as_ref();
        let Some(command) = config.and_then(|verify| verify.announce.as_ref()) else {
            return Ok("nothing was announced: [verify] has no `announce`".to_owned());
        };
        let Some(lead) = units.first() else {
            return Ok("nothing was announced: there is nothing released".to_owned());
        };
        let is_right = [ArtifactState::Pending, ArtifactState::Wrong].iter().all(|state| !report.has(*state));
        if !is_right || report.is_incomplete() {
            return Ok("nothing was announced: not everything has arrived".to_owned());
        }
        let step = announcement(self.snapshot, units, lead, command);
        if let Some(plugin) = &step.plugin {
            // A tag that is verified is on a commit.
            let commit = lead.commit.as_ref().map_or("", CommitId::as_str);
            let (place, config) = (&self.session.place, &self.snapshot.config);
            let deed = PluginDeed { place, config, step: &step, plugin, commit };
            let write = prompt.command_writer();
            let done = deed.perform_once(&|line| write(&step.name, line));
            place.plugins.take_said().iter().for_each(|(plugin, line)| write(plugin.as_str(), line));
            return Ok(match done {
                Ok(true) => format!("{} was announced", lead.tag),
                Ok(false) => format!("{} was announced before", lead.tag),
                Err(why) => format!("{} was not announced: {why}", lead.tag),
            });
        }
        Ok(match run_here(&self.session.place, &step, &lead.tag, prompt)? {
            None => format!("{} was announced", lead.tag),
            Some(why) => format!("{} was not announced: {why}", lead.tag),
        })
    }

    /// Looks once.
    fn look(
        &self,
        only: &OnlyNamed,
        units: &[ReleaseUnit],
        remote: &Look<RemoteLook>,
        is_waiting: bool,
        prompt: &mut dyn Prompt,
    ) -> Result<VerifyReport, ProcessError> {
        let expected: Vec<Expected> = only.wanted.iter().chain(&only.needed).cloned().collect();
        let milestones = self.milestones(&expected);
        let is_on_forge = expected.iter().any(|expected| expected.what.is_on_forge());
        let forge = if is_on_forge { self.world.forge(self.snapshot) } else { &Look::NotAsked };
        let looker = Looker { registries: self.registries, forge, remote, milestones: &milestones };
        let looks = looker.look(&expected);
        let mut looked: Vec<(Expected, ArtifactLook)> = expected.into_iter().zip(looks).collect();
        self.run_commands(&mut looked, units, prompt)?;
        let allowance = Allowance { now: now_seconds(), is_waiting };
        let mut artifacts = judge(self.snapshot, &looked, allowance);
        // What others only had to be compared with comes last.
        artifacts.truncate(only.wanted.len());
        Ok(VerifyReport { schema: SCHEMA, artifacts, notes: Vec::new() })
    }

    fn milestones(&self, expected: &[Expected]) -> Look<Vec<Milestone>> {
        let is_needed = expected.iter().any(|expected| matches!(expected.what, What::Milestone { .. }));
        if is_needed { self.world.milestones_now(self.snapshot) } else { Look::NotAsked }
    }

    /// Runs the commands of relman.toml that look at artifacts, once what they look at is there.
    fn run_commands(
        &self,
        looked: &mut [(Expected, ArtifactLook)],
        units: &[ReleaseUnit],
        prompt: &mut dyn Prompt,
    ) -> Result<(), ProcessError> {
        let digests: Vec<(ArtifactName, String)> = looked.iter().filter_map(digest).collect();
        for (expected, look) in looked {
            // Everything else was asked already.
            let What::Command { name, command, of } = &expected.what else { continue };
            let digest = match of {
                None => String::new(),
                Some(of) => match digests.iter().find(|(artifact, _)| artifact == of) {
                    Some((_, digest)) => digest.clone(),
                    None => {
                        *look = ArtifactLook::unknown(format!("{of} has no digest yet"), None);
                        continue;
                    }
                },
            };
            // A command is about its own release first.
            let unit = units.iter().find(|unit| unit.tag == expected.tag);
            let units: Vec<ReleaseUnit> = unit.into_iter().chain(units).cloned().collect();
            let place = &self.session.place;
            let run = OwnRun { digest: &digest, ..OwnRun::new(place, self.snapshot, &units, name) };
            report_begun(name, prompt);
            let why = run_own(&run, command, prompt)?;
            report_ended(name, why.as_deref(), prompt);
            *look = ArtifactLook { asked: None, found: Look::Found(ArtifactFacts::Command(why)) };
        }
        Ok(())
    }
}

/// The digest of an image or a chart.
fn digest((expected, look): &(Expected, ArtifactLook)) -> Option<(ArtifactName, String)> {
    let digest = match look.found.found()? {
        ArtifactFacts::Image(Some(image)) => &image.facts.digest,
        ArtifactFacts::Chart(Some(chart)) => &chart.digest,
        _ => return None,
    };
    Some((expected.artifact.clone(), digest.clone()))
}

/// Something may still come, and what would bring it did not fail.
fn is_worth_waiting(report: &VerifyReport) -> bool {
    let has_failed = report
        .artifacts
        .iter()
        .any(|artifact| artifact.state == ArtifactState::Wrong && artifact.artifact.starts_with("pipeline:"));
    report.has(ArtifactState::Pending) && !has_failed
}

/// What has not arrived, for a line of progress.
fn pending(report: &VerifyReport) -> String {
    let pending = report.artifacts.iter().filter(|artifact| artifact.state == ArtifactState::Pending);
    let names: Vec<&str> = pending.map(|artifact| artifact.artifact.as_str()).collect();
    format!("{} of {}: {}", names.len(), report.artifacts.len(), crate::text::list_truncated(&names, 3))
}
