//! [`VersionScheme`]: how a slot or a tag spells a [`Version`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::version::{Pre, Version};

/// A way to spell a version. Parsing and rendering are inverse for every value that a scheme can spell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VersionScheme {
    /// SemVer 2.0.0: `0.2.0-alpha.1`.
    Semver,
    /// PEP 440: `0.2.0a1`.
    Pep440,
}

/// A text that is no version in its scheme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {scheme} version: {reason}")]
pub struct ParseVersionError {
    /// The text as it was found.
    pub text: String,
    /// The scheme in which it was read.
    pub scheme: VersionScheme,
    /// What the parser of the scheme said.
    pub reason: String,
}

/// A value that a scheme has no words for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{scheme} has no spelling for {what}")]
pub struct Unspellable {
    /// The scheme that cannot spell it.
    pub scheme: VersionScheme,
    /// The part of the version that is the trouble.
    pub what: String,
}

/// The three prereleases that both schemes know: SemVer's label and PEP 440's letters.
const SHARED_STAGES: [(&str, &str); 3] = [("alpha", "a"), ("beta", "b"), ("rc", "rc")];

impl VersionScheme {
    /// Reads a version that is written strictly by the scheme.
    ///
    /// # Errors
    /// Where the text is no version of this scheme.
    pub fn parse(self, text: &str) -> Result<Version, ParseVersionError> {
        let parsed = match self {
            Self::Semver => parse_semver(text),
            Self::Pep440 => parse_pep440(text),
        };
        parsed.map_err(|reason| ParseVersionError { text: text.to_owned(), scheme: self, reason })
    }

    /// Reads a version where the world is careless: a SemVer release may lack its minor or patch number (`0.6` is 0.6.0).
    ///
    /// # Errors
    /// Where the text is not even that.
    pub fn parse_lenient(self, text: &str) -> Result<Version, ParseVersionError> {
        self.parse(text).or_else(|error| match self {
            Self::Semver => padded(text).and_then(|full| self.parse(&full).ok()).ok_or(error),
            Self::Pep440 => Err(error),
        })
    }

    /// Writes the value in the canonical spelling of the scheme.
    ///
    /// # Errors
    /// Where the scheme has no words for a part of it; nothing is guessed or dropped.
    pub fn render(self, version: &Version) -> Result<String, Unspellable> {
        let text = match self {
            Self::Semver => render_semver(version),
            Self::Pep440 => render_pep440(version),
        };
        text.map_err(|what| Unspellable { scheme: self, what })
    }

    /// Returns the other scheme.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Semver => Self::Pep440,
            Self::Pep440 => Self::Semver,
        }
    }

    /// Returns the name that relman.toml uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Semver => "semver",
            Self::Pep440 => "pep440",
        }
    }
}

impl fmt::Display for VersionScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Semver => "SemVer",
            Self::Pep440 => "PEP 440",
        })
    }
}

fn parse_semver(text: &str) -> Result<Version, String> {
    let v = semver::Version::parse(text).map_err(|e| e.to_string())?;
    let build = (!v.build.is_empty()).then(|| v.build.as_str().to_owned());
    Ok(Version { pre: Pre::opaque(&v.pre), build, ..Version::stable(vec![v.major, v.minor, v.patch]) })
}

fn parse_pep440(text: &str) -> Result<Version, String> {
    let v = pep440_rs::Version::from_str(text).map_err(|e| e.to_string())?;
    let pre = match v.pre() {
        None => None,
        Some(p) => {
            let label = match p.kind {
                pep440_rs::PrereleaseKind::Alpha => "alpha",
                pep440_rs::PrereleaseKind::Beta => "beta",
                pep440_rs::PrereleaseKind::Rc => "rc",
            };
            Pre::numbered(label, p.number)
        }
    };
    let build = v.local().iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
    Ok(Version {
        epoch: v.epoch(),
        release: v.release().to_vec(),
        pre,
        post: v.post(),
        dev: v.dev(),
        build: (!build.is_empty()).then_some(build),
    })
}

/// Fills up a release of one or two numbers to three, whatever follows it.
fn padded(text: &str) -> Option<String> {
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (core, rest) = text.split_at_checked(end)?;
    let dots = core.bytes().filter(|b| *b == b'.').count();
    (dots < 2).then(|| format!("{core}{}{rest}", ".0".repeat(2 - dots)))
}

fn render_semver(v: &Version) -> Result<String, String> {
    if v.epoch > 0 {
        return Err(format!("the epoch {}!", v.epoch));
    }
    if let Some(n) = v.post {
        return Err(format!("the post release .post{n}"));
    }
    if let Some(n) = v.dev {
        return Err(format!("the development release .dev{n}"));
    }
    if v.release.iter().skip(3).any(|n| *n != 0) {
        return Err("a release of more than three numbers".to_owned());
    }
    let mut out = format!("{}.{}.{}", v.part(0), v.part(1), v.part(2));
    if let Some(pre) = &v.pre {
        out.push('-');
        out.push_str(pre.as_str());
    }
    if let Some(build) = &v.build {
        out.push('+');
        out.push_str(build);
    }
    Ok(out)
}

fn render_pep440(v: &Version) -> Result<String, String> {
    let mut out = if v.epoch > 0 { format!("{}!", v.epoch) } else { String::new() };
    out.push_str(&v.release.iter().map(u64::to_string).collect::<Vec<_>>().join("."));
    if let Some(pre) = &v.pre {
        let stage = pre.stage();
        let letters = stage.and_then(|(label, n)| {
            let shared = SHARED_STAGES.iter().find(|(name, _)| *name == label)?;
            Some(format!("{}{n}", shared.1))
        });
        out.push_str(&letters.ok_or_else(|| format!("the prerelease label `{}`", pre.as_str()))?);
    }
    if let Some(n) = v.post {
        out.push_str(&format!(".post{n}"));
    }
    if let Some(n) = v.dev {
        out.push_str(&format!(".dev{n}"));
    }
    if let Some(build) = &v.build {
        if !build.split('.').all(is_local_segment) {
            return Err(format!("the build metadata `+{build}`"));
        }
        out.push('+');
        out.push_str(build);
    }
    Ok(out)
}

/// A segment of a local version that PEP 440 keeps as it is: lower case, and no number with a leading zero.
fn is_local_segment(segment: &str) -> bool {
    let numeric = segment.bytes().all(|b| b.is_ascii_digit());
    !segment.is_empty()
        && segment.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && !(numeric && segment.len() > 1 && segment.starts_with('0'))
        && !(numeric && segment.parse::<u64>().is_err())
}
