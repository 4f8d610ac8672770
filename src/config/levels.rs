//! [`LevelMap`], [`CommitsConfig`] and [`FragmentsConfig`]: the levels that changes require.

use std::collections::BTreeMap;

use super::reader::TableReader;
use crate::model::{CommitBody, Level};

/// The levels by the names that relman.toml uses.
pub(super) const LEVELS: [(&str, Option<Level>); 4] =
    [("patch", Some(Level::Patch)), ("minor", Some(Level::Minor)), ("major", Some(Level::Major)), ("none", None)];

/// The types of conventional commits that require a release.
const COMMIT_LEVELS: [(&str, Level); 4] =
    [("feat", Level::Minor), ("fix", Level::Patch), ("perf", Level::Patch), ("revert", Level::Patch)];

/// The kinds of changes of Keep a Changelog.
const FRAGMENT_LEVELS: [(&str, Level); 6] = [
    ("added", Level::Minor),
    ("changed", Level::Minor),
    ("deprecated", Level::Minor),
    ("removed", Level::Major),
    ("fixed", Level::Patch),
    ("security", Level::Patch),
];

/// Returns `true` if the text can be the type of a change.
pub(super) fn is_type(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// The level that each type of change requires. The user's entries are laid over the defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelMap(BTreeMap<String, Option<Level>>);

impl LevelMap {
    fn of(defaults: &[(&str, Level)]) -> Self {
        Self(defaults.iter().map(|(name, level)| ((*name).to_owned(), Some(*level))).collect())
    }

    /// Returns the level of a type, which may be in any case; `None` for an unknown type and for one that requires no release.
    #[must_use]
    pub fn level(&self, name: &str) -> Option<Level> {
        self.0.get(&name.to_ascii_lowercase()).copied().flatten()
    }

    /// Returns `true` if the map names this type, with a level or with `none`.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.0.contains_key(&name.to_ascii_lowercase())
    }

    /// Returns every type, in lower case, in the order of their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    fn read(mut self, reader: &mut TableReader<'_>) -> Self {
        let written = reader.choices("levels", &LEVELS);
        let problems = reader.problems();
        for (name, level) in written {
            if !is_type(&name.value) {
                let message = format!("`{}` is not a valid change type", name.value);
                problems.add(name.span, message, "a type is one word of letters, digits, `-` and `_`, as in `feat`");
            } else {
                self.0.insert(name.value.to_ascii_lowercase(), level);
            }
        }
        self
    }
}

/// The table `[commits]`: how commits count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitsConfig {
    /// Which commits are visited.
    pub history: HistoryMode,
    /// What the bodies of their messages may say.
    pub body: CommitBody,
    /// The level of each type of conventional commits.
    pub levels: LevelMap,
}

/// Which commits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HistoryMode {
    /// All but merge commits: what those bring counts by itself.
    Full,
    /// The first parents only; a merge commit counts, with what it brings.
    FirstParent,
}

impl Default for CommitsConfig {
    fn default() -> Self {
        Self { history: HistoryMode::Full, body: CommitBody::default(), levels: LevelMap::of(&COMMIT_LEVELS) }
    }
}

impl CommitsConfig {
    /// Reads the table.
    pub(super) fn read(reader: Option<TableReader<'_>>) -> Self {
        let default = Self::default();
        let Some(mut reader) = reader else { return default };
        let modes = [("full", HistoryMode::Full), ("first-parent", HistoryMode::FirstParent)];
        let history = reader.one_of("history", &modes).map_or(default.history, |mode| mode.value);
        let bodies = [("footers", CommitBody::Footers), ("lines", CommitBody::Lines)];
        let body = reader.one_of("body", &bodies).map_or(default.body, |body| body.value);
        let levels = default.levels.read(&mut reader);
        reader.finish();
        Self { history, body, levels }
    }
}

/// The table `[fragments]`: how fragments count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FragmentsConfig {
    /// The level of each type of fragments.
    pub levels: LevelMap,
}

impl Default for FragmentsConfig {
    fn default() -> Self {
        Self { levels: LevelMap::of(&FRAGMENT_LEVELS) }
    }
}

impl FragmentsConfig {
    /// Reads the table.
    pub(super) fn read(reader: Option<TableReader<'_>>) -> Self {
        let default = Self::default();
        let Some(mut reader) = reader else { return default };
        let levels = default.levels.read(&mut reader);
        reader.finish();
        Self { levels }
    }
}
