//! [`Evidence`]: which units held the versions of tags, in the trees of the tags.

use std::collections::{BTreeMap, BTreeSet};

use super::unit::Unit;
use crate::manifest::ManifestType;
use crate::model::{RepoPath, Version};
use crate::snapshot::{Past, PastManifest, TagPrefix};

/// What the past says of the units of today.
pub(super) struct Evidence<'a> {
    past: &'a Past,
    /// The unit that each manifest of the past belongs to.
    units: Vec<Option<usize>>,
}

/// At how many of the newest tags of one form a unit held the version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// At how many it did.
    pub(super) same: usize,
    /// At how many it was there and held another version.
    pub(super) other: usize,
    /// Whether it did at the newest tag that it was there at.
    at_newest: bool,
}

impl Held {
    /// Returns `true` if the tags are the unit's: it held the version of the newest one, and not only once by chance.
    pub(super) fn is_owner(self) -> bool {
        self.at_newest && (self.other == 0 || self.same > 1)
    }
}

impl<'a> Evidence<'a> {
    /// Finds the units of the manifests of the past: by their files, or by their names if they were moved.
    pub(super) fn new(units: &[Unit], past: &'a Past) -> Self {
        let mut by_path: BTreeMap<&RepoPath, usize> = BTreeMap::new();
        let mut by_name: BTreeMap<(ManifestType, &str), Option<usize>> = BTreeMap::new();
        for (index, unit) in units.iter().enumerate() {
            for entry in unit.entries.iter().filter(|entry| !entry.written.is_empty()) {
                by_path.insert(&entry.path, index);
                if let Some(name) = &unit.name {
                    // A name that two units have means neither.
                    by_name.entry((entry.kind, name)).and_modify(|known| *known = None).or_insert(Some(index));
                }
            }
        }
        let unit = |manifest: &PastManifest| {
            let named = || *by_name.get(&(manifest.kind, manifest.name.as_deref()?))?;
            by_path.get(&manifest.path).copied().or_else(named)
        };
        Self { past, units: past.manifests().iter().map(unit).collect() }
    }

    /// Returns the units that any commit has.
    pub(super) fn there(&self) -> BTreeSet<usize> {
        self.units.iter().copied().flatten().collect()
    }

    /// Returns what each unit held at the newest tags of a form; `None` if none of them was looked at.
    pub(super) fn at(&self, head: &TagPrefix) -> Option<BTreeMap<usize, Held>> {
        let mut commits: BTreeMap<&str, BTreeSet<&Version>> = BTreeMap::new();
        for tag in &head.tags {
            commits.entry(&tag.commit).or_default().insert(&tag.version);
        }
        let mut commits: Vec<(&str, BTreeSet<&Version>)> = commits.into_iter().collect();
        commits.sort_by(|(_, a), (_, b)| b.last().cmp(&a.last()));
        let mut found: Option<BTreeMap<usize, Held>> = None;
        for (commit, versions) in commits {
            let Some(manifests) = self.past.at(commit) else { continue };
            let found = found.get_or_insert_default();
            let mut held: BTreeMap<usize, bool> = BTreeMap::new();
            for (index, manifest) in manifests {
                if let Some(unit) = self.units.get(index).copied().flatten() {
                    *held.entry(unit).or_default() |= versions.contains(&manifest.version);
                }
            }
            for (unit, same) in held {
                let known = found.entry(unit).or_insert_with(|| Held { at_newest: same, ..Held::default() });
                known.same += usize::from(same);
                known.other += usize::from(!same);
            }
        }
        found
    }

    /// Returns `true` if any manifest held the version of a tag of this form, one that is gone now too.
    pub(super) fn was_held(&self, head: &TagPrefix) -> bool {
        head.tags.iter().any(|tag| {
            let at = self.past.at(&tag.commit);
            at.is_some_and(|mut manifests| manifests.any(|(_, manifest)| manifest.version == tag.version))
        })
    }
}
