//! [`choose`]: what is released, where a request leaves that open.

use super::error::ProcessError;
use super::prompt::Prompt;
use super::session::Session;
use crate::capture::{CaptureNeeds, CaptureOptions};
use crate::io::left;
use crate::plan::{BumpRequest, is_open, offers};
use crate::snapshot::Snapshot;

/// Asks what is released, if the request leaves it open; with `takes_level` also by which level.
///
/// # Errors
/// Nothing is chosen, or something cannot be read.
pub(super) fn choose(
    session: &Session,
    wish: CaptureOptions,
    mut snapshot: Snapshot,
    (request, takes_level): (&mut BumpRequest, bool),
    prompt: &mut dyn Prompt,
) -> Result<Snapshot, ProcessError> {
    if !is_open(&snapshot, request, takes_level) {
        return Ok(snapshot);
    }
    if snapshot.history.is_none() {
        let needs = CaptureNeeds { history: true, ..wish.needs };
        snapshot = session.read_again(CaptureOptions { needs, ..wish }, prompt)?;
    }
    let offers = offers(&snapshot, request, session.here().as_ref());
    let Some(picks) = prompt.choose(&offers) else {
        prompt.say(&left());
        return Err(ProcessError::Declined);
    };
    for pick in picks {
        // A pick is one of the offers that were shown.
        let Some(offer) = offers.get(pick.offer) else { continue };
        let spec = offer.steps.get(pick.step).map(|step| step.spec.clone()).filter(|_| takes_level);
        request.packages.extend(offer.packages.iter().map(|id| (id.to_string(), spec.clone())));
    }
    Ok(snapshot)
}
