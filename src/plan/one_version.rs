//! [`has_one_version`]: whether another version could replace the planned one.

use std::collections::BTreeSet;

use super::reason::BumpReason;
use super::release_plan::ReleasePlan;
use crate::config::GroupKind;
use crate::model::PackageIx;
use crate::snapshot::Snapshot;

/// Returns `true` if one package or one fixed group is released, apart from what follows because it requires it.
#[must_use]
pub fn has_one_version(snapshot: &Snapshot, plan: &ReleasePlan) -> bool {
    let workspace = &snapshot.workspace;
    let leads = plan.bumps.iter().filter(|bump| !matches!(bump.reason, BumpReason::Dependent(_)));
    let leads: BTreeSet<PackageIx> = leads.filter_map(|bump| workspace.index_of(&bump.package)).collect();
    let fixed = |index: &PackageIx| {
        workspace.packages[*index].group.filter(|group| workspace.groups[*group].kind == GroupKind::Fixed)
    };
    let first = leads.first().and_then(fixed);
    leads.len() == 1 || first.is_some() && leads.iter().all(|index| fixed(index) == first)
}
