//! [`carry_out`]: a proposal is handed to `apply` if nothing speaks against it.

use super::error::ProcessError;
use super::prompt::Prompt;
use super::proof::proof_of;
use crate::apply::{ErrorKind, Receipt, Services, remember_gates, run_proven};
use crate::capture::Place;
use crate::io::note_left;
use crate::model::Event;
use crate::plan::{Gate, GateState, Proposal, Refusal, ReleasePlan};

/// How a release ended.
#[derive(Debug)]
pub enum Outcome {
    /// It was carried out.
    Done(ReleasePlan, Receipt),
    /// There was nothing to release.
    Nothing(ReleasePlan),
    /// It was refused, by the plan or at the last look before the first write.
    Refused(Proposal),
    /// The person said no.
    Declined,
}

/// Carries a proposal out. Nothing is written if something speaks against it, or if there is nothing to release.
///
/// # Errors
/// Returns an error if writing failed and was undone, or was interrupted.
pub fn carry_out(proposal: Proposal, place: &Place, prompt: &dyn Prompt) -> Result<Outcome, ProcessError> {
    let report = prompt.reporter();
    // What was done is the result, which is shown at the end.
    let report = |event: Event| report(event.unsaid());
    carry_out_with(proposal, place, &Services::new(&place.git, &place.root).reporting_to(&report))
}

/// The same with these services.
pub(super) fn carry_out_with(
    proposal: Proposal,
    place: &Place,
    services: &Services<'_>,
) -> Result<Outcome, ProcessError> {
    let plan = match proposal.accept() {
        Err(refused) => return Ok(Outcome::Refused(*refused)),
        Ok(plan) if plan.is_empty() => return Ok(Outcome::Nothing(plan)),
        Ok(plan) => plan,
    };
    match run_proven(&plan, services, &place.root, &proof_of(place)) {
        Ok(receipt) => {
            note_left("all that was planned is done");
            remember(&plan, &receipt, place);
            Ok(Outcome::Done(plan, receipt))
        }
        Err(error) => match error.kind() {
            ErrorKind::Refused(code) => {
                let help = error.help();
                Ok(Outcome::Refused(Proposal::new(plan, vec![Refusal { code, message: error.to_string(), help }])))
            }
            _ => Err(error.into()),
        },
    }
}

/// Notes which gates passed, or were skipped, before the commit. Without the note they are looked at again, so a failure is not worth stopping for.
fn remember(plan: &ReleasePlan, receipt: &Receipt, place: &Place) {
    let Some(commit) = receipt.commit.as_ref().filter(|_| !plan.gates.is_empty()) else { return };
    let is_settled = |gate: &&Gate| matches!(gate.state, GateState::Passed | GateState::Skipped);
    let passed = plan.gates.iter().filter(is_settled).map(|gate| gate.name.clone());
    let _ = remember_gates(&place.git, commit, passed.collect());
}
