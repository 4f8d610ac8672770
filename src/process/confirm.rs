//! [`confirm`]: whether a plan is carried out as it is.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::prompt::{Answer, Prompt, Question};
use crate::io::left;
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
    let proposal = match open_question(proposal, prompt) {
        ControlFlow::Continue(proposal) => proposal,
        ControlFlow::Break(settled) => return Some(settled),
    };
    agrees(question, &proposal, texts, prompt).then_some(proposal)
}

/// Shows a proposal, and asks whether it is carried out as it is.
pub(super) fn agrees(
    words: &str,
    proposal: &Proposal,
    texts: &BTreeMap<&RepoPath, &str>,
    prompt: &mut dyn Prompt,
) -> bool {
    let plan = proposal.plan();
    prompt.show(plan, texts);
    let agrees = prompt.ask(Question { words, plan, texts, takes_version: false }) == Answer::Accept;
    if !agrees {
        prompt.say(&left());
    }
    agrees
}

/// Goes on with a proposal that a person has to answer; breaks with one that ends without a question.
pub(super) fn open_question(proposal: Proposal, prompt: &dyn Prompt) -> ControlFlow<Proposal, Proposal> {
    if proposal.is_refused() || proposal.plan().is_empty() {
        return ControlFlow::Break(proposal);
    }
    if prompt.can_ask() { ControlFlow::Continue(proposal) } else { ControlFlow::Break(unconfirmed(proposal)) }
}

/// Refuses a proposal because no one could be asked.
fn unconfirmed(proposal: Proposal) -> Proposal {
    proposal.refused_for(Refusal {
        code: RefusalCode::NoConfirmation,
        message: "the plan was not confirmed, and stdin is not a terminal".to_owned(),
        help: Some("pass --yes, or set RELMAN_ASSUME_YES=1; `relman plan` shows what would be done".to_owned()),
    })
}
