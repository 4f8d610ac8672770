//! What the upstreams of pins have: one look at each one's tags.

use super::artifact_looks::Looker;
use super::session::Session;
use super::world::World;
use crate::config::PinSpec;
use crate::io::{Git, now_seconds};
use crate::model::Diagnostic;
use crate::plan::{
    Allowance, ArtifactReport, ArtifactState, Expected, PinFault, PinRequest, judge, pinned_artifacts, release_of_pin,
    unknown_pins,
};
use crate::snapshot::{Look, Snapshot};

/// Asks the upstream of every pin for its tags, in the order of relman.toml.
#[must_use]
pub fn ask_upstreams(session: &Session, snapshot: &Snapshot) -> Vec<Look<Vec<String>>> {
    snapshot.config.pins.iter().map(|spec| tags(&session.place.git, spec)).collect()
}

/// Asks the upstreams of the pins that are to be moved for their tags, and whether what they should have published is there.
///
/// # Errors
/// A pin that relman.toml does not have.
pub(super) fn ask_for(
    session: &Session,
    snapshot: &Snapshot,
    world: &World,
    requests: &mut [PinRequest],
) -> Result<(), Vec<Diagnostic>> {
    unknown_pins(snapshot, requests)?;
    for request in requests {
        // An unknown name is reported by the plan.
        let Some(spec) = snapshot.config.pins.iter().find(|spec| spec.name == request.name) else { continue };
        request.upstream = tags(&session.place.git, spec);
        // Without a release, there is nothing to look at, and the plan says why.
        let Ok((tag, version)) = release_of_pin(spec, request) else { continue };
        let expected = pinned_artifacts(snapshot, spec, &tag, &version);
        if !expected.is_empty() {
            request.faults = faults(session, snapshot, world, expected);
        }
    }
    Ok(())
}

/// Looks once at what upstream should have published. What is not right for whatever reason is a fault.
fn faults(session: &Session, snapshot: &Snapshot, world: &World, expected: Vec<Expected>) -> Vec<PinFault> {
    let registries = world.registries(snapshot, &session.place);
    let looks = Looker::of_registries(registries).look(&expected);
    let looked: Vec<_> = expected.into_iter().zip(looks).collect();
    let reports = judge(snapshot, &looked, Allowance { now: now_seconds(), is_waiting: false }).into_iter();
    let wrong = reports.filter(|report| !matches!(report.state, ArtifactState::Ok | ArtifactState::Accepted));
    let fault = |report: ArtifactReport| PinFault {
        artifact: report.artifact,
        // What is not right says why.
        message: report.message.unwrap_or_default(),
        help: report.help,
    };
    wrong.map(fault).collect()
}

fn tags(git: &Git, spec: &PinSpec) -> Look<Vec<String>> {
    match git.remote_tags(&spec.upstream) {
        Ok(tags) => Look::Found(tags.into_keys().collect()),
        Err(error) => Look::Unknown {
            message: error.to_string(),
            help: Some(format!("correct `upstream` of the pin `{}`, or try again once it answers", spec.name)),
        },
    }
}
