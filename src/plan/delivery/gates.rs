//! The gates that relman knows itself, judged by what was read and asked.

use crate::config::{CiRule, FragmentsRule, GatesConfig, Prereleases, PushOrder, Strength};
use crate::model::{CiVerdict, Diagnostic, Milestone, ProblemCode, Version, WorkItem, ci_verdict, did_you_mean};
use crate::plan::gate::{Gate, GateState};
use crate::plan::plugin_findings::plugin_gates;
use crate::plan::release_plan::{Refusal, RefusalCode};
use crate::plan::verify::unpublished;
use crate::snapshot::{ForgeLook, Look, Outside, Snapshot};
use crate::text::list_truncated;

use crate::plan::release_unit::{ReleaseUnit, ReleaseWords, milestone_title};

/// The names of the gates that relman knows itself.
use crate::config::BUILT_IN_GATES;

/// How many items a message lists.
const SHOWN: usize = 8;

/// What the gates are judged by.
#[derive(Clone, Copy)]
pub struct GateContext<'a> {
    /// Everything that was read.
    pub snapshot: &'a Snapshot,
    /// What is released.
    pub units: &'a [ReleaseUnit],
    /// What speaks against the plan already.
    pub refusals: &'a [Refusal],
    /// What was asked outside.
    pub outside: &'a Outside,
    /// The milestone of the release.
    pub milestone: Option<&'a Milestone>,
    /// The names of the gates that are skipped.
    pub skip: &'a [String],
    /// How far the tags of the release are.
    pub reach: GateReach,
}

/// How far the tags of a release are, on which depends what can still go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateReach {
    /// They are still to be made.
    New,
    /// They may be on the remote already, on the same commit.
    MayBeOut,
    /// They are on the remote: the state of HEAD does not matter any more.
    Out,
}

/// Checks that every name is that of a gate.
///
/// # Errors
/// A name that no gate has.
pub fn check_gate_names(snapshot: &Snapshot, names: &[String]) -> Result<(), Vec<Diagnostic>> {
    let own = snapshot.config.gates.as_ref();
    let mut known: Vec<&str> = BUILT_IN_GATES.to_vec();
    known.extend(own.iter().flat_map(|gates| &gates.commands).map(|(name, _)| name.as_str()));
    known.extend(own.iter().flat_map(|gates| &gates.questions).map(|(name, _)| name.as_str()));
    let of_plugins: Vec<String> = plugin_gates(snapshot).into_iter().map(|gate| gate.name).collect();
    known.extend(of_plugins.iter().map(String::as_str));
    let unknown = names.iter().filter(|name| !known.contains(&name.as_str()));
    let problem = |name: &String| {
        let help = did_you_mean(name, &known, || format!("the gates are {}", known.join(", ")));
        Diagnostic::new(ProblemCode::UnknownName, format!("`{name}` is not a gate")).help(help)
    };
    let problems: Vec<Diagnostic> = unknown.map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Looks at all gates of relman.toml: those that relman knows itself are judged, commands and questions come later. Without `[gates]`
/// the list is empty.
#[must_use]
pub fn gates(context: GateContext<'_>) -> Vec<Gate> {
    // Without the table nothing is a gate.
    let Some(config) = &context.snapshot.config.gates else { return Vec::new() };
    if context.reach == GateReach::Out {
        let mut found = Vec::new();
        found.extend(context.items("issues", config.issues, |item| !item.is_request));
        found.extend(context.items("requests", config.requests, |item| item.is_request));
        return found.into_iter().map(|gate| context.skipped(gate)).collect();
    }
    let mut found = vec![
        context.guard("clean", &[RefusalCode::Dirty], "the work tree is clean"),
        context.guard("branch", &[RefusalCode::Branch, RefusalCode::Detached], "releases are cut from this branch"),
        context.guard("tag", &[RefusalCode::TagExists], "no planned tag exists"),
    ];
    found.extend(plugin_gates(context.snapshot));
    found.extend(config.up_to_date.then(|| context.up_to_date()));
    found.extend(config.remote_tag.then(|| context.remote_tag()));
    found.extend(config.unpublished.then(|| unpublished(context.snapshot, context.units, context.outside)).flatten());
    found.extend((config.ci == CiRule::Green).then(|| context.ci(config)));
    found.extend(context.items("issues", config.issues, |item| !item.is_request));
    found.extend(context.items("requests", config.requests, |item| item.is_request));
    found.extend(
        (config.fragments == FragmentsRule::Refuse && context.reach == GateReach::New).then(|| context.fragments()),
    );
    let is_meant = |versions: &crate::config::VersionGlobs| match context.units.first() {
        Some(lead) => versions.is_match(&lead.version),
        None => true,
    };
    for (name, command) in config.commands.iter().filter(|(_, command)| is_meant(&command.versions)) {
        let what = command.run.iter().map(ToString::to_string).collect::<Vec<_>>().join(" && ");
        found.push(match context.outside.missing_programs.get(name) {
            Some(missing) => Gate::new(name, GateState::Failed, format!("not found: {}", missing.join(", ")))
                .with_help("install it, or add its folder to PATH"),
            None => Gate::later(name, format!("runs after the question: {what}")),
        });
    }
    for (name, question) in config.questions.iter().filter(|(_, question)| is_meant(&question.versions)) {
        let text = context.units.first().map_or_else(
            || question.ask.to_string(),
            |lead| ReleaseWords::new(context.snapshot, context.units).fill(&question.ask, lead),
        );
        found.push(Gate::later(name, format!("asked before the first write: {text}")));
    }
    found.into_iter().map(|gate| context.skipped(gate)).collect()
}

impl GateContext<'_> {
    fn skipped(&self, gate: Gate) -> Gate {
        if !self.skip.contains(&gate.name) {
            return gate;
        }
        Gate::new(gate.name, GateState::Skipped, "skipped on request")
    }

    /// A gate that is one of the guards of every release. The guard itself refuses.
    fn guard(&self, name: &str, codes: &[RefusalCode], holds: &str) -> Gate {
        match self.refusals.iter().find(|refusal| codes.contains(&refusal.code)) {
            None => Gate::new(name, GateState::Passed, holds),
            Some(refusal) => {
                Gate { help: refusal.help.clone(), ..Gate::new(name, GateState::Failed, refusal.message.clone()) }
            }
        }
    }

    fn up_to_date(&self) -> Gate {
        let name = "up-to-date";
        let remote = match &self.outside.remote {
            Look::Found(remote) => remote,
            other => return unanswered(name, other, "the remote was not asked"),
        };
        let Some(upstream) = &remote.upstream else {
            let message = format!("the branch has no upstream on {}", remote.name);
            return Gate::new(name, GateState::Unknown, message)
                .with_help("run `git push -u`, or `git branch --set-upstream-to`");
        };
        let ahead = match upstream.ahead {
            0 => String::new(),
            1 => "; 1 commit is not pushed yet".to_owned(),
            several => format!("; {several} commits are not pushed yet"),
        };
        match upstream.behind {
            0 => Gate::new(name, GateState::Passed, format!("HEAD has all of {}{ahead}", upstream.name)),
            behind => {
                let plural = if behind == 1 { "" } else { "s" };
                let message = format!("{} has {behind} commit{plural} that HEAD lacks{ahead}", upstream.name);
                Gate::new(name, GateState::Failed, message).with_help("run `git pull --ff-only`")
            }
        }
    }

    /// By value: `v0.6` is in the way of `v0.6.0`.
    fn remote_tag(&self) -> Gate {
        let name = "remote-tag";
        let remote = match &self.outside.remote {
            Look::Found(remote) => remote,
            other => return unanswered(name, other, "the remote was not asked"),
        };
        let mut taken = Vec::new();
        for unit in self.units {
            let package = &self.snapshot.workspace.packages[unit.package];
            let is_it = |tag: &&String| package.tagged(tag).as_ref() == Some(&unit.version);
            let same = |tag: &str| {
                self.reach != GateReach::New
                    && tag == unit.tag.as_str()
                    && remote
                        .tags
                        .get(tag)
                        .is_some_and(|found| unit.commit.as_ref().is_none_or(|commit| commit.as_str() == found.commit))
            };
            taken.extend(remote.tags.keys().filter(is_it).filter(|tag| !same(tag)).cloned());
        }
        if taken.is_empty() {
            return Gate::new(name, GateState::Passed, format!("no planned tag is on {}", remote.name));
        }
        let message = format!("{} has {} already", remote.name, list_truncated(&taken, SHOWN));
        Gate::new(name, GateState::Failed, message)
            .with_help("fetch it with `git fetch --tags`, or ask for a higher version")
    }

    fn ci(&self, config: &GatesConfig) -> Gate {
        let name = "ci";
        let jobs = match self.forge(name).map(|forge| &forge.ci) {
            Err(gate) => return gate,
            Ok(Look::Found(jobs)) => jobs,
            Ok(other) => return unanswered(name, other, "CI was not asked"),
        };
        let counts =
            |job: &&crate::model::CiJob| !config.ci_ignore.iter().any(|glob| glob.matcher().is_match(&job.name));
        let jobs: Vec<crate::model::CiJob> = jobs.iter().filter(counts).cloned().collect();
        let verdict = ci_verdict(&jobs);
        let url = jobs.iter().find(|job| !job.is_green()).or(jobs.first()).and_then(|job| job.url.clone());
        let is_awaited = self.reach == GateReach::MayBeOut && self.waits_for_ci();
        let gate = match verdict {
            CiVerdict::NoRun | CiVerdict::Running(_) if is_awaited => {
                Gate::new(name, GateState::Passed, "CI is waited for before the tags go out")
            }
            CiVerdict::Green => Gate::new(name, GateState::Passed, "CI is green"),
            CiVerdict::NoRun => Gate::new(name, GateState::Failed, "CI has no run for HEAD")
                .with_help("push the commit, and wait for its run"),
            CiVerdict::Running(_) => Gate::new(name, GateState::Failed, format!("CI of HEAD: {verdict}"))
                .with_help("wait until it ends, or set `ci-wait` in [gates]"),
            CiVerdict::Failed(_) => Gate::new(name, GateState::Failed, format!("CI of HEAD: {verdict}"))
                .with_help("fix it, or retry the job"),
        };
        Gate { url, ..gate }
    }

    /// Returns `true` if tags go out once CI of their commit is green.
    fn waits_for_ci(&self) -> bool {
        let release = self.snapshot.config.release.as_ref();
        release.is_some_and(|release| release.push == PushOrder::BranchFirst && !release.wait.is_zero())
    }

    /// Open issues, or open requests, of the milestone; `None` where they do not matter.
    fn items(&self, name: &str, strength: Strength, counts: impl Fn(&&WorkItem) -> bool) -> Option<Gate> {
        if strength == Strength::Allow {
            return None;
        }
        if self.snapshot.config.release.as_ref().is_none_or(|release| release.milestone.is_none())
            && self.milestone.is_none()
        {
            let gate =
                Gate::new(name, GateState::Unknown, "relman.toml does not say which milestone belongs to a version");
            return Some(gate.with_help("set `milestone` in [release]"));
        }
        let open = match self.forge(name).map(|forge| &forge.open) {
            Err(gate) => return Some(gate),
            Ok(Look::Found(open)) => open,
            Ok(Look::NotAsked) if self.units.is_empty() => {
                let gate = Gate::new(name, GateState::Unknown, "a milestone cannot be looked at without a version");
                return Some(gate.with_help("name a level, a stage or a version with `--as`"));
            }
            Ok(Look::NotAsked) if self.forge(name).is_ok_and(|forge| forge.milestones.found().is_some()) => {
                // Milestones were asked for because relman.toml has a title.
                let title = milestone_title(self.snapshot, self.units).unwrap_or_default();
                let gate = Gate::new(name, GateState::Unknown, format!("the milestone {title} was not found"));
                return Some(gate.with_help("create it, or name another one with `--milestone`"));
            }
            Ok(other) => return Some(unanswered(name, other, "the forge was not asked")),
        };
        let title = self.milestone.map_or("the milestone", |milestone| milestone.title.as_str());
        let open: Vec<&WorkItem> = open.iter().filter(counts).collect();
        if open.is_empty() {
            return Some(Gate::new(name, GateState::Passed, format!("{title} has no open {name}")));
        }
        let shown = open.iter().map(|item| format!("#{} {} ({})", item.number, item.title, item.url));
        let shown: Vec<String> = shown.collect();
        let noun = if open.len() == 1 { name.trim_end_matches('s') } else { name };
        let message = format!("{title} has {} open {noun}: {}", open.len(), list_truncated(&shown, SHOWN));
        let url = self.milestone.map(|milestone| milestone.url.clone());
        Some(match strength {
            Strength::Ask => Gate { url, ..Gate::later(name, message) },
            _ => Gate { url, ..Gate::new(name, GateState::Failed, message) }
                .with_help("close them, or move them to another milestone"),
        })
    }

    fn fragments(&self) -> Gate {
        let name = "fragments";
        if self.units.is_empty() {
            return Gate::new(name, GateState::Unknown, "no version to look at")
                .with_help("name a level, a stage or a version with `--as`");
        }
        let takes = |unit: &&ReleaseUnit| unit.is_final() && self.snapshot.fragments.folder(unit.package).is_some();
        let finals: Vec<&ReleaseUnit> = self.units.iter().filter(takes).collect();
        // The members of a group are released together, with or without changes of their own.
        let has_fragment = |unit: &&ReleaseUnit| {
            self.snapshot.fragments.new_of(unit.package).next().is_some() || self.took_fragments(unit)
        };
        if finals.is_empty() || finals.iter().any(has_fragment) {
            return Gate::new(name, GateState::Passed, "fragments are present");
        }
        let names: Vec<String> =
            finals.iter().map(|unit| self.snapshot.workspace.packages[unit.package].id.to_string()).collect();
        let message = format!("no fragment was found for {}", list_truncated(&names, SHOWN));
        Gate::new(name, GateState::Failed, message).with_help("run `relman changelog add`")
    }

    /// Returns `true` if the prereleases of this final took the fragments into their sections.
    fn took_fragments(&self, unit: &ReleaseUnit) -> bool {
        let package = &self.snapshot.workspace.packages[unit.package];
        let config = self.snapshot.config.changelog_of(&package.id);
        let rotates = config.is_some_and(|config| config.prereleases == Prereleases::Rotate);
        let of_line = |version: &Version| version.is_prerelease() && version.release == unit.version.release;
        rotates && package.version().is_some_and(of_line)
    }

    /// Returns what the forge said, or the gate that says why it said nothing.
    fn forge(&self, name: &str) -> Result<&ForgeLook, Gate> {
        match &self.outside.forge {
            Look::Found(forge) => Ok(forge),
            other => Err(unanswered(name, other, "the forge was not asked")),
        }
    }
}

/// A gate without an answer: it is looked at later where nothing was asked, and unknown where the world did not answer.
fn unanswered<T>(name: &str, look: &Look<T>, not_asked: &str) -> Gate {
    match look {
        Look::Unknown { message, help } => {
            Gate { help: help.clone(), ..Gate::new(name, GateState::Unknown, message.clone()) }
        }
        _ => Gate::later(name, not_asked),
    }
}
