//! The wait for CI of the commit that was pushed.

use super::acting::{forge, look};
use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::outward::step::{Arrived, Made};
use crate::apply::services::Services;
use crate::io::{Stopwatch, pause};
use crate::model::{CiJob, CiVerdict, Event, EventKind, EventState, ci_verdict};
use crate::plan::WaitForCi;

/// The time between two looks, in milliseconds: short at first, as the look costs little, and never longer than this.
const LONGEST_PAUSE: u64 = 15_000;

/// Asks until CI is green, has failed, or the time is over.
pub(in crate::apply::outward) fn perform(
    wanted: &WaitForCi,
    services: &Services<'_>,
    made: Made<'_>,
) -> Result<Evidence, Failure> {
    let since = Stopwatch::start();
    let (mut between, mut shown) = (500, String::new());
    loop {
        let jobs = jobs(wanted, services, made)?;
        let verdict = ci_verdict(&jobs);
        match &verdict {
            CiVerdict::Green => return Ok(evidence(&jobs)),
            CiVerdict::Failed(failed) => {
                let what = format!("CI of {} is not green: {}", wanted.branch, failed.join(", "));
                return Err(Failure::Ci { what });
            }
            CiVerdict::Running(_) | CiVerdict::NoRun => {}
        }
        let now = verdict.to_string();
        if now != shown {
            let words = format!("waiting for CI of {}: {now}", wanted.branch);
            (services.report)(Event::new(EventKind::Wait, "ci", EventState::Running).saying(words));
            shown = now;
        }
        if since.milliseconds() / 1000 >= wanted.seconds {
            let what = format!("CI of {} was not green within the time given: {shown}", wanted.branch);
            return Err(Failure::Ci { what });
        }
        pause(between);
        Failure::if_stopped()?;
        between = (between * 3 / 2).min(LONGEST_PAUSE);
    }
}

/// Looks whether CI is green.
pub(in crate::apply::outward) fn probe(wanted: &WaitForCi, services: &Services<'_>, made: Made<'_>) -> Arrived {
    look(|| {
        let jobs = jobs(wanted, services, made)?;
        // A failed job may have been retried by the time that someone resumes, so it is waited for, and reported there.
        Ok(if ci_verdict(&jobs) == CiVerdict::Green { Arrived::Done(evidence(&jobs)) } else { Arrived::Absent })
    })
}

fn jobs(wanted: &WaitForCi, services: &Services<'_>, made: Made<'_>) -> Result<Vec<CiJob>, Failure> {
    let commit =
        made.head().ok_or_else(|| Failure::BadPlan("the run has made no commit whose CI could be asked".to_owned()))?;
    let jobs = forge(services)?.ci(commit, Some(&wanted.branch))?;
    Ok(jobs.into_iter().filter(|job| !wanted.ignores(&job.name)).collect())
}

fn evidence(jobs: &[CiJob]) -> Evidence {
    Evidence { id: None, url: jobs.iter().find_map(|job| job.url.clone()) }
}
