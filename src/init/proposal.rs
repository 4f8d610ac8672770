//! [`Proposal`]: a group that relman.toml gets.

use crate::config::GroupKind;

/// A proposed group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proposal {
    /// Its key.
    pub(super) name: String,
    /// How its members are tied together.
    pub(super) kind: GroupKind,
    /// The keys of its members.
    pub(super) members: Vec<String>,
    /// Whether all packages are members.
    pub(super) all: bool,
    /// The template of its one tag.
    pub(super) tag: Option<String>,
    /// Why it is proposed.
    pub(super) why: String,
    /// How certain it is.
    pub(super) basis: Basis,
}

/// From what a group is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// From what may be a coincidence.
    Guess,
    /// From tags, or from versions that so many packages do not hold by chance.
    Evidence,
    /// From another tool's file.
    Stated,
}

impl Basis {
    /// Returns the basis of what may be a guess.
    pub(super) fn of(is_certain: bool) -> Self {
        if is_certain { Self::Evidence } else { Self::Guess }
    }
}
