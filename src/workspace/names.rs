//! [`Names`]: the names under which the packages of the workspace are required.

use std::collections::{BTreeMap, BTreeSet};

use super::package::Package;
use crate::model::{Ecosystem, IndexVec, PackageIx, RegistryName, RepoPath};

/// A package under one of its names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Owner {
    /// The index of the package.
    pub(super) package: PackageIx,
    /// The folder of the manifest with the name; `None` for a name that relman.toml adds.
    pub(super) folder: Option<RepoPath>,
}

/// Every name of every package.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_name: BTreeMap<RegistryName, Vec<Owner>>,
    by_folder: BTreeMap<RepoPath, Vec<(RegistryName, PackageIx)>>,
}

impl Names {
    /// Adds a name of a package.
    pub(super) fn add(&mut self, name: &RegistryName, package: PackageIx, folder: Option<&RepoPath>) {
        let provider = Owner { package, folder: folder.cloned() };
        let providers = self.by_name.entry(name.clone()).or_default();
        if !providers.contains(&provider) {
            providers.push(provider);
        }
        if let Some(folder) = folder {
            self.by_folder.entry(folder.clone()).or_default().push((name.clone(), package));
        }
    }

    /// Returns the packages with a name.
    pub(super) fn owners_of_name(&self, name: &RegistryName) -> &[Owner] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the packages with a name in any ecosystem.
    pub(super) fn called(&self, name: &str) -> BTreeSet<PackageIx> {
        let names = Ecosystem::ALL.iter().map(|ecosystem| RegistryName::new(*ecosystem, name));
        names.flat_map(|name| self.owners_of_name(&name)).map(|provider| provider.package).collect()
    }

    /// Returns every name with each of its packages.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, PackageIx)> {
        self.by_name.iter().flat_map(|(name, owners)| owners.iter().map(|owner| (name.name.as_str(), owner.package)))
    }

    /// Returns the names whose manifests lie in a folder, and their packages.
    pub(super) fn in_folder(&self, folder: &RepoPath) -> &[(RegistryName, PackageIx)] {
        self.by_folder.get(folder).map_or(&[], Vec::as_slice)
    }

    /// Returns the one package that a requirement means: by the folder if it names one, else by the name if only one package has it.
    /// A name that relman.toml adds refers to a package in any of its folders.
    pub(super) fn required(
        &self,
        name: &RegistryName,
        folder: Option<&RepoPath>,
        packages: &IndexVec<PackageIx, Package>,
    ) -> Option<PackageIx> {
        let is_home = |provider: &Owner, folder: &RepoPath| match &provider.folder {
            Some(own) => own == folder,
            None => packages[provider.package].folders.contains(folder),
        };
        let meant = self.owners_of_name(name).iter().filter(|p| folder.is_none_or(|folder| is_home(p, folder)));
        let mut packages: Vec<PackageIx> = meant.map(|p| p.package).collect();
        packages.dedup();
        match packages.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }
}
