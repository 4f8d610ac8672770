//! [`Names`]: under which names the packages of the workspace are required.

use std::collections::BTreeMap;

use crate::model::{ForeignName, RepoPath};

/// A package under one of its names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Provider {
    /// The index of the package.
    pub(super) package: usize,
    /// The folder of the manifest that bears the name; nothing for a name that relman.toml adds.
    pub(super) folder: Option<RepoPath>,
}

/// Every name of every package.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_name: BTreeMap<ForeignName, Vec<Provider>>,
    by_folder: BTreeMap<RepoPath, Vec<(ForeignName, usize)>>,
}

impl Names {
    /// Adds a name of a package.
    pub(super) fn add(&mut self, name: &ForeignName, package: usize, folder: Option<&RepoPath>) {
        let provider = Provider { package, folder: folder.cloned() };
        let providers = self.by_name.entry(name.clone()).or_default();
        if !providers.contains(&provider) {
            providers.push(provider);
        }
        if let Some(folder) = folder {
            self.by_folder.entry(folder.clone()).or_default().push((name.clone(), package));
        }
    }

    /// Returns the packages that bear a name.
    pub(super) fn bearing(&self, name: &ForeignName) -> &[Provider] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the names whose manifests lie in a folder, and their packages.
    pub(super) fn in_folder(&self, folder: &RepoPath) -> &[(ForeignName, usize)] {
        self.by_folder.get(folder).map_or(&[], Vec::as_slice)
    }

    /// Returns the one package that a requirement means: by the folder where it names one, else by the name where only one package
    /// bears it.
    pub(super) fn required(&self, name: &ForeignName, folder: Option<&RepoPath>) -> Option<usize> {
        let mut packages: Vec<usize> = self
            .bearing(name)
            .iter()
            .filter(|p| folder.is_none() || p.folder.is_none() || p.folder.as_ref() == folder)
            .map(|p| p.package)
            .collect();
        packages.dedup();
        match packages.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }
}
