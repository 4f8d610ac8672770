//! [`join`]: packages of which a part is released at a time, under one tag.
//!
//! Lerna, for one, publishes what changed and what requires that at the next version of all, and tags it once; the others keep the version of
//! their last release. They show by coming back: what was left out of a release is part of a later one.

use std::collections::{BTreeMap, BTreeSet};

use super::comments::one_line;
use super::looked::looked;
use super::unit::Unit;
use crate::model::{RegistryName, RepoPath, Version};
use crate::snapshot::{Discovery, TagPrefix, Tagged};

/// So many units have to have been left out of a release and to have come back; one is an exception.
const SEVERAL: usize = 2;

/// The forms of tags under which parts are released, by their indices.
pub(super) type PartialReleases = BTreeMap<usize, Partial>;

/// What is known of a form of tags under which parts are released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Partial {
    /// A sentence about a unit that a release left out.
    pub(super) why: String,
    /// The manifest of the unit with which files go that repeat the version of each release.
    pub(super) lead: RepoPath,
}

/// A unit with the index of the form of its tags.
type Released = (Unit, Option<usize>);

/// What a unit held at the releases of a form of tags that were looked at, the oldest first, and holds now.
struct Course<'a> {
    then: Vec<(&'a Tagged, Option<&'a Version>)>,
    now: &'a Version,
}

/// The version that a unit kept at a release that left it out, and the place of that release.
struct LeftOut<'a> {
    at: usize,
    tag: &'a Tagged,
    kept: &'a Version,
}

impl<'a> Course<'a> {
    fn new(unit: &'a Unit, tags: &[&'a Tagged], discovery: &'a Discovery) -> Option<Self> {
        let path = &unit.entries.first()?.path;
        let then = tags.iter().map(|tag| (*tag, discovery.past.version_at(&tag.commit, path))).collect();
        Some(Self { then, now: &unit.version })
    }

    /// Returns at how many of the releases it held their version.
    fn parts(&self) -> usize {
        self.then.iter().filter(|(tag, held)| *held == Some(&tag.version)).count()
    }

    /// Returns `true` if it was ever released under one of the tags.
    fn takes_part(&self, head: &TagPrefix) -> bool {
        self.parts() > 0 || head.tag_of(self.now).is_some()
    }

    /// Returns the releases that left it out, at a version that it was released at before.
    fn left_out(&self, head: &TagPrefix) -> Vec<LeftOut<'a>> {
        let of = |(at, (tag, held)): (usize, &(&'a Tagged, Option<&'a Version>))| {
            let kept = held.filter(|held| **held < tag.version)?;
            // A second line has tags of its own on the same commits.
            let is_earlier = head.tag_of(kept).is_some_and(|own| own.commit != tag.commit);
            is_earlier.then_some(LeftOut { at, tag, kept })
        };
        self.then.iter().enumerate().filter_map(of).collect()
    }

    /// Returns the newest release that left it out, if it was part of a later one.
    fn came_back(&self, head: &TagPrefix) -> Option<LeftOut<'a>> {
        let is_above = |left: &LeftOut<'_>, held: &Version| held > left.kept;
        let is_back = |left: &LeftOut<'_>| {
            let mut later = self.then.iter().skip(left.at + 1).filter_map(|(_, held)| *held).chain([self.now]);
            later.any(|held| is_above(left, held))
        };
        self.left_out(head).into_iter().rfind(is_back)
    }
}

/// Gives the units of which parts are released under one form of tags these tags, and returns such forms.
pub(super) fn join(units: &mut [Released], heads: &[TagPrefix], discovery: &Discovery) -> PartialReleases {
    let mut found = PartialReleases::new();
    for (index, head) in heads.iter().enumerate() {
        let Some((members, partial)) = members(units, (index, head), discovery) else { continue };
        for at in members {
            units.get_mut(at).into_iter().for_each(|(_, own)| *own = Some(index));
        }
        found.insert(index, partial);
    }
    found
}

/// Returns the units that are released in parts under a form of tags, and what is known of that.
fn members(
    units: &[Released],
    (index, head): (usize, &TagPrefix),
    discovery: &Discovery,
) -> Option<(Vec<usize>, Partial)> {
    if !units.iter().any(|(_, own)| *own == Some(index)) {
        return None;
    }
    let mut tags = looked(head, &discovery.past);
    tags.reverse();
    let courses =
        units.iter().enumerate().filter(|(_, (unit, own))| own.is_none_or(|own| own == index) && !unit.follows());
    let courses = courses.filter_map(|(at, (unit, _))| Some((at, unit, Course::new(unit, &tags, discovery)?)));
    let courses: Vec<(usize, &Unit, Course<'_>)> = courses.filter(|(.., course)| course.takes_part(head)).collect();
    let back = |(_, unit, course): &(usize, &'_ Unit, Course<'_>)| {
        course.came_back(head).map(|left| {
            (left.tag.version.clone(), unit.called().to_owned(), sentence(unit.called(), unit, left.tag, left.kept))
        })
    };
    let mut back: Vec<(Version, String, String)> = courses.iter().filter_map(back).collect();
    if back.len() < SEVERAL {
        return None;
    }
    back.sort();
    let (.., why) = back.pop()?;
    let partial = Partial { why, lead: lead(&courses, discovery)? };
    Some((courses.into_iter().map(|(at, ..)| at).collect(), partial))
}

/// Returns a sentence about a unit, as it is called there, that a release left out.
pub(super) fn sentence(name: &str, unit: &Unit, tag: &Tagged, kept: &Version) -> String {
    let kept = unit.scheme().render(kept).unwrap_or_default();
    format!("Not all are part of each release: at {}, {} kept {kept}.", tag.name, one_line(name))
}

/// Returns the manifest of the unit at the highest version that is part of most releases, of several the one that requires most: it is released
/// whenever anything is.
fn lead(courses: &[(usize, &Unit, Course<'_>)], discovery: &Discovery) -> Option<RepoPath> {
    let names = discovery.manifests.iter().filter_map(|manifest| manifest.found.as_ref()?.name.as_ref());
    let names: BTreeSet<&RegistryName> = names.collect();
    let required = |path: &RepoPath| {
        let own = discovery.manifests.iter().filter(|manifest| manifest.path == *path);
        let places = own.filter_map(|manifest| manifest.found.as_ref()).flat_map(|found| &found.requirements);
        places.filter(|place| names.contains(&place.on)).count()
    };
    let highest = courses.iter().map(|(.., course)| course.now).max()?;
    let ahead = courses.iter().filter(|(.., course)| course.now == highest);
    let most = ahead.clone().map(|(.., course)| course.parts()).max()?;
    let mut best: Option<(usize, &RepoPath)> = None;
    for (_, unit, _) in ahead.filter(|(.., course)| course.parts() == most) {
        let Some(path) = unit.entries.first().map(|entry| &entry.path) else { continue };
        let count = required(path);
        if best.is_none_or(|(known, _)| count > known) {
            best = Some((count, path));
        }
    }
    best.map(|(_, path)| path.clone())
}
