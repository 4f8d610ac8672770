//! Binding of lock entries to the packages that they lock.
//!
//! An entry is ours by where it says that its package lies, never by its name alone: an entry from a registry is no entry here, and one
//! that lies in another folder is another package of the same name.

use std::collections::BTreeSet;

use super::names::{Names, Provider};
use crate::manifest::{Found, LockedAt, LockedEntry, ManifestType, Notation, RequirementPlace, VersionPlace};
use crate::model::{Ecosystem, ForeignName, RepoPath};

/// A lock file, and the rules by which it belongs to packages.
pub(super) struct Lock<'a> {
    /// The file.
    pub(super) path: &'a RepoPath,
    /// Its type.
    pub(super) kind: ManifestType,
    /// What was found in it.
    pub(super) found: &'a Found,
    /// The packages that list it, or that it was found with.
    pub(super) users: &'a BTreeSet<usize>,
    /// Whether a lock file above a package belongs to it without being listed.
    pub(super) reaches_down: bool,
    /// Whether some package lists it (or was found with it), and lock files are shared: `[workspace] locks`.
    pub(super) is_shared: bool,
}

/// What a lock file holds of one package.
pub(super) struct Locked<'a> {
    /// The index of the package.
    pub(super) package: usize,
    /// Where its version stands.
    pub(super) versions: Vec<&'a VersionPlace>,
    /// The copies of its requirements.
    pub(super) requirements: Vec<&'a RequirementPlace>,
}

/// An exact version behind a name in Cargo.lock's lists of dependencies: a place of the named package's version.
pub(super) struct LockedCopy<'a> {
    /// The index of the package.
    pub(super) package: usize,
    /// The place.
    pub(super) place: &'a RequirementPlace,
}

impl<'a> Lock<'a> {
    fn folder(&self) -> RepoPath {
        self.path.parent().unwrap_or_else(RepoPath::root)
    }

    /// Returns the entries of the workspace's packages.
    pub(super) fn entries(&self, names: &Names) -> Vec<Locked<'a>> {
        let ours = |entry: &'a LockedEntry| {
            let provider = self.provider(entry, names)?;
            self.belongs(&provider).then(|| Locked {
                package: provider.package,
                versions: entry.versions.iter().collect(),
                requirements: entry.requirements.iter().collect(),
            })
        };
        self.found.locked.iter().filter_map(ours).collect()
    }

    /// Returns the exact copies of versions of the workspace's packages.
    pub(super) fn copies(&self, names: &Names) -> Vec<LockedCopy<'a>> {
        let exact = self.found.requirements.iter().filter(|r| r.notation == Notation::Exact);
        let ours = exact.filter_map(|place| {
            let provider = self.nearest(&place.on, names)?;
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

    fn provider(&self, entry: &LockedEntry, names: &Names) -> Option<Provider> {
        match &entry.at {
            LockedAt::Workspace => self.nearest(entry.name.as_ref()?, names),
            LockedAt::Folder(written) => {
                let folder = self.folder().join(written)?;
                let ecosystem = self.kind.ecosystem()?;
                let there = names.in_folder(&folder).iter().filter(|(name, _)| name.ecosystem == ecosystem);
                let named = |name: &ForeignName| {
                    ecosystem == Ecosystem::Npm || entry.name.as_ref().is_none_or(|entry| entry == name)
                };
                let mut matching = there.filter(|(name, _)| named(name));
                let (_, package) = matching.next()?;
                Some(Provider { package: *package, folder: Some(folder) })
            }
        }
    }

    /// Cargo.lock does not say where a package lies: its workspace is the one whose root lies beside it.
    fn nearest(&self, name: &ForeignName, names: &Names) -> Option<Provider> {
        let home = self.folder();
        let bearing = names.bearing(name);
        let inside: Vec<&Provider> =
            bearing.iter().filter(|p| p.folder.as_ref().is_some_and(|f| f.is_within(&home))).collect();
        match (inside.as_slice(), bearing) {
            ([one], _) => Some((*one).clone()),
            ([], [one]) => Some(one.clone()),
            _ => None,
        }
    }

    /// A lock file belongs to a package that lists it (or was found with it), and to those below it.
    ///
    /// One that any package lists belongs to the others with an entry in it as well: the lock file of `packages/api` names the folder
    /// `../scheduler` with its version, and uv, npm and cargo call the whole file stale when that entry is. "Own entry only" means
    /// whose slot an entry is: that of the package in whose folder its source lies, never that of the package that lists the file. A file
    /// that nobody lists is not read for the package beside it, which may have left it out on purpose.
    fn belongs(&self, provider: &Provider) -> bool {
        let listed = self.users.contains(&provider.package);
        let home = self.folder();
        let below = provider.folder.as_ref().is_some_and(|f| *f != home && f.is_within(&home));
        listed || self.is_shared || (self.reaches_down && below)
    }
}
