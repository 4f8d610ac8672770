//! [`BindInput`]: all that was read of a workspace.

use std::collections::BTreeMap;

use super::seed::PackageSeed;
use super::source::SourceFile;
use crate::manifest::ManifestType;
use crate::model::{Diagnostic, IndexVec, PackageId, PackageIx, RepoPath};

/// Everything that was read of a workspace.
#[derive(Debug)]
pub struct BindInput {
    /// The packages, declared ones first.
    pub seeds: IndexVec<PackageIx, PackageSeed>,
    /// Every file that was read.
    pub files: BTreeMap<RepoPath, SourceFile>,
    /// The files that could not be read, and whose manifests they are.
    pub unreadable: Vec<(RepoPath, Option<PackageId>, Diagnostic)>,
    /// Manifests without a package of their own: workspace roots above the packages, private packages.
    pub extra: Vec<(RepoPath, ManifestType)>,
    /// Manifests that inherit their version.
    pub inheriting: Vec<Heir>,
    /// Lock files beside and above manifests, which belong to each package that has an entry in them.
    pub locks_above: Vec<(RepoPath, ManifestType)>,
    /// The packages that were left out with their plugin.
    pub absent: Vec<PackageId>,
    /// Folders that `members` matched and that are no packages, and why.
    pub left_out: Vec<(RepoPath, String)>,
    /// Patterns of relman.toml that match nothing.
    pub idle: Vec<Diagnostic>,
}

/// A manifest that inherits its version from the root of its workspace.
#[derive(Debug)]
pub struct Heir {
    /// The manifest.
    pub manifest: RepoPath,
    /// Its type, and that of the root.
    pub kind: ManifestType,
    /// The root's manifest, which holds the version.
    pub root: RepoPath,
}
