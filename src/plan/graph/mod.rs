//! Packages and what they require of one another, as they are or with a release that is planned.

mod fold;
mod picture;

use std::collections::{BTreeMap, BTreeSet};

pub use picture::{Arrow, Picture, PictureBox};

use super::reason::BumpReason;
use super::release_plan::ReleasePlan;
use crate::model::{DependencyKind, GroupId, IndexVec, PackageId, PackageIx};
use crate::snapshot::Snapshot;

/// Packages and their requirements on one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageGraph {
    /// The packages, in the order of the workspace.
    pub packages: IndexVec<PackageIx, GraphPackage>,
    /// One requirement for each two packages of which one requires the other.
    pub requirements: Vec<GraphRequirement>,
}

/// A package of the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphPackage {
    /// Its key.
    pub id: PackageId,
    /// Its version, as its primary writes it.
    pub version: String,
    /// Its group.
    pub group: Option<GroupId>,
    /// What a planned release does with it.
    pub release: Option<GraphRelease>,
}

/// What a planned release does with a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphRelease {
    /// The next version.
    pub to: String,
    /// Why it is released.
    pub reason: BumpReason,
}

/// What one package requires of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphRequirement {
    /// The package that requires.
    pub by: PackageIx,
    /// The package that is required.
    pub of: PackageIx,
    /// The purpose; the most basic one of several.
    pub kind: DependencyKind,
    /// The requirement as it is written.
    pub text: String,
}

impl PackageGraph {
    /// Returns `true` if a package is released because of this requirement.
    #[must_use]
    pub fn is_cascade(&self, requirement: &GraphRequirement) -> bool {
        let release = self.packages[requirement.by].release.as_ref();
        release.is_some_and(|release| match &release.reason {
            BumpReason::Dependent(of) => *of == self.packages[requirement.of].id,
            _ => false,
        })
    }

    /// Returns the requirements of each package that has any, in the order of the workspace.
    #[must_use]
    pub fn by_package(&self) -> BTreeMap<PackageIx, Vec<&GraphRequirement>> {
        let mut by_package: BTreeMap<PackageIx, Vec<&GraphRequirement>> = BTreeMap::new();
        for requirement in &self.requirements {
            by_package.entry(requirement.by).or_default().push(requirement);
        }
        by_package
    }

    /// Returns the packages that no other one requires, in the order of the workspace.
    #[must_use]
    pub fn ends(&self) -> Vec<PackageIx> {
        let required: BTreeSet<PackageIx> = self.requirements.iter().map(|requirement| requirement.of).collect();
        self.packages.positions().filter(|package| !required.contains(package)).collect()
    }
}

/// Makes the graph of all packages, with the versions that the plan gives them.
#[must_use]
pub fn graph(snapshot: &Snapshot, plan: Option<&ReleasePlan>) -> PackageGraph {
    let workspace = &snapshot.workspace;
    let bumps = plan.map_or(&[][..], |plan| &plan.bumps);
    let releases: BTreeMap<&PackageId, GraphRelease> = bumps
        .iter()
        .map(|bump| (&bump.package, GraphRelease { to: bump.to.clone(), reason: bump.reason.clone() }))
        .collect();
    let packages = workspace.packages.iter().map(|package| GraphPackage {
        id: package.id.clone(),
        version: package.written().to_owned(),
        group: package.group.map(|group| workspace.groups[group].id.clone()),
        release: releases.get(&package.id).cloned(),
    });
    PackageGraph { packages: packages.collect(), requirements: requirements(snapshot) }
}

/// The requirements of manifests, not their copies in lock files; a package that is made of several manifests may require itself, which
/// says nothing here.
fn requirements(snapshot: &Snapshot) -> Vec<GraphRequirement> {
    let workspace = &snapshot.workspace;
    let mut found: BTreeMap<(PackageIx, PackageIx), GraphRequirement> = BTreeMap::new();
    for slot in workspace.requirements.iter().filter(|slot| !slot.kind.is_lock()) {
        let holder = slot.holder.as_ref().and_then(|id| workspace.index_of(id));
        // The manifest of a workspace root belongs to no package.
        let (Some(by), Some(of)) = (holder, workspace.index_of(&slot.of)) else { continue };
        if by == of {
            continue;
        }
        let (kind, text) = (slot.edge(), slot.place.scalar.text.clone());
        let known = found.entry((by, of)).or_insert_with(|| GraphRequirement { by, of, kind, text: text.clone() });
        if kind < known.kind {
            *known = GraphRequirement { by, of, kind, text };
        }
    }
    found.into_values().collect()
}
