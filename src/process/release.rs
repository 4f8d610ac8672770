//! [`release`]: from a request to what was released, with the questions in between.

use std::ops::ControlFlow;

use super::carry_out::{Outcome, carry_out};
use super::confirm::open_question;
use super::error::ProcessError;
use super::gated::{GateOptions, gated};
use super::later_gates::LaterGates;
use super::milestone_items::gather_items;
use super::prompt::{Answer, Prompt};
use super::session::Session;
use super::world::World;
use crate::capture::{CaptureNeeds, CaptureOptions, Reach};
use crate::config::SummaryRule;
use crate::plan::{
    BumpRequest, BumpSpec, Choice, PackageBump, Proposal, RefusalCode, bump, choices, packages_missing_history_for,
    units_of,
};
use crate::snapshot::Snapshot;

/// What is to be released, and how.
#[derive(Clone, Debug)]
pub struct ReleaseOptions {
    /// What is requested.
    pub request: BumpRequest,
    /// The day that `{date}` means, if not today.
    pub date: Option<String>,
    /// Whether missing history is fetched.
    pub fetch: bool,
    /// Whether questions are asked: what is released, its summary, the confirmation.
    pub asks: bool,
    /// How the gates of relman.toml are looked at.
    pub gates: GateOptions,
    /// Whether tags are left to the merge into the branch that ships, where relman.toml names one.
    pub no_tag_before_merge: bool,
}

/// Reads what the request needs and plans it. With `asks` a request that names nothing is asked about.
///
/// # Errors
/// Returns an error if something cannot be read, or the request cannot be planned.
pub fn propose(
    session: &mut Session,
    options: &mut ReleaseOptions,
    prompt: &mut dyn Prompt,
) -> Result<(Snapshot, Proposal), ProcessError> {
    let wish = CaptureOptions { needs: needs(&options.request), staged: false };
    let mut snapshot = session.read_to_release(wish, prompt)?;
    let merges = snapshot.config.release.as_ref().is_some_and(|release| release.integration.is_some());
    options.request.no_tag |= options.no_tag_before_merge && merges;
    if options.asks && prompt.can_ask() {
        choose(&snapshot, &mut options.request, prompt);
    }
    if options.fetch {
        let lacking = |snapshot: &Snapshot| packages_missing_history_for(snapshot, &options.request);
        snapshot = session.fetch_missing(wish, snapshot, prompt, &lacking)?;
    }
    if let Some(date) = &options.date {
        snapshot.today.clone_from(date);
    }
    if options.gates.is_online && snapshot.config.takes_milestone() {
        let world = World::find(&session.place, &snapshot, options.gates.patience);
        let named = options.gates.milestone.as_ref().map(|typed| world.milestone_named(typed)).transpose()?;
        gather_items(&mut snapshot, &world, named.as_ref(), &options.request, true, prompt)?;
    }
    let proposal = bump(&snapshot, &options.request)?;
    let proposal = gated(session, &snapshot, proposal, &options.gates, None, prompt)?;
    Ok((snapshot, proposal))
}

/// Plans the request, asks until the plan is accepted, and carries it out.
///
/// # Errors
/// Returns an error as [`propose`] does, and if writing fails.
pub fn release(
    session: &mut Session,
    mut options: ReleaseOptions,
    prompt: &mut dyn Prompt,
) -> Result<Outcome, ProcessError> {
    let (snapshot, proposal) = propose(session, &mut options, prompt)?;
    let planner = Planner { session, snapshot: &snapshot, gates: &options.gates };
    let accepted = if options.asks {
        let proposal = if prompt.can_ask() && options.request.summary.is_none() {
            ask_summary(&planner, &mut options.request, proposal, prompt)?
        } else {
            proposal
        };
        confirm(&planner, options.request, proposal, prompt)?
    } else {
        // Without a question the notes are not part of it.
        prompt.announce(proposal.plan());
        Some(proposal)
    };
    match accepted {
        Some(proposal) => carry_out(planner.looked_at(proposal, options.asks, prompt)?, &session.place),
        None => Ok(Outcome::Declined),
    }
}

/// Plans a request again, with its gates.
pub(super) struct Planner<'a> {
    pub(super) session: &'a Session,
    pub(super) snapshot: &'a Snapshot,
    pub(super) gates: &'a GateOptions,
}

impl Planner<'_> {
    /// Plans the request.
    pub(super) fn plan(&self, request: &BumpRequest, prompt: &mut dyn Prompt) -> Result<Proposal, ProcessError> {
        let proposal = bump(self.snapshot, request)?;
        gated(self.session, self.snapshot, proposal, self.gates, None, prompt)
    }

    /// Runs the gates that are commands and questions, unless something speaks against the plan already.
    pub(super) fn looked_at(
        &self,
        proposal: Proposal,
        asks: bool,
        prompt: &mut dyn Prompt,
    ) -> Result<Proposal, ProcessError> {
        if proposal.is_refused() || proposal.plan().gates.is_empty() {
            return Ok(proposal);
        }
        let units = units_of(self.snapshot, proposal.plan())?;
        LaterGates { place: &self.session.place, snapshot: self.snapshot, units: &units, asks }.run(proposal, prompt)
    }
}

/// Returns what must be read to plan a release.
fn needs(request: &BumpRequest) -> CaptureNeeds {
    CaptureNeeds {
        changes: true,
        reach: Reach::Above,
        push: request.push,
        history: request.needs_history(),
        changelogs: true,
        sections: true,
    }
}

/// Asks what is released, if the request names nothing.
fn choose(snapshot: &Snapshot, request: &mut BumpRequest, prompt: &mut dyn Prompt) {
    // A request that names something needs no choice.
    let Some(choices) = choices(snapshot, request) else { return };
    match prompt.choose(&choices).and_then(|index| choices.get(index)) {
        Some(Choice::Package(id)) => request.packages.push((id.to_string(), None)),
        Some(Choice::Group(id)) => request.groups.push(id.to_string()),
        None => {}
    }
}

/// Asks for a summary if a section that this release writes needs one, or may have one.
pub(super) fn ask_summary(
    planner: &Planner<'_>,
    request: &mut BumpRequest,
    proposal: Proposal,
    prompt: &mut dyn Prompt,
) -> Result<Proposal, ProcessError> {
    let snapshot = planner.snapshot;
    let (plan, is_required) = (proposal.plan(), proposal.is_refused());
    if proposal.refusals().iter().any(|refusal| refusal.code != RefusalCode::SummaryMissing) {
        return Ok(proposal);
    }
    let takes = |step: &PackageBump| {
        let file = snapshot.workspace.index_of(&step.package).and_then(|index| snapshot.changelogs.of(index));
        let rule = snapshot.config.changelog_of(&step.package).map(|config| config.summary);
        // Required ones that have prose under [Unreleased] are not asked about.
        rule == Some(SummaryRule::Optional) && file.is_some_and(|file| plan.files.get(file).is_some())
    };
    if !is_required && !plan.bumps.iter().any(takes) {
        return Ok(proposal);
    }
    match prompt.ask_summary(is_required) {
        None => Ok(proposal),
        summary => {
            request.summary = summary;
            planner.plan(request, prompt)
        }
    }
}

/// Shows the plan until it is accepted; `None` if the person quits.
fn confirm(
    planner: &Planner<'_>,
    mut request: BumpRequest,
    proposal: Proposal,
    prompt: &mut dyn Prompt,
) -> Result<Option<Proposal>, ProcessError> {
    let mut proposal = match open_question(proposal, prompt) {
        ControlFlow::Continue(proposal) => proposal,
        ControlFlow::Break(settled) => return Ok(Some(settled)),
    };
    loop {
        match prompt.ask(proposal.plan(), &planner.snapshot.texts()) {
            Answer::Accept => return Ok(Some(proposal)),
            Answer::Quit => {
                prompt.say("nothing was written");
                return Ok(None);
            }
            Answer::Version(text) => {
                let other = with_version(&request, &text);
                // What is not possible is shown, and the question is asked again.
                match planner.plan(&other, prompt) {
                    Ok(new) if new.is_refused() => prompt.reject(Vec::new(), new.refusals().to_vec()),
                    Ok(new) => (request, proposal) = (other, new),
                    Err(ProcessError::Wrong(problems)) => prompt.reject(problems, Vec::new()),
                    Err(error) => return Err(error),
                }
            }
        }
    }
}

/// The same request with a version that was typed in.
fn with_version(request: &BumpRequest, text: &str) -> BumpRequest {
    let ask = BumpSpec::Exact(text.strip_prefix('v').unwrap_or(text).to_owned());
    let packages = request.packages.iter().map(|(name, _)| (name.clone(), None)).collect();
    BumpRequest { ask: Some(ask), packages, ..request.clone() }
}
