//! Dependents: requirements that have to follow, and the packages that hold them.

use std::collections::BTreeMap;

use super::release_plan::{BumpReason, ReasonKind};
use super::select::{Asked, Asks, Step, take_groups_whole};
use super::targets::{Targets, targets};
use crate::config::DependentPolicy;
use crate::manifest::requirement::{admits, raised, widened};
use crate::model::{Diagnostic, Version};
use crate::snapshot::Snapshot;
use crate::workspace::RequirementSlot;

/// A requirement and its new text.
#[derive(Debug)]
pub(super) struct RequirementChange<'a> {
    /// Where it stands.
    pub(super) slot: &'a RequirementSlot,
    /// What will stand there.
    pub(super) new: String,
}

/// The targets of a run, dependents included, and the requirements that change.
pub(super) struct Cascade<'a> {
    /// The targets.
    pub(super) targets: Targets,
    /// The requirements.
    pub(super) changes: Vec<RequirementChange<'a>>,
}

/// Follows the requirements from package to package until nothing more has to move. Terminates, since each round adds a package.
pub(super) fn cascade(snapshot: &Snapshot, mut asks: Asks) -> Result<Cascade<'_>, Vec<Diagnostic>> {
    let index: BTreeMap<&str, usize> =
        snapshot.workspace.packages.iter().enumerate().map(|(i, p)| (p.id.0.as_str(), i)).collect();
    loop {
        let targets = targets(snapshot, &asks);
        let changes = changes(snapshot, &targets, &index)?;
        let before = asks.len();
        if let Some(level) = snapshot.config.dependents.level {
            for change in &changes {
                let holder = change.slot.holder.as_ref().and_then(|id| index.get(id.0.as_str()));
                let Some(holder) = holder.filter(|at| !asks.contains_key(at)) else { continue };
                let followed = index.get(change.slot.of.0.as_str()).and_then(|i| targets.by_package.get(i));
                let pre = followed.and_then(|t| t.to.version.pre.as_ref());
                let stage = pre.and_then(|pre| pre.stage()).map(|(label, _)| label.to_owned());
                let reason = BumpReason { kind: ReasonKind::Dependent, of: Some(change.slot.of.0.clone()) };
                asks.insert(*holder, Asked { step: Step::Follow { level, stage }, reason, typed: None });
            }
            take_groups_whole(snapshot, &mut asks);
        }
        if asks.len() == before {
            return Ok(Cascade { targets, changes });
        }
    }
}

fn changes<'a>(
    snapshot: &'a Snapshot,
    targets: &Targets,
    index: &BTreeMap<&str, usize>,
) -> Result<Vec<RequirementChange<'a>>, Vec<Diagnostic>> {
    let mut changes = Vec::new();
    let mut problems = Vec::new();
    for slot in &snapshot.workspace.requirements {
        let target = index.get(slot.of.0.as_str()).and_then(|i| targets.by_package.get(i));
        let Some(target) = target.filter(|t| t.to.version != t.from) else { continue };
        match followed(snapshot, slot, &target.to.version) {
            Ok(Some(new)) => changes.push(RequirementChange { slot, new }),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(changes) } else { Err(problems) }
}

/// The new text of a requirement, as its policy asks; nothing where it stays.
pub(super) fn followed(
    snapshot: &Snapshot,
    slot: &RequirementSlot,
    version: &Version,
) -> Result<Option<String>, Diagnostic> {
    let place = &slot.place;
    let text = &place.scalar.text;
    let new = match snapshot.config.dependents.policy_of(slot.edge()) {
        DependentPolicy::Never => return Ok(None),
        DependentPolicy::Always => raised(place.notation, text, version),
        DependentPolicy::OutOfRange => match admits(place.notation, text, version) {
            Ok(true) => return Ok(None),
            Ok(false) => widened(place.notation, text, version),
            Err(error) => Err(error),
        },
    };
    match new {
        Ok(new) => Ok((new != *text).then_some(new)),
        Err(error) => {
            let message = format!("the requirement `{text}` on `{}` cannot follow: {error}", slot.of);
            let diagnostic =
                Diagnostic::new(message).help("write the requirement by hand, or set its policy to \"never\"");
            Err(match snapshot.workspace.files.get(&slot.file) {
                Some(file) => diagnostic.at(&slot.file, &file.text, place.scalar.span),
                None => diagnostic,
            })
        }
    }
}
