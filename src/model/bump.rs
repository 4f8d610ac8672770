//! [`Bump`]: the step that a user requests for a version, and the arithmetic that answers (section 3 of the contract).

use std::cmp::Ordering;
use std::fmt;

use crate::model::level::Level;
use crate::model::stage::{PreStage, StagePolicy};
use crate::model::version::{Pre, Version};

/// The requested step of a package's version.
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
    /// The release that changes of this level require.
    Changes {
        /// The highest level of the changes since the last release.
        level: Level,
        /// The requested stage; `None` for a release, or for the series that the version is in.
        stage: Option<PreStage>,
    },
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
        /// The requested stage.
        stage: String,
    },
    /// The version's own prerelease is not one of the workspace's stages.
    #[error("its prerelease `{label}` is not one of the stages ({known})")]
    UnknownLabel {
        /// The prerelease as SemVer writes it.
        label: String,
        /// The stages of the workspace, joined by commas.
        known: String,
    },
    /// The version is not a prerelease that could be finished.
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
    /// Returns an error if the contract's table refuses the step. The guards check that an exact version is not lower.
    pub fn next(&self, current: &Version, policy: &StagePolicy) -> Result<Version, BumpError> {
        match self {
            Self::Level(level) => raised(current, *level),
            Self::Start { level, stage } => with_stage(&raised(current, *level)?, stage, policy.first(), policy),
            Self::Stage(stage) => next_stage(current, stage, policy),
            Self::Finalize if current.is_prerelease() => Ok(finished(current)),
            Self::Finalize => Err(BumpError::AlreadyStable),
            Self::Changes { level, stage } => changed(current, *level, stage.as_ref(), policy),
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
            Self::Changes { stage: None, .. } => f.write_str("auto"),
            Self::Changes { stage: Some(stage), .. } => write!(f, "auto {}", stage.as_str()),
            Self::Exact(_) => f.write_str("explicit version"),
        }
    }
}

/// The release itself, without anything after its numbers.
fn released(current: &Version) -> Version {
    Version { epoch: current.epoch, ..Version::stable(current.release.clone()) }
}

/// The release that a prerelease leads to. `1.0.post1.dev2` leads to `1.0.post1`: the bare `1.0` lies below it.
fn finished(current: &Version) -> Version {
    let post = if current.pre.is_none() { current.post } else { None };
    Version { post, ..released(current) }
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

fn with_stage(base: &Version, stage: &PreStage, number: u64, policy: &StagePolicy) -> Result<Version, BumpError> {
    let pre = Pre::numbered(stage.as_str(), number).ok_or_else(|| unknown(stage.as_str(), policy))?;
    Ok(Version { pre: Some(pre), ..released(base) })
}

fn unknown(label: &str, policy: &StagePolicy) -> BumpError {
    BumpError::UnknownLabel { label: label.to_owned(), known: policy.labels().join(", ") }
}

fn next_stage(current: &Version, stage: &PreStage, policy: &StagePolicy) -> Result<Version, BumpError> {
    let Some(pre) = &current.pre else {
        // A development release leads to its own release; a stable one has to start the next minor.
        let base = if current.dev.is_some() && current.post.is_none() {
            released(current)
        } else {
            raised(current, Level::Minor)?
        };
        return with_stage(&base, stage, policy.first(), policy);
    };
    let (label, digits) = series(pre);
    if policy.stage(label).is_none() {
        return Err(unknown(pre.as_str(), policy));
    }
    match (label.cmp(stage.as_str()), digits) {
        (Ordering::Greater, _) => {
            Err(BumpError::Backwards { label: label.to_owned(), stage: stage.as_str().to_owned() })
        }
        (Ordering::Less, _) | (Ordering::Equal, None) => with_stage(current, stage, policy.first(), policy),
        (Ordering::Equal, Some(digits)) => {
            let number: u64 = digits.parse().map_err(|_| BumpError::Overflow)?;
            // `a1.dev2` leads to `a1`; any other prerelease to the next number.
            let leads_to_itself = current.dev.is_some() && current.post.is_none();
            let step = u64::from(!leads_to_itself);
            with_stage(current, stage, number.checked_add(step).ok_or(BumpError::Overflow)?, policy)
        }
    }
}

/// A prerelease continues its series, unless a change requires a higher level than the series has.
fn changed(
    current: &Version,
    level: Level,
    stage: Option<&PreStage>,
    policy: &StagePolicy,
) -> Result<Version, BumpError> {
    let own = match &current.pre {
        Some(pre) if stage.is_none() => Some(policy.stage(series(pre).0).ok_or_else(|| unknown(pre.as_str(), policy))?),
        _ => None,
    };
    let stage = stage.or(own.as_ref());
    let restarts = !current.is_prerelease() || level > leads_to(current);
    match (stage, restarts) {
        (Some(stage), true) => with_stage(&raised(current, level)?, stage, policy.first(), policy),
        (Some(stage), false) => next_stage(current, stage, policy),
        (None, _) if !current.is_prerelease() => raised(current, level),
        (None, true) => Ok(Version { dev: Some(policy.first()), ..raised(current, level)? }),
        (None, false) => {
            let dev = current.dev.unwrap_or(0).checked_add(1).ok_or(BumpError::Overflow)?;
            Ok(Version { dev: Some(dev), ..current.clone() })
        }
    }
}

/// The level of the release that a prerelease leads to, as its number shows.
fn leads_to(current: &Version) -> Level {
    let is_set = |index: usize| current.release.get(index).is_some_and(|number| *number > 0);
    match (1..current.release.len()).rev().find(|index| is_set(*index)) {
        Some(1) => Level::Minor,
        Some(_) => Level::Patch,
        None => Level::Major,
    }
}

/// Splits `alpha.1` into its label and the digits of its number, which may exceed 64 bits. Any other form is a label as
/// a whole: `alpha`, and the opaque `rc0`.
fn series(pre: &Pre) -> (&str, Option<&str>) {
    match pre.as_str().split_once('.') {
        Some((label, digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => (label, Some(digits)),
        _ => (pre.as_str(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VersionScheme::{self, Pep440, Semver};

    /// Reads a request as the contract's table writes it.
    fn request(words: &str, policy: &StagePolicy) -> Bump {
        let mut words = words.split(' ');
        let first = words.next().unwrap();
        match (Level::named(first), words.next()) {
            (Some(level), Some(label)) => Bump::Start { level, stage: policy.stage(label).unwrap() },
            (Some(level), None) => Bump::Level(level),
            (None, _) if first == "release" => Bump::Finalize,
            (None, _) => match policy.stage(first) {
                Some(stage) => Bump::Stage(stage),
                None => Bump::Exact(Semver.parse(first).unwrap()),
            },
        }
    }

    /// Bumps and writes the result down in the same scheme; a refusal becomes its message.
    fn bumped(scheme: VersionScheme, words: &str, from: &str, policy: &StagePolicy) -> String {
        match request(words, policy).next(&scheme.parse(from).unwrap(), policy) {
            Ok(version) => scheme.render(&version).unwrap(),
            Err(error) => error.to_string(),
        }
    }

    fn holds(policy: &StagePolicy, table: &[(VersionScheme, &str, &str, &str)]) {
        for (scheme, words, from, to) in table {
            assert_eq!(bumped(*scheme, words, from, policy), *to, "{words} from {from}");
        }
    }

    #[test]
    fn the_table_of_the_contract() {
        let table = [
            (Semver, "patch", "0.1.0", "0.1.1"),
            (Semver, "minor", "0.1.0", "0.2.0"),
            (Semver, "major", "0.1.0", "1.0.0"),
            (Semver, "patch", "0.2.0-rc.1", "0.2.1"),
            (Semver, "minor", "0.2.0-rc.1", "0.3.0"),
            (Semver, "major", "0.2.0-rc.1", "1.0.0"),
            (Semver, "minor alpha", "0.1.0", "0.2.0-alpha.1"),
            (Semver, "minor alpha", "0.2.0-alpha.1", "0.3.0-alpha.1"),
            (Semver, "alpha", "0.2.0-alpha.1", "0.2.0-alpha.2"),
            (Semver, "beta", "0.2.0-alpha.2", "0.2.0-beta.1"),
            (Semver, "rc", "0.2.0-beta.1", "0.2.0-rc.1"),
            (Semver, "release", "0.2.0-rc.1", "0.2.0"),
            (Semver, "release", "0.2.0-next.3", "0.2.0"),
            (Semver, "alpha", "0.1.0", "0.2.0-alpha.1"),
            (Pep440, "release", "0.2.0rc1", "0.2.0"),
            (Pep440, "release", "1.2.0.dev3", "1.2.0"),
            (Pep440, "release", "1.2.0a1.dev3", "1.2.0"),
            (Pep440, "alpha", "1.2.0.dev3", "1.2.0a1"),
            (Semver, "1.2.3", "1.2.0", "1.2.3"),
            (Semver, "0.1.0", "0.1.0", "0.1.0"),
            (Semver, "0.1.0", "0.2.0", "0.1.0"),
            (
                Semver,
                "alpha",
                "0.2.0-beta.1",
                "a version never goes backwards: its prerelease `beta` comes after `alpha`",
            ),
            (Semver, "alpha", "3.0.0-next.14", "its prerelease `next.14` is not one of the stages (alpha, beta, rc)"),
            (Semver, "release", "0.2.0", "it is already a stable release"),
        ];
        holds(&StagePolicy::default(), &table);
    }

    #[test]
    fn what_changes_ask_for() {
        let table = [
            (Semver, Level::Patch, None, "1.2.3", "1.2.4"),
            (Semver, Level::Minor, None, "1.2.3", "1.3.0"),
            (Semver, Level::Major, None, "1.2.3", "2.0.0"),
            (Semver, Level::Patch, Some("alpha"), "0.1.0", "0.1.1-alpha.1"),
            (Semver, Level::Minor, Some("rc"), "0.1.0", "0.2.0-rc.1"),
            (Semver, Level::Minor, None, "0.1.1-alpha.2", "0.2.0-alpha.1"),
            (Semver, Level::Patch, None, "0.2.0-alpha.2", "0.2.0-alpha.3"),
            (Semver, Level::Minor, None, "0.2.0-alpha.2", "0.2.0-alpha.3"),
            (Semver, Level::Major, None, "0.2.0-alpha.2", "1.0.0-alpha.1"),
            (Semver, Level::Major, None, "1.0.0-rc.1", "1.0.0-rc.2"),
            (Semver, Level::Patch, Some("beta"), "0.2.0-alpha.2", "0.2.0-beta.1"),
            (Semver, Level::Minor, Some("beta"), "0.1.1-alpha.2", "0.2.0-beta.1"),
            (Semver, Level::Minor, Some("alpha"), "0.1.1-beta.2", "0.2.0-alpha.1"),
            (Pep440, Level::Minor, None, "0.1.1a2", "0.2.0a1"),
            (Pep440, Level::Patch, None, "1.2.0.dev3", "1.2.0.dev4"),
            (Pep440, Level::Major, None, "1.2.0.dev3", "2.0.0.dev1"),
            (Pep440, Level::Patch, Some("alpha"), "1.2.0.dev3", "1.2.0a1"),
            (Pep440, Level::Patch, None, "1.2.0a1.dev3", "1.2.0a1"),
            (Pep440, Level::Minor, None, "0.65b0", "0.65b1"),
            (Pep440, Level::Patch, None, "1.0.0.post1", "1.0.1"),
            (
                Semver,
                Level::Patch,
                None,
                "3.0.0-next.14",
                "its prerelease `next.14` is not one of the stages (alpha, beta, rc)",
            ),
            (
                Semver,
                Level::Patch,
                Some("alpha"),
                "0.2.0-beta.1",
                "a version never goes backwards: its prerelease `beta` comes after `alpha`",
            ),
        ];
        let policy = StagePolicy::default();
        for (scheme, level, stage, from, expected) in table {
            let bump = Bump::Changes { level, stage: stage.map(|label| policy.stage(label).unwrap()) };
            let next = bump.next(&scheme.parse(from).unwrap(), &policy);
            let next = next.map_or_else(|error| error.to_string(), |version| scheme.render(&version).unwrap());
            assert_eq!(next, expected, "{level} {stage:?} from {from}");
        }
    }

    #[test]
    fn pep_440_bumps_in_the_same_table() {
        let table = [
            (Pep440, "alpha", "0.2.0a1", "0.2.0a2"),
            (Pep440, "beta", "0.2.0a2", "0.2.0b1"),
            (Pep440, "minor alpha", "0.1.0", "0.2.0a1"),
            (Pep440, "beta", "0.65b0", "0.65b1"),
            (Pep440, "minor", "0.65b0", "0.66"),
            (Pep440, "patch", "0.65b0", "0.65.1"),
            (Pep440, "major", "0.65b0", "1.0"),
            (Pep440, "release", "0.65b0", "0.65"),
            (Pep440, "beta", "0.66b0.dev", "0.66b0"),
            (Pep440, "rc", "0.66b0.dev", "0.66rc1"),
            (Pep440, "release", "0.66b0.dev", "0.66"),
            (Pep440, "minor", "7", "7.1"),
            (Pep440, "patch", "1.2.3.4", "1.2.4.0"),
            (Pep440, "minor", "1!2.0", "1!2.1"),
            (Pep440, "rc", "1!2.0a1", "1!2.0rc1"),
            (Pep440, "patch", "1.0.0.post1", "1.0.1"),
            (Pep440, "alpha", "1.0.0.post1", "1.1.0a1"),
            (Pep440, "alpha", "1.0.0.post1.dev2", "1.1.0a1"),
            (Pep440, "release", "1.0.0.post1.dev2", "1.0.0.post1"),
            (Pep440, "release", "1.0.0a1.post2", "1.0.0"),
            (Pep440, "alpha", "1.0.0a1.post2", "1.0.0a2"),
            (Pep440, "alpha", "1.0.0a1.post2.dev3", "1.0.0a2"),
            (Pep440, "release", "1.0.0.post1", "it is already a stable release"),
            (Pep440, "patch", "1.0.0+local.7", "1.0.1"),
            (Pep440, "alpha", "1.0.0a1+local.7", "1.0.0a2"),
        ];
        holds(&StagePolicy::default(), &table);
    }

    #[test]
    fn labels_without_a_number_and_opaque_ones() {
        let table = [
            (Semver, "alpha", "1.0.0-alpha", "1.0.0-alpha.1"),
            (Semver, "beta", "1.0.0-alpha", "1.0.0-beta.1"),
            (Semver, "release", "1.0.0-rc0", "1.0.0"),
            (Semver, "patch", "2.0.0+build.5", "2.0.1"),
            (Semver, "rc", "1.0.0-rc0", "its prerelease `rc0` is not one of the stages (alpha, beta, rc)"),
            (Semver, "rc", "1.0.0-rc.1.2", "its prerelease `rc.1.2` is not one of the stages (alpha, beta, rc)"),
            (Semver, "rc", "1.0.0-1.2", "its prerelease `1.2` is not one of the stages (alpha, beta, rc)"),
            (Semver, "rc", "0.20.4-rc.0", "0.20.4-rc.1"),
        ];
        holds(&StagePolicy::default(), &table);
    }

    #[test]
    fn stages_of_one_s_own_and_series_from_zero() {
        let own = ["next".to_owned(), "7".to_owned(), "a.b".to_owned(), String::new()];
        let policy = StagePolicy::new(&own, 0);
        assert_eq!(policy.labels(), ["alpha", "beta", "next", "rc"]);
        let table = [
            (Semver, "next", "3.0.0-next.14", "3.0.0-next.15"),
            (Semver, "rc", "3.0.0-next.14", "3.0.0-rc.0"),
            (Semver, "next", "3.0.0-beta.2", "3.0.0-next.0"),
            (Semver, "minor alpha", "0.1.0", "0.2.0-alpha.0"),
            (Semver, "alpha", "1.0.0-alpha", "1.0.0-alpha.0"),
            (Pep440, "alpha", "1.0.0", "1.1.0a0"),
            (
                Semver,
                "alpha",
                "3.0.0-next.1",
                "a version never goes backwards: its prerelease `next` comes after `alpha`",
            ),
        ];
        holds(&policy, &table);
    }

    #[test]
    fn a_number_that_would_overflow_is_refused() {
        let max = u64::MAX;
        let overflow = "the next number does not fit into 64 bits";
        let policy = StagePolicy::default();
        for (words, from) in [
            ("patch", format!("1.0.{max}")),
            ("minor", format!("1.{max}.0")),
            ("major", format!("{max}.0.0")),
            ("alpha", format!("1.{max}.0")),
            ("alpha", format!("1.0.0-alpha.{max}")),
            ("alpha", "1.0.0-alpha.99999999999999999999".to_owned()),
        ] {
            assert_eq!(bumped(Semver, words, &from, &policy), overflow, "{words} from {from}");
        }
        assert_eq!(bumped(Pep440, "alpha", &format!("1.0a{max}.dev1"), &policy), format!("1.0a{max}"));
        assert_eq!(bumped(Semver, "beta", "1.0.0-alpha.99999999999999999999", &policy), "1.0.0-beta.1");
    }

    #[test]
    fn requests_print_as_they_are_typed() {
        let policy = StagePolicy::default();
        for words in ["patch", "minor alpha", "rc", "release"] {
            assert_eq!(request(words, &policy).to_string(), words);
        }
    }
}
