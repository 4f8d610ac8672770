//! [`proven`]: plugins are asked again about the texts that a plan makes.

use crate::capture::{Place, Plugins};
use crate::plan::{FileChanges, Proposal, Refusal, against_second_answer, texts_of_plugins};
use crate::snapshot::Snapshot;

/// Returns the plan with what plugins have against it.
pub(super) fn proven(place: &Place, snapshot: &Snapshot, proposal: Proposal) -> Proposal {
    let refusals = against_plugins(place, snapshot, &proposal.plan().files);
    refusals.into_iter().fold(proposal, Proposal::refused_for)
}

/// Asks plugins about the new texts of the files in which they found places, and returns what speaks against them.
#[must_use]
pub fn against_plugins(place: &Place, snapshot: &Snapshot, files: &FileChanges) -> Vec<Refusal> {
    let plugins = Plugins { config: &snapshot.config, host: &place.plugins };
    let mut refusals = Vec::new();
    for (name, texts) in texts_of_plugins(snapshot, files) {
        // A plugin that found places is in relman.toml.
        let Some(spec) = snapshot.config.plugins.iter().find(|spec| spec.name == name) else { continue };
        for (path, second) in plugins.places(spec, &texts) {
            refusals.extend(against_second_answer(snapshot, files, &name, &path, &second));
        }
    }
    refusals
}
