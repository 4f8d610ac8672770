//! Requirements of manifests on packages of the repository.

use std::collections::BTreeMap;

use super::package::Package;
use crate::manifest::{NoVersion, RequirementPlace};
use crate::model::{RegistryName, RepoPath, Version};
use crate::snapshot::{Discovery, FoundManifest};

/// A package that may be required.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner<'a> {
    /// The package.
    pub(super) package: &'a Package,
    /// Its version.
    pub(super) version: &'a Version,
    /// The file that holds it.
    pub(super) path: &'a RepoPath,
}

/// The packages by the names in their manifests; `None` for a name that several manifests have.
pub(super) type Names<'a> = BTreeMap<&'a RegistryName, Option<Owner<'a>>>;

/// The packages by their manifests.
pub(super) type Owners<'a> = BTreeMap<&'a RepoPath, Owner<'a>>;

/// The packages by their names, and by their manifests.
pub(super) fn names<'a>(packages: &'a [Package], discovery: &'a Discovery) -> (Names<'a>, Owners<'a>) {
    let units = packages.iter().flat_map(|package| package.units.iter().map(move |unit| (package, unit)));
    let entries = units.flat_map(|(package, unit)| {
        unit.entries
            .iter()
            .map(move |entry| (&entry.path, Owner { package, version: &unit.version, path: &entry.path }))
    });
    let owners: Owners<'a> = entries.collect();
    let mut names = Names::new();
    for manifest in &discovery.manifests {
        let name = manifest.found.as_ref().and_then(|found| found.name.as_ref());
        if let (Some(name), Some(owner)) = (name, owner_of(manifest, &owners)) {
            names.entry(name).and_modify(|known| *known = None).or_insert(Some(owner));
        }
    }
    (names, owners)
}

/// Returns the package of a manifest: its own, or that of the workspace that it inherits its version from.
fn owner_of<'a>(manifest: &FoundManifest, owners: &Owners<'a>) -> Option<Owner<'a>> {
    let found = manifest.found.as_ref()?;
    if found.no_version != Some(NoVersion::Inherited) {
        return owners.get(&manifest.path).copied();
    }
    let name = manifest.path.file_name();
    let roots = manifest.path.ancestors().filter_map(|folder| folder.join(name));
    roots.filter(|root| *root != manifest.path).find_map(|root| owners.get(&root).copied())
}

/// Returns the requirements of a manifest on packages, and these.
pub(super) fn required<'a>(
    manifest: &'a FoundManifest,
    names: &'a Names<'a>,
) -> impl Iterator<Item = (&'a RequirementPlace, Owner<'a>)> {
    let places = manifest.found.iter().flat_map(|found| &found.requirements);
    places.filter_map(|place| Some((place, (*names.get(&place.on)?)?)))
}
