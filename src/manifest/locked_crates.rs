//! [`LockedCrates`]: the crates of a Cargo.lock, and how Cargo refers to them.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::Scalar;
use crate::text::Span;

/// The crates whose name a crate of the repository has, and the references to them in lists of dependencies.
///
/// Cargo writes no more into a reference than tells the crate from the others of its name. So a reference depends on the versions of all
/// of them, and changes with each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedCrates {
    pub(super) crates: Vec<LockedCrate>,
    pub(super) references: Vec<Reference>,
    /// Whether references are written in full wherever they are: the file is of version 1.
    pub(super) in_full: bool,
}

/// A crate of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LockedCrate {
    pub(super) name: String,
    pub(super) version: Scalar,
    /// The source without its revision; `None` for a crate of the repository.
    pub(super) source: Option<String>,
}

/// The name of a crate in a list, with its version and its source where they are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The index of the crate.
    pub(super) to: usize,
    /// What is written there.
    pub(super) scalar: Scalar,
}

impl LockedCrates {
    /// Returns the references that Cargo would write otherwise once the versions at these spans are the new ones.
    pub(super) fn follow(&self, planned: &BTreeMap<Span, &str>) -> Vec<(Scalar, String)> {
        let moves =
            |locked: &&LockedCrate| planned.get(&locked.version.span).is_some_and(|new| *new != locked.version.text);
        let moved: BTreeSet<&str> = self.crates.iter().filter(moves).map(|locked| locked.name.as_str()).collect();
        let version = |locked: &LockedCrate| {
            planned.get(&locked.version.span).map_or(locked.version.text.clone(), |new| (*new).to_owned())
        };
        let versions: Vec<String> = self.crates.iter().map(version).collect();
        let changed = self.references.iter().filter_map(|reference| {
            let name = &self.crates.get(reference.to)?.name;
            let new = self.written(reference, &versions).filter(|_| moved.contains(name.as_str()))?;
            (new != reference.scalar.text).then(|| (reference.scalar.clone(), new))
        });
        changed.collect()
    }

    /// A reference as Cargo writes it; the version of a crate without namesakes stays if it is there.
    fn written(&self, Reference { to, scalar }: &Reference, versions: &[String]) -> Option<String> {
        let (target, version) = (self.crates.get(*to)?, versions.get(*to)?);
        let namesakes = self.crates.iter().zip(versions).filter(|(locked, _)| locked.name == target.name);
        let namesakes: Vec<&String> = namesakes.map(|(_, version)| version).collect();
        let name = &target.name;
        Some(match &target.source {
            Some(source) if self.in_full || namesakes.iter().filter(|other| **other == version).count() > 1 => {
                format!("{name} {version} ({source})")
            }
            _ if self.in_full || namesakes.iter().any(|other| *other != version) => format!("{name} {version}"),
            // Only its source tells it from another one of the same number, and a crate of the repository has none.
            _ if namesakes.len() > 1 || parts(&scalar.text).1.is_some() => format!("{name} {version}"),
            _ => name.clone(),
        })
    }

    /// Returns the crate that a reference means; `None` if no crate, or more than one, fits it.
    pub(super) fn meant(&self, reference: &str) -> Option<usize> {
        let (name, version, source) = parts(reference);
        let fits =
            |locked: &LockedCrate| locked.name == name && version.is_none_or(|version| locked.version.text == version);
        let fitting: Vec<usize> =
            self.crates.iter().enumerate().filter(|(_, locked)| fits(locked)).map(|(at, _)| at).collect();
        let of_source = |at: &usize| self.crates.get(*at).is_some_and(|locked| locked.source.as_deref() == source);
        match (fitting.as_slice(), source) {
            ([one], None) => Some(*one),
            _ => {
                let mut exact = fitting.into_iter().filter(of_source);
                exact.next().filter(|_| exact.next().is_none())
            }
        }
    }

    pub(super) fn scalars(&self) -> impl Iterator<Item = &Scalar> {
        self.crates
            .iter()
            .map(|locked| &locked.version)
            .chain(self.references.iter().map(|reference| &reference.scalar))
    }

    pub(super) fn scalars_mut(&mut self) -> impl Iterator<Item = &mut Scalar> {
        let versions = self.crates.iter_mut().map(|locked| &mut locked.version);
        versions.chain(self.references.iter_mut().map(|reference| &mut reference.scalar))
    }
}

/// Splits a reference into name, version and source.
pub(super) fn parts(reference: &str) -> (&str, Option<&str>, Option<&str>) {
    let Some((name, rest)) = reference.split_once(' ') else { return (reference, None, None) };
    match rest.split_once(" (") {
        Some((version, source)) => (name, Some(version), Some(source.trim_end_matches(')'))),
        None => (name, Some(rest), None),
    }
}
