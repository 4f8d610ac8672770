//! [`Users`]: the packages that a file belongs to.

use std::collections::{BTreeMap, BTreeSet};

use super::seed::PackageSeed;
use crate::model::{PackageIx, Position, RepoPath};

/// The packages that each file is a manifest or a lock file of, by their indices.
#[derive(Debug)]
pub struct Users<'a> {
    by_file: BTreeMap<&'a RepoPath, BTreeSet<PackageIx>>,
}

impl<'a> Users<'a> {
    /// Inverts the packages' lists of files.
    #[must_use]
    pub fn new(seeds: &'a [PackageSeed]) -> Self {
        let mut by_file: BTreeMap<&RepoPath, BTreeSet<PackageIx>> = BTreeMap::new();
        for (index, seed) in (0..).map(PackageIx::new).zip(seeds) {
            for manifest in &seed.manifests {
                by_file.entry(&manifest.path).or_default().insert(index);
            }
        }
        Self { by_file }
    }

    /// Returns all packages that the file belongs to.
    #[must_use]
    pub fn of(&self, path: &RepoPath) -> BTreeSet<PackageIx> {
        self.by_file.get(path).cloned().unwrap_or_default()
    }

    /// Returns the first package that the file belongs to.
    #[must_use]
    pub fn first(&self, path: &RepoPath) -> Option<PackageIx> {
        self.by_file.get(path)?.first().copied()
    }
}
