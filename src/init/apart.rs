//! [`Line`]: whether members of a group that a tool's file calls fixed are released apart, as their tags show.

use std::collections::{BTreeMap, BTreeSet};

use super::package::Package;
use super::partial::sentence;
use crate::model::Version;
use crate::snapshot::{Past, TagPrefix};

/// So many releases have to leave a member out; fewer can be a mishap.
const SEVERAL: usize = 2;

/// The releases of all members, with tags of their own.
pub(super) struct Line<'a> {
    members: &'a [&'a Package],
    heads: &'a [TagPrefix],
    past: &'a Past,
    /// The commits with tags of members that were looked at, with the highest version of these, the lowest first.
    releases: Vec<(&'a str, &'a Version)>,
}

impl<'a> Line<'a> {
    /// Finds the releases of these packages.
    pub(super) fn new(members: &'a [&'a Package], heads: &'a [TagPrefix], past: &'a Past) -> Self {
        let mut releases: BTreeMap<&str, &Version> = BTreeMap::new();
        let own = members.iter().filter_map(|package| heads.get(package.head?));
        for tag in own.flat_map(|head| &head.tags).filter(|tag| past.at(&tag.commit).is_some()) {
            let known = releases.entry(&tag.commit).or_insert(&tag.version);
            *known = (&tag.version).max(*known);
        }
        let mut releases: Vec<(&str, &Version)> = releases.into_iter().collect();
        releases.sort_by(|a, b| (a.1, a.0).cmp(&(b.1, b.0)));
        Self { members, heads, past, releases }
    }

    /// Returns a sentence about a member that a release left out, if several releases did so with members that were part of a later one.
    pub(super) fn is_apart(&self) -> Option<String> {
        let mut releases = BTreeSet::new();
        let mut newest: Option<(usize, String)> = None;
        for package in self.members.iter().filter(|package| !self.is_on_its_own(package)) {
            for (at, kept) in self.left_out(package) {
                releases.insert(at);
                if newest.as_ref().is_none_or(|(known, _)| at > *known) {
                    newest = Some((at, self.sentence(package, at, kept)?));
                }
            }
        }
        newest.filter(|_| releases.len() >= SEVERAL).map(|(_, sentence)| sentence)
    }

    /// Returns `true` if a package was part of several releases of others, so that one number was no chance, and has such a version still or that of
    /// the newest release.
    pub(super) fn has(&self, package: &Package) -> bool {
        let is_part = |(at, (_, version)): &(usize, &(&str, &Version))| {
            self.held(package, *at) == Some(*version) && self.is_of_others(package, version)
        };
        let parts = self.releases.iter().enumerate().filter(is_part).map(|(_, (_, version))| *version);
        let parts: BTreeSet<&Version> = parts.collect();
        let newest = self.releases.last().map(|(_, version)| *version);
        let is_current = |version| Some(version) == newest || self.is_of_others(package, version);
        parts.len() >= SEVERAL && package.version().is_some_and(is_current) && !self.is_on_its_own(package)
    }

    /// Returns `true` if a package had a release below the version that most members held then: it goes on by itself.
    fn is_on_its_own(&self, package: &Package) -> bool {
        let head = package.head.and_then(|head| self.heads.get(head));
        let mut tags = head.iter().flat_map(|head| &head.tags);
        tags.any(|tag| self.most_frequent_at(&tag.commit).is_some_and(|version| *version > tag.version))
    }

    /// The version that most members held at a commit; of several, the highest.
    fn most_frequent_at(&self, commit: &str) -> Option<&'a Version> {
        let mut count: BTreeMap<&Version, usize> = BTreeMap::new();
        for package in self.members {
            let path = package.entries().next().map(|entry| &entry.path);
            if let Some(version) = path.and_then(|path| self.past.version_at(commit, path)) {
                *count.entry(version).or_default() += 1;
            }
        }
        count.into_iter().max_by_key(|(version, count)| (*count, *version)).map(|(version, _)| version)
    }

    /// The releases that left a package out, which was part of a later one, and the version that it kept: one of another member, too.
    fn left_out(&self, package: &'a Package) -> Vec<(usize, &'a Version)> {
        let of = |(at, (_, version)): (usize, &(&str, &Version))| {
            let kept = self.held(package, at).filter(|held| held < version && self.is_of_others(package, held))?;
            self.is_part_after(package, at, kept).then_some((at, kept))
        };
        self.releases.iter().enumerate().filter_map(of).collect()
    }

    fn is_part_after(&self, package: &Package, at: usize, kept: &Version) -> bool {
        let later = self.releases.iter().enumerate().skip(at + 1);
        let mut later = later.filter(|(at, (_, version))| self.held(package, *at) == Some(*version));
        let newest = self.releases.last().map(|(_, version)| *version);
        later.any(|(_, (_, version))| *version > kept) || (package.version() == newest && newest > Some(kept))
    }

    fn held(&self, package: &Package, at: usize) -> Option<&'a Version> {
        let (commit, _) = self.releases.get(at)?;
        self.past.version_at(commit, &package.entries().next()?.path)
    }

    fn is_of_others(&self, package: &Package, version: &Version) -> bool {
        let others = self.members.iter().filter(|other| other.id != package.id);
        others.filter_map(|other| self.heads.get(other.head?)).any(|head| head.tag_of(version).is_some())
    }

    fn sentence(&self, package: &Package, at: usize, kept: &Version) -> Option<String> {
        let (commit, version) = self.releases.get(at)?;
        let heads = self.members.iter().filter_map(|member| self.heads.get(member.head?));
        let tag = heads.filter_map(|head| head.tag_of(version)).find(|tag| tag.commit == *commit)?;
        Some(sentence(&package.id, package.units.first()?, tag, kept))
    }
}
