//! [`keep_request`]: one request that holds the release commit of what is pending.

use std::time::Duration;

use super::carry_out::{Outcome, carry_out_with};
use super::confirm::confirm;
use super::error::ProcessError;
use super::milestone_items::gather_items;
use super::plugin_proof::proven;
use super::prompt::Prompt;
use super::session::Session;
use super::world::{World, refused};
use crate::apply::Services;
use crate::capture::{CaptureNeeds, Reach};
use crate::io::{Git, TreeText};
use crate::model::{CommitId, ForgeRequest, RequestState};
use crate::plan::{
    self, BumpRequest, DeliveryRequest, FileChange, FileChanges, NextBranch, Proposal, RELEASE_BRANCH, Refusal,
    RefusalCode, RequestLooks, in_progress, labelled,
};
use crate::snapshot::{Look, RemoteLook, Snapshot};

/// What is requested, and how.
#[derive(Clone, Debug)]
pub struct RequestOptions {
    /// What is released; everything, where nothing is named.
    pub request: BumpRequest,
    /// Whether a commit that somebody else pushed may be overwritten.
    pub overwrites: bool,
    /// Whether the plan is asked about.
    pub asks: bool,
    /// Whether the remote and the forge are asked.
    pub is_online: bool,
    /// How long a forge that is overloaded is waited for.
    pub patience: Duration,
}

/// A plan that keeps a release request, with what it was made from.
pub struct ProposedRequest {
    /// Everything that was read, of the commit of HEAD.
    pub snapshot: Snapshot,
    /// The plan.
    pub proposal: Proposal,
    world: World,
}

/// Reads the commit of HEAD and asks what the plan needs, and plans it. Changes of the work tree are not part of it.
///
/// # Errors
/// Returns an error if something cannot be read or planned, or the remote does not answer.
pub fn propose_request(session: &Session, options: &RequestOptions) -> Result<ProposedRequest, ProcessError> {
    let git = &session.place.git;
    if let Some(operation) = git.in_progress()? {
        return Err(ProcessError::Refused(in_progress(operation)));
    }
    let needs = CaptureNeeds {
        reach: Reach::Above,
        push: true,
        history: true,
        changelogs: true,
        sections: true,
        ..CaptureNeeds::default()
    };
    let commit = git.head()?.commit.ok_or_else(|| ProcessError::Wrong(vec![plan::without_commits()]))?;
    let mut snapshot = session.read_commit(&commit, needs)?;
    let (Some(head), Some(branch)) = (snapshot.git.commit.clone(), snapshot.git.branch.clone()) else {
        let message = "HEAD is detached: no branch would take the release".to_owned();
        let help = Some("check out a branch, in CI with `git checkout -B \"$BRANCH\"`".to_owned());
        return Err(ProcessError::Refused(Refusal { code: RefusalCode::Detached, message, help }));
    };
    let world = World::new(&session.place, options.patience, options.is_online).wanting_a_forge();
    let remote = world.reachable_remote(&snapshot)?;
    if let Some(waiting) = untagged(&snapshot, &remote)? {
        let plan = plan::ReleasePlan { notes: vec![waiting], ..plan::ReleasePlan::default() };
        return Ok(ProposedRequest { snapshot, proposal: Proposal::new(plan, Vec::new()), world });
    }
    let base = snapshot.git.push.as_ref().and_then(|push| push.branch.clone()).unwrap_or(branch);
    let requests = requests(&world, &snapshot, &base)?;
    let bump = pending(&mut snapshot, options, &world, &requests)?;
    let bump = proven(&session.place, &snapshot, bump);
    let tree =
        bump.plan().commit.as_ref().map(|_| tree_of(session, &snapshot, &head, &bump.plan().files)).transpose()?;
    let forge = world.forge_for_requests(&snapshot);
    let next = next_branch(git, &remote, options.is_online)?;
    let looks = RequestLooks { remote, head, base, tree, next, requests, forge, overwrites: options.overwrites };
    let proposal = plan::release_request(bump, &looks);
    Ok(ProposedRequest { snapshot, proposal, world })
}

/// Plans the release request of what is pending, asks, and carries it out.
///
/// # Errors
/// Returns an error as [`propose_request`] does, and if something fails on the way.
pub fn keep_request(
    session: &Session,
    options: &RequestOptions,
    prompt: &mut dyn Prompt,
) -> Result<Outcome, ProcessError> {
    let ProposedRequest { snapshot, proposal, world } = propose_request(session, options)?;
    if proposal.plan().outward.iter().all(|step| step.is_done) && !proposal.is_refused() {
        return Ok(Outcome::Nothing(proposal.plan().clone()));
    }
    let proposal = if options.asks {
        match confirm("Carry this out?", proposal, &snapshot.texts(), prompt) {
            Some(proposal) => proposal,
            None => return Ok(Outcome::Declined),
        }
    } else {
        proposal
    };
    let report = prompt.reporter();
    let services = Services::new(&session.place.git, &session.place.root)
        .with_forge(world.forge(&snapshot).found())
        .reporting_to(&*report);
    carry_out_with(proposal, &session.place, &services)
}

/// Says which versions were merged and are not tagged yet: until then what is pending counts from the release before. A squash may have lost
/// the trailers of relman; then the section in the changelog shows it.
fn untagged(snapshot: &Snapshot, remote: &RemoteLook) -> Result<Option<String>, ProcessError> {
    let request = BumpRequest { allow_dirty: true, allow_branch: true, ..BumpRequest::default() };
    let tagged = plan::tag(snapshot, &request)?;
    let mut names: Vec<String> =
        tagged.plan().bumps.iter().map(|bump| format!("{} {}", bump.package, bump.to)).collect();
    for unit in plan::delivery_units(snapshot, &DeliveryRequest::default(), remote)?.units {
        let name = format!("{} {}", snapshot.workspace.packages[unit.package].id, unit.text);
        if unit.commit.is_none() && !names.contains(&name) {
            names.push(name);
        }
    }
    let waiting = || format!("{} was merged and is not tagged yet: run `relman release` first", names.join(", "));
    Ok((!names.is_empty()).then(waiting))
}

fn requests(world: &World, snapshot: &Snapshot, base: &str) -> Result<Vec<ForgeRequest>, ProcessError> {
    // Without a forge there are no requests.
    let Look::Found(forge) = world.forge(snapshot) else { return Ok(Vec::new()) };
    forge.requests(RELEASE_BRANCH, base).map_err(|error| refused(RefusalCode::Forge, &error))
}

/// Plans the bump of what is pending, at the levels that labels of the open request ask for.
fn pending(
    snapshot: &mut Snapshot,
    options: &RequestOptions,
    world: &World,
    requests: &[ForgeRequest],
) -> Result<Proposal, ProcessError> {
    let mut request = options.request.clone();
    plan::read_words(snapshot, &mut request)?;
    request.all |= request.packages.is_empty() && request.groups.is_empty();
    gather_items(snapshot, world, None, &request)?;
    let bump = plan::bump(snapshot, &request)?;
    let open = requests.iter().find(|request| request.state == RequestState::Open);
    let asked = labelled(snapshot, open.map_or(&[], |open| &open.labels), &bump.plan().bumps)?;
    if asked.is_empty() {
        return Ok(bump);
    }
    request.packages.retain(|(name, _)| asked.iter().all(|(labelled, _)| labelled != name));
    request.packages.extend(asked);
    Ok(plan::bump(snapshot, &request)?)
}

/// Returns the tree of a commit with the changes of a plan in it.
fn tree_of(
    session: &Session,
    snapshot: &Snapshot,
    head: &CommitId,
    files: &FileChanges,
) -> Result<String, ProcessError> {
    let (texts, prefix) = (snapshot.texts(), &session.place.prefix);
    let mut changes: Vec<TreeText> = Vec::new();
    for (path, change) in files.iter() {
        let text = match change {
            FileChange::Create { text } => Some(text.clone()),
            FileChange::Delete { .. } => None,
            FileChange::Edit { edits, .. } => {
                // A file that is created has no text yet.
                let old = texts.get(path).copied().unwrap_or("");
                let wrong = |error: crate::text::EditError| {
                    let code = crate::model::ProblemCode::Edit;
                    vec![crate::model::Diagnostic::new(code, error.to_string()).in_file(path)]
                };
                Some(edits.apply(old).map_err(wrong)?)
            }
        };
        changes.push((prefix.join(path.as_str()), text));
    }
    Ok(session.place.git.tree_with(head.as_str(), &changes)?)
}

/// Reads the head of the request's branch on the remote.
fn next_branch(git: &Git, remote: &RemoteLook, is_online: bool) -> Result<Option<NextBranch>, ProcessError> {
    let Some(commit) = remote.branches.get(RELEASE_BRANCH) else { return Ok(None) };
    if !git.has_commit(commit.as_str())? {
        if !is_online {
            return Ok(None);
        }
        git.fetch_branches(&remote.name, &[RELEASE_BRANCH], false)?;
    }
    let content = git.commit_content(commit.as_str())?;
    let parents = content.parents.into_iter().map(CommitId::new).collect();
    Ok(Some(NextBranch { commit: commit.clone(), tree: content.tree, parents, message: content.message }))
}
