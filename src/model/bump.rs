//! [`Bump`]: what a user asks of a version, and the arithmetic that answers (section 3 of the contract).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::version::{Pre, Version};

/// The number of a release that a bump raises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The third number.
    Patch,
    /// The second number.
    Minor,
    /// The first number.
    Major,
}

impl Level {
    /// Returns the level with this name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        [Self::Patch, Self::Minor, Self::Major].into_iter().find(|level| level.name() == text)
    }

    /// Returns the name that users type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    fn index(self) -> usize {
        match self {
            Self::Major => 0,
            Self::Minor => 1,
            Self::Patch => 2,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The label of a prerelease series: `alpha`, `beta`, `rc`, or one of `[workspace] stages`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PreStage(String);

impl PreStage {
    /// Returns the label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The stages of a workspace and the number at which a series starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagePolicy {
    labels: Vec<String>,
    first: u64,
}

impl Default for StagePolicy {
    fn default() -> Self {
        Self::new(&[], 1)
    }
}

impl StagePolicy {
    /// Returns `alpha`, `beta`, `rc` and the labels of one's own, whose series start at `first`.
    #[must_use]
    pub fn new(own: &[String], first: u64) -> Self {
        let built_in = ["alpha", "beta", "rc"].map(str::to_owned);
        let mut labels: Vec<String> = built_in.into_iter().chain(own.iter().cloned()).collect();
        labels.sort();
        labels.dedup();
        Self { labels, first }
    }

    /// Returns the stage with this label.
    #[must_use]
    pub fn stage(&self, label: &str) -> Option<PreStage> {
        self.labels.iter().find(|known| *known == label).map(|known| PreStage(known.clone()))
    }

    /// Returns every label, in SemVer's order.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }
}

/// What is asked of a package's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bump {
    /// The next release of this level.
    Level(Level),
    /// The first prerelease of the next release of this level.
    Start {
        /// The level of the release that the series leads to.
        level: Level,
        /// The label of the series.
        stage: PreStage,
    },
    /// The next prerelease with this label.
    Stage(PreStage),
    /// The release that a prerelease leads to.
    Finalize,
    /// This version.
    Exact(Version),
}

/// Why a version cannot be bumped as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BumpError {
    /// The stage lies before the one that the version has reached.
    #[error("a version never goes backwards: its prerelease `{label}` comes after `{stage}`")]
    Backwards {
        /// The label that the version has.
        label: String,
        /// The stage that was asked for.
        stage: String,
    },
    /// The version's own prerelease is none of the workspace's stages.
    #[error("its prerelease `{label}` is none of the stages ({known})")]
    UnknownLabel {
        /// The prerelease as SemVer writes it.
        label: String,
        /// The stages of the workspace, joined by commas.
        known: String,
    },
    /// There is no prerelease to finish.
    #[error("it is already a stable release")]
    AlreadyStable,
    /// A number would pass 2^64.
    #[error("the next number does not fit into 64 bits")]
    Overflow,
}

impl Bump {
    /// Computes the version that follows `current`.
    ///
    /// # Errors
    /// Where the contract's table refuses the step. That an exact version is not lower is for the guards to say.
    pub fn next(&self, current: &Version, policy: &StagePolicy) -> Result<Version, BumpError> {
        match self {
            Self::Level(level) => raised(current, *level),
            Self::Start { level, stage } => started(&raised(current, *level)?, stage, policy),
            Self::Stage(stage) => next_stage(current, stage, policy),
            Self::Finalize if current.is_prerelease() => Ok(released(current)),
            Self::Finalize => Err(BumpError::AlreadyStable),
            Self::Exact(version) => Ok(version.clone()),
        }
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level(level) => write!(f, "{level}"),
            Self::Start { level, stage } => write!(f, "{level} {}", stage.as_str()),
            Self::Stage(stage) => f.write_str(stage.as_str()),
            Self::Finalize => f.write_str("release"),
            Self::Exact(_) => f.write_str("explicit version"),
        }
    }
}

fn released(current: &Version) -> Version {
    Version { epoch: current.epoch, ..Version::stable(current.release.clone()) }
}

fn raised(current: &Version, level: Level) -> Result<Version, BumpError> {
    let index = level.index();
    let mut release = current.release.clone();
    if release.len() <= index {
        release.resize(index + 1, 0);
    }
    for (at, number) in release.iter_mut().enumerate().skip(index) {
        *number = if at == index { number.checked_add(1).ok_or(BumpError::Overflow)? } else { 0 };
    }
    Ok(Version { epoch: current.epoch, ..Version::stable(release) })
}

fn started(release: &Version, stage: &PreStage, policy: &StagePolicy) -> Result<Version, BumpError> {
    with_stage(release, stage, policy.first)
}

fn with_stage(base: &Version, stage: &PreStage, number: u64) -> Result<Version, BumpError> {
    let pre = Pre::numbered(stage.as_str(), number)
        .ok_or_else(|| BumpError::UnknownLabel { label: stage.as_str().to_owned(), known: String::new() })?;
    Ok(Version { pre: Some(pre), ..released(base) })
}

fn next_stage(current: &Version, stage: &PreStage, policy: &StagePolicy) -> Result<Version, BumpError> {
    let Some(pre) = &current.pre else {
        // A development release leads to its own release; a stable one has to start the next minor.
        let base = if current.dev.is_some() && current.post.is_none() {
            released(current)
        } else {
            raised(current, Level::Minor)?
        };
        return started(&base, stage, policy);
    };
    let (label, number) = pre.stage().unwrap_or((pre.as_str(), 0));
    if policy.stage(label).is_none() {
        let known = policy.labels.join(", ");
        return Err(BumpError::UnknownLabel { label: pre.as_str().to_owned(), known });
    }
    if label > stage.as_str() {
        return Err(BumpError::Backwards { label: label.to_owned(), stage: stage.as_str().to_owned() });
    }
    if label < stage.as_str() || pre.stage().is_none() {
        return started(current, stage, policy);
    }
    // `a1.dev2` leads to `a1`; any other prerelease to the next number.
    let leads_to_itself = current.dev.is_some() && current.post.is_none();
    let number = if leads_to_itself { number } else { number.checked_add(1).ok_or(BumpError::Overflow)? };
    with_stage(current, stage, number)
}
