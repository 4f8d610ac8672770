//! Binding of lock entries to the packages that they lock.
//!
//! An entry is ours because of the folder that it names, never because of its name alone: an entry from a registry does not count, and
//! that lies in another folder is another package of the same name.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Names, Owner};
use super::package::Package;
use super::source::SourceFile;
use crate::manifest::{Found, LockedAt, LockedEntry, ManifestType, RequirementPlace, RequirementSyntax, VersionPlace};
use crate::model::{Ecosystem, IndexVec, PackageIx, RegistryName, RepoPath, VersionScheme};

/// A lock file, and what decides to which packages it belongs.
pub(super) struct Lock<'a> {
    /// The file.
    pub(super) path: &'a RepoPath,
    /// Its type.
    pub(super) kind: ManifestType,
    /// What was found in it.
    pub(super) found: &'a Found,
    /// The packages that list it, or that it was found with.
    pub(super) users: &'a BTreeSet<PackageIx>,
    /// The path dependencies of all manifests.
    pub(super) paths: &'a [FolderDependency],
    /// Whether lock files belong to all packages with an entry in them: `[workspace] locks`.
    pub(super) is_shared: bool,
}

/// A manifest that requires a package by its folder.
pub(super) struct FolderDependency {
    /// The manifest.
    from: RepoPath,
    /// The package that is required.
    on: RegistryName,
    /// Its folder.
    to: RepoPath,
}

impl FolderDependency {
    /// Returns the path dependencies of these files.
    pub(super) fn of(files: &BTreeMap<RepoPath, SourceFile>) -> Vec<Self> {
        let views = files.iter().flat_map(|(path, file)| file.views.iter().map(move |view| (path, view)));
        let mut paths = Vec::new();
        for (from, found) in views.filter_map(|(path, view)| Some((path, view.found.as_ref().ok()?))) {
            let home = from.parent().unwrap_or_else(RepoPath::root);
            paths.extend(found.path_dependencies.iter().filter_map(|dependency| {
                let to = home.join(&dependency.folder)?;
                Some(Self { from: from.clone(), on: dependency.on.clone(), to })
            }));
        }
        paths
    }
}

/// The parts of a lock file that belong to one package.
pub(super) struct Locked<'a> {
    /// The index of the package.
    pub(super) package: PackageIx,
    /// The name of the entry.
    name: Option<&'a RegistryName>,
    /// Where its version is.
    pub(super) versions: Vec<&'a VersionPlace>,
    /// The copies of its requirements.
    pub(super) requirements: Vec<&'a RequirementPlace>,
}

impl Locked<'_> {
    /// Returns `true` if the entry holds the current version of its package. Of two crates with the same name and no source, which Cargo
    /// lists if one of them is located outside of the workspace, this is the one that is meant.
    fn is_at(&self, packages: &IndexVec<PackageIx, Package>) -> bool {
        let current = packages[self.package].version();
        self.versions.iter().any(|place| VersionScheme::Semver.parse(&place.scalar.text).ok().as_ref() == current)
    }
}

/// An exact version after a name in uv.lock's lists of dependencies: a place of the named package's version.
pub(super) struct LockedCopy<'a> {
    /// The index of the package.
    pub(super) package: PackageIx,
    /// The place.
    pub(super) place: &'a RequirementPlace,
}

impl<'a> Lock<'a> {
    fn folder(&self) -> RepoPath {
        self.path.parent().unwrap_or_else(RepoPath::root)
    }

    /// Returns the entries of the workspace's packages.
    pub(super) fn entries(&self, names: &Names, packages: &IndexVec<PackageIx, Package>) -> Vec<Locked<'a>> {
        let mut entries: Vec<Locked<'a>> = Vec::new();
        for entry in &self.found.locked {
            let Some(provider) = self.provider(entry, names, packages).filter(|provider| self.belongs(provider)) else {
                continue;
            };
            let locked = Locked {
                package: provider.package,
                name: entry.name.as_ref(),
                versions: entry.versions.iter().collect(),
                requirements: entry.requirements.iter().collect(),
            };
            let is_namesake = |other: &&mut Locked<'a>| entry.at == LockedAt::Workspace && other.name == locked.name;
            let namesake = entries.iter_mut().find(is_namesake);
            match namesake {
                Some(other) if locked.is_at(packages) && !other.is_at(packages) => *other = locked,
                Some(other) if other.is_at(packages) && !locked.is_at(packages) => {}
                _ => entries.push(locked),
            }
        }
        entries
    }

    /// Returns the exact copies of versions of the workspace's packages.
    pub(super) fn copies(&self, names: &Names) -> Vec<LockedCopy<'a>> {
        let exact = self.found.requirements.iter().filter(|r| r.notation == RequirementSyntax::Exact);
        let ours = exact.filter_map(|place| {
            let provider = self.in_folder(Some(&place.on), place.folder.as_ref()?, names)?;
            self.belongs(&provider).then_some(LockedCopy { package: provider.package, place })
        });
        ours.collect()
    }

    /// Returns the copies of the requirements of manifests that belong to no package: workspace roots, private packages.
    pub(super) fn of_others(&self, others: &[(RepoPath, ManifestType)]) -> Vec<&'a RequirementPlace> {
        let of_kind = others.iter().filter(|(_, kind)| kind.ecosystem() == self.kind.ecosystem());
        let folders: BTreeSet<RepoPath> = of_kind.filter_map(|(path, _)| path.parent()).collect();
        let theirs = self.found.locked.iter().filter(|entry| match &entry.at {
            LockedAt::Folder(written) => self.folder().join(written).is_some_and(|folder| folders.contains(&folder)),
            LockedAt::Workspace => false,
        });
        theirs.flat_map(|entry| &entry.requirements).collect()
    }

    fn provider(&self, entry: &LockedEntry, names: &Names, packages: &IndexVec<PackageIx, Package>) -> Option<Owner> {
        match &entry.at {
            LockedAt::Workspace => self.nearest(entry.name.as_ref()?, names),
            LockedAt::Folder(written) if self.kind.ecosystem().is_none() => self.of_folder(written, packages),
            LockedAt::Folder(written) => self.in_folder(entry.name.as_ref(), written, names),
        }
    }

    /// The package whose folder an entry names, where entries have no names: of several, the one that lists the file.
    fn of_folder(&self, written: &str, packages: &IndexVec<PackageIx, Package>) -> Option<Owner> {
        let folder = self.folder().join(written)?;
        let there = packages.entries().filter(|(_, package)| package.folders.as_slice() == [folder.clone()]);
        let there: Vec<PackageIx> = there.map(|(index, _)| index).collect();
        let package = match there.as_slice() {
            [one] => *one,
            several => *several.iter().find(|index| self.users.contains(index))?,
        };
        Some(Owner { package, folder: Some(folder) })
    }

    /// The package in the folder that an entry names. npm's name for it does not count, since a link may have another name.
    fn in_folder(&self, name: Option<&RegistryName>, written: &str, names: &Names) -> Option<Owner> {
        let folder = self.folder().join(written)?;
        let ecosystem = self.kind.ecosystem()?;
        let there = names.in_folder(&folder).iter().filter(|(name, _)| name.ecosystem == ecosystem);
        let named = |own: &RegistryName| ecosystem == Ecosystem::Npm || name.is_none_or(|name| name == own);
        let mut matching = there.filter(|(name, _)| named(name));
        let (_, package) = matching.next()?;
        Some(Owner { package: *package, folder: Some(folder) })
    }

    /// Cargo.lock does not say where a crate is located: it is in the folder of the lock file, or where the crates of that folder say.
    fn nearest(&self, name: &RegistryName, names: &Names) -> Option<Owner> {
        let home = self.folder();
        let paths = self.paths.iter().filter(|path| path.on == *name && path.from.is_within(&home));
        let named: BTreeSet<&RepoPath> = paths.map(|path| &path.to).collect();
        let bearing = names.owners_of_name(name);
        let within = |wanted: &dyn Fn(&RepoPath) -> bool| -> Vec<&Owner> {
            bearing.iter().filter(|provider| provider.folder.as_ref().is_some_and(wanted)).collect()
        };
        let inside = within(&|folder| folder.is_within(&home));
        let required = within(&|folder| named.contains(folder));
        match (inside.as_slice(), required.as_slice(), bearing) {
            ([one], ..) | ([], [one], _) => Some((*one).clone()),
            ([], [], [one]) if named.is_empty() => Some(one.clone()),
            _ => None,
        }
    }

    /// Whether the lock file is beside or above a package, or listed by another one, it belongs to every package with an entry of its own in
    /// it: uv, npm and cargo call the whole file stale when one entry is. "Own entry only" means whose slot an entry is: that of the package
    /// in whose folder its source is located, never that of the package that lists the file. Without `[workspace] locks` it belongs to those
    /// that list it (or were found with it).
    fn belongs(&self, provider: &Owner) -> bool {
        self.is_shared || self.users.contains(&provider.package)
    }
}
