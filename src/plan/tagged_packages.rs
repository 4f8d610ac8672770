//! [`tagged_packages`]: the packages that have tags of their own; [`tag_mates`]: those that a tag is about.

use std::collections::BTreeMap;

use crate::config::GroupKind;
use crate::model::{GroupIx, PackageIx, Version};
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// Returns the packages that have tags: of a group with one tag, its first member, of a linked one the first with the highest version.
pub(super) fn tagged_packages(snapshot: &Snapshot) -> impl Iterator<Item = (PackageIx, &Package)> {
    let workspace = &snapshot.workspace;
    let mut highest: BTreeMap<GroupIx, &Version> = BTreeMap::new();
    for package in workspace.packages.iter().filter(|package| package.shares_tags) {
        if let Some((group, version)) = package.group.zip(package.version()) {
            highest.entry(group).and_modify(|known| *known = version.max(known)).or_insert(version);
        }
    }
    let is_left_behind = move |package: &Package| {
        let highest = package.group.filter(|_| package.shares_tags).and_then(|group| highest.get(&group).copied());
        highest.is_some() && package.version() < highest
    };
    let mut groups = Vec::new();
    let tagged = workspace.packages.entries().filter(|(_, package)| package.has_tags());
    tagged.filter(move |(_, package)| !is_left_behind(package)).filter(move |(_, package)| {
        let shared = package.group.filter(|group| workspace.groups[*group].one_tag);
        let is_first = shared.is_none_or(|group| !groups.contains(&group));
        groups.extend(shared);
        is_first
    })
}

/// Returns the packages that share the tag of a release of this one. Members of a linked group that are still below its version were not part of
/// it; where all are, it is a release to come.
pub(super) fn tag_mates(snapshot: &Snapshot, package: PackageIx, version: &Version) -> Vec<PackageIx> {
    let workspace = &snapshot.workspace;
    let shared = workspace.packages[package].group.filter(|group| workspace.groups[*group].one_tag);
    let Some(group) = shared else { return vec![package] };
    let members = workspace.packages.entries().filter(|(_, of)| of.group == Some(group));
    let all: Vec<PackageIx> = members.map(|(index, _)| index).collect();
    let is_part = |index: &&PackageIx| workspace.packages[**index].version().is_some_and(|own| own >= version);
    let parts: Vec<PackageIx> = all.iter().filter(is_part).copied().collect();
    if workspace.groups[group].kind == GroupKind::Fixed || parts.is_empty() { all } else { parts }
}
