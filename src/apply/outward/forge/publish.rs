//! A draft becomes public, and the latest.

use super::acting::{act, forge, look};
use super::release::{evidence, foreign, releases};
use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::outward::step::{Arrived, Made};
use crate::apply::services::Services;
use crate::model::{ForgeRelease, ReleaseEdit};
use crate::plan::{OutwardStep, Publish, release_marker};

/// Makes the draft public, if it is not.
pub(in crate::apply::outward) fn perform(
    step: &OutwardStep,
    wanted: &Publish,
    services: &Services<'_>,
    made: Made<'_>,
) -> Result<Evidence, Failure> {
    let release = the_release(step, services, made)?;
    match arrived(&release, wanted) {
        Arrived::Done(evidence) => return Ok(evidence),
        Arrived::Foreign(what) => return Err(Failure::Foreign { what }),
        Arrived::Absent | Arrived::Partly | Arrived::Unknown(_) => {}
    }
    let lacking: Vec<&str> =
        wanted.assets.iter().map(String::as_str).filter(|name| release.asset(name).is_none()).collect();
    if !lacking.is_empty() {
        let what = format!("the draft of {} lacks {}", release.tag, lacking.join(", "));
        return Err(Failure::Foreign { what });
    }
    let edit = ReleaseEdit {
        draft: Some(false),
        prerelease: Some(release.is_prerelease),
        latest: Some(wanted.latest),
        ..ReleaseEdit::default()
    };
    let published = forge(services)?.update_release(&release, &edit).map(|release| evidence(&release));
    act(published, || probe(step, wanted, services, made))
}

/// Looks whether it is public.
pub(in crate::apply::outward) fn probe(
    step: &OutwardStep,
    wanted: &Publish,
    services: &Services<'_>,
    made: Made<'_>,
) -> Arrived {
    look(|| {
        let (tag, _) = made.tagged(step)?;
        Ok(match releases(forge(services)?, tag)?.as_slice() {
            [] => Arrived::Absent,
            [one] => arrived(one, wanted),
            several => Arrived::Foreign(format!("the forge has {} releases of {tag}", several.len())),
        })
    })
}

fn arrived(release: &ForgeRelease, wanted: &Publish) -> Arrived {
    if release.is_draft {
        return Arrived::Absent;
    }
    if release.is_immutable && wanted.assets.iter().any(|name| release.asset(name).is_none()) {
        return Arrived::Foreign(format!("the release {} is immutable, and lacks a file", release.url));
    }
    Arrived::Done(evidence(release))
}

/// Shows the release as the latest.
pub(in crate::apply::outward) fn make_latest(
    step: &OutwardStep,
    services: &Services<'_>,
    made: Made<'_>,
) -> Result<Evidence, Failure> {
    let release = the_release(step, services, made)?;
    let edit = ReleaseEdit { latest: Some(true), prerelease: Some(release.is_prerelease), ..ReleaseEdit::default() };
    let edited = forge(services)?.update_release(&release, &edit).map(|release| evidence(&release));
    act(edited, || probe_latest(step, services, made))
}

/// Looks whether it is the latest.
pub(in crate::apply::outward) fn probe_latest(step: &OutwardStep, services: &Services<'_>, made: Made<'_>) -> Arrived {
    look(|| {
        let (tag, _) = made.tagged(step)?;
        let latest = forge(services)?.latest_release()?;
        Ok(match latest {
            Some(release) if release.tag == tag.as_str() => Arrived::Done(evidence(&release)),
            _ => Arrived::Absent,
        })
    })
}

/// Returns the release of the step's tag, if it is ours.
fn the_release(step: &OutwardStep, services: &Services<'_>, made: Made<'_>) -> Result<ForgeRelease, Failure> {
    let (tag, commit) = made.tagged(step)?;
    let mut found = releases(forge(services)?, tag)?;
    let is_known = |release: &ForgeRelease| {
        let id = made.evidence("forge-release", tag).and_then(|evidence| evidence.id.as_ref());
        id == Some(&release.id) || release.body.contains(&release_marker(tag, commit))
    };
    match (found.pop(), found.len()) {
        (Some(one), 0) if is_known(&one) || !one.is_draft => Ok(one),
        (Some(one), 0) => Err(Failure::Foreign { what: foreign(&one) }),
        (Some(_), more) => Err(Failure::Foreign { what: format!("the forge has {} releases of {tag}", more + 1) }),
        (None, _) => Err(Failure::Foreign { what: format!("the release of {tag} is gone from the forge") }),
    }
}
