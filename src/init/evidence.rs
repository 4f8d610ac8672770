//! [`Evidence`]: which units held the versions of tags, in the trees of the tags.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::unit::Unit;
use crate::manifest::ManifestType;
use crate::model::{RepoPath, Version};
use crate::snapshot::{Past, PastManifest, TagPrefix};

/// So often something has to be so, or it is a coincidence.
const FEWEST: usize = 2;

/// What the past says of the units of today.
pub(super) struct Evidence<'a> {
    past: &'a Past,
    /// The unit that each manifest of the past belongs to.
    units: Vec<Option<usize>>,
    /// Every version of the past; it is compared by its place here, since versions take long to compare.
    versions: Vec<&'a Version>,
    /// The version of each manifest of the past, by its place among them.
    held: Vec<Option<usize>>,
    /// What was found already: where packages are released together, many forms have the same commits.
    seen: RefCell<BTreeMap<Releases, Rc<Seen>>>,
}

/// The newest commits with tags of one form that were looked at, with the versions of these tags.
type Releases = Vec<(String, BTreeSet<Version>)>;

/// What was found at the newest tags of one form.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What each unit held.
    pub(super) held: BTreeMap<usize, Held>,
    /// The units that held the versions.
    pub(super) owners: BTreeSet<usize>,
}

/// At how many of the newest tags of one form a unit held the version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// At how many it did.
    pub(super) same: usize,
    /// At how many it was there and held another version.
    pub(super) other: usize,
    /// Whether it held different versions at them.
    pub(super) moved: bool,
    /// At how many it held another version than at the one before.
    changes: usize,
    /// Whether it did at the newest tag that it was there at.
    at_newest: bool,
}

impl Held {
    /// Returns `true` if the tags are the unit's: it held the version of the newest one, and not only once by chance.
    fn is_owner(self) -> bool {
        self.at_newest && (self.other == 0 || self.same > 1)
    }

    /// Returns `true` if it held another version at each of them than at the one before.
    pub(super) fn moved_each(self) -> bool {
        self.changes >= FEWEST && self.changes + 1 == self.same + self.other
    }

    /// Returns `true` if it held the version at each of them.
    pub(super) fn always_held(self) -> bool {
        self.same >= FEWEST && self.other == 0
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
        let mut versions: Vec<&Version> = past.manifests().iter().map(|manifest| &manifest.version).collect();
        versions.sort();
        versions.dedup();
        let held = past.manifests().iter().map(|manifest| versions.binary_search(&&manifest.version).ok()).collect();
        let units = past.manifests().iter().map(unit).collect();
        Self { past, units, versions, held, seen: RefCell::default() }
    }

    /// Returns the versions that each unit held at any of the commits.
    pub(super) fn versions(&self) -> BTreeMap<usize, Vec<&'a Version>> {
        let mut held: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (unit, version) in self.units.iter().zip(&self.held) {
            if let Some((unit, version)) = unit.zip(*version) {
                held.entry(unit).or_default().insert(version);
            }
        }
        let versions = |held: BTreeSet<usize>| held.iter().filter_map(|at| self.versions.get(*at).copied()).collect();
        held.into_iter().map(|(unit, held)| (unit, versions(held))).collect()
    }

    /// Returns what each unit held at the newest tags of a form; `None` if none of them was looked at.
    pub(super) fn at(&self, head: &TagPrefix) -> Option<Rc<Seen>> {
        let releases = self.releases(head);
        if releases.is_empty() {
            return None;
        }
        if let Some(known) = self.seen.borrow().get(&releases) {
            return Some(Rc::clone(known));
        }
        let seen = Rc::new(self.look(&releases));
        self.seen.borrow_mut().insert(releases, Rc::clone(&seen));
        Some(seen)
    }

    /// The commits of a form that were looked at, the newest first.
    fn releases(&self, head: &TagPrefix) -> Releases {
        let mut commits: BTreeMap<&str, BTreeSet<Version>> = BTreeMap::new();
        for tag in head.tags.iter().filter(|tag| self.past.at(&tag.commit).is_some()) {
            commits.entry(&tag.commit).or_default().insert(tag.version.clone());
        }
        let mut commits: Releases =
            commits.into_iter().map(|(commit, versions)| (commit.to_owned(), versions)).collect();
        commits.sort_by(|(_, a), (_, b)| b.last().cmp(&a.last()));
        commits
    }

    fn look(&self, releases: &Releases) -> Seen {
        let mut found: BTreeMap<usize, Held> = BTreeMap::new();
        let mut first: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        let mut moved = BTreeSet::new();
        let mut last: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        for (commit, versions) in releases {
            let Some(manifests) = self.past.at(commit) else { continue };
            let wanted: Vec<usize> = versions.iter().filter_map(|it| self.versions.binary_search(&it).ok()).collect();
            let is_wanted =
                |index: usize| self.held.get(index).copied().flatten().is_some_and(|it| wanted.contains(&it));
            let mut held: BTreeMap<usize, bool> = BTreeMap::new();
            let mut here: BTreeMap<usize, Option<usize>> = BTreeMap::new();
            for (index, _) in manifests {
                if let Some(unit) = self.units.get(index).copied().flatten() {
                    *held.entry(unit).or_default() |= is_wanted(index);
                    let version = self.held.get(index).copied().flatten();
                    here.entry(unit).or_insert(version);
                    if *first.entry(unit).or_insert(version) != version {
                        moved.insert(unit);
                    }
                }
            }
            for (unit, same) in held {
                let known = found.entry(unit).or_insert_with(|| Held { at_newest: same, ..Held::default() });
                known.same += usize::from(same);
                known.other += usize::from(!same);
                let version = here.get(&unit).copied().flatten();
                let before = last.insert(unit, version);
                known.changes += usize::from(before.is_some_and(|before| before != version));
            }
        }
        for (unit, held) in &mut found {
            held.moved = moved.contains(unit);
        }
        let owners = found.iter().filter(|(_, held)| held.is_owner()).map(|(unit, _)| *unit).collect();
        Seen { held: found, owners }
    }

    /// Returns `true` if any manifest held the version of a tag of this form, one that is gone now too.
    pub(super) fn was_held(&self, head: &TagPrefix) -> bool {
        head.tags.iter().any(|tag| {
            let at = self.past.at(&tag.commit);
            at.is_some_and(|mut manifests| manifests.any(|(_, manifest)| manifest.version == tag.version))
        })
    }
}
