//! Floating tags: the only ones that ever move, each by a lease on what was seen.

use super::push::{push_urls, send};
use super::step::{Arrived, Made};
use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::services::Services;
use crate::plan::{FloatingTag, OutwardStep};

/// Moves the tag, unless somebody else did meanwhile.
pub(super) fn perform(
    step: &OutwardStep,
    wanted: &FloatingTag,
    services: &Services<'_>,
    made: Made<'_>,
) -> Result<Evidence, Failure> {
    let (_, commit) = made.tagged(step)?;
    // An empty lease means that the tag does not exist (git-push(1)).
    let seen = wanted.base.as_ref().map_or("", |base| base.as_str());
    let lease = format!("--force-with-lease=refs/tags/{}:{seen}", wanted.name);
    send(services.git, &wanted.remote, &[format!("{commit}:refs/tags/{}", wanted.name)], &[&lease])?;
    Ok(Evidence::default())
}

/// Asks the remote where the tag is.
pub(super) fn probe(step: &OutwardStep, wanted: &FloatingTag, services: &Services<'_>, made: Made<'_>) -> Arrived {
    let found = || -> Result<Arrived, Failure> {
        let (_, commit) = made.tagged(step)?;
        let full = format!("refs/tags/{}", wanted.name);
        let base = wanted.base.as_ref().map(|base| base.as_str());
        let mut arrived = Arrived::Done(Evidence::default());
        for url in push_urls(services.git, &wanted.remote)? {
            let refs = services.git.remote_refs(&url, &[&full])?;
            let at = refs.iter().find(|found| found.name == full).map(|found| found.oid.as_str());
            if at == Some(commit) {
                continue;
            }
            if at != base {
                return Ok(Arrived::Foreign(format!("{} has another {}", wanted.remote, wanted.name)));
            }
            arrived = Arrived::Absent;
        }
        Ok(arrived)
    };
    found().unwrap_or_else(Arrived::Unknown)
}
