//! The steps of a run, one after the other, whatever their kinds.

use super::push;
use super::step::{Arrived, Made};
use crate::apply::error::Failure;
use crate::apply::journal::{Evidence, Journal, Progress, StepState};
use crate::apply::run_context::RunContext;
use crate::apply::services::Services;
use crate::plan::{Outward, OutwardStep};

/// Finds out whether the world would take all these steps.
fn rehearse(steps: &[OutwardStep], services: &Services<'_>, made: Made<'_>) -> Result<(), Failure> {
    let pushes = steps.iter().map(|step| match &step.action {
        Outward::Push(push) => push,
    });
    push::rehearse(pushes, services, made)
}

/// Does a step.
fn perform(step: &OutwardStep, services: &Services<'_>, made: Made<'_>) -> Result<Evidence, Failure> {
    match &step.action {
        Outward::Push(push) => push::perform(push, services, made),
    }
}

/// Asks how much of a step arrived.
fn probe(step: &OutwardStep, services: &Services<'_>, made: Made<'_>) -> Arrived {
    match &step.action {
        Outward::Push(push) => push::probe(push, services, made),
    }
}

/// Does all steps that are not done yet, in their order. Where one fails, [`first_out`] says whether there is a way back.
pub(in crate::apply) fn run(
    work: &RunContext,
    services: &Services<'_>,
    journal: &Journal,
    progress: &mut Progress,
) -> Result<(), Failure> {
    let services = services.of_run(work);
    if progress.outward.is_empty() {
        rehearse(&journal.outward, &services, Made { journal, progress })?;
    }
    for step in &journal.outward {
        let arrived = match progress.outward.get(&step.id) {
            Some(StepState::Done(_)) => continue,
            Some(StepState::Begun) => probe(step, &services, Made { journal, progress }),
            None => {
                progress.outward.insert(step.id.clone(), StepState::Begun);
                progress.save(work, true)?;
                Arrived::Absent
            }
        };
        let evidence = match arrived {
            Arrived::Done(evidence) => evidence,
            Arrived::Absent | Arrived::Partly => perform(step, &services, Made { journal, progress })?,
            Arrived::Foreign(what) => return Err(Failure::Foreign { what }),
            Arrived::Unknown(failure) => return Err(failure),
        };
        progress.outward.insert(step.id.clone(), StepState::Done(evidence));
        progress.save(work, true)?;
    }
    Ok(())
}

/// Returns the first step of which something is out, or may be: as long as there is none, the run can be taken back.
pub(in crate::apply) fn first_out<'j>(
    work: &RunContext,
    services: &Services<'_>,
    journal: &'j Journal,
    progress: &Progress,
) -> Option<&'j OutwardStep> {
    let services = services.of_run(work);
    let is_out = |step: &&OutwardStep| match progress.outward.get(&step.id) {
        None => false,
        Some(StepState::Done(_)) => true,
        Some(StepState::Begun) => {
            let arrived = probe(step, &services, Made { journal, progress });
            !matches!(arrived, Arrived::Absent | Arrived::Foreign(_))
        }
    };
    journal.outward.iter().find(is_out)
}
