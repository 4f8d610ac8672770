//! What the upstreams of pins have: one look at each one's tags.

use super::session::Session;
use crate::config::PinSpec;
use crate::io::Git;
use crate::model::Diagnostic;
use crate::plan::{PinRequest, unknown_pins};
use crate::snapshot::{Look, Snapshot};

/// Asks the upstream of every pin for its tags, in the order of relman.toml.
#[must_use]
pub fn ask_upstreams(session: &Session, snapshot: &Snapshot) -> Vec<Look<Vec<String>>> {
    snapshot.config.pins.iter().map(|spec| tags(&session.place.git, spec)).collect()
}

/// Asks the upstreams of the pins that are to be moved.
///
/// # Errors
/// A pin that relman.toml does not have.
pub(super) fn ask_for(git: &Git, snapshot: &Snapshot, requests: &mut [PinRequest]) -> Result<(), Vec<Diagnostic>> {
    unknown_pins(snapshot, requests)?;
    for request in requests {
        if let Some(spec) = snapshot.config.pins.iter().find(|spec| spec.name == request.name) {
            request.upstream = tags(git, spec);
        }
    }
    Ok(())
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
