//! Private manifests, samples and placeholders, which are packages only if tags say so.

use super::doubt::Doubt;
use super::pairing::{Pair, Tagging, is_first};
use super::unit::{LeftOut, Unit};
use crate::snapshot::FoundManifest;

/// At how many tags a doubtful unit must have held their version.
const OFTEN: usize = 2;

/// Leaves out the doubtful units without tags, which are packages only where nothing else is.
pub(super) fn give_way(units: &mut Vec<(Unit, Option<usize>)>, left_out: &mut Vec<LeftOut>) {
    let is_weak =
        |(unit, head): &mut (Unit, Option<usize>)| unit.doubt.is_some() && head.is_none() && !unit.never_tagged;
    for (unit, _) in units.extract_if(.., is_weak) {
        let path = unit.entries.first().map_or(&unit.folder, |entry| &entry.path).clone();
        let why = unit.doubt.as_ref().map_or("", Doubt::why).to_owned();
        left_out.push(LeftOut { path, why, has_version: unit.doubt != Some(Doubt::Plain) });
    }
}

/// Leaves out the units that are packages only if tags say so, and whose tags do not. Where no other is left, the least doubtful ones are
/// packages, unless they are samples. Returns the packages with the forms of their tags.
pub(super) fn decide(
    units: Vec<(Unit, Tagging)>,
    left_out: &mut Vec<LeftOut>,
    manifests: &[FoundManifest],
) -> Vec<(Unit, Option<usize>)> {
    let least = units.iter().map(|(unit, _)| unit.doubt.clone()).min().flatten();
    let is_possible = |unit: &Unit| unit.doubt == least && !matches!(unit.doubt, Some(Doubt::Folder(_)));
    let is_tagged = |pair: &Pair| pair.is_named() || pair.held >= OFTEN;
    let pairs = || units.iter().filter_map(|(_, tagging)| tagging.pair);
    let (any_tagged, any_named) = (pairs().next().is_some(), pairs().any(|pair| pair.is_named()));
    let is_unreleased = |unit: &Unit, tagging: &Tagging| {
        any_tagged && tagging.pair.is_none() && is_first(&unit.version) && (tagging.was_there || !any_named)
    };
    let mut kept = Vec::new();
    for (mut unit, tagging) in units {
        // What is versioned with each release is a package, even if it is neither published nor tagged.
        let is_free = match &unit.doubt {
            None | Some(Doubt::Private) => true,
            // What is published is one in whatever folder it is, if it goes on with each release.
            Some(Doubt::Folder(_)) => tagging.moves_each && !is_private(&unit, manifests),
            _ => false,
        };
        let is_untagged = unit.untagged_by.is_some() || (any_tagged && tagging.moves && is_free);
        unit.never_tagged = tagging.pair.is_none() && is_untagged;
        unit.under = tagging.under;
        let is_tagged = tagging.pair.as_ref().is_some_and(is_tagged);
        let is_sure = unit.doubt.is_none() || is_possible(&unit) || is_tagged || unit.never_tagged;
        let why = match &unit.doubt {
            Some(doubt) if !is_sure => doubt.why(),
            _ if unit.untagged_by.is_none() && is_unreleased(&unit, &tagging) => {
                "no tag has its version, which is one that new packages have"
            }
            _ => {
                kept.push((unit, tagging.pair.map(|pair| pair.head)));
                continue;
            }
        };
        let has_version = unit.doubt != Some(Doubt::Plain);
        let path = unit.entries.first().map_or(&unit.folder, |entry| &entry.path);
        left_out.push(LeftOut { path: path.clone(), why: why.to_owned(), has_version });
    }
    kept
}

/// Returns `true` if one of its manifests says that it must not be published.
fn is_private(unit: &Unit, manifests: &[FoundManifest]) -> bool {
    let is_of_unit = |manifest: &&FoundManifest| unit.entries.iter().any(|entry| entry.path == manifest.path);
    manifests.iter().filter(is_of_unit).any(|manifest| manifest.is_private)
}
