//! [`PinStatus`]: the state of a pin.

use serde::Serialize;

use super::upstream::newest;
use crate::snapshot::{Look, Snapshot};

/// The state of a pin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PinStatus {
    /// The pin.
    pub name: String,
    /// The repository that is pinned.
    pub upstream: String,
    /// The tag that is pinned; null if no place holds one.
    pub tag: Option<String>,
    /// Whether every place was found and holds this tag or its version.
    pub in_sync: bool,
    /// The newest tag of upstream; absent if upstream was not asked, or has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
    /// Whether that is newer than the pinned one.
    pub is_outdated: bool,
    /// Why upstream could not be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Returns the state of every pin. `upstream` are the tags of each one's upstream, as far as it was asked, in the same order.
#[must_use]
pub fn pins(snapshot: &Snapshot, upstream: &[Look<Vec<String>>]) -> Vec<PinStatus> {
    let mut looks = upstream.iter();
    let status = snapshot.workspace.pins.iter().map(|pin| {
        let (newest, note) = match looks.next() {
            Some(Look::Found(tags)) => (newest(&pin.spec, tags), None),
            Some(Look::Unknown { message, .. }) => (None, Some(message.clone())),
            Some(Look::NotAsked) | None => (None, None),
        };
        let is_outdated = newest.as_ref().zip(pin.version()).is_some_and(|((_, newest), pinned)| newest > pinned);
        PinStatus {
            name: pin.spec.name.clone(),
            upstream: pin.spec.upstream.clone(),
            tag: pin.tag(),
            in_sync: pin.in_sync(),
            newest: newest.map(|(tag, _)| tag),
            is_outdated,
            note,
        }
    });
    status.collect()
}
