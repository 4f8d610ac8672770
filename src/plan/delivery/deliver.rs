//! [`deliver`]: from what HEAD and the world have to the plan of what goes out.

use super::context::Delivery;
use super::gates::{GateContext, GateReach, gates};
use super::steps::Steps;
use crate::config::ReleaseConfig;
use crate::model::{CommitId, Diagnostic, Milestone, ObjectId};
use crate::plan::changelog::notes;
use crate::plan::file_changes::FileChanges;
use crate::plan::gate::{Gate, GateState};
use crate::plan::gate_refusals::gate_refusals;
use crate::plan::guards::GuardContext;
use crate::plan::in_progress::in_progress;
use crate::plan::messages::tag_message;
use crate::plan::proposal::Proposal;
use crate::plan::reason::BumpReason;
use crate::plan::release_plan::{
    ExistingTag, MergePlan, PackageBump, PlannedMilestone, Refusal, RefusalCode, ReleasePlan, TagPlan,
};
use crate::plan::release_unit::{ReleaseUnit, ReleaseWords, milestone_title};
use crate::plan::request::BumpRequest;
use crate::plan::targets::Targets;
use crate::snapshot::{Look, MergeLook, MergeOutcome, Outside, RemoteLook};
use crate::text::list_truncated;

/// Plans what goes out: tags that are still to be made, the merge that they are on, and each outward step with what the look at it found.
/// Pure: no file changes.
///
/// # Errors
/// A tag that cannot be named.
pub fn deliver(delivery: &Delivery<'_>, earlier: Vec<Refusal>) -> Result<Proposal, Vec<Diagnostic>> {
    let snapshot = delivery.snapshot;
    let default = ReleaseConfig::default();
    let release = snapshot.config.release.as_ref().unwrap_or(&default);
    let by_request = delivery.request_branch();
    let Steps { steps: outward, release_notes, refusals: found, notes, .. } =
        steps(delivery, release, by_request.as_ref());
    let tags = if by_request.is_some() { Vec::new() } else { delivery.new_tags() };
    let mut refusals = earlier;
    refusals.extend(delivery.guards(&tags));
    refusals.extend(delivery.merge_refusals());
    refusals.extend(delivery.rebased());
    refusals.extend(found);
    let mut all_gates = gates(GateContext {
        snapshot,
        units: delivery.units,
        refusals: &refusals,
        outside: delivery.outside,
        milestone: delivery.milestone,
        skip: &delivery.request.skip,
        reach: delivery.reach(),
    });
    if delivery.request.from_tag {
        // What was to be looked at before the tag was, before it was made.
        all_gates.clear();
    }
    let (section, no_section) = delivery.section();
    refusals.extend(no_section);
    all_gates.extend(section.filter(|_| snapshot.config.gates.is_some()));
    let plan = ReleasePlan {
        base: snapshot.git.commit.clone(),
        branch: snapshot.git.branch.clone(),
        bumps: delivery.bumps(),
        tags,
        existing_tags: delivery.existing_tags(),
        merge: if by_request.is_some() { None } else { delivery.merge(release) },
        release_notes,
        milestone: delivery.planned_milestone(),
        outward,
        time: snapshot.time,
        notes,
        gates: all_gates,
        ..ReleasePlan::default()
    };
    refusals.extend(gate_refusals(&plan.gates));
    Ok(Proposal::new(plan, refusals))
}

/// The outward steps: by a request where the release commit goes to one, else all the way.
fn steps<'a>(delivery: &'a Delivery<'a>, release: &'a ReleaseConfig, by_request: Option<&String>) -> Steps<'a> {
    let (release_notes, refusals, notes) = (Vec::new(), Vec::new(), delivery.notes());
    let mut steps = Steps { delivery, release, steps: Vec::new(), release_notes, refusals, notes };
    if let Some(branch) = by_request {
        steps.request(branch.clone());
        if delivery.outside.forge.found().is_none() {
            let message = "`via` is \"request\", and no forge was found to make a request on".to_owned();
            let help = Some("set `kind` and `repository` in [forge]".to_owned());
            steps.refusals.push(Refusal { code: RefusalCode::Forge, message, help });
        }
        return steps;
    }
    if !(delivery.request.publish || delivery.request.from_tag) {
        steps.git();
    }
    match &delivery.outside.forge {
        Look::Found(forge) => steps.forge(forge.kind),
        _ => steps.runs(),
    }
    delivery.units.iter().for_each(|unit| steps.floating(unit));
    steps.milestone();
    steps.announce();
    steps
}

/// Returns what a dry run guesses about the remote.
#[must_use]
pub fn unasked(remote: &RemoteLook) -> Option<String> {
    let guess =
        format!("{} was not asked: its branches and tags are as they were fetched last; `--gates` asks", remote.name);
    remote.is_remembered.then_some(guess)
}

/// Returns what a plan says of a milestone.
#[must_use]
pub fn milestone_report(milestone: &Milestone, outside: &Outside) -> PlannedMilestone {
    let open = outside.forge.found().and_then(|forge| forge.open.found());
    let count = |is_request: bool| {
        let items = open?.iter().filter(|item| item.is_request == is_request).count();
        u64::try_from(items).ok()
    };
    PlannedMilestone {
        title: milestone.title.clone(),
        number: Some(milestone.number),
        url: Some(milestone.url.clone()),
        open_issues: count(false),
        open_requests: count(true),
    }
}

impl<'a> Delivery<'a> {
    /// The milestone, or its title where the forge was not asked.
    fn planned_milestone(&self) -> Option<PlannedMilestone> {
        if let Some(milestone) = self.milestone {
            return Some(milestone_report(milestone, self.outside));
        }
        let is_asked = self.outside.forge.found().is_some_and(|forge| forge.milestones != Look::NotAsked);
        let title = milestone_title(self.snapshot, self.units).filter(|_| !is_asked)?;
        Some(PlannedMilestone { title, number: None, url: None, open_issues: None, open_requests: None })
    }

    /// How far its tags are.
    fn reach(&self) -> GateReach {
        let there = self.outside.remote.found().map(|remote| &remote.tags);
        let is_out = |unit: &ReleaseUnit| there.is_some_and(|tags| tags.contains_key(unit.tag.as_str()));
        if self.units.iter().all(is_out) { GateReach::Out } else { GateReach::MayBeOut }
    }

    fn in_progress(&self) -> Option<Refusal> {
        self.snapshot.git.in_progress.map(in_progress)
    }

    /// The reasons against any release that count for tags, too.
    fn guards(&self, tags: &[TagPlan]) -> Vec<Refusal> {
        let request = BumpRequest {
            allow_dirty: true,
            // A version is cut where it was committed; here only a new tag on HEAD is.
            allow_branch: self.request.allow_branch
                || self.merge_look().is_some()
                || self.units.iter().all(|unit| unit.commit.is_some()),
            sign: self.request.sign,
            ..BumpRequest::default()
        };
        let (targets, files) = (Targets::default(), FileChanges::default());
        let context =
            GuardContext { snapshot: self.snapshot, request: &request, targets: &targets, files: &files, tags };
        self.in_progress().into_iter().chain(context.refusals()).collect()
    }

    /// The tags that are still to be made.
    fn new_tags(&self) -> Vec<TagPlan> {
        let new = self.units.iter().filter(|unit| unit.commit.is_none());
        let tag = |unit: &ReleaseUnit| {
            let package = &self.snapshot.workspace.packages[unit.package];
            let group = package.group.map(|group| &self.snapshot.workspace.groups[group]).filter(|group| group.one_tag);
            let called = group.map_or(package.id.as_str(), |group| group.id.as_str());
            let message = tag_message(&package.tag_message, &unit.tag, called, &unit.text, &self.snapshot.today);
            TagPlan { name: unit.tag.clone(), package: package.id.clone(), message, sign: self.request.sign }
        };
        new.map(tag).collect()
    }

    fn existing_tags(&self) -> Vec<ExistingTag> {
        // A plan without a look at the remote has nothing to send there.
        let Some(remote) = self.outside.remote.found() else { return Vec::new() };
        let existing = |unit: &ReleaseUnit| {
            let name = unit.tag.as_str();
            let look = remote.local_tags.get(name).or_else(|| remote.tags.get(name))?;
            let object = ObjectId::new(look.object.clone()).ok()?;
            let package = self.snapshot.workspace.packages[unit.package].id.clone();
            Some(ExistingTag { name: unit.tag.clone(), package, object, commit: CommitId::new(look.commit.clone()) })
        };
        self.units.iter().filter_map(existing).collect()
    }

    /// What is released, each package at the version that it has.
    fn bumps(&self) -> Vec<PackageBump> {
        let bump = |unit: &ReleaseUnit| PackageBump {
            package: self.snapshot.workspace.packages[unit.package].id.clone(),
            from: unit.text.clone(),
            to: unit.text.clone(),
            reason: BumpReason::Requested,
            level: None,
        };
        self.units.iter().map(bump).collect()
    }

    fn merge_look(&self) -> Option<&'a MergeLook> {
        self.outside.merge.found()
    }

    fn merge(&self, release: &ReleaseConfig) -> Option<MergePlan> {
        let look = self.merge_look()?;
        let lead = self.units.first()?;
        let base = look.base.clone();
        let (parents, tree) = match &look.outcome {
            MergeOutcome::Merged { tree } => (base.into_iter().chain([look.commit.clone()]).collect(), tree.clone()),
            MergeOutcome::FastForward { tree } => (vec![look.commit.clone()], tree.clone()),
            // Tags that are still to be made go on the commit by which it came in.
            MergeOutcome::Held { by, tree } if self.units.iter().any(|unit| unit.commit.is_none()) => {
                (vec![by.clone()], tree.clone())
            }
            MergeOutcome::Held { .. } | MergeOutcome::Conflict { .. } => return None,
        };
        let words = ReleaseWords::new(self.snapshot, self.units);
        let message = format!("{}\n", words.fill(&release.merge_message, lead).trim_end());
        let (from, into) = (look.from.clone(), look.into.clone());
        Some(MergePlan { from, into, parents, tree, message, sign: self.request.sign })
    }

    fn merge_refusals(&self) -> Vec<Refusal> {
        match (&self.outside.merge, self.merge_look().map(|look| &look.outcome)) {
            (Look::Unknown { message, help }, _) => {
                vec![Refusal { code: RefusalCode::RemoteMoved, message: message.clone(), help: help.clone() }]
            }
            (Look::Found(look), Some(MergeOutcome::Conflict { paths })) => {
                let message = format!(
                    "{} cannot be merged into {}, there are conflicts in {}",
                    look.from,
                    look.into,
                    list_truncated(paths, 8)
                );
                let help = format!(
                    "merge {} into {} by hand, resolve the conflicts, and run the command again",
                    look.into, look.from
                );
                vec![Refusal { code: RefusalCode::MergeConflict, message, help: Some(help) }]
            }
            _ => Vec::new(),
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(branch) = self.snapshot.git.branch.as_ref().filter(|_| self.snapshot.git.is_hotfix) {
            notes.push(format!("`relman hotfix finish` brings `{branch}` back afterwards"));
        }
        if let Some(look) = self.merge_look().filter(|look| !look.missing.is_empty()) {
            let shown: Vec<String> =
                look.missing.iter().map(|(id, subject)| format!("{} {subject}", id.short())).collect();
            notes.push(format!("{} has commits that {} lacks: {}", look.into, look.from, list_truncated(&shown, 5)));
        }
        notes.extend(self.outside.remote.found().and_then(unasked));
        if let Some((branch, Some(commit))) = self.branch_to_push()
            && let Some(up_to) = &self.outside.up_to
        {
            let what = if up_to.later == 1 { "commit is" } else { "commits are" };
            notes.push(format!(
                "{branch} is pushed up to {}, where it was released; {} later {what} not pushed",
                commit.short(),
                up_to.later
            ));
        }
        if self.merge_look().is_some()
            && let Some(upstream) = self.outside.remote.found().and_then(|remote| remote.upstream.as_ref())
            && upstream.ahead > 0
        {
            let plural = if upstream.ahead == 1 { "" } else { "s" };
            notes.push(format!(
                "{} commit{plural} that {} does not have yet will be released, too",
                upstream.ahead, upstream.name
            ));
        }
        notes
    }

    /// The gate `section`, and the reasons against the plan where a section is missing.
    fn section(&self) -> (Option<Gate>, Vec<Refusal>) {
        let name = "section";
        let is_off = self.snapshot.config.gates.as_ref().is_some_and(|gates| !gates.section);
        if is_off || self.units.is_empty() {
            return (None, Vec::new());
        }
        if self.request.skip.iter().any(|skipped| skipped == name) {
            return (Some(Gate::new(name, GateState::Skipped, "skipped on request")), Vec::new());
        }
        let missing: Vec<&ReleaseUnit> = self.units.iter().filter(|unit| self.lacks_section(unit)).collect();
        let refusal = |unit: &&ReleaseUnit| {
            let package = &self.snapshot.workspace.packages[unit.package];
            let path = self.snapshot.changelogs.of(unit.package).map_or(String::new(), ToString::to_string);
            let message = format!("{path} has no section for {} of `{}`", unit.text, package.id);
            let help = format!("check that the version is right; `--skip-gate {name}` releases without a section");
            Refusal { code: RefusalCode::NoSection, message, help: Some(help) }
        };
        let refusals: Vec<Refusal> = missing.iter().map(refusal).collect();
        let gate = match refusals.first() {
            None => Gate::new(name, GateState::Passed, "the changelog has a section of each version"),
            Some(refusal) => Gate::new(name, GateState::Failed, refusal.message.clone()),
        };
        (Some(gate), refusals)
    }

    fn lacks_section(&self, unit: &ReleaseUnit) -> bool {
        let package = &self.snapshot.workspace.packages[unit.package];
        // A package without a changelog needs no section.
        let Some(config) = self.snapshot.config.changelog_of(&package.id) else { return false };
        let is_kept = !unit.is_final() && config.prereleases == crate::config::Prereleases::Keep;
        !is_kept && notes(self.snapshot, unit.tag.as_str(), Some(package.id.as_str())).is_err()
    }
}
