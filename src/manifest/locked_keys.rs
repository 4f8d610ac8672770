//! [`LockedKeys`]: keys of a lock file that are made of what is required of their packages.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::{Scalar, Style};
use crate::text::Span;

/// The keys of a yarn.lock under which packages of the workspace are listed.
///
/// Yarn joins all requirements on a package, each once and in the order of their bytes, into the key of its entry. So a key depends on the
/// copies of requirements in the other entries, and changes with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedKeys(pub(super) Vec<LockedKey>);

/// The key of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LockedKey {
    /// All of the key.
    pub(super) scalar: Scalar,
    /// The copies of requirements that it repeats, each with what is written before it there (`NAME@`, `NAME@npm:`).
    pub(super) following: Vec<(String, Scalar)>,
    /// What else is required of the package, and stays.
    pub(super) fixed: Vec<String>,
}

impl LockedKeys {
    /// Returns the parts of keys that Yarn would write otherwise once the requirements at these spans are the new ones.
    pub(super) fn follow(&self, planned: &BTreeMap<Span, &str>) -> Vec<(Scalar, String)> {
        self.0.iter().flat_map(|key| key.follow(planned)).collect()
    }

    pub(super) fn scalars(&self) -> impl Iterator<Item = &Scalar> {
        self.0.iter().flat_map(|key| key.following.iter().map(|(_, scalar)| scalar).chain([&key.scalar]))
    }

    pub(super) fn scalars_mut(&mut self) -> impl Iterator<Item = &mut Scalar> {
        self.0.iter_mut().flat_map(|key| key.following.iter_mut().map(|(_, scalar)| scalar).chain([&mut key.scalar]))
    }
}

impl LockedKey {
    /// What is written between two requirements.
    pub(super) const SEPARATOR: &str = ", ";

    fn follow(&self, planned: &BTreeMap<Span, &str>) -> Vec<(Scalar, String)> {
        let new = |scalar: &Scalar| planned.get(&scalar.span).map_or(scalar.text.clone(), |new| (*new).to_owned());
        if self.following.iter().all(|(_, scalar)| new(scalar) == scalar.text) {
            return Vec::new();
        }
        let before: BTreeSet<String> =
            self.following.iter().map(|(head, scalar)| format!("{head}{}", scalar.text)).collect();
        let after = self.following.iter().map(|(head, scalar)| format!("{head}{}", new(scalar)));
        let parts: Vec<&str> = self.scalar.text.split(Self::SEPARATOR).collect();
        let kept = parts.iter().filter(|part| !before.contains(**part)).map(|part| (*part).to_owned());
        let joined: BTreeSet<String> = kept.chain(after).chain(self.fixed.iter().cloned()).collect();
        if joined.len() != parts.len() {
            let joined: Vec<String> = joined.into_iter().collect();
            return vec![(self.scalar.clone(), joined.join(Self::SEPARATOR))];
        }
        let mut start = self.scalar.span.start;
        let mut changes = Vec::new();
        for (part, new) in parts.into_iter().zip(joined) {
            let span = Span::new(start, start + part.len());
            start = span.end + Self::SEPARATOR.len();
            if part != new {
                changes.push((Scalar { span, text: part.to_owned(), style: Style::Bare }, new));
            }
        }
        changes
    }
}
