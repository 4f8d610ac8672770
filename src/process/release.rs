//! [`release`]: from a request to what was released, with the questions in between.

use std::mem::ManuallyDrop;
use std::ops::ControlFlow;

use super::carry_out::{Outcome, carry_out};
use super::choose::choose;
use super::confirm::open_question;
use super::error::ProcessError;
use super::gated::{GateLook, GateOptions};
use super::later_gates::LaterGates;
use super::milestone_items::gather_items;
use super::pins::ask_for;
use super::plugin_proof::proven;
use super::prompt::{Answer, Prompt, Question};
use super::session::Session;
use super::world::World;
use crate::capture::{CaptureNeeds, CaptureOptions, Reach};
use crate::config::SummaryRule;
use crate::io::left;
use crate::model::Milestone;
use crate::plan::{
    BumpRequest, BumpSpec, PackageBump, Proposal, Refusal, RefusalCode, bump, has_one_version,
    packages_missing_history_for, read_words, units_of,
};
use crate::snapshot::Snapshot;

/// What is to be released, and how.
#[derive(Clone, Debug, Default)]
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
    /// Whether the generators of relman.toml run for a plan that is not carried out.
    pub generates: bool,
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
) -> Result<(ManuallyDrop<Snapshot>, Proposal), ProcessError> {
    let Proposed { snapshot, proposal, world, named } = proposed(session, options, prompt)?;
    if !options.generates {
        return Ok((snapshot, proposal));
    }
    let planner = Planner { session, snapshot: &snapshot, world: &world, gates: &options.gates, named: named.as_ref() };
    // Only an answer to a question could leave it out.
    let generated = planner.generated(proposal, false, prompt)?.unwrap_or_default();
    Ok((snapshot, generated))
}

/// A plan with all that it was made from.
struct Proposed {
    /// It is not freed, as that of `Session::read`.
    snapshot: ManuallyDrop<Snapshot>,
    proposal: Proposal,
    world: World,
    named: Option<Milestone>,
}

fn proposed(
    session: &mut Session,
    options: &mut ReleaseOptions,
    prompt: &mut dyn Prompt,
) -> Result<Proposed, ProcessError> {
    let wish = CaptureOptions { needs: needs(&options.request), staged: false };
    let mut snapshot = session.read_to_release(wish, prompt)?;
    read_words(&snapshot, &mut options.request)?;
    let merges = snapshot.config.release.as_ref().is_some_and(|release| release.integration.is_some());
    options.request.no_tag |= options.no_tag_before_merge && merges;
    if options.asks && prompt.can_ask() {
        let takes_level = options.request.ask.is_none() && options.gates.milestone.is_none();
        snapshot = choose(session, wish, snapshot, (&mut options.request, takes_level), prompt)?;
    }
    if options.fetch {
        let lacking = |snapshot: &Snapshot| packages_missing_history_for(snapshot, &options.request);
        snapshot = session.fetch_missing(wish, snapshot, prompt, &lacking)?;
    }
    if let Some(date) = &options.date {
        snapshot.today.clone_from(date);
    }
    let world = World::new(&session.place, options.gates.patience, options.gates.is_online);
    ask_for(session, &snapshot, &world, &mut options.request.pins)?;
    let named = named_milestone(&snapshot, &world, options)?;
    gather_items(&mut snapshot, &world, named.as_ref(), &options.request)?;
    let planner = Planner { session, snapshot: &snapshot, world: &world, gates: &options.gates, named: named.as_ref() };
    let proposal = planner.plan(&options.request, prompt)?;
    Ok(Proposed { snapshot: ManuallyDrop::new(snapshot), proposal, world, named })
}

/// Finds the milestone that was named, and takes the version of its title unless a level was given. Where the forge is not asked, what was
/// typed can only be a title.
///
/// # Errors
/// The forge does not answer, or has none or several that are meant.
pub(super) fn named_milestone(
    snapshot: &Snapshot,
    world: &World,
    options: &mut ReleaseOptions,
) -> Result<Option<Milestone>, ProcessError> {
    let Some(typed) = &options.gates.milestone else {
        // What is released follows from the level alone.
        return Ok(None);
    };
    let named = options.gates.is_online.then(|| world.milestone_named(snapshot, typed)).transpose()?;
    let title = named.as_ref().map_or(typed.as_str(), |milestone| milestone.title.as_str());
    if options.request.ask.is_none() {
        options.request.ask = Some(BumpSpec::Exact(version_of_title(snapshot, title)));
    }
    Ok(named)
}

/// The version that a title is: 0.7 where versions have three numbers is 0.7.0. A title that is not a version is reported as such.
fn version_of_title(snapshot: &Snapshot, title: &str) -> String {
    let title = title.trim_start_matches(['v', 'V']);
    let versions = snapshot.workspace.packages.iter().filter_map(|package| package.version());
    let parts = versions.map(|version| version.release.len()).next().unwrap_or(0);
    let missing = parts.saturating_sub(title.split('.').count());
    let is_plain = title.chars().all(|c| c.is_ascii_digit() || c == '.');
    if is_plain { format!("{title}{}", ".0".repeat(missing)) } else { title.to_owned() }
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
    let Proposed { snapshot, proposal, world, named } = proposed(session, &mut options, prompt)?;
    let planner = Planner { session, snapshot: &snapshot, world: &world, gates: &options.gates, named: named.as_ref() };
    let accepted = if options.asks {
        confirm(&planner, options.request, proposal, prompt)?
    } else {
        // Without a question the notes are not part of it.
        prompt.announce(proposal.plan());
        Some(proposal)
    };
    match accepted {
        Some(proposal) => planner.carry_out(proposal, options.asks, prompt),
        None => Ok(Outcome::Declined),
    }
}

/// Plans a request again, with its gates.
pub(super) struct Planner<'a> {
    pub(super) session: &'a Session,
    pub(super) snapshot: &'a Snapshot,
    pub(super) world: &'a World,
    pub(super) gates: &'a GateOptions,
    pub(super) named: Option<&'a Milestone>,
}

impl Planner<'_> {
    /// Plans the request.
    pub(super) fn plan(&self, request: &BumpRequest, prompt: &mut dyn Prompt) -> Result<Proposal, ProcessError> {
        let proposal = proven(&self.session.place, self.snapshot, bump(self.snapshot, request)?);
        let Self { session, snapshot, world, gates: options, named } = *self;
        GateLook { session, snapshot, world, options, named }.gated(proposal, prompt)
    }

    /// Runs what comes after the question, gates and generators, and carries the plan out.
    pub(super) fn carry_out(
        &self,
        proposal: Proposal,
        asks: bool,
        prompt: &mut dyn Prompt,
    ) -> Result<Outcome, ProcessError> {
        let proposal = self.looked_at(proposal, asks, prompt)?;
        match self.generated(proposal, asks, prompt)? {
            Some(proposal) => carry_out(proposal, &self.session.place, prompt),
            None => Ok(Outcome::Declined),
        }
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
        findings: false,
        changes: true,
        reach: Reach::Above,
        push: request.push,
        history: request.needs_history(),
        changelogs: true,
        sections: true,
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

/// Shows the plan and asks until it is accepted, then for a summary that its sections lack; `None` if the person quits.
fn confirm(
    planner: &Planner<'_>,
    mut request: BumpRequest,
    proposal: Proposal,
    prompt: &mut dyn Prompt,
) -> Result<Option<Proposal>, ProcessError> {
    let mut proposal = match open_question(proposal, prompt) {
        ControlFlow::Continue(proposal) => proposal,
        // The one thing that speaks against it is asked for.
        ControlFlow::Break(settled) if lacks_summary(&settled) && prompt.can_ask() => settled,
        ControlFlow::Break(settled) => return Ok(Some(settled)),
    };
    let texts = planner.snapshot.texts();
    prompt.show(proposal.plan(), &texts);
    loop {
        let plan = proposal.plan();
        let takes_version = has_one_version(planner.snapshot, plan);
        match prompt.ask(Question { words: "Release this?", plan, texts: &texts, takes_version }) {
            Answer::Accept => return summed_up(planner, request, proposal, prompt).map(Some),
            Answer::Quit => {
                prompt.say(&left());
                return Ok(None);
            }
            Answer::Version(text) => {
                let other = with_version(&request, &text);
                // What is not possible is shown, and the question is asked again.
                match planner.plan(&other, prompt) {
                    Ok(new) if new.is_refused() && !lacks_summary(&new) => {
                        // A summary is asked for later.
                        let wrong = new.refusals().iter().filter(|r| r.code != RefusalCode::SummaryMissing);
                        prompt.reject(Vec::new(), wrong.cloned().collect());
                    }
                    Ok(new) => {
                        (request, proposal) = (other, new);
                        prompt.show(proposal.plan(), &texts);
                    }
                    Err(ProcessError::Wrong(problems)) => prompt.reject(problems, Vec::new()),
                    Err(error) => return Err(error),
                }
            }
        }
    }
}

/// Returns `true` if a summary is all that is missing.
pub(super) fn lacks_summary(proposal: &Proposal) -> bool {
    let is_that = |refusal: &Refusal| refusal.code == RefusalCode::SummaryMissing;
    proposal.is_refused() && proposal.refusals().iter().all(is_that)
}

/// Asks for the summary of a plan that was accepted, unless there is one, and shows the sections with it.
fn summed_up(
    planner: &Planner<'_>,
    mut request: BumpRequest,
    proposal: Proposal,
    prompt: &mut dyn Prompt,
) -> Result<Proposal, ProcessError> {
    if request.summary.is_some() {
        return Ok(proposal);
    }
    let proposal = ask_summary(planner, &mut request, proposal, prompt)?;
    if request.summary.is_some() {
        prompt.show_sections(proposal.plan());
    }
    Ok(proposal)
}

/// The same request with a version that was typed in.
fn with_version(request: &BumpRequest, text: &str) -> BumpRequest {
    let ask = BumpSpec::Exact(text.strip_prefix('v').unwrap_or(text).to_owned());
    let packages = request.packages.iter().map(|(name, _)| (name.clone(), None)).collect();
    BumpRequest { ask: Some(ask), packages, ..request.clone() }
}
