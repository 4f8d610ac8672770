//! What became of a plan, printed.

use std::fmt::Display;

use crate::cli::error::{CliError, Exit};
use crate::cli::output::Output;
use crate::cli::render::{done, done_json, json, notes, plan_text, versions};
use crate::plan::{PlanReport, Proposal, ReleasePlan};
use crate::process::Outcome;
use crate::snapshot::Snapshot;

/// Prints a plan that is not carried out, and says by the exit code whether it could be.
pub(super) fn print_proposal(
    proposal: &Proposal,
    snapshot: &Snapshot,
    as_json: bool,
    output: &mut Output,
) -> Result<Exit, CliError> {
    let (plan, refused) = (proposal.plan(), proposal.is_refused());
    if as_json {
        output.copy(&json(&PlanReport::from(proposal))?);
    } else if !(refused && plan.is_empty()) {
        output.result(plan_text(plan, &snapshot.texts(), output.width()));
    }
    if refused {
        if as_json {
            return Ok(Exit::Refused);
        }
        return Err(CliError::refused(proposal.refusals().to_vec()));
    }
    Ok(if plan.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// Prints a plan in which nothing is left to do, and says so.
pub(super) fn print_settled(
    plan: &ReleasePlan,
    as_json: bool,
    words: impl Display,
    output: &mut Output,
) -> Result<Exit, CliError> {
    if as_json {
        output.copy(&json(&PlanReport::new(plan.clone(), Vec::new()))?);
    }
    output.write_err(notes(plan).folded(output.width()));
    output.say(words);
    Ok(Exit::Done)
}

/// Prints how a release ended.
pub(super) fn print_outcome(outcome: Outcome, as_json: bool, output: &mut Output) -> Result<Exit, CliError> {
    match outcome {
        Outcome::Declined => Ok(Exit::Refused),
        Outcome::Nothing(plan) => {
            print_settled(&plan, as_json, "nothing to release", output)?;
            Ok(Exit::Nothing)
        }
        Outcome::Refused(proposal) => {
            if as_json {
                output.copy(&json(&PlanReport::from(&proposal))?);
            }
            Err(CliError::refused(proposal.refusals().to_vec()))
        }
        Outcome::Done(plan, receipt) => {
            if !receipt.words.trim().is_empty() {
                output.say(receipt.words.trim_end());
            }
            if as_json {
                output.copy(&done_json(PlanReport::new(plan, Vec::new()), &receipt)?);
            } else {
                // A person who was asked has the versions before their eyes.
                let text = match output.has_asked_about(&plan.bumps) {
                    true => done(&plan, &receipt, output.width()),
                    false => versions(&plan, output.width()).then(&done(&plan, &receipt, output.width())),
                };
                output.result(text);
            }
            Ok(Exit::Done)
        }
    }
}
