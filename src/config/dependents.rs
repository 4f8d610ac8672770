//! [`DependentsConfig`]: the table `[dependents]`.

use std::collections::BTreeMap;

use super::glob::is_glob;
use super::levels::LEVELS;
use super::manifest_entry::entry_path;
use super::reader::TableReader;
use super::{ManifestPath, Spanned};
use crate::model::{DependencyKind, Level, ManifestType, choices};

const POLICIES: [(&str, DependentPolicy); 4] = [
    ("out-of-range", DependentPolicy::OutOfRange),
    ("in-step", DependentPolicy::InStep),
    ("always", DependentPolicy::Always),
    ("never", DependentPolicy::Never),
];

/// When a requirement on a released package follows. The later ones reach further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DependentPolicy {
    /// Never, and `check` does not report it.
    Never,
    /// Only if it no longer admits the package's version.
    OutOfRange,
    /// Also if it names exactly the version that moves, which does not release its holder.
    InStep,
    /// With every release of the package.
    Always,
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
    /// Manifests of no package, whose requirements follow, too.
    pub manifests: Vec<Spanned<ManifestPath>>,
}

impl Default for DependentsConfig {
    fn default() -> Self {
        Self {
            policy: DependentPolicy::OutOfRange,
            level: Some(Level::Patch),
            kinds: BTreeMap::new(),
            manifests: Vec::new(),
        }
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
        let manifests = manifests(&mut reader);
        reader.finish();
        Self { policy, level, kinds, manifests }
    }
}

fn manifests(reader: &mut TableReader<'_>) -> Vec<Spanned<ManifestPath>> {
    let texts = reader.strings("manifests").map_or(Vec::new(), |texts| texts.value);
    texts.iter().filter_map(|text| entry_path(reader, text)).filter(|path| has_requirements(reader, path)).collect()
}

/// Returns `true` if a path may lead to manifests with requirements; otherwise reports why not.
fn has_requirements(reader: &TableReader<'_>, path: &Spanned<ManifestPath>) -> bool {
    let name = path.value.file_name();
    let known: Vec<&str> = ManifestType::of_packages().map(|(_, file)| file).collect();
    if is_glob(name) || known.contains(&name) {
        return true;
    }
    let is_lock = ManifestType::of_file(name).is_some_and(ManifestType::is_lock);
    let (message, help) = if is_lock {
        let message = format!("`{name}` is a lock file, which follows the manifest beside it");
        (message, format!("name that manifest: {}", choices(&known)))
    } else {
        (format!("`{name}` is not the name of a manifest with requirements"), format!("name {}", choices(&known)))
    };
    reader.problems().add(path.span, message, help);
    false
}
