//! [`BumpRequest`]: the request of `bump` and `plan`.

use std::collections::BTreeMap;
use std::fmt;

use super::pins::PinRequest;
use crate::model::{Level, PackageId, StagePolicy};

/// What to release and how.
#[derive(Clone, Debug, Default)]
pub struct BumpRequest {
    /// Words as typed: names of packages and groups, a level and a stage. [`read_words`](super::read_words) sorts them.
    pub words: Vec<String>,
    /// Packages by name, some with a step of their own.
    pub packages: Vec<(String, Option<BumpSpec>)>,
    /// Groups by name.
    pub groups: Vec<String>,
    /// Whether every package is meant.
    pub all: bool,
    /// The step for all that have none of their own.
    pub ask: Option<BumpSpec>,
    /// The pins that are moved in the same commit.
    pub pins: Vec<PinRequest>,
    /// The prose that opens the sections of the released packages.
    pub summary: Option<String>,
    /// The texts below the headings of sections that a person edited, by the package that a section is named after.
    pub sections: BTreeMap<PackageId, String>,
    /// Whether no commit is made: the files change, nothing else.
    pub no_commit: bool,
    /// Whether no tag is made.
    pub no_tag: bool,
    /// Whether branch and tags are pushed.
    pub push: bool,
    /// Whether commit and tags are signed even where git would not.
    pub sign: bool,
    /// Whether files that the plan does not touch may differ from HEAD.
    pub allow_dirty: bool,
    /// Whether the release may be cut from any branch or none.
    pub allow_branch: bool,
    /// Whether an explicit version may be lower.
    pub allow_downgrade: bool,
}

/// The requested step of a version, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BumpSpec {
    /// The next release of a level.
    Level(Level),
    /// A series of prereleases of the next release of a level.
    Start(Level, String),
    /// The next prerelease of this label.
    Stage(String),
    /// The release that a prerelease leads to.
    Finalize,
    /// The level that the changes since the last release require, perhaps as a prerelease of this label.
    Auto(Option<String>),
    /// This version.
    Exact(String),
}

impl BumpRequest {
    /// Returns `true` if pins are moved and no package is released.
    #[must_use]
    pub fn is_pins_only(&self) -> bool {
        let names = self.all || !self.packages.is_empty() || !self.groups.is_empty() || self.ask.is_some();
        !self.pins.is_empty() && !names && self.words.is_empty()
    }

    /// Returns `true` if the answer depends on the history.
    #[must_use]
    pub fn needs_history(&self) -> bool {
        let asks = self.packages.iter().filter_map(|(_, ask)| ask.as_ref()).chain(&self.ask);
        let asks_changes = asks.into_iter().any(|ask| matches!(ask, BumpSpec::Auto(_)));
        asks_changes || self.words.iter().any(|word| word == "auto")
    }

    /// Returns `true` if the request has a level, a stage or a version for all that it names, as far as its words say so in any workspace.
    #[must_use]
    pub fn has_level(&self) -> bool {
        let is_level = |word: &String| match BumpSpec::word(word) {
            BumpSpec::Stage(word) => Level::named(&word).is_some() || StagePolicy::default().stage(&word).is_some(),
            _ => true,
        };
        self.ask.is_some() || self.words.iter().any(is_level)
    }
}

impl fmt::Display for BumpSpec {
    /// Writes the step as it is typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level(level) => write!(f, "{level}"),
            Self::Start(level, stage) => write!(f, "{level} {stage}"),
            Self::Finalize => f.write_str("release"),
            Self::Auto(None) => f.write_str("auto"),
            Self::Auto(Some(stage)) => write!(f, "auto {stage}"),
            Self::Stage(text) | Self::Exact(text) => f.write_str(text),
        }
    }
}

impl BumpSpec {
    /// Reads the words of a command line: `minor`, `minor alpha`, `alpha`, `release`, `auto`, `auto alpha`, `1.2.3`.
    ///
    /// # Errors
    /// A stage after anything but a level.
    pub fn parse(word: &str, stage: Option<&str>) -> Result<Self, String> {
        if word == "auto" {
            return Ok(Self::Auto(stage.map(str::to_owned)));
        }
        let level = Level::named(word);
        match (level, stage) {
            (Some(level), Some(stage)) => Ok(Self::Start(level, stage.to_owned())),
            (Some(level), None) => Ok(Self::Level(level)),
            (None, Some(stage)) => {
                Err(format!("the stage `{stage}` can follow a level (major, minor, patch or auto), not `{word}`"))
            }
            (None, None) => Ok(Self::word(word)),
        }
    }

    fn word(word: &str) -> Self {
        let version = word.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        match word {
            "release" | "final" => Self::Finalize,
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => Self::Exact(word.to_owned()),
            _ => version.map_or_else(|| Self::Stage(word.to_owned()), |rest| Self::Exact(rest.to_owned())),
        }
    }
}
