//! The last releases of packages that are never tagged and that no release commit names: the last commit that changed their version.

use std::collections::{BTreeMap, BTreeSet};

use super::{BumpSpec, LARGEST_MANIFEST, Wanted};
use crate::io::{CatFile, GitError};
use crate::manifest::{Locator, find};
use crate::model::Version;
use crate::workspace::{Package, VersionSlot, read_version};

impl BumpSpec<'_> {
    /// Finds, for each of these packages that is never tagged, the newest commit that changed its version: one walk for all.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub(super) fn find_version_changes(&self, wanted: &mut [Wanted<'_>]) -> Result<(), GitError> {
        let mut sought: BTreeMap<String, Vec<&mut Wanted<'_>>> = BTreeMap::new();
        for wanted in wanted.iter_mut().filter(|wanted| wanted.is_never_tagged && !wanted.is_new) {
            if let Some(path) = wanted.manifest.clone() {
                sought.entry(path).or_default().push(wanted);
            }
        }
        if sought.is_empty() {
            return Ok(());
        }
        let cut = self.git.shallow_commits()?;
        let objects = CatFile::start(self.git)?;
        let paths: Vec<String> = sought.keys().cloned().collect();
        let paths: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
        self.git.file_history(self.head, &paths, |change| {
            let read = |id: &Option<String>| match id {
                Some(id) => objects.read(id, LARGEST_MANIFEST),
                None => Ok(None),
            };
            // What a commit at the border of a shallow clone changed is unknown.
            let is_known = !cut.contains(&change.commit);
            if let (Some(of_file), Some(new)) = (sought.get_mut(&change.path).filter(|_| is_known), read(&change.new)?)
            {
                let old =
                    change.old.iter().map(|id| objects.read(id, LARGEST_MANIFEST)).collect::<Result<Vec<_>, _>>()?;
                for wanted in of_file.iter_mut() {
                    let place = Place::of(self, &self.packages[wanted.package]);
                    let held = |bytes: &[u8]| place.as_ref()?.version(bytes);
                    wanted.changed = held(&new)
                        .filter(|version| !old.iter().flatten().any(|old| held(old).as_ref() == Some(version)))
                        .filter(|version| !(wanted.is_final && version.is_prerelease()))
                        .map(|version| (change.commit.clone(), version));
                }
                of_file.retain(|wanted| wanted.changed.is_none());
                if of_file.is_empty() {
                    sought.remove(&change.path);
                }
            }
            Ok(!sought.is_empty())
        })
    }
}

/// Where the version of a package is in its primary manifest.
struct Place<'a> {
    locator: &'a Locator,
    slot: &'a VersionSlot,
}

impl<'a> Place<'a> {
    fn of(ask: &BumpSpec<'a>, package: &'a Package) -> Option<Self> {
        let slot = package.primary()?;
        let views = &ask.files.get(&slot.file)?.views;
        let holds = |locator: &Locator| {
            let found = ask.files.get(&slot.file).and_then(|file| file.found(locator));
            found.is_some_and(|found| found.versions.iter().any(|place| place.scalar.span == slot.scalar.span))
        };
        let locator = views.iter().map(|view| &view.locator).find(|locator| holds(locator))?;
        Some(Self { locator, slot })
    }

    /// The version that a text has there.
    fn version(&self, bytes: &[u8]) -> Option<Version> {
        let found = find(self.locator, std::str::from_utf8(bytes).ok()?).ok()?;
        let place = found.versions.iter().find(|place| place.field == self.slot.field)?;
        read_version(&place.scalar.text, self.slot.scheme).ok().map(|(version, _)| version)
    }
}
