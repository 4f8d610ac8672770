//! A file of a release.

use super::acting::{act, forge, look};
use super::release::{has_drafts, releases};
use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::outward::step::{Arrived, Made};
use crate::apply::services::Services;
use crate::io::{self, Payload};
use crate::model::{ForgeRelease, ReleaseAsset};
use crate::plan::{OutwardStep, Upload};
use crate::text::Fingerprint;

/// GitHub takes files below 2 GiB.
const LIMIT: u64 = 2 * 1024 * 1024 * 1024;

/// Uploads the file, if it is not there. What is left of an earlier upload goes first.
pub(in crate::apply::outward) fn perform(
    step: &OutwardStep,
    wanted: &Upload,
    services: &Services<'_>,
    made: Made<'_>,
) -> Result<Evidence, Failure> {
    let forge = forge(services)?;
    let release = release_of(step, services, made)?;
    match arrived(&release, wanted) {
        Arrived::Done(evidence) => return Ok(evidence),
        Arrived::Foreign(what) => return Err(Failure::Foreign { what }),
        Arrived::Absent | Arrived::Partly | Arrived::Unknown(_) => {}
    }
    if let Some(half) = release.asset(&wanted.name) {
        forge.delete_asset(&release, half)?;
    }
    let bytes = io::read_file(&services.root.join(wanted.path.as_str()), LIMIT)?;
    if Fingerprint::of(&bytes).to_string() != wanted.sha256 {
        return Err(Failure::Foreign { what: format!("{} changed since the plan was made", wanted.path) });
    }
    let uploaded = forge.upload_asset(&release, &wanted.name, Payload::File(&bytes)).map(|asset| evidence(&asset));
    act(uploaded, || probe(step, wanted, services, made))
}

/// Looks for the file, by name, size and digest.
pub(in crate::apply::outward) fn probe(
    step: &OutwardStep,
    wanted: &Upload,
    services: &Services<'_>,
    made: Made<'_>,
) -> Arrived {
    look(|| Ok(arrived(&release_of(step, services, made)?, wanted)))
}

fn arrived(release: &ForgeRelease, wanted: &Upload) -> Arrived {
    match release.asset(&wanted.name) {
        None => Arrived::Absent,
        Some(asset) if !asset.is_complete => Arrived::Partly,
        Some(asset) if is_same(asset, wanted) => Arrived::Done(evidence(asset)),
        Some(asset) => Arrived::Foreign(format!("{} has another {} already: {}", release.tag, asset.name, asset.url)),
    }
}

/// The forge may know neither size nor digest.
fn is_same(asset: &ReleaseAsset, wanted: &Upload) -> bool {
    (asset.size == 0 || asset.size == wanted.size)
        && asset.sha256.as_ref().is_none_or(|digest| *digest == wanted.sha256)
}

/// Returns the release that takes the file. A forge without drafts has none yet when its files are uploaded.
fn release_of(step: &OutwardStep, services: &Services<'_>, made: Made<'_>) -> Result<ForgeRelease, Failure> {
    let (tag, _) = made.tagged(step)?;
    let forge = forge(services)?;
    let mut found = releases(forge, tag)?;
    match (found.pop(), found.len()) {
        (Some(one), 0) => Ok(one),
        (Some(_), more) => Err(Failure::Foreign { what: format!("the forge has {} releases of {tag}", more + 1) }),
        (None, _) if has_drafts(forge) => {
            Err(Failure::Foreign { what: format!("the release of {tag} is gone from the forge") })
        }
        (None, _) => Err(Failure::BadPlan(format!("the release of {tag} must be created before its files"))),
    }
}

fn evidence(asset: &ReleaseAsset) -> Evidence {
    Evidence { id: Some(asset.id.to_string()), url: Some(asset.url.clone()) }
}
