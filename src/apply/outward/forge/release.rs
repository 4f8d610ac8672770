//! The release of a tag on the forge.

use super::acting::{act, forge, look};
use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::outward::step::{Arrived, Made};
use crate::apply::services::Services;
use crate::forge::Forge;
use crate::model::{ForgeKind, ForgeRelease, NewRelease, TagName};
use crate::plan::{ForgeReleaseStep, OutwardStep, release_marker};

/// Creates the release, as a draft where the plan says so.
pub(in crate::apply::outward) fn perform(
    step: &OutwardStep,
    wanted: &ForgeReleaseStep,
    services: &Services<'_>,
    made: Made<'_>,
) -> Result<Evidence, Failure> {
    let (tag, commit) = made.tagged(step)?;
    let forge = forge(services)?;
    let release = NewRelease {
        tag: tag.as_str().to_owned(),
        name: wanted.title.clone(),
        body: body(wanted, tag, commit),
        draft: wanted.draft,
        prerelease: wanted.prerelease,
        latest: (!wanted.draft).then_some(!wanted.prerelease && wanted.released_at.is_none()),
        released_at: wanted.released_at.clone(),
        milestones: wanted.milestones.clone(),
    };
    let created = forge.create_release(&release).map(|release| evidence(&release));
    act(created, || probe(step, wanted, services, made))
}

/// Looks for the release: ours has our marker, or says the same.
pub(in crate::apply::outward) fn probe(
    step: &OutwardStep,
    wanted: &ForgeReleaseStep,
    services: &Services<'_>,
    made: Made<'_>,
) -> Arrived {
    look(|| {
        let (tag, commit) = made.tagged(step)?;
        Ok(found(&releases(forge(services)?, tag)?, wanted, tag, commit))
    })
}

/// Returns the releases of a tag, drafts among them.
pub(super) fn releases(forge: &Forge, tag: &TagName) -> Result<Vec<ForgeRelease>, Failure> {
    Ok(forge.releases(tag.as_str())?)
}

/// Returns the text as it is sent: with a marker by which the release is found again.
fn body(wanted: &ForgeReleaseStep, tag: &TagName, commit: &str) -> String {
    format!("{}\n{}\n", wanted.body, release_marker(tag, commit))
}

fn found(releases: &[ForgeRelease], wanted: &ForgeReleaseStep, tag: &TagName, commit: &str) -> Arrived {
    let marker = release_marker(tag, commit);
    let is_ours = |release: &&ForgeRelease| {
        release.body.contains(&marker) || release.has_body(&wanted.body) || release.has_body(&body(wanted, tag, commit))
    };
    match releases {
        [] => Arrived::Absent,
        [one] if is_ours(&one) => Arrived::Done(evidence(one)),
        [one] => Arrived::Foreign(foreign(one)),
        several => Arrived::Foreign(format!("the forge has {} releases of {tag}", several.len())),
    }
}

/// Says what another release of the tag is.
pub(super) fn foreign(release: &ForgeRelease) -> String {
    let kind = if release.is_draft { "draft" } else { "release" };
    format!("the forge has a {kind} of {} that relman did not make: {}", release.tag, release.url)
}

pub(super) fn evidence(release: &ForgeRelease) -> Evidence {
    Evidence { id: Some(release.id.clone()), url: Some(release.url.clone()) }
}

/// Returns `true` if the forge has drafts.
pub(super) fn has_drafts(forge: &Forge) -> bool {
    forge.kind() == ForgeKind::Github
}
