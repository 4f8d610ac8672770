//! Places of pins that disagree, or that are lost.

use crate::model::Diagnostic;
use crate::plan::finding::{Finding, FindingCode};
use crate::plan::places::Places;
use crate::snapshot::Snapshot;
use crate::workspace::Pin;

/// Returns a finding for each place of a pin that was not found, or that holds another release than the pin's first place.
pub(in crate::plan) fn pin_findings<'a>(snapshot: &'a Snapshot, places: &mut Places<'a>) -> Vec<Finding> {
    let pins = snapshot.workspace.pins.iter();
    let found = pins.flat_map(|pin| {
        let lost = pin.places.iter().filter_map(|place| place.as_ref().err()).map(lost);
        let mut found: Vec<Finding> = lost.collect();
        found.extend(differing(pin, places));
        found
    });
    found.collect()
}

fn lost(problem: &Diagnostic) -> Finding {
    let place = problem.place.as_ref();
    let position = place.filter(|place| place.text.is_some()).map(|place| place.position());
    Finding {
        code: FindingCode::Pin,
        path: place.map(|place| place.path.clone()),
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
        package: None,
        found: None,
        expected: None,
        message: problem.message.clone(),
        help: problem.help.clone(),
    }
}

fn differing<'a>(pin: &'a Pin, places: &mut Places<'a>) -> Vec<Finding> {
    // A pin without a place that was found has lost them all, which are findings of their own.
    let (Some(first), Some(tag)) = (pin.slots().next(), pin.tag()) else { return Vec::new() };
    let differing = pin.slots().filter(|slot| slot.version != first.version);
    let finding = differing.map(|slot| {
        let position = places.position(&slot.file, slot.scalar.span.start);
        let name = &pin.spec.name;
        Finding {
            code: FindingCode::Pin,
            path: Some(slot.file.clone()),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            package: None,
            found: Some(slot.scalar.text.clone()),
            expected: slot.written(&tag, &first.version).ok(),
            message: format!(
                "the pin `{name}` is {} here and {} in {}",
                slot.scalar.text, first.scalar.text, first.file
            ),
            help: Some(format!("run `relman bump --pin {name}=TAG`, which writes all its places")),
        }
    });
    finding.collect()
}
