//! [`release`]: from a request to what was released, with the questions in between.

use std::ops::ControlFlow;

use super::carry_out::{Outcome, carry_out};
use super::confirm::open_question;
use super::error::ProcessError;
use super::prompt::{Answer, Prompt};
use super::session::Session;
use crate::capture::{CaptureNeeds, CaptureOptions, Reach};
use crate::config::SummaryRule;
use crate::plan::{
    BumpRequest, BumpSpec, Choice, PackageBump, Proposal, RefusalCode, bump, choices, packages_missing_history_for,
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
    let proposal = bump(&snapshot, &options.request)?;
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
    if !options.asks {
        // Without a question the notes are not part of it.
        prompt.announce(proposal.plan());
        return carry_out(proposal, &session.place);
    }
    let proposal = if prompt.can_ask() && options.request.summary.is_none() {
        ask_summary(&snapshot, &mut options.request, proposal, prompt)?
    } else {
        proposal
    };
    match confirm(&snapshot, options.request, proposal, prompt) {
        Some(proposal) => carry_out(proposal, &session.place),
        None => Ok(Outcome::Declined),
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
fn ask_summary(
    snapshot: &Snapshot,
    request: &mut BumpRequest,
    proposal: Proposal,
    prompt: &mut dyn Prompt,
) -> Result<Proposal, ProcessError> {
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
            Ok(bump(snapshot, request)?)
        }
    }
}

/// Shows the plan until it is accepted; `None` if the person quits.
fn confirm(
    snapshot: &Snapshot,
    mut request: BumpRequest,
    proposal: Proposal,
    prompt: &mut dyn Prompt,
) -> Option<Proposal> {
    let mut proposal = match open_question(proposal, prompt) {
        ControlFlow::Continue(proposal) => proposal,
        ControlFlow::Break(settled) => return Some(settled),
    };
    loop {
        match prompt.ask(proposal.plan(), &snapshot.texts()) {
            Answer::Accept => return Some(proposal),
            Answer::Quit => {
                prompt.say("nothing was written");
                return None;
            }
            Answer::Version(text) => {
                let other = with_version(&request, &text);
                // What is not possible is shown, and the question is asked again.
                match bump(snapshot, &other) {
                    Ok(new) if new.is_refused() => prompt.reject(Vec::new(), new.refusals().to_vec()),
                    Ok(new) => (request, proposal) = (other, new),
                    Err(problems) => prompt.reject(problems, Vec::new()),
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
