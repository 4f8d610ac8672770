//! [`pin_changes`]: the places of pins that are moved.

use super::upstream::{PinFault, PinRequest, release_of_pin, unknown_pins};
use crate::manifest::Scalar;
use crate::model::{Diagnostic, RepoPath, Version};
use crate::plan::pin_bump::PinBump;
use crate::plan::release_plan::{Refusal, RefusalCode};
use crate::snapshot::Snapshot;
use crate::workspace::Pin;

/// What moving pins does.
#[derive(Debug, Default)]
pub(in crate::plan) struct PinChanges {
    /// The pins that move.
    pub(in crate::plan) bumps: Vec<PinBump>,
    /// The new values of their places.
    pub(in crate::plan) edits: Vec<(RepoPath, Scalar, String)>,
    /// What speaks against it.
    pub(in crate::plan) refusals: Vec<Refusal>,
}

/// Plans new values for every place of the pins that are requested.
///
/// # Errors
/// A pin that relman.toml does not have.
pub(in crate::plan) fn pin_changes(
    snapshot: &Snapshot,
    requests: &[PinRequest],
) -> Result<PinChanges, Vec<Diagnostic>> {
    unknown_pins(snapshot, requests)?;
    let mut changes = PinChanges::default();
    for request in requests {
        // An unknown name was reported before.
        let Some(pin) = snapshot.workspace.pins.iter().find(|pin| pin.spec.name == request.name) else { continue };
        changes.refusals.extend(pin.places.iter().filter_map(|place| place.as_ref().err()).map(|why| lost(pin, why)));
        changes.refusals.extend(request.faults.iter().map(|fault| unpublished(pin, fault)));
        match release_of_pin(&pin.spec, request) {
            Ok((tag, version)) => changes.move_to(pin, tag, &version),
            Err(refusal) => changes.refusals.push(refusal),
        }
    }
    Ok(changes)
}

impl PinChanges {
    fn move_to(&mut self, pin: &Pin, tag: String, version: &Version) {
        for slot in pin.slots() {
            match slot.written(&tag, version) {
                Ok(text) => self.edits.push((slot.file.clone(), slot.scalar.clone(), text)),
                Err(error) => self.refusals.push(Refusal {
                    code: RefusalCode::Pin,
                    message: format!(
                        "a place of the pin `{}` in {} cannot take {tag}: {error}",
                        pin.spec.name, slot.file
                    ),
                    help: Some("choose a release that the place can hold, or give it another `scheme`".to_owned()),
                }),
            }
        }
        let from = pin.tag();
        if from.as_ref() != Some(&tag) || !pin.in_sync() {
            self.bumps.push(PinBump { name: pin.spec.name.clone(), from, to: tag });
        }
    }
}

fn unpublished(pin: &Pin, fault: &PinFault) -> Refusal {
    let help = "wait until upstream has published it, or look at it with `relman verify` there".to_owned();
    Refusal {
        code: RefusalCode::Pin,
        message: format!("{} of the pin `{}`: {}", fault.artifact, pin.spec.name, fault.message),
        help: fault.help.clone().or(Some(help)),
    }
}

fn lost(pin: &Pin, why: &Diagnostic) -> Refusal {
    // Without a place the message stands alone.
    let at = why.place.as_ref().map(|place| format!(" ({})", place.path)).unwrap_or_default();
    Refusal {
        code: RefusalCode::Pin,
        message: format!("the pin `{}` has lost a place{at}: {}", pin.spec.name, why.message),
        help: why
            .help
            .clone()
            .or_else(|| Some("run `relman check`; write the place again, or remove it from the pin".to_owned())),
    }
}
