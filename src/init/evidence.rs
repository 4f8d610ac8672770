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
    seen: RefCell<BTreeMap<Releases<'a>, Rc<Seen>>>,
}

/// The newest commits with tags of one form that were looked at, with the places of these tags' versions.
type Releases<'a> = Vec<(&'a str, BTreeSet<usize>)>;

/// What was found at the newest tags of one form.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What each unit held, by its index; `None` for one that was at none of them.
    held: Vec<Option<Held>>,
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

impl Seen {
    /// Returns what a unit held; `None` if it was at none of the tags.
    pub(super) fn of(&self, unit: usize) -> Option<Held> {
        self.held.get(unit).copied().flatten()
    }

    /// Returns `true` if any unit held different versions at the tags.
    pub(super) fn is_moving(&self) -> bool {
        self.held.iter().flatten().any(|held| held.moved)
    }
}

/// What was seen of a unit while the commits are gone through, the newest first.
#[derive(Clone, Copy, Debug, Default)]
struct Sight {
    held: Held,
    /// The version that it was seen with first.
    first: Option<usize>,
    /// Where it was seen last.
    last: Option<SeenAt>,
}

/// A unit at a commit.
#[derive(Clone, Copy, Debug)]
struct SeenAt {
    commit: usize,
    /// The version in the first of its manifests.
    version: Option<usize>,
    /// Whether one of them held a version of the commit's tags.
    is_same: bool,
}

impl Sight {
    /// Adds a manifest of the unit at a commit whose tags have the versions `wanted`. One manifest with such a version is enough.
    fn add(&mut self, commit: usize, version: Option<usize>, wanted: &BTreeSet<usize>) {
        let is_same = version.is_some_and(|version| wanted.contains(&version));
        match &mut self.last {
            Some(last) if last.commit == commit => {
                if is_same && !last.is_same {
                    last.is_same = true;
                    self.held.same += 1;
                    self.held.other -= 1;
                }
            }
            last => {
                match last {
                    Some(last) => self.held.changes += usize::from(last.version != version),
                    None => self.first = version,
                }
                *last = Some(SeenAt { commit, version, is_same });
                self.held.same += usize::from(is_same);
                self.held.other += usize::from(!is_same);
            }
        }
        self.held.moved |= self.first != version;
        // The first commit is the newest one that it was at.
        if self.held.same + self.held.other == 1 {
            self.held.at_newest = self.held.same == 1;
        }
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
    fn releases(&self, head: &TagPrefix) -> Releases<'a> {
        let mut releases = Releases::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for tag in &head.tags {
            let Some(commit) = self.past.commit(&tag.commit) else { continue };
            let place = *places.entry(commit).or_insert_with(|| {
                releases.push((commit, BTreeSet::new()));
                releases.len() - 1
            });
            // What no manifest ever held is the version of none of them.
            if let (Some((_, held)), Ok(version)) =
                (releases.get_mut(place), self.versions.binary_search(&&tag.version))
            {
                held.insert(version);
            }
        }
        releases
    }

    fn look(&self, releases: &Releases<'_>) -> Seen {
        let mut sights: Vec<Sight> =
            vec![Sight::default(); self.units.iter().flatten().max().map_or(0, |last| last + 1)];
        for (release, (commit, wanted)) in releases.iter().enumerate() {
            for (index, _) in self.past.at(commit).into_iter().flatten() {
                let unit = self.units.get(index).copied().flatten();
                if let Some(sight) = unit.and_then(|unit| sights.get_mut(unit)) {
                    sight.add(release, self.held.get(index).copied().flatten(), wanted);
                }
            }
        }
        let held = sights.into_iter().map(|sight| sight.last.map(|_| sight.held));
        let held: Vec<Option<Held>> = held.collect();
        let is_owner = |(unit, held): (usize, &Option<Held>)| held.is_some_and(Held::is_owner).then_some(unit);
        Seen { owners: held.iter().enumerate().filter_map(is_owner).collect(), held }
    }

    /// Returns `true` if any manifest held the version of a tag of this form, one that is gone now too.
    pub(super) fn was_held(&self, head: &TagPrefix) -> bool {
        head.tags.iter().any(|tag| {
            let at = self.past.at(&tag.commit);
            at.is_some_and(|mut manifests| manifests.any(|(_, manifest)| manifest.version == tag.version))
        })
    }
}
