//! The steps of a run, one after the other, whatever their kinds.

use super::branch::BranchPush;
use super::step::{Arrived, Made};
use super::{floating, forge, push, run as commands};
use crate::apply::error::Failure;
use crate::apply::journal::{Evidence, Journal, Progress, StepState};
use crate::apply::run_context::RunContext;
use crate::apply::services::Services;
use crate::model::{Event, EventKind, EventState};
use crate::plan::{Back, MergePush, Outward, OutwardStep, RequestStep};
use crate::text::list_truncated;

/// Finds out whether the world would take all these steps: what git can rehearse. A forge has no rehearsal; it is looked at when the plan
/// is made.
fn rehearse(steps: &[OutwardStep], services: &Services<'_>, made: Made<'_>) -> Result<(), Failure> {
    let (mut pushes, mut leases) = (Vec::new(), Vec::new());
    for step in steps.iter().filter(|step| !step.is_done) {
        match &step.action {
            Outward::Push(push) => {
                leases.extend(push::lease(push));
                pushes.push((push.remote.as_str(), push::specs(push, made)?));
            }
            Outward::Merge(_) => {
                let branch = branch(&step.action, made)?;
                pushes.push((branch.remote, vec![branch.spec()]));
            }
            // Where it cannot be brought back by then, a request is made of it.
            Outward::Back(_) => {}
            _ => {}
        }
    }
    push::rehearse(pushes.into_iter(), &leases, services)?;
    commands::rehearse(steps, services, made)
}

/// Does a step.
fn perform(step: &OutwardStep, services: &Services<'_>, made: Made<'_>) -> Result<Evidence, Failure> {
    match &step.action {
        Outward::Push(push) => push::perform(push, services, made),
        Outward::Merge(_) => branch(&step.action, made)?.perform(services),
        Outward::Back(back) => match branch(&step.action, made)?.perform(services) {
            // A remote that refused will do so again; a line that broke is tried again by `resume`.
            Err(Failure::Push { refused, .. }) if services.forge.is_some() && !refused.is_empty() => {
                forge::ensure_request(&request_of(back), services, made)
            }
            Err(Failure::Push { .. }) if has_moved(back, services, made) => {
                Err(Failure::Foreign { what: by_hand(back) })
            }
            done => done,
        },
        Outward::Wait(wait) => forge::wait(wait, services, made),
        Outward::Run(run) | Outward::Announce(run) => commands::perform(step, run, services, made),
        Outward::ForgeRelease(release) => forge::create_release(step, release, services, made),
        Outward::Asset(upload) => forge::upload(step, upload, services, made),
        Outward::Publish(publish) => forge::publish(step, publish, services, made),
        Outward::Latest(_) => forge::make_latest(step, services, made),
        Outward::Floating(tag) => floating::perform(step, tag, services, made),
        Outward::Milestone(milestone) => forge::milestone(milestone, services),
        Outward::Request(request) => forge::request(request, services, made),
    }
}

/// Asks how much of a step arrived.
fn probe(step: &OutwardStep, services: &Services<'_>, made: Made<'_>) -> Arrived {
    match &step.action {
        Outward::Push(push) => push::probe(push, services, made),
        Outward::Merge(_) => branch(&step.action, made).map_or_else(Arrived::Unknown, |branch| branch.probe(services)),
        Outward::Back(back) => match branch(&step.action, made).map(|branch| branch.probe(services)) {
            Ok(Arrived::Foreign(_)) if services.forge.is_some() => {
                forge::probe_request(&request_of(back), services, made)
            }
            Ok(arrived) => arrived,
            Err(failure) => Arrived::Unknown(failure),
        },
        Outward::Wait(wait) => forge::probe_ci(wait, services, made),
        Outward::Run(run) | Outward::Announce(run) => commands::probe(step, run, services, made),
        Outward::ForgeRelease(release) => forge::probe_release(step, release, services, made),
        Outward::Asset(upload) => forge::probe_asset(step, upload, services, made),
        Outward::Publish(publish) => forge::probe_publish(step, publish, services, made),
        Outward::Latest(_) => forge::probe_latest(step, services, made),
        Outward::Floating(tag) => floating::probe(step, tag, services, made),
        Outward::Milestone(milestone) => forge::probe_milestone(milestone, services),
        Outward::Request(request) => forge::probe_request(request, services, made),
    }
}

/// Returns the branch that a step pushes to.
fn branch<'a>(action: &'a Outward, made: Made<'a>) -> Result<BranchPush<'a>, Failure> {
    let commit = made.head().ok_or_else(|| Failure::BadPlan("the run has no commit for the branch".to_owned()))?;
    match action {
        Outward::Merge(MergePush { remote, into, base }) => {
            let commit = made.made_for(into).unwrap_or(commit);
            Ok(BranchPush { remote, branch: into, base: base.as_ref(), commit })
        }
        Outward::Back(Back { remote, branch, base, .. }) => {
            Ok(BranchPush { remote, branch, base: base.as_ref(), commit })
        }
        other => Err(Failure::BadPlan(format!("a step of the kind {} pushes no branch", other.kind()))),
    }
}

/// The request that brings production back where the integration branch has moved on.
fn request_of(back: &Back) -> RequestStep {
    RequestStep::back(&back.from, &back.branch)
}

/// Returns `true` if the integration branch has commits that what it takes lacks.
fn has_moved(back: &Back, services: &Services<'_>, made: Made<'_>) -> bool {
    let ends = made.head().zip(back.base.as_ref());
    ends.is_some_and(|(head, base)| matches!(services.git.holds(head, base.as_str()), Ok(false)))
}

/// What a person does where no forge can be asked to merge.
fn by_hand(back: &Back) -> String {
    let Back { remote, branch, from, .. } = back;
    format!("{branch} of {remote} has commits that {from} lacks: merge {from} into {branch} and push it, then resume")
}

/// Returns `true` if a step is looked at before it is done for the first time. A push was rehearsed, which is the same question; what
/// changes something that is on the forge has to find it there, and sees whether it is as wanted. A command that makes nothing with a name
/// cannot be looked at.
fn looks_first(step: &OutwardStep) -> bool {
    if let Outward::Run(run) | Outward::Announce(run) = &step.action {
        return !run.makes.is_empty();
    }
    !matches!(
        step.action,
        Outward::Push(_) | Outward::Wait(_) | Outward::Asset(_) | Outward::Publish(_) | Outward::Milestone(_)
    )
}

/// How many steps a message lists.
const SHOWN: usize = 6;

/// Does all steps that are not done yet, in their order. Where one fails, [`first_out`] says whether there is a way back, and those after
/// it are not attempted.
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
    let mut open = journal.outward.iter().filter(|step| !step.is_done);
    while let Some(step) = open.next() {
        let taken = Failure::if_stopped().and_then(|()| take(step, work, &services, journal, progress));
        if let Err(failure) = taken {
            report_failed(step, &failure, &open.collect::<Vec<_>>(), &services);
            return Err(failure);
        }
    }
    Ok(())
}

/// Returns an event about a step.
fn event(step: &OutwardStep, state: EventState) -> Event {
    Event::new(EventKind::Step, step.id.to_string(), state).message(format!("{}: {}", step.action.kind(), step.action))
}

/// Reports the step that failed, and those that were not attempted.
fn report_failed(step: &OutwardStep, failure: &Failure, rest: &[&OutwardStep], services: &Services<'_>) {
    let failed = event(step, EventState::Failed).message(failure.to_string());
    let shown: Vec<String> = rest.iter().map(|step| format!("{} ({})", step.action, step.action.kind())).collect();
    (services.report)(match shown.as_slice() {
        [] => failed,
        shown => failed.saying(format!("not attempted: {}", list_truncated(shown, SHOWN))),
    });
    for step in rest {
        (services.report)(event(step, EventState::NotAttempted));
    }
}

/// Does a step, unless a look finds it done.
fn take(
    step: &OutwardStep,
    work: &RunContext,
    services: &Services<'_>,
    journal: &Journal,
    progress: &mut Progress,
) -> Result<(), Failure> {
    let is_begun = match progress.outward.get(&step.id) {
        Some(StepState::Done(_)) => return Ok(()),
        Some(StepState::Begun) => true,
        None => false,
    };
    (services.report)(event(step, EventState::Begun));
    let arrived =
        if is_begun || looks_first(step) { probe(step, services, Made { journal, progress }) } else { Arrived::Absent };
    let evidence = match arrived {
        Arrived::Done(evidence) => evidence,
        Arrived::Absent | Arrived::Partly => {
            if !is_begun {
                progress.outward.insert(step.id.clone(), StepState::Begun);
                progress.save(work, true)?;
            }
            perform(step, services, Made { journal, progress })?
        }
        Arrived::Foreign(what) => return Err(Failure::Foreign { what }),
        Arrived::Unknown(failure) => return Err(failure),
    };
    let address = evidence.url.as_ref().map_or(String::new(), |url| format!("  {url}"));
    let done = event(step, EventState::Done).at(evidence.url.clone());
    progress.outward.insert(step.id.clone(), StepState::Done(evidence));
    progress.save(work, true)?;
    (services.report)(done.saying(format!("{}: {}{address}", step.action.kind(), step.action)));
    Ok(())
}

/// Returns the first step of which something is out, or may be: as long as there is none, the run can be taken back.
pub(in crate::apply) fn first_out<'j>(
    work: &RunContext,
    services: &Services<'_>,
    journal: &'j Journal,
    progress: &Progress,
) -> Option<&'j OutwardStep> {
    journal.outward.iter().find(|step| may_be_out(work, services, journal, progress, step))
}

/// Returns `true` if something of a step is out, or may be.
pub(in crate::apply) fn may_be_out(
    work: &RunContext,
    services: &Services<'_>,
    journal: &Journal,
    progress: &Progress,
    step: &OutwardStep,
) -> bool {
    match progress.outward.get(&step.id) {
        None => false,
        // A wait sends nothing.
        Some(_) if matches!(step.action, Outward::Wait(_)) => false,
        Some(StepState::Done(_)) => true,
        Some(StepState::Begun) => {
            let arrived = probe(step, &services.of_run(work), Made { journal, progress });
            !matches!(arrived, Arrived::Absent | Arrived::Foreign(_))
        }
    }
}
