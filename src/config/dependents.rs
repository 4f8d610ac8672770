//! [`DependentsConfig`]: the table `[dependents]`.

use std::collections::BTreeMap;

use super::levels::LEVELS;
use super::reader::TableReader;
use crate::model::{DependencyKind, Level};

const POLICIES: [(&str, DependentPolicy); 3] = [
    ("out-of-range", DependentPolicy::OutOfRange),
    ("always", DependentPolicy::Always),
    ("never", DependentPolicy::Never),
];

/// When a requirement on a released package follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DependentPolicy {
    /// Only if it no longer admits the package's version.
    OutOfRange,
    /// With every release of the package.
    Always,
    /// Never, and `check` does not report it.
    Never,
}

/// What a release does to the packages that depend on the released one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DependentsConfig {
    /// The policy of kinds that are not listed in `kinds`.
    pub policy: DependentPolicy,
    /// The level by which a dependent is released; `None`: its requirement follows, and it is not released.
    pub level: Option<Level>,
    /// The policies of single kinds.
    pub kinds: BTreeMap<DependencyKind, DependentPolicy>,
}

impl Default for DependentsConfig {
    fn default() -> Self {
        Self { policy: DependentPolicy::OutOfRange, level: Some(Level::Patch), kinds: BTreeMap::new() }
    }
}

impl DependentsConfig {
    /// Returns the policy of requirements of this kind.
    #[must_use]
    pub fn policy_of(&self, kind: DependencyKind) -> DependentPolicy {
        self.kinds.get(&kind).copied().unwrap_or(self.policy)
    }

    /// Reads the table.
    pub(super) fn read(reader: Option<TableReader<'_>>) -> Self {
        let default = Self::default();
        let Some(mut reader) = reader else { return default };
        let policy = reader.one_of("policy", &POLICIES).map_or(default.policy, |policy| policy.value);
        let level = reader.one_of("level", &LEVELS).map_or(default.level, |level| level.value);
        let kinds = reader.table("kinds").map_or(BTreeMap::new(), |mut kinds| {
            let read = |kind: DependencyKind| kinds.one_of(kind.name(), &POLICIES).map(|policy| (kind, policy.value));
            let read = DependencyKind::ALL.into_iter().filter_map(read).collect();
            kinds.finish();
            read
        });
        reader.finish();
        Self { policy, level, kinds }
    }
}
