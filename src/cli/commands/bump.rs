//! `relman bump`.

use clap::Args;

use crate::apply::{self, Receipt, Services};
use crate::capture::{Place, Request};
use crate::cli::commands::request::{Requested, needs};
use crate::cli::confirm::{Answer, ask, ask_summary, assumed, can_ask, pick};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::proof::proof_of;
use crate::cli::render::{done, done_json, json, notes, plan_text, report};
use crate::cli::session;
use crate::config::SummaryRule;
use crate::plan::{
    Ask, BumpRequest, Choice, PackageBump, PlanReport, Proposal, Refusal, RefusalCode, ReleasePlan, bump, choices,
};
use crate::snapshot::Snapshot;

/// What `relman bump --help` ends with.
const EXAMPLES: &str = "\
Examples:
  relman bump minor                           the one package or group that there is
  relman bump -p scheduler minor              one package: 0.2.0 becomes 0.3.0
  relman bump -p api=minor -p web=1.0.0-rc.1  a level or a version for each
  relman bump -g suite minor alpha            a group: 0.2.0 becomes 0.3.0-alpha.1
  relman bump -g suite alpha                  0.3.0-alpha.1 becomes 0.3.0-alpha.2
  relman bump -g suite release                0.3.0-alpha.2 becomes 0.3.0
  relman bump --all patch --dry-run           shows the plan and writes nothing";

/// Release packages: edit the files, commit, tag
///
/// One commit, and one annotated tag per package. The plan is complete, and every new text has been read again and compared, before the
/// first byte is written. On a terminal, relman shows the plan and asks for confirmation; elsewhere --yes is required.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Bump {
    #[command(flatten)]
    requested: Requested,
    /// Print the plan and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Do not ask for confirmation
    #[arg(short, long)]
    yes: bool,
    /// Print the plan as one JSON object
    #[arg(long)]
    json: bool,
}

impl Bump {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let mut place = if self.dry_run { session::open(global, output)? } else { session::open_to_write(global)? };
        if place.file.is_none() && !self.dry_run {
            let help = "`relman init` writes one; `--dry-run` works without";
            return Err(CliError::failed(
                Exit::Usage,
                "relman.toml not found in this folder or any parent folder",
                help,
            ));
        }
        let mut request = self.requested.request()?;
        let wish = Request { needs: needs(&request), staged: false };
        let snapshot = session::read_to_release(&place, wish, output)?;
        let asks = !self.dry_run && !self.yes && !assumed();
        if asks && can_ask() {
            choose(&snapshot, &mut request, output);
        }
        let mut snapshot = self.requested.fetched(global, (&mut place, wish), snapshot, &request, output)?;
        self.requested.fix_date(&mut snapshot)?;
        let mut proposal = bump(&snapshot, &request)?;
        if self.dry_run {
            return show(&proposal, &snapshot, self.json, output);
        }
        if asks && can_ask() && request.summary.is_none() {
            proposal = summarised(&snapshot, &mut request, proposal, output)?;
        }
        if !asks && !proposal.plan().bumps.is_empty() {
            output.words(notes(proposal.plan()));
        }
        let proposal = if asks { self.confirmed(&snapshot, request, proposal, output)? } else { Some(proposal) };
        match proposal {
            Some(proposal) => carry_out(proposal, &place, self.json, output),
            None => Ok(Exit::Refused),
        }
    }

    /// Shows the plan until it is accepted; `None` if the user quits.
    fn confirmed(
        &self,
        snapshot: &Snapshot,
        mut request: BumpRequest,
        mut proposal: Proposal,
        output: &mut Output,
    ) -> Result<Option<Proposal>, CliError> {
        if proposal.is_refused() || proposal.plan().bumps.is_empty() {
            return Ok(Some(proposal));
        }
        loop {
            if !can_ask() {
                return Ok(Some(unconfirmed(proposal)));
            }
            output.result(plan_text(proposal.plan(), &snapshot.texts()));
            match ask(output) {
                Answer::Accept => return Ok(Some(proposal)),
                Answer::Quit => {
                    output.say("nothing was written");
                    return Ok(None);
                }
                Answer::Version(text) => {
                    let other = with_version(&request, &text);
                    // Report what is impossible, and ask again.
                    match bump(snapshot, &other) {
                        Ok(new) if new.is_refused() => {
                            report(CliError::Refused(new.refusals().to_vec()), output);
                        }
                        Ok(new) => {
                            request = other;
                            proposal = new;
                        }
                        Err(problems) => {
                            report(CliError::Wrong(problems), output);
                        }
                    }
                }
            }
        }
    }
}

/// Lets the user choose if the request names nothing.
fn choose(snapshot: &Snapshot, request: &mut BumpRequest, output: &mut Output) {
    let Some(choices) = choices(snapshot, request) else { return };
    let names: Vec<String> = choices.iter().map(ToString::to_string).collect();
    match pick(&names, output).and_then(|index| choices.get(index)) {
        Some(Choice::Package(id)) => request.packages.push((id.0.clone(), None)),
        Some(Choice::Group(id)) => request.groups.push(id.0.clone()),
        None => {}
    }
}

/// Asks for a summary if a section of this release requires or allows one.
fn summarised(
    snapshot: &Snapshot,
    request: &mut BumpRequest,
    proposal: Proposal,
    output: &mut Output,
) -> Result<Proposal, CliError> {
    let (plan, is_required) = (proposal.plan(), proposal.is_refused());
    if proposal.refusals().iter().any(|refusal| refusal.code != RefusalCode::SummaryMissing) {
        return Ok(proposal);
    }
    let takes = |step: &PackageBump| {
        let file = snapshot.workspace.index_of(&step.package).and_then(|index| snapshot.changelogs.of(index));
        let rule = snapshot.config.changelog_of(&step.package).map(|config| config.summary);
        // If prose under [Unreleased] provides a required one, relman does not ask.
        rule == Some(SummaryRule::Optional) && file.is_some_and(|file| plan.files.get(file).is_some())
    };
    if !is_required && !plan.bumps.iter().any(takes) {
        return Ok(proposal);
    }
    match ask_summary(is_required, output) {
        None => Ok(proposal),
        summary => {
            request.summary = summary;
            Ok(bump(snapshot, request)?)
        }
    }
}

/// Returns the same request with a version that the user typed.
fn with_version(request: &BumpRequest, text: &str) -> BumpRequest {
    let ask = Ask::Exact(text.strip_prefix('v').unwrap_or(text).to_owned());
    let packages = request.packages.iter().map(|(name, _)| (name.clone(), None)).collect();
    BumpRequest { ask: Some(ask), packages, ..request.clone() }
}

/// Prints a plan without carrying it out; the exit code says whether it could be.
pub(super) fn show(
    proposal: &Proposal,
    snapshot: &Snapshot,
    as_json: bool,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let (plan, refused) = (proposal.plan(), proposal.is_refused());
    if as_json {
        output.copy(&json(&PlanReport::from(proposal))?);
    } else if !(refused && plan.bumps.is_empty()) {
        output.result(plan_text(plan, &snapshot.texts()));
    }
    if refused {
        if as_json {
            return Ok(Exit::Refused);
        }
        return Err(CliError::Refused(proposal.refusals().to_vec()));
    }
    Ok(if plan.bumps.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// Refuses a plan because it was not confirmed, unless it is refused for other reasons anyway.
pub(super) fn unconfirmed(proposal: Proposal) -> Proposal {
    if proposal.is_refused() || proposal.plan().bumps.is_empty() {
        return proposal;
    }
    proposal.refused_for(Refusal {
        code: RefusalCode::NoConfirmation,
        message: "the plan was not confirmed, and stdin is not a terminal".to_owned(),
        help: Some("pass --yes, or set RELMAN_ASSUME_YES=1; `relman plan` shows what would be done".to_owned()),
    })
}

/// Passes a plan to `apply` and prints what was done, or why not.
pub(super) fn carry_out(
    proposal: Proposal,
    place: &Place,
    as_json: bool,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let report = as_json.then(|| PlanReport::from(&proposal));
    let refusals = match proposal.accept() {
        Ok(plan) if plan.bumps.is_empty() => {
            if let Some(report) = report {
                output.copy(&json(&report)?);
            }
            output.words(notes(&plan));
            output.say("nothing to release");
            return Ok(Exit::Nothing);
        }
        Ok(plan) => {
            let services = Services::new(&place.git);
            match apply::run_proven(&plan, &services, &place.root, &proof_of(place)).map_err(CliError::from) {
                Ok(receipt) => return done_with(&plan, report, &receipt, output),
                Err(CliError::Refused(refusals)) => refusals,
                Err(error) => return Err(error),
            }
        }
        Err(refusals) => refusals,
    };
    if let Some(report) = report {
        output.copy(&json(&PlanReport { refusals: refusals.clone(), ..report })?);
    }
    Err(CliError::Refused(refusals))
}

/// Prints what was done: as JSON where there is a report to print.
fn done_with(
    plan: &ReleasePlan,
    report: Option<PlanReport>,
    receipt: &Receipt,
    output: &mut Output,
) -> Result<Exit, CliError> {
    if !receipt.words.trim().is_empty() {
        output.say(receipt.words.trim_end());
    }
    match report {
        Some(report) => output.copy(&done_json(report, receipt)?),
        None => output.result(done(plan, receipt)),
    }
    Ok(Exit::Done)
}
