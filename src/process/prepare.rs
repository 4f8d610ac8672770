//! [`prepare`]: the release commit on the branch where work is gathered.

use std::collections::BTreeMap;

use super::carry_out::{Outcome, carry_out};
use super::confirm::confirm;
use super::editor::edit;
use super::error::ProcessError;
use super::gated::GateOptions;
use super::milestone_items::gather_items;
use super::prompt::Prompt;
use super::release::{Planner, ReleaseOptions, ask_summary, lacks_summary, named_milestone};
use super::session::Session;
use super::world::World;
use crate::capture::{CaptureNeeds, CaptureOptions, Reach};
use crate::io::note_left;
use crate::model::PackageId;
use crate::plan::{
    self, BumpRequest, BumpSpec, Outward, OutwardStep, Proposal, Push, Refusal, RefusalCode, ReleasePlan,
    packages_missing_history_for,
};
use crate::snapshot::{Look, RemoteLook, Snapshot, UpstreamLook};

/// What is prepared, and how.
#[derive(Clone, Debug)]
pub struct PrepareOptions {
    /// What is released, and how the gates are looked at.
    pub release: ReleaseOptions,
    /// Whether the notes are edited by a person before they are committed.
    pub edits: bool,
    /// The editor, if not git's.
    pub editor: Option<String>,
    /// Whether it ends with the plan.
    pub plans_only: bool,
}

/// How a preparation ended.
#[derive(Debug)]
pub enum Prepared {
    /// The plan, of a run that writes nothing.
    Proposed(Box<Snapshot>, Proposal),
    /// It was carried out, or not.
    Ended(Outcome),
    /// The release commit is there already.
    Already(ReleasePlan),
    /// The release commit was there already, and has been pushed.
    Pushed(ReleasePlan),
}

/// Brings the integration branch up to date, plans the release commit without tags, lets a person edit its notes, asks, and commits.
///
/// # Errors
/// Returns an error if something cannot be read, planned or written.
pub fn prepare(
    session: &mut Session,
    mut options: PrepareOptions,
    prompt: &mut dyn Prompt,
) -> Result<Prepared, ProcessError> {
    let mut snapshot = read(session, &options.release.request, prompt)?;
    plan::read_words(&snapshot, &mut options.release.request)?;
    let GateOptions { patience, is_online, .. } = options.release.gates;
    let mut world = World::new(&session.place, patience, is_online);
    branch_guard(&snapshot)?;
    if is_online && up_to_date(session, world.remote(&snapshot, true), options.plans_only, prompt)? {
        snapshot = read(session, &options.release.request, prompt)?;
        // How HEAD stands to the remote has changed.
        world = World::new(&session.place, patience, is_online);
    }
    let named = named_milestone(&snapshot, &world, &mut options.release)?;
    if let Some(done) = already(session, &snapshot, &options, prompt)? {
        return Ok(done);
    }
    let request = &mut options.release.request;
    request.no_tag |= integration(&snapshot).is_some();
    if options.release.fetch {
        let wish = CaptureOptions { needs: needs(request), staged: false };
        let lacking = |snapshot: &Snapshot| packages_missing_history_for(snapshot, request);
        snapshot = session.fetch_missing(wish, snapshot, prompt, &lacking)?;
    }
    if let Some(date) = &options.release.date {
        snapshot.today.clone_from(date);
    }
    gather_items(&mut snapshot, &world, named.as_ref(), request)?;
    let gates = options.release.gates.clone();
    let planner = Planner { session, snapshot: &snapshot, world: &world, gates: &gates, named: named.as_ref() };
    let proposal = planner.plan(request, prompt)?;
    if options.plans_only {
        return Ok(Prepared::Proposed(Box::new(snapshot), proposal));
    }
    let proposal = edited(&planner, &mut options, proposal, prompt)?;
    let asks = options.release.asks;
    let proposal = if asks {
        match confirm("Commit this?", proposal, &snapshot.texts(), prompt) {
            Some(proposal) => proposal,
            None => return Ok(Prepared::Ended(Outcome::Declined)),
        }
    } else {
        prompt.announce(proposal.plan());
        proposal
    };
    Ok(Prepared::Ended(planner.carry_out(proposal, asks, prompt)?))
}

fn needs(request: &BumpRequest) -> CaptureNeeds {
    CaptureNeeds {
        findings: false,
        changes: true,
        reach: Reach::Above,
        push: true,
        // Whether the commit is there already is seen in the history.
        history: true,
        changelogs: true,
        sections: !request.no_commit,
    }
}

fn read(session: &Session, request: &BumpRequest, prompt: &mut dyn Prompt) -> Result<Snapshot, ProcessError> {
    session.read_to_release(CaptureOptions { needs: needs(request), staged: false }, prompt)
}

fn integration(snapshot: &Snapshot) -> Option<&str> {
    snapshot.config.release.as_ref().and_then(|release| release.integration.as_deref())
}

/// Refuses anywhere but on the integration branch.
fn branch_guard(snapshot: &Snapshot) -> Result<(), ProcessError> {
    // With one branch, `branches` of [workspace] says where releases are cut.
    let Some(expected) = integration(snapshot) else { return Ok(()) };
    let branch = snapshot.git.branch.as_deref();
    if branch == Some(expected) {
        return Ok(());
    }
    let found = branch.map_or("HEAD is detached".to_owned(), |branch| format!("HEAD is on `{branch}`"));
    let message = format!("{found}, and releases are prepared on `{expected}`");
    let help = Some(format!("run `git switch {expected}`"));
    Err(ProcessError::Refused(Refusal { code: RefusalCode::Branch, message, help }))
}

/// Moves the branch forward to that of the remote, where that is possible without a merge. Returns `true` if it moved.
fn up_to_date(
    session: &Session,
    remote: &Look<RemoteLook>,
    plans_only: bool,
    prompt: &mut dyn Prompt,
) -> Result<bool, ProcessError> {
    let Some(RemoteLook { name, upstream: Some(UpstreamLook { name: full, ahead: 0, behind }), .. }) = remote.found()
    else {
        return Ok(false);
    };
    if *behind == 0 {
        return Ok(false);
    }
    let commits = if *behind == 1 { "1 commit".to_owned() } else { format!("{behind} commits") };
    if plans_only {
        prompt.say(&format!("HEAD would be fast-forwarded by {commits} to {full}"));
        return Ok(false);
    }
    let branch = full.strip_prefix(name).and_then(|rest| rest.strip_prefix('/')).unwrap_or(full);
    session.place.git.fast_forward(&format!("refs/remotes/{name}/{branch}"))?;
    note_left(format!("HEAD was fast-forwarded to {full}; nothing else was written"));
    prompt.say(&format!("fast-forwarded by {commits} to {full}"));
    Ok(true)
}

/// Says that the release commit is there already, and pushes it where that is asked.
fn already(
    session: &Session,
    snapshot: &Snapshot,
    options: &PrepareOptions,
    prompt: &mut dyn Prompt,
) -> Result<Option<Prepared>, ProcessError> {
    let request = &options.release.request;
    let tagged = plan::tag(snapshot, &BumpRequest { allow_dirty: true, allow_branch: true, ..BumpRequest::default() })?;
    let plan = tagged.plan();
    if plan.bumps.is_empty() {
        return Ok(None);
    }
    let is_asked = match &request.ask {
        Some(BumpSpec::Exact(version)) => plan.bumps.iter().any(|bump| same_version(&bump.to, version)),
        _ => false,
    };
    if !is_asked {
        return Ok(None);
    }
    let target = snapshot.git.push.as_ref().filter(|_| request.push && !options.plans_only);
    // Nothing is to be pushed, or no remote is known.
    let Some(target) = target else { return Ok(Some(Prepared::Already(plan.clone()))) };
    let push = Push {
        remote: target.remote.clone(),
        branch: target.branch.clone(),
        commit: None,
        tags: Vec::new(),
        over: None,
    };
    let outward = vec![OutwardStep::next(&[], None, Outward::Push(push))];
    let plan = ReleasePlan {
        base: snapshot.git.commit.clone(),
        branch: snapshot.git.branch.clone(),
        bumps: plan.bumps.clone(),
        outward,
        time: snapshot.time,
        ..ReleasePlan::default()
    };
    prompt.announce(&plan);
    match carry_out(Proposal::new(plan, Vec::new()), &session.place, prompt)? {
        Outcome::Done(plan, _) => Ok(Some(Prepared::Pushed(plan))),
        other => Ok(Some(Prepared::Ended(other))),
    }
}

fn same_version(one: &str, other: &str) -> bool {
    let read = crate::model::version_of;
    read(one).is_some() && read(one) == read(other)
}

/// Lets a person edit the notes of each section, if there is one, and plans again with what they made of them.
fn edited(
    planner: &Planner<'_>,
    options: &mut PrepareOptions,
    proposal: Proposal,
    prompt: &mut dyn Prompt,
) -> Result<Proposal, ProcessError> {
    let asks = options.release.asks && prompt.can_ask();
    if !asks || proposal.is_refused() && !lacks_summary(&proposal) {
        return Ok(proposal);
    }
    let proposal = ask_summary(planner, &mut options.release.request, proposal, prompt)?;
    if !options.edits || proposal.plan().release_notes.is_empty() {
        return Ok(proposal);
    }
    let mut sections: BTreeMap<PackageId, String> = BTreeMap::new();
    for notes in &proposal.plan().release_notes {
        let help = format!(
            "<!-- The notes of {} {}. What stays in this comment is not part of them; an empty file stops. -->\n\n",
            notes.package, notes.version
        );
        let text = edit(&planner.session.place.git, &format!("{help}{}", notes.body), options.editor.as_deref())?;
        let text = text.replace(help.trim_end(), "");
        if text.trim().is_empty() {
            let message = format!("the notes of {} are empty", notes.package);
            let help = Some("nothing was written; `--no-edit` takes the notes as they are".to_owned());
            return Ok(proposal.refused_for(Refusal { code: RefusalCode::EmptySection, message, help }));
        }
        if text.trim() != notes.body.trim() {
            sections.insert(notes.package.clone(), text.trim().to_owned());
        }
    }
    if sections.is_empty() {
        return Ok(proposal);
    }
    options.release.request.sections = sections;
    planner.plan(&options.release.request, prompt)
}
