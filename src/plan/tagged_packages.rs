//! [`tagged_packages`]: the packages that have tags of their own.

use crate::model::PackageIx;
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// Returns the packages that have tags: of a group with one tag, its first member.
pub(super) fn tagged_packages(snapshot: &Snapshot) -> impl Iterator<Item = (PackageIx, &Package)> {
    let workspace = &snapshot.workspace;
    let mut groups = Vec::new();
    let tagged = workspace.packages.entries().filter(|(_, package)| package.has_tags());
    tagged.filter(move |(_, package)| {
        let shared = package.group.filter(|group| workspace.groups[*group].one_tag);
        let is_first = shared.is_none_or(|group| !groups.contains(&group));
        groups.extend(shared);
        is_first
    })
}
