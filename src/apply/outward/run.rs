//! A command of `[[release.run]]`: what it makes is looked at before and after, so nothing is published twice.

use super::step::{Arrived, Made};
use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::publisher::{Decision, Publication, PublishError, Publisher};
use crate::apply::services::Services;
use crate::io::{Stopwatch, pause};
use crate::model::{Event, EventKind, EventState};
use crate::plan::{Outward, OutwardStep, RunStep};

/// So long a registry may take to show what it has accepted, in milliseconds.
const UNTIL_SHOWN: u64 = 10 * 60 * 1_000;
/// The shortest and the longest time between two looks, in milliseconds.
const PAUSES: (u64, u64) = (300, 10_000);

/// Runs what shows beforehand whether the commands will work, those of all steps that are still to be done.
pub(super) fn rehearse(steps: &[OutwardStep], services: &Services<'_>, made: Made<'_>) -> Result<(), Failure> {
    for step in steps.iter().filter(|step| !step.is_done) {
        let (Outward::Run(run) | Outward::Announce(run)) = &step.action else { continue };
        if run.rehearse.is_empty() && run.plugin.is_none() {
            continue;
        }
        let publication = publication(step, run, made)?;
        let begun = Event::new(EventKind::Phase, "rehearsal", EventState::Begun);
        (services.report)(begun.saying(format!("rehearsing {run}")));
        publisher(services)?.rehearse(publication).map_err(|error| failure(run, &error))?;
    }
    Ok(())
}

/// Runs the command, and waits until the registries show what it made.
pub(super) fn perform(
    step: &OutwardStep,
    run: &RunStep,
    services: &Services<'_>,
    made: Made<'_>,
) -> Result<Evidence, Failure> {
    let (publisher, publication) = (publisher(services)?, publication(step, run, made)?);
    let ended = publisher.publish(publication);
    if let Err(error @ PublishError::Signalled(_)) = &ended {
        return Err(failure(run, error));
    }
    if run.makes.is_empty() {
        ended.map_err(|error| failure(run, &error))?;
        return Ok(Evidence::default());
    }
    let since = Stopwatch::start();
    let (mut between, mut waits) = (PAUSES.0, false);
    loop {
        let missing = publisher.missing(publication);
        match (&missing, &ended) {
            (Ok(missing), Ok(())) if missing.is_empty() => return Ok(Evidence::default()),
            (Ok(missing), Err(error)) if missing.is_empty() => {
                let words = format!("{run}: {error}; what it makes is right, so it is done");
                (services.report)(Event::new(EventKind::Step, step.id.to_string(), EventState::Running).saying(words));
                return Ok(Evidence::default());
            }
            (_, Err(error)) => return Err(failure(run, error)),
            _ if since.milliseconds() < UNTIL_SHOWN.min(run.seconds.saturating_mul(1_000)) => {}
            (Ok(missing), _) => {
                let error =
                    PublishError::Failed(format!("it succeeded, and cannot be seen yet: {}", missing.join(", ")));
                return Err(failure(run, &error));
            }
            (Err(error), _) => return Err(failure(run, error)),
        }
        if !std::mem::replace(&mut waits, true) {
            let words = format!("waiting until the registries show what {run} has made");
            (services.report)(Event::new(EventKind::Wait, "artifacts", EventState::Running).message(words));
        }
        pause(between);
        Failure::if_stopped()?;
        between = (between * 3 / 2).min(PAUSES.1);
    }
}

/// Looks at what the command makes; of one that makes nothing with a name, a person has to say whether it is done.
pub(super) fn probe(step: &OutwardStep, run: &RunStep, services: &Services<'_>, made: Made<'_>) -> Arrived {
    let look = || -> Result<Arrived, Failure> {
        let (publisher, publication) = (publisher(services)?, publication(step, run, made)?);
        if run.can_be_looked_at() {
            match publisher.missing(publication) {
                Ok(missing) if missing.is_empty() => return Ok(Arrived::Done(Evidence::default())),
                Ok(_) => return Ok(Arrived::Absent),
                // A person has to say.
                Err(PublishError::Undecided) => {}
                Err(error) => return Err(failure(run, &error)),
            }
        }
        match publisher.decision(&run.name) {
            Some(Decision::Done) => Ok(Arrived::Done(Evidence::default())),
            Some(Decision::Again) => Ok(Arrived::Absent),
            None => {
                let message = format!("{run} was begun, and it is not known whether it was done");
                let name = &run.name;
                let help = format!("look at what it does, then `relman resume --done {name}` or `--again {name}`");
                Err(Failure::Publish { message, help: Some(help) })
            }
        }
    };
    look().unwrap_or_else(Arrived::Unknown)
}

fn publisher<'a>(services: &Services<'a>) -> Result<&'a dyn Publisher, Failure> {
    let missing = || Failure::BadPlan("it runs commands that publish, and this command cannot".to_owned());
    services.publisher.ok_or_else(missing)
}

fn publication<'a>(step: &'a OutwardStep, run: &'a RunStep, made: Made<'a>) -> Result<Publication<'a>, Failure> {
    let (tag, commit) = made.tagged(step)?;
    Ok(Publication { step: run, tag, commit })
}

fn failure(run: &RunStep, error: &PublishError) -> Failure {
    Failure::Publish { message: format!("{run}: {error}"), help: run.help.clone() }
}
