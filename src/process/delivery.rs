//! [`deliver`]: from what is true here to what is true outside, with the questions in between.

use std::collections::BTreeMap;

use super::carry_out::{Outcome, carry_out_with};
use super::confirm::confirm;
use super::error::ProcessError;
use super::gated::GateOptions;
use super::later_gates::{LaterGates, missing_programs, report_gates, with_remembered};
use super::prompt::Prompt;
use super::publisher::{CommandPublisher, Decisions, MadeLooks};
use super::release::{ReleaseOptions, release};
use super::session::Session;
use super::world::{ForgeQuestion, World};
use crate::apply::{PublishError, Services};
use crate::capture::{
    CaptureNeeds, CaptureOptions, MergeQuestion, Place, Reach, asset_files, merge_look, rebased_releases,
};
use crate::config::MergeRule;
use crate::io::{in_parallel, note_left};
use crate::model::{CommitId, Milestone};
use crate::plan::{
    self, Delivery, DeliveryRequest, DeliveryUnits, PlannedRun, Proposal, Refusal, RefusalCode, ReleasePlan,
    ReleaseUnit, check_gate_names, delivery_units, planned_runs, released_tags, unasked,
};
use crate::snapshot::{Look, MergeLook, MergeOutcome, Outside, RemoteLook, RunLook, Snapshot, UpTo};

/// What goes out, and how.
#[derive(Clone, Debug)]
pub struct DeliveryOptions {
    /// What is asked for.
    pub request: DeliveryRequest,
    /// What is bumped first, if anything.
    pub bump: Option<ReleaseOptions>,
    /// Whether questions are asked.
    pub asks: bool,
    /// How remote, forge and gates are looked at.
    pub gates: GateOptions,
}

/// A plan of what goes out, with all that it was made from.
pub struct Proposed {
    /// Everything that was read.
    pub snapshot: Snapshot,
    /// The plan.
    pub proposal: Proposal,
    /// The tags that it is about.
    pub units: Vec<ReleaseUnit>,
    world: World,
}

/// Reads and asks what the plan needs, and plans it.
///
/// # Errors
/// Returns an error if something cannot be read, or the request cannot be planned.
pub fn propose_delivery(
    session: &Session,
    options: &DeliveryOptions,
    prompt: &mut dyn Prompt,
) -> Result<Proposed, ProcessError> {
    let needs =
        CaptureNeeds { changes: true, reach: Reach::Above, push: true, changelogs: true, ..CaptureNeeds::default() };
    let snapshot = session.read_to_release(CaptureOptions { needs, staged: false }, prompt)?;
    check_gate_names(&snapshot, &options.request.skip)?;
    let world = World::new(&session.place, options.gates.patience, options.gates.is_online);
    let mut request = options.request.clone();
    let typed = options.gates.milestone.as_ref();
    let named =
        typed.filter(|_| options.gates.is_online).map(|typed| world.milestone_named(&snapshot, typed)).transpose()?;
    // Where the forge is not asked, what was typed can only be a title.
    request.version = named.as_ref().map(|milestone| &milestone.title).or(typed).cloned();
    let remote = world.reachable_remote(&snapshot)?;
    let Found { snapshot, units: DeliveryUnits { units, refusals, left_out }, source } =
        find(session, snapshot, &request, &remote)?;
    let ci = ci_commit(&snapshot, &remote).filter(|_| !request.from_tag);
    let question = ForgeQuestion { ci, releases: !units.is_empty() };
    let (forge, milestone) = world.look(&snapshot, &units, named.as_ref(), question, prompt);
    let looks = Looks { session, snapshot: &snapshot, units: &units, remote: &remote, source: source.as_ref() };
    // A tag that is on two commits has no merge to be looked at.
    let merge =
        if request.publish || request.from_tag || !refusals.is_empty() { Look::NotAsked } else { looks.merge() };
    let missing_programs = missing_programs(&snapshot, &session.place.root);
    let runs = look_at_runs(&session.place, &snapshot, &world, &units, &remote)?;
    let artifacts = if request.publish || request.from_tag {
        BTreeMap::new()
    } else {
        world.artifacts_before(&snapshot, &session.place, &units)
    };
    let outside = Outside {
        runs,
        artifacts,
        missing_programs,
        assets: looks.assets()?,
        up_to: looks.up_to()?,
        rebased: looks.rebased()?,
        merge,
        forge,
        remote: Look::Found(remote.clone()),
    };
    let head = looks.tag_commit(outside.merge.found());
    let holds = looks.integration_holds_production(outside.merge.found());
    let delivery = Delivery {
        snapshot: &snapshot,
        request: &request,
        units: &units,
        outside: &outside,
        milestone: milestone.as_ref(),
        head: head.as_ref(),
        integration_holds_production: holds,
    };
    if units.is_empty() && refusals.is_empty() {
        let notes = left_out.into_iter().chain(unasked(&remote)).collect();
        let proposal = Proposal::new(ReleasePlan { notes, ..ReleasePlan::default() }, Vec::new());
        return Ok(Proposed { snapshot, proposal, units, world });
    }
    let mut proposal = plan::deliver(&delivery, refusals)?;
    report_gates(&proposal.plan().gates, prompt);
    if let Some(refusal) = missing_milestone(&delivery, milestone.as_ref()) {
        proposal = proposal.refused_for(refusal);
    }
    let proposal = with_remembered(&session.place.git, proposal);
    Ok(Proposed { snapshot, proposal, units, world })
}

/// Plans what goes out, asks, runs the gates that are commands and questions, and carries it out.
///
/// # Errors
/// Returns an error as [`propose_delivery`] does, and if something fails on the way.
pub fn deliver(
    session: &mut Session,
    options: &mut DeliveryOptions,
    prompt: &mut dyn Prompt,
) -> Result<Outcome, ProcessError> {
    if let Some(bump) = options.bump.take() {
        match release(session, bump, prompt)? {
            // What was just bumped is meant, whatever else could be released.
            Outcome::Done(plan, receipt) => {
                note_left("the release commit is made and stays; run `relman release` to go on");
                if let Some(signal) = receipt.stopped_by {
                    return Err(ProcessError::Signalled(signal));
                }
                options.request.tags = plan.commit.as_ref().map_or(Vec::new(), released_tags);
            }
            ended => return Ok(ended),
        }
    }
    let Proposed { snapshot, proposal, units, world } = propose_delivery(session, options, prompt)?;
    let is_done = |plan: &ReleasePlan| plan.tags.is_empty() && plan.outward.iter().all(|step| step.is_done);
    // Gates hold back what is still to be done.
    if proposal.refusals().iter().all(|refusal| refusal.code == RefusalCode::Gate) && is_done(proposal.plan()) {
        return Ok(Outcome::Nothing(proposal.plan().clone()));
    }
    let proposal = if options.asks {
        match confirm("Carry this out?", proposal, &snapshot.texts(), prompt) {
            Some(proposal) => proposal,
            None => return Ok(Outcome::Declined),
        }
    } else {
        prompt.announce(proposal.plan());
        proposal
    };
    let later = LaterGates { place: &session.place, snapshot: &snapshot, units: &units, asks: options.asks };
    let proposal = if proposal.is_refused() { proposal } else { later.run(proposal, prompt)? };
    let forge = world.forge(&snapshot).found();
    let report = prompt.reporter();
    let unknown = RemoteLook::default();
    let decisions = Decisions { again: options.request.again.clone(), done: options.request.done.clone() };
    let publisher = CommandPublisher {
        made: MadeLooks {
            place: &session.place,
            snapshot: &snapshot,
            registries: world.registries(&snapshot, &session.place),
            remote: world.remote(&snapshot, false).found().unwrap_or(&unknown),
        },
        remote_name: world.remote_name(&snapshot),
        decisions: &decisions,
        on_line: prompt.command_writer(),
    };
    let services = Services::new(&session.place.git, &session.place.root)
        .with_forge(forge)
        .with_publisher(Some(&publisher))
        .reporting_to(&*report);
    carry_out_with(proposal, &session.place, &services)
}

/// Looks at what the commands of `[[release.run]]` make. A dry run asks no registry.
fn look_at_runs(
    place: &Place,
    snapshot: &Snapshot,
    world: &World,
    units: &[ReleaseUnit],
    remote: &RemoteLook,
) -> Result<BTreeMap<String, Look<RunLook>>, ProcessError> {
    let mut runs = BTreeMap::new();
    // A plugin has done nothing for a tag that is not out.
    let counts = |run: &PlannedRun| match run.step.plugin {
        Some(_) => remote.tags.contains_key(run.unit.tag.as_str()),
        None => !run.step.makes.is_empty(),
    };
    let planned: Vec<PlannedRun> = planned_runs(snapshot, units).into_iter().filter(counts).collect();
    if planned.is_empty() || !world.is_online() {
        return Ok(runs);
    }
    let made = MadeLooks { place, snapshot, registries: world.registries(snapshot, place), remote };
    let looks = in_parallel(&planned, planned.len(), |run| made.missing(&run.unit, &run.step));
    for (PlannedRun { unit, step }, look) in planned.iter().zip(looks) {
        let look = match look {
            Ok(missing) => Look::Found(RunLook { missing }),
            Err(PublishError::Undecided) => Look::NotAsked,
            Err(error) => Look::Unknown { message: format!("{step}: {error}"), help: step.help.clone() },
        };
        runs.insert(RunLook::key(&step.name, unit.tag.as_str(), step.package.as_str()), look);
    }
    Ok(runs)
}

/// The tags that are meant, and what they were found in.
struct Found {
    snapshot: Snapshot,
    units: DeliveryUnits,
    /// The commit that is released; `None` without commits.
    source: Option<CommitId>,
}

/// Finds the tags that are meant: in HEAD, or where that is the production branch of a fresh clone, in the integration branch.
fn find(
    session: &Session,
    snapshot: Snapshot,
    request: &DeliveryRequest,
    remote: &RemoteLook,
) -> Result<Found, ProcessError> {
    let problems = match delivery_units(&snapshot, request, remote) {
        Ok(units) => {
            let (source, there) = (snapshot.git.commit.clone(), at_its_tag(session, &snapshot, request, &units)?);
            // HEAD has the section.
            let Some(there) = there else { return Ok(Found { source, snapshot, units }) };
            let units = delivery_units(&there, request, remote)?;
            return Ok(Found { source, snapshot: Snapshot { git: snapshot.git, ..there }, units });
        }
        Err(problems) => problems,
    };
    let release = snapshot.config.release.as_ref();
    let integration = release.and_then(|release| release.integration.as_ref());
    let elsewhere = integration.filter(|branch| snapshot.git.branch.as_ref() != Some(branch));
    // The branch that HEAD is on was searched already.
    let Some(commit) = elsewhere.and_then(|branch| remote.branches.get(branch)) else { return Err(problems.into()) };
    let needs = CaptureNeeds { changelogs: true, ..CaptureNeeds::default() };
    let there = session.read_commit(commit.as_str(), needs)?;
    let units = delivery_units(&there, request, remote).map_err(|_| problems)?;
    Ok(Found { snapshot: Snapshot { git: snapshot.git, ..there }, units, source: Some(commit.clone()) })
}

/// Reads what the commit of a tag holds, where HEAD has no section of its version: a hotfix that did not come back yet.
fn at_its_tag(
    session: &Session,
    snapshot: &Snapshot,
    request: &DeliveryRequest,
    units: &DeliveryUnits,
) -> Result<Option<Snapshot>, ProcessError> {
    // Several tags are read from HEAD.
    let ([tag], [unit]) = (&request.tags[..], &units.units[..]) else { return Ok(None) };
    let is_told = |of: &Snapshot| plan::notes(of, tag, None).is_ok();
    let commit = unit.commit.as_ref().filter(|commit| snapshot.git.commit.as_ref() != Some(commit));
    let commit = commit.filter(|_| !is_told(snapshot));
    // A commit that is not here, or has no relman.toml, tells nothing more.
    let Some(commit) = commit.filter(|commit| session.place.git.has_commit(commit.as_str()).unwrap_or(false)) else {
        return Ok(None);
    };
    let needs = CaptureNeeds { changelogs: true, ..CaptureNeeds::default() };
    Ok(session.read_commit(commit.as_str(), needs).ok().filter(is_told))
}

/// The commit whose CI can be asked: HEAD, or as long as the remote does not have that, the one that it was made on.
fn ci_commit<'a>(snapshot: &'a Snapshot, remote: &'a RemoteLook) -> Option<(&'a CommitId, Option<&'a str>)> {
    let branch = snapshot.git.branch.as_deref();
    let target = snapshot.git.push.as_ref().and_then(|push| push.branch.as_deref()).or(branch);
    let is_ahead = remote.upstream.as_ref().is_some_and(|upstream| upstream.ahead > 0);
    let there = target.filter(|_| is_ahead).and_then(|target| remote.branches.get(target));
    there.or(snapshot.git.commit.as_ref()).map(|commit| (commit, target))
}

/// What is looked at beside remote and forge.
struct Looks<'a> {
    session: &'a Session,
    snapshot: &'a Snapshot,
    units: &'a [ReleaseUnit],
    remote: &'a RemoteLook,
    /// The commit that is released.
    source: Option<&'a CommitId>,
}

impl Looks<'_> {
    /// The merge into the branch that ships, where work is gathered on another one: of the tag's commit where it is there, else of HEAD.
    fn merge(&self) -> Look<MergeLook> {
        // A hotfix is released from its own branch, and brought back by a command of its own.
        if self.snapshot.git.is_hotfix {
            return Look::NotAsked;
        }
        // Only [release] names two branches.
        let Some(release) = &self.snapshot.config.release else { return Look::NotAsked };
        let (Some(integration), Some(head)) = (&release.integration, self.source) else {
            return Look::NotAsked;
        };
        let production = self.production();
        // Without a package that is released there is nothing to merge.
        let Some(lead) = self.units.first() else { return Look::NotAsked };
        // A tag that is out and that production does not hold is that of a hotfix.
        let is_out = self.remote.tags.contains_key(lead.tag.as_str());
        if is_out && lead.commit.as_ref().is_some_and(|commit| !self.is_shipped(production, commit)) {
            return Look::NotAsked;
        }
        let is_head = self.snapshot.git.commit.as_ref() == Some(head);
        let is_on_production = is_head && self.snapshot.git.branch.as_deref() == Some(production);
        // A tag that is there already is on the merge, and so is the head of production.
        let (commit, only_ff) = match &lead.commit {
            Some(commit) => (commit, true),
            None => (head, is_on_production || release.merge == MergeRule::FfOnly),
        };
        let question = MergeQuestion { from: integration, commit, into: production, only_ff };
        merge_look(&self.session.place.git, question, self.remote)
    }

    /// Returns `true` if production on the remote holds a commit, or cannot be compared with it.
    fn is_shipped(&self, production: &str, commit: &CommitId) -> bool {
        let at = self.remote.branches.get(production);
        at.is_none_or(|at| self.session.place.git.holds(at.as_str(), commit.as_str()).unwrap_or(true))
    }

    fn production(&self) -> &str {
        let release = self.snapshot.config.release.as_ref();
        release.and_then(|release| release.production.as_deref()).unwrap_or("main")
    }

    /// The commit up to which HEAD's branch goes out: the oldest of its own that holds all that is released and what the remote's branch has.
    fn up_to(&self) -> Result<Option<UpTo>, ProcessError> {
        let git = &self.session.place.git;
        // A detached HEAD, or a repository without commits, has no branch to push.
        let (Some(look), Some(head)) = (&self.remote.branch, &self.snapshot.git.commit) else { return Ok(None) };
        let lacks = |unit: &&ReleaseUnit| {
            // A tag that is out may have come by another branch.
            let is_out = self.remote.tags.contains_key(unit.tag.as_str());
            let is_new = is_out || !self.remote.branches.contains_key(&look.name);
            let among = if is_new { &look.nowhere } else { &look.lacks };
            unit.commit.as_ref().is_some_and(|commit| among.contains(commit.as_str()))
        };
        let released: Vec<&str> =
            self.units.iter().filter(lacks).filter_map(|unit| unit.commit.as_ref()).map(CommitId::as_str).collect();
        let mut up_to: Option<String> = None;
        let there = self.remote.branches.get(&look.name).map(CommitId::as_str);
        for commit in released.iter().copied().chain(there.filter(|_| !released.is_empty())) {
            let by = if git.holds(head.as_str(), commit)? { git.merged_by(head.as_str(), commit)? } else { None };
            // What HEAD does not hold is not on its branch.
            let Some(by) = by else { continue };
            let is_held = up_to.as_ref().map_or(Ok(false), |up_to| git.holds(up_to, &by))?;
            up_to = if is_held { up_to } else { Some(by) };
        }
        // Without a released commit the branch is not pushed.
        let Some(up_to) = up_to else { return Ok(None) };
        let (later, _) = git.ahead_behind(head.as_str(), &up_to)?;
        Ok(Some(UpTo { commit: CommitId::new(up_to), later }))
    }

    /// The copies that HEAD has of the release commits of tags that would go out without a branch.
    fn rebased(&self) -> Result<BTreeMap<String, CommitId>, ProcessError> {
        // Without commits there are no copies.
        let Some(head) = &self.snapshot.git.commit else { return Ok(BTreeMap::new()) };
        let unsent = self.units.iter().filter(|unit| !self.remote.tags.contains_key(unit.tag.as_str()));
        let tags = unsent.filter_map(|unit| Some((unit.tag.as_str(), unit.commit.as_ref()?)));
        Ok(rebased_releases(&self.session.place.git, head, tags)?)
    }

    /// The commit that new tags are on, as far as it exists.
    fn tag_commit(&self, merge: Option<&MergeLook>) -> Option<CommitId> {
        match merge.map(|look| (&look.outcome, &look.commit)) {
            None => self.snapshot.git.commit.clone(),
            Some((MergeOutcome::Held { by, .. }, _)) => Some(by.clone()),
            Some((MergeOutcome::FastForward { .. }, commit)) => Some(commit.clone()),
            Some((MergeOutcome::Merged { .. } | MergeOutcome::Conflict { .. }, _)) => None,
        }
    }

    /// Returns `true` if the integration branch on the remote has all that production has.
    fn integration_holds_production(&self, merge: Option<&MergeLook>) -> bool {
        // Without a merge no branch has to be brought back.
        let Some(look) = merge else { return false };
        let ends = self.remote.branches.get(&look.from).zip(look.base.as_ref());
        // A branch that cannot be compared is brought back by its step, which looks again.
        ends.is_some_and(|(from, into)| self.session.place.git.holds(from.as_str(), into.as_str()).unwrap_or(false))
    }

    fn assets(&self) -> Result<Vec<crate::snapshot::AssetFile>, ProcessError> {
        let of = |unit: &ReleaseUnit| {
            let package = &self.snapshot.workspace.packages[unit.package];
            self.snapshot.config.release_of(&package.id).assets
        };
        let globs: Vec<_> = self.units.iter().flat_map(of).collect();
        Ok(asset_files(&self.session.place, &globs)?)
    }
}

/// A final whose milestone is to be closed, or whose items count, needs one that is there.
fn missing_milestone(delivery: &Delivery<'_>, milestone: Option<&Milestone>) -> Option<Refusal> {
    let forge = delivery.outside.forge.found()?;
    let milestones = forge.milestones.found()?;
    let lead = delivery.units.first().filter(|lead| lead.is_final() && milestone.is_none())?;
    let title = plan::milestone_title(delivery.snapshot, delivery.units)?;
    if delivery.request.skip.iter().any(|name| name == "issues") || delivery.request.from_tag {
        return None;
    }
    let titles: Vec<&str> = milestones.iter().take(5).map(|milestone| milestone.title.as_str()).collect();
    let message = format!("{} belongs to the milestone {title}, which the forge does not have", lead.tag);
    let help = format!("create it, or name another one with `--milestone` (the milestones are {})", titles.join(", "));
    Some(Refusal { code: RefusalCode::Milestone, message, help: Some(help) })
}
