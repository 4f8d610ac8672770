//! [`NamedReleases`]: the releases that messages of commits name.

use std::collections::{BTreeMap, BTreeSet};

use crate::history::{Message, ReleasedPackage};
use crate::model::{GraphIx, IndexVec, PackageIx, Version};
use crate::workspace::Package;

/// The releases that messages of commits name, by their packages.
pub(super) struct NamedReleases<'a> {
    packages: &'a IndexVec<PackageIx, Package>,
    /// The packages with tags of their own, by what precedes the version in their tags: a tag of thousands of packages is read by the few
    /// whose tags begin like it.
    by_prefix: BTreeMap<&'a str, Vec<PackageIx>>,
    /// The lengths of these texts.
    lengths: BTreeSet<usize>,
    /// The packages that are never tagged, by their keys.
    never_tagged: BTreeMap<&'a str, PackageIx>,
    /// The commits that released each package, in the order in which they were read, and the versions.
    of_package: IndexVec<PackageIx, Vec<(GraphIx, Version)>>,
}

impl<'a> NamedReleases<'a> {
    /// Returns none as yet of these packages.
    pub(super) fn new(packages: &'a IndexVec<PackageIx, Package>) -> Self {
        let mut by_prefix: BTreeMap<&str, Vec<PackageIx>> = BTreeMap::new();
        for (index, package) in packages.entries().filter(|(_, package)| package.has_tags()) {
            by_prefix.entry(package.tag.prefix()).or_default().push(index);
        }
        let never_tagged = packages.entries().filter(|(_, package)| package.is_never_tagged());
        Self {
            packages,
            lengths: by_prefix.keys().map(|prefix| prefix.len()).collect(),
            by_prefix,
            never_tagged: never_tagged.map(|(index, package)| (package.id.as_str(), index)).collect(),
            of_package: packages.iter().map(|_| Vec::new()).collect(),
        }
    }

    /// Adds the releases that the message of a commit names.
    pub(super) fn add(&mut self, commit: GraphIx, message: &Message) {
        for (package, version) in message.released.iter().flat_map(|tag| self.tagged(tag)).collect::<Vec<_>>() {
            self.of_package[package].push((commit, version));
        }
        for (package, version) in message.packages.iter().filter_map(|named| self.named(named)).collect::<Vec<_>>() {
            self.of_package[package].push((commit, version));
        }
    }

    /// Returns the commits that released a package, the newest first, and the versions.
    pub(super) fn of(&self, package: PackageIx) -> &[(GraphIx, Version)] {
        &self.of_package[package]
    }

    /// Returns the packages that are released under this tag, unless their manifests have since been reverted below it.
    fn tagged(&self, tag: &str) -> Vec<(PackageIx, Version)> {
        let beginnings = self.lengths.iter().filter_map(|length| tag.get(..*length));
        let near = beginnings.filter_map(|beginning| self.by_prefix.get(beginning)).flatten();
        let released = near.filter_map(|index| {
            let package = &self.packages[*index];
            let version = package.tagged(tag)?;
            let is_held = package.from_tag.is_some() || package.version().is_some_and(|current| version <= *current);
            is_held.then_some((*index, version))
        });
        released.collect()
    }

    /// Returns the package that is never tagged and that a release commit names, unless its manifest has since been reverted below that
    /// version.
    fn named(&self, named: &ReleasedPackage) -> Option<(PackageIx, Version)> {
        let index = *self.never_tagged.get(named.package.as_str())?;
        let package = &self.packages[index];
        let version = package.scheme.parse_lenient(&named.version).ok()?;
        package.version().is_some_and(|current| version <= *current).then_some((index, version))
    }
}
