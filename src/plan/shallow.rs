//! Who needs what a shallow clone does not hold.

use std::collections::BTreeSet;

use super::dependents::cascade;
use super::history_gaps::{is_cut_off, lacks_commits, lacks_tag};
use super::request::{BumpRequest, BumpSpec};
use super::select::{auto_packages, indices, select};
use super::targets::Target;
use crate::model::PackageIx;
use crate::snapshot::Snapshot;

/// Returns the packages whose missing history keeps [`status`](super::status()) from telling where those of these names stand, or
/// all where none is named: their own, and that of whatever could release them.
#[must_use]
pub fn lacking(snapshot: &Snapshot, names: &[String]) -> Vec<PackageIx> {
    // A wrong name is reported by `status`; nothing is fetched for it.
    affecting(snapshot, indices(snapshot, names).unwrap_or_default())
        .into_iter()
        .filter(|i| is_cut_off(snapshot, *i))
        .collect()
}

/// Returns the packages whose missing history or tag keeps [`bump`](super::bump()) from planning the request. What follows from
/// changes is known only once these are: it may then need more.
#[must_use]
pub fn packages_missing_history_for(snapshot: &Snapshot, request: &BumpRequest) -> Vec<PackageIx> {
    let cut: Vec<PackageIx> =
        auto_packages(snapshot, request).into_iter().filter(|index| is_cut_off(snapshot, *index)).collect();
    if !cut.is_empty() {
        return cut;
    }
    // A request that fails for another reason needs nothing from the remote.
    let Ok(cascade) = select(snapshot, request).and_then(|asks| cascade(snapshot, asks)) else { return Vec::new() };
    let targets = cascade.targets.by_package.iter();
    let lacks = |(index, target): &(&PackageIx, &Target)| {
        lacks_tag(snapshot, **index) || lacks_commits(snapshot, **index, target)
    };
    targets.filter(lacks).map(|(index, _)| *index).collect()
}

/// Returns the request with which `bump` computes the next versions of these packages: everything, or in a shallow clone only
/// what could release them, since the others are unknown.
pub(super) fn outlook_request(snapshot: &Snapshot, wanted: BTreeSet<PackageIx>) -> BumpRequest {
    let ask = Some(BumpSpec::Auto(None));
    if !snapshot.workspace.packages.positions().any(|index| is_cut_off(snapshot, index)) {
        return BumpRequest { all: true, ask, ..BumpRequest::default() };
    }
    let name = |index: PackageIx| (snapshot.workspace.packages[index].id.to_string(), None);
    let packages = affecting(snapshot, wanted).into_iter().map(name).collect();
    BumpRequest { packages, ask, ..BumpRequest::default() }
}

/// Returns these packages and all whose release could bring one of theirs: what they require, and who shares a group with them.
fn affecting(snapshot: &Snapshot, wanted: BTreeSet<PackageIx>) -> BTreeSet<PackageIx> {
    let workspace = &snapshot.workspace;
    let mut waiting: Vec<PackageIx> = wanted.iter().copied().collect();
    let mut found = wanted;
    while let Some(index) = waiting.pop() {
        let package = &workspace.packages[index];
        let held = workspace.requirements.iter().filter(|slot| slot.holder.as_ref() == Some(&package.id));
        let group = package.group.map(|at| &workspace.groups[at]);
        let members = group.into_iter().flat_map(|group| &group.members);
        for id in held.map(|slot| &slot.of).chain(members) {
            if let Some(other) = workspace.index_of(id)
                && found.insert(other)
            {
                waiting.push(other);
            }
        }
    }
    found
}
