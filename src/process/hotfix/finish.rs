//! [`finish_hotfix`]: what a hotfix holds comes back to the branches that go on.

use std::time::Duration;

use super::back::BackMerge;
use crate::apply::Services;
use crate::capture::{CaptureNeeds, CaptureOptions, Reach};
use crate::config::{HotfixBy, HotfixConfig, HotfixRelease};
use crate::forge::Forge;
use crate::model::ForgeRequest;
use crate::plan::{
    self, BackLook, BackOutcome, FinishLooks, Proposal, Refusal, RefusalCode, back_branches, request_branch,
};
use crate::process::carry_out::{Outcome, carry_out_with};
use crate::process::confirm::confirm;
use crate::process::error::ProcessError;
use crate::process::plugin_proof::proven;
use crate::process::prompt::Prompt;
use crate::process::session::Session;
use crate::process::world::{World, refused};
use crate::snapshot::{RemoteLook, Snapshot};

/// How a hotfix is brought back.
#[derive(Clone, Debug)]
pub struct FinishOptions {
    /// Whether the plan is asked about.
    pub asks: bool,
    /// Whether the remote and the forge are asked.
    pub is_online: bool,
    /// How long a forge that is overloaded is waited for.
    pub patience: Duration,
}

/// A plan that brings a hotfix back, with what it was made from.
pub struct Finished {
    /// Everything that was read.
    pub snapshot: Snapshot,
    /// The plan.
    pub proposal: Proposal,
    /// How it is brought back.
    pub by: HotfixBy,
    /// Where its patch is released.
    pub release: HotfixRelease,
    world: World,
}

/// Reads and asks what the plan needs, and plans it.
///
/// # Errors
/// Returns an error if something cannot be read, HEAD is not on a hotfix, or the remote does not answer.
pub fn propose_finish(
    session: &Session,
    options: &FinishOptions,
    prompt: &mut dyn Prompt,
) -> Result<Finished, ProcessError> {
    let needs = CaptureNeeds { changes: true, reach: Reach::Above, changelogs: true, ..CaptureNeeds::default() };
    let snapshot = session.read_to_release(CaptureOptions { needs, staged: false }, prompt)?;
    let (branch, head) = match (&snapshot.git.branch, &snapshot.git.commit) {
        (Some(branch), Some(head)) if snapshot.git.is_hotfix => (branch.clone(), head.clone()),
        _ => return Err(ProcessError::Refused(elsewhere(&snapshot))),
    };
    let world = World::new(&session.place, options.patience, options.is_online);
    let remote = world.reachable_remote(&snapshot)?;
    let default = HotfixConfig::default();
    let config = snapshot.config.hotfix.clone().unwrap_or(default);
    let by = config.by.unwrap_or(if world.has_forge(&snapshot) { HotfixBy::Request } else { HotfixBy::Merge });
    let at_commit = session.read_commit(head.as_str(), CaptureNeeds { changelogs: true, ..CaptureNeeds::default() })?;
    let merges = BackMerge::new(session, &head, &at_commit);
    let looks = Backs { session, remote: &remote, merges, world: &world, snapshot: &snapshot, by, hotfix: &branch };
    let mut backs = Vec::new();
    let mut sections = Vec::new();
    for into in back_branches(&snapshot.config) {
        let (back, released) = looks.look(into, options.is_online)?;
        backs.push(back);
        if sections.is_empty() {
            sections = released;
        }
    }
    let forge = world.forge_for_requests(&snapshot);
    let looks = FinishLooks { remote, is_online: world.is_online(), backs, by, sections, forge };
    let proposal = proven(&session.place, &snapshot, plan::finish_hotfix(&snapshot, &looks));
    Ok(Finished { snapshot, proposal, by, release: config.release, world })
}

/// Plans how the hotfix of HEAD is brought back, asks, and carries it out.
///
/// # Errors
/// Returns an error as [`propose_finish`] does, and if something fails on the way.
pub fn finish_hotfix(
    session: &Session,
    options: &FinishOptions,
    prompt: &mut dyn Prompt,
) -> Result<(Outcome, HotfixBy, HotfixRelease), ProcessError> {
    let Finished { snapshot, proposal, by, release, world } = propose_finish(session, options, prompt)?;
    let proposal = if options.asks {
        match confirm("Bring it back?", proposal, &snapshot.texts(), prompt) {
            Some(proposal) => proposal,
            None => return Ok((Outcome::Declined, by, release)),
        }
    } else {
        proposal
    };
    let report = prompt.reporter();
    let services = Services::new(&session.place.git, &session.place.root)
        .with_forge(world.forge(&snapshot).found())
        .reporting_to(&*report);
    Ok((carry_out_with(proposal, &session.place, &services)?, by, release))
}

fn elsewhere(snapshot: &Snapshot) -> Refusal {
    let found = snapshot.git.branch.as_ref();
    let found = found.map_or("HEAD is detached".to_owned(), |branch| format!("HEAD is on `{branch}`"));
    let default = HotfixConfig::default();
    let template = &snapshot.config.hotfix.as_ref().unwrap_or(&default).branch;
    let message = format!("{found}, and hotfixes are on branches named `{template}`");
    let help = Some("run `git switch BRANCH`, or `relman hotfix start` for a new one".to_owned());
    Refusal { code: RefusalCode::Branch, message, help }
}

struct Backs<'a> {
    session: &'a Session,
    remote: &'a RemoteLook,
    merges: BackMerge<'a>,
    world: &'a World,
    snapshot: &'a Snapshot,
    by: HotfixBy,
    hotfix: &'a str,
}

impl Backs<'_> {
    /// Looks at one branch: what it lacks, and which requests are on their way to it.
    fn look(&self, branch: String, is_online: bool) -> Result<(BackLook, Vec<plan::ReleasedSections>), ProcessError> {
        let Some(head) = self.remote.branches.get(&branch).cloned() else {
            let missing =
                BackLook { branch, onto: None, on_its_way: None, outcome: BackOutcome::Missing, requests: Vec::new() };
            return Ok((missing, Vec::new()));
        };
        self.fetched(&branch, head.as_str(), is_online)?;
        let git = &self.session.place.git;
        let merged = self.merges.onto(head.as_str())?;
        let (mut outcome, mut onto, mut on_its_way) = (merged.outcome, head.clone(), None);
        let of_requests = request_branch(self.hotfix, &branch);
        let there = self.remote.branches.get(&of_requests).filter(|_| self.by == HotfixBy::Request);
        if let (Some(there), BackOutcome::Merged { is_plain: false, .. } | BackOutcome::Conflict { .. }) =
            (there, &outcome)
        {
            self.fetched(&of_requests, there.as_str(), is_online)?;
            if !git.holds(head.as_str(), there.as_str())? {
                on_its_way = Some(there.clone());
                match self.merges.onto(there.as_str())?.outcome {
                    // It has all that the hotfix has: the request is as it should be.
                    BackOutcome::Held => {
                        outcome = BackOutcome::Merged { tree: git.tree_of(there.as_str())?, is_plain: false };
                    }
                    BackOutcome::Merged { tree, .. } => {
                        outcome = BackOutcome::Merged { tree, is_plain: false };
                        onto = there.clone();
                    }
                    BackOutcome::Conflict { .. } | BackOutcome::Missing => {}
                }
            }
        }
        let requests = self.requests(&outcome, &of_requests, &branch)?;
        Ok((BackLook { branch, onto: Some(onto), on_its_way, outcome, requests }, merged.sections))
    }

    /// Fetches a branch whose head is not here.
    fn fetched(&self, branch: &str, head: &str, is_online: bool) -> Result<(), ProcessError> {
        let git = &self.session.place.git;
        if is_online && !git.has_commit(head)? {
            git.fetch_branches(&self.remote.name, &[branch], false)?;
        }
        Ok(())
    }

    /// The requests that are, or were, on their way.
    fn requests(
        &self,
        outcome: &BackOutcome,
        of_requests: &str,
        into: &str,
    ) -> Result<Vec<ForgeRequest>, ProcessError> {
        let from = match outcome {
            BackOutcome::Merged { is_plain: true, .. } => self.hotfix,
            BackOutcome::Merged { .. } => of_requests,
            _ => return Ok(Vec::new()),
        };
        let asked = self.world.forge(self.snapshot).found().filter(|_| self.by == HotfixBy::Request);
        let ask = |forge: &Forge| forge.requests(from, into).map_err(|error| refused(RefusalCode::Forge, &error));
        asked.map_or(Ok(Vec::new()), ask)
    }
}
