//! [`Asks`]: what is asked of each package.

use std::collections::BTreeMap;

use super::reason::BumpReason;
use super::spelling::Typed;
use crate::model::{Bump, Level, PackageIx};
use crate::workspace::Group;

/// The request for one package.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PackageRequest {
    /// The step.
    pub(super) step: VersionStep,
    /// Why.
    pub(super) reason: BumpReason,
    /// An explicit version, as typed.
    pub(super) typed: Option<Typed>,
}

/// A step of a version.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum VersionStep {
    /// What the user typed.
    Bump(Bump),
    /// The step of following another package: a release of this level, or a prerelease if the other one is one.
    Follow {
        /// The level.
        level: Level,
        /// The label of the prerelease that is followed.
        stage: Option<String>,
    },
}

impl VersionStep {
    /// Returns the level that changes, or a followed release, require.
    pub(super) fn level(&self) -> Option<Level> {
        match self {
            Self::Bump(Bump::Changes { level, .. }) | Self::Follow { level, .. } => Some(*level),
            Self::Bump(_) => None,
        }
    }
}

/// The requests, by the index of the package.
pub(super) type Asks = BTreeMap<PackageIx, PackageRequest>;

/// Adds the members of a fixed group that are not requested; the first requested one decides their step.
pub(super) fn include_group(group: &Group, members: &[PackageIx], asks: &mut Asks) {
    // Nothing is asked of any member.
    let Some(asked) = members.iter().find_map(|index| asks.get(index).cloned()) else { return };
    let reason = BumpReason::FixedGroup(group.id.clone());
    for index in members {
        asks.entry(*index).or_insert_with(|| PackageRequest { reason: reason.clone(), ..asked.clone() });
    }
}
