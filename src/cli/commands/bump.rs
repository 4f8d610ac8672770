//! `relman bump`.

use std::collections::BTreeMap;

use clap::Args;

use crate::apply::{self, Receipt};
use crate::capture::{Place, Request};
use crate::cli::commands::request::{Requested, needs};
use crate::cli::confirm::{Answer, ask, ask_summary, assumed, can_ask, pick};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::proof::proof_of;
use crate::cli::render::{done, json, notes, plan_text, report};
use crate::cli::session;
use crate::config::SummaryRule;
use crate::model::{ObjectId, TagName};
use crate::plan::{Ask, BumpRequest, Choice, PackageBump, Plan, Refusal, RefusalCode, bump, choices};
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
/// One commit, and one annotated tag per package. The plan is complete, and every new text was read again and compared, before the
/// first byte is written. On a terminal the plan is shown and you are asked; elsewhere --yes is needed.
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
        let mut plan = bump(&snapshot, &request)?;
        if self.dry_run {
            return show(&plan, &snapshot, self.json, output);
        }
        if asks && can_ask() && request.summary.is_none() {
            plan = summarised(&snapshot, &mut request, plan, output)?;
        }
        if !asks && !plan.bumps.is_empty() {
            output.words(notes(&plan));
        }
        let plan = if asks { self.confirmed(&snapshot, request, plan, output)? } else { Some(plan) };
        match plan {
            Some(plan) => carry_out(plan, &place, self.json, output),
            None => Ok(Exit::Refused),
        }
    }

    /// Shows the plan until it is accepted; `None` if the user quits.
    fn confirmed(
        &self,
        snapshot: &Snapshot,
        mut request: BumpRequest,
        mut plan: Plan,
        output: &mut Output,
    ) -> Result<Option<Plan>, CliError> {
        if !plan.refusals.is_empty() || plan.bumps.is_empty() {
            return Ok(Some(plan));
        }
        loop {
            if !can_ask() {
                return Ok(Some(unconfirmed(plan)));
            }
            output.result(plan_text(&plan, &snapshot.changelogs));
            match ask(output) {
                Answer::Accept => return Ok(Some(plan)),
                Answer::Quit => {
                    output.say("nothing was written");
                    return Ok(None);
                }
                Answer::Version(text) => {
                    let other = with_version(&request, &text);
                    // What cannot be is told, and the question is asked again.
                    match bump(snapshot, &other) {
                        Ok(new) if new.refusals.is_empty() => {
                            request = other;
                            plan = new;
                        }
                        Ok(new) => {
                            report(CliError::Refused(new.refusals), output);
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

/// Lets a person pick where the request names nothing.
fn choose(snapshot: &Snapshot, request: &mut BumpRequest, output: &mut Output) {
    let Some(choices) = choices(snapshot, request) else { return };
    let names: Vec<String> = choices.iter().map(ToString::to_string).collect();
    match pick(&names, output).and_then(|index| choices.get(index)) {
        Some(Choice::Package(id)) => request.packages.push((id.0.clone(), None)),
        Some(Choice::Group(id)) => request.groups.push(id.0.clone()),
        None => {}
    }
}

/// Asks for a summary where a section that this release writes needs one, or may have one.
fn summarised(
    snapshot: &Snapshot,
    request: &mut BumpRequest,
    plan: Plan,
    output: &mut Output,
) -> Result<Plan, CliError> {
    let is_required = !plan.refusals.is_empty();
    if plan.refusals.iter().any(|refusal| refusal.code != RefusalCode::SummaryMissing) {
        return Ok(plan);
    }
    let takes = |step: &PackageBump| {
        let file = snapshot.workspace.index_of(&step.package).and_then(|index| snapshot.changelogs.of(index));
        let rule = snapshot.config.changelog_of(&step.package).map(|config| config.summary);
        // Required ones that have prose under [Unreleased] are not asked about.
        rule == Some(SummaryRule::Optional) && plan.files.iter().any(|planned| Some(&planned.path) == file)
    };
    if !is_required && !plan.bumps.iter().any(takes) {
        return Ok(plan);
    }
    match ask_summary(is_required, output) {
        None => Ok(plan),
        summary => {
            request.summary = summary;
            Ok(bump(snapshot, request)?)
        }
    }
}

/// The same request with a version that was typed in.
fn with_version(request: &BumpRequest, text: &str) -> BumpRequest {
    let ask = Ask::Exact(text.strip_prefix('v').unwrap_or(text).to_owned());
    let packages = request.packages.iter().map(|(name, _)| (name.clone(), None)).collect();
    BumpRequest { ask: Some(ask), packages, ..request.clone() }
}

/// Prints a plan that is not carried out, and says by the exit code whether it could be.
pub(super) fn show(plan: &Plan, snapshot: &Snapshot, as_json: bool, output: &mut Output) -> Result<Exit, CliError> {
    let refused = !plan.refusals.is_empty();
    if as_json {
        output.copy(&json(plan)?);
    } else if !(refused && plan.bumps.is_empty()) {
        output.result(plan_text(plan, &snapshot.changelogs));
    }
    if refused {
        if as_json {
            return Ok(Exit::Refused);
        }
        return Err(CliError::Refused(plan.refusals.clone()));
    }
    Ok(if plan.bumps.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// Refuses a plan because it was not confirmed, unless the plan is refused for other reasons anyway.
pub(super) fn unconfirmed(mut plan: Plan) -> Plan {
    if plan.refusals.is_empty() && !plan.bumps.is_empty() {
        plan.refusals.push(Refusal {
            code: RefusalCode::NoConfirmation,
            message: "the plan was not confirmed, and stdin is not a terminal".to_owned(),
            help: Some("pass --yes, or set RELMAN_ASSUME_YES=1; `relman plan` shows what would be done".to_owned()),
        });
    }
    plan
}

/// Hands a plan to `apply` and prints what was done, or why it was not.
pub(super) fn carry_out(mut plan: Plan, place: &Place, as_json: bool, output: &mut Output) -> Result<Exit, CliError> {
    if plan.refusals.is_empty() && !plan.bumps.is_empty() {
        match apply::run_proven(&plan, &place.git, &place.root, &proof_of(place)).map_err(CliError::from) {
            Ok(receipt) => return done_with(plan, &receipt, as_json, output),
            Err(CliError::Refused(refusals)) => plan.refusals = refusals,
            Err(error) => return Err(error),
        }
    }
    if as_json {
        output.copy(&json(&plan)?);
    }
    if plan.refusals.is_empty() {
        output.words(notes(&plan));
        output.say("nothing to release");
        return Ok(Exit::Nothing);
    }
    Err(CliError::Refused(plan.refusals))
}

fn done_with(mut plan: Plan, receipt: &Receipt, as_json: bool, output: &mut Output) -> Result<Exit, CliError> {
    if !receipt.words.trim().is_empty() {
        output.say(receipt.words.trim_end());
    }
    if let Some(commit) = &mut plan.commit {
        commit.id.clone_from(&receipt.commit);
    }
    let ids: BTreeMap<&TagName, &ObjectId> = receipt.tags.iter().map(|(name, id)| (name, id)).collect();
    for tag in &mut plan.tags {
        tag.id = ids.get(&tag.name).map(|id| (*id).clone());
    }
    match as_json {
        true => output.copy(&json(&plan)?),
        false => output.result(done(&plan, receipt)),
    }
    Ok(Exit::Done)
}
