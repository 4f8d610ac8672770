//! [`confirm`]: whether a plan is carried out as it is.

use std::collections::BTreeMap;

use super::prompt::Prompt;
use crate::model::RepoPath;
use crate::plan::{Proposal, Refusal, RefusalCode};

/// Asks whether a proposal is carried out; `None` if the answer is no. A proposal that is refused already, or releases nothing, needs
/// no answer; where no one can be asked it is refused for that.
pub fn confirm(
    question: &str,
    proposal: Proposal,
    texts: &BTreeMap<&RepoPath, &str>,
    prompt: &mut dyn Prompt,
) -> Option<Proposal> {
    if needs_no_answer(&proposal) {
        return Some(proposal);
    }
    if !prompt.can_ask() {
        return Some(unconfirmed(proposal));
    }
    if prompt.agrees(question, proposal.plan(), texts) {
        return Some(proposal);
    }
    prompt.say("nothing was written");
    None
}

/// Returns `true` if a proposal ends without a question.
pub(super) fn needs_no_answer(proposal: &Proposal) -> bool {
    proposal.is_refused() || proposal.plan().bumps.is_empty()
}

/// Refuses a proposal because no one could be asked.
pub(super) fn unconfirmed(proposal: Proposal) -> Proposal {
    proposal.refused_for(Refusal {
        code: RefusalCode::NoConfirmation,
        message: "the plan was not confirmed, and stdin is not a terminal".to_owned(),
        help: Some("pass --yes, or set RELMAN_ASSUME_YES=1; `relman plan` shows what would be done".to_owned()),
    })
}
