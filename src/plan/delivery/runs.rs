//! The commands of `[[release.run]]`: for which packages, in which order, and which of them are done.

use std::collections::BTreeSet;

use super::steps::Steps;
use crate::config::{ArtifactText, CommandLine, OwnCommand, ReleaseRun, RunScope};
use crate::model::{PackageIx, PluginRole};
use crate::plan::changelog::{Announcement, notes};
use crate::plan::outward::{Outward, PluginRelease, PluginStep, RunLine, RunStep};
use crate::plan::publish_order::publish_order;
use crate::plan::release_plan::{Refusal, RefusalCode};
use crate::plan::release_unit::{ReleaseUnit, ReleaseWords, release_title};
use crate::plan::tagged_packages::tag_mates;
use crate::snapshot::{Look, RunLook, Snapshot};

/// A command, and the release that it is run for.
#[derive(Clone, Debug)]
pub struct PlannedRun {
    /// The package, with the version and the tag that are released.
    pub unit: ReleaseUnit,
    /// The command.
    pub step: RunStep,
}

/// Returns the name under which the programs that an entry of `[[release.run]]` needs and that are not found are listed.
#[must_use]
pub fn run_key(name: &str) -> String {
    format!("[[release.run]] {name}")
}

/// Returns the commands of `[[release.run]]` for what is released, in their order: entry by entry, and within one that is run for several
/// packages, each after those that it requires.
#[must_use]
pub fn planned_runs(snapshot: &Snapshot, units: &[ReleaseUnit]) -> Vec<PlannedRun> {
    let runs = snapshot.config.release.iter().flat_map(|release| &release.runs);
    let of_entry = |entry: &ReleaseRun| -> Vec<PlannedRun> {
        let counts = |unit: &ReleaseUnit| entry.command.versions.is_match(&unit.version);
        let of = units_of_entry(snapshot, units, entry).into_iter().filter(counts);
        of.map(|unit| PlannedRun { step: step(snapshot, units, entry, &unit), unit }).collect()
    };
    runs.flat_map(of_entry).collect()
}

/// The releases that an entry is run for.
fn units_of_entry(snapshot: &Snapshot, units: &[ReleaseUnit], entry: &ReleaseRun) -> Vec<ReleaseUnit> {
    let packages = &snapshot.workspace.packages;
    let released = |package: PackageIx| {
        let one = |unit: &&ReleaseUnit| {
            unit.package == package || tag_mates(snapshot, unit.package, &unit.version).contains(&package)
        };
        units.iter().find(one).map(|unit| ReleaseUnit { package, ..unit.clone() })
    };
    match &entry.scope {
        RunScope::Once(None) => units.first().cloned().into_iter().collect(),
        RunScope::Once(Some(id)) => snapshot.workspace.index_of(&id.value).and_then(released).into_iter().collect(),
        RunScope::Each(globs) => {
            let is_meant = |package: PackageIx| {
                globs.value.iter().any(|glob| glob.matcher().is_match(packages[package].id.as_str()))
            };
            let meant: BTreeSet<PackageIx> = packages.positions().filter(|package| is_meant(*package)).collect();
            publish_order(snapshot, &meant).into_iter().filter_map(released).collect()
        }
    }
}

/// A command of relman.toml, and the release that it is run for.
#[derive(Clone, Copy)]
struct Command<'a> {
    snapshot: &'a Snapshot,
    units: &'a [ReleaseUnit],
    unit: &'a ReleaseUnit,
    command: &'a OwnCommand,
}

impl Command<'_> {
    fn lines(&self, lines: &[CommandLine]) -> Vec<RunLine> {
        // The folder is made when the command runs.
        let words = ReleaseWords { scratch: "{scratch}", ..ReleaseWords::new(self.snapshot, self.units) };
        lines.iter().map(|line| RunLine::filled(line, |text| words.fill(text, self.unit))).collect()
    }

    fn step(&self, name: &str) -> RunStep {
        let command = self.command;
        RunStep {
            name: name.to_owned(),
            package: self.snapshot.workspace.packages[self.unit.package].id.clone(),
            version: self.unit.text.clone(),
            run: self.lines(&command.run),
            plugin: None,
            rehearse: Vec::new(),
            makes: Vec::new(),
            needs: command.needs.clone(),
            env: command.env.clone(),
            seconds: command.timeout.as_secs(),
            cwd: command.cwd.clone(),
            share: Vec::new(),
            input: None,
            help: command.help.clone(),
        }
    }
}

fn step(snapshot: &Snapshot, units: &[ReleaseUnit], entry: &ReleaseRun, unit: &ReleaseUnit) -> RunStep {
    let command = Command { snapshot, units, unit, command: &entry.command };
    let words = ReleaseWords::new(snapshot, units);
    let made = |made: &ArtifactText| format!("{}:{}", made.kind.name(), words.fill(&made.name, unit));
    RunStep {
        plugin: asked_plugin(snapshot, &entry.command, PluginRole::Publish, std::slice::from_ref(unit)),
        rehearse: command.lines(&entry.rehearse),
        makes: entry.makes.iter().map(made).collect(),
        share: entry.share.clone(),
        ..command.step(&entry.name)
    }
}

/// Returns the command that tells people about a release, with what it reads: the section of the lead as a message.
#[must_use]
pub fn announcement(snapshot: &Snapshot, units: &[ReleaseUnit], lead: &ReleaseUnit, command: &OwnCommand) -> RunStep {
    let package = &snapshot.workspace.packages[lead.package].id;
    let text = match notes(snapshot, lead.tag.as_str(), Some(package.as_str())) {
        Ok(notes) => {
            let (title, link) = (release_title(snapshot, &notes), notes.link(&snapshot.config));
            Announcement { title: &title, notes: &notes.text, link: link.as_deref() }.message()
        }
        // A release without a section has a name all the same.
        Err(_) => format!("{package} {}\n", lead.text),
    };
    let entry = Command { snapshot, units, unit: lead, command };
    let plugin = asked_plugin(snapshot, command, PluginRole::Announce, units);
    RunStep { input: Some(text), plugin, ..entry.step("announce") }
}

/// What a plugin is asked to do for these releases, if a plugin is asked.
fn asked_plugin(
    snapshot: &Snapshot,
    command: &OwnCommand,
    role: PluginRole,
    units: &[ReleaseUnit],
) -> Option<PluginStep> {
    let release = |unit: &ReleaseUnit| {
        let package = &snapshot.workspace.packages[unit.package].id;
        // A release without a section has no notes.
        let notes =
            notes(snapshot, unit.tag.as_str(), Some(package.as_str())).map_or(String::new(), |notes| notes.text);
        PluginRelease { package: package.clone(), version: unit.text.clone(), tag: unit.tag.clone(), notes }
    };
    let name = command.plugin.as_ref()?.value.clone();
    Some(PluginStep { name, role, releases: units.iter().map(release).collect() })
}

impl Steps<'_> {
    /// The commands that publish what CI does not. What is there already is not published again.
    pub(super) fn runs(&mut self) {
        let delivery = self.delivery;
        if delivery.request.publish || delivery.request.from_tag {
            return;
        }
        for PlannedRun { unit, step } in planned_runs(delivery.snapshot, delivery.units) {
            let done = match self.is_done(&unit, &step) {
                Ok(is_done) => is_done.then(String::new),
                Err(refusal) => {
                    self.refusals.push(refusal);
                    None
                }
            };
            if let Some(missing) =
                delivery.outside.missing_programs.get(&run_key(&step.name)).filter(|_| done.is_none())
            {
                let message = format!("`{}` of [[release.run]] needs {}: not found", step.name, missing.join(", "));
                let help = Some("install it, or add its folder to PATH".to_owned());
                self.refusals.push(Refusal { code: RefusalCode::Gate, message, help });
            }
            self.add(Some(&unit.tag), Outward::Run(step), done);
        }
    }

    /// The command that tells people, after everything else. Where nothing else was left to do, they were told.
    pub(super) fn announce(&mut self) {
        let delivery = self.delivery;
        let command = delivery.snapshot.config.verify.as_ref().and_then(|verify| verify.announce.as_ref());
        // Nothing is announced without a command for it, or without a release.
        let (Some(command), Some(lead)) = (command, delivery.units.first()) else { return };
        if delivery.request.draft || delivery.request.from_tag || !command.versions.is_match(&lead.version) {
            return;
        }
        let is_done = delivery.request.only.is_empty() && self.steps.iter().all(|step| step.is_done);
        let step = announcement(delivery.snapshot, delivery.units, lead, command);
        self.add(Some(&lead.tag), Outward::Announce(step), is_done.then(String::new));
    }

    fn is_done(&self, unit: &ReleaseUnit, step: &RunStep) -> Result<bool, Refusal> {
        let (request, outside) = (self.delivery.request, self.delivery.outside);
        if request.done.contains(&step.name) {
            return Ok(true);
        }
        if request.again.contains(&step.name) {
            return Ok(false);
        }
        let refusal = |message: String, help: Option<String>| Refusal { code: RefusalCode::Forge, message, help };
        if step.can_be_looked_at() {
            match outside.runs.get(&RunLook::key(&step.name, unit.tag.as_str(), step.package.as_str())) {
                Some(Look::Found(look)) => return Ok(look.missing.is_empty()),
                Some(Look::Unknown { message, help }) => return Err(refusal(message.clone(), help.clone())),
                // A plugin that cannot tell is like a command that makes nothing with a name.
                Some(Look::NotAsked) | None if step.plugin.is_some() => {}
                // It is looked at before it begins.
                Some(Look::NotAsked) | None => return Ok(false),
            }
        }
        let remote = outside.remote.found();
        if !remote.is_some_and(|remote| remote.tags.contains_key(unit.tag.as_str())) {
            // Its tag did not leave the machine, so nothing was published from it.
            return Ok(false);
        }
        let releases = outside.forge.found().and_then(|forge| forge.releases.get(unit.tag.as_str()));
        if releases.and_then(Look::found).is_some_and(|found| found.iter().any(|release| !release.is_draft)) {
            return Ok(true);
        }
        let message =
            format!("the tag {} is out, and it is not known whether `{}` was run for it", unit.tag, step.name);
        let help = format!("look at what it does, then add `--done {}` or `--again {}`", step.name, step.name);
        Err(refusal(message, Some(help)))
    }
}
