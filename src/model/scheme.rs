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

/// A text that is not a valid version in its scheme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a valid {scheme} version: {reason}")]
pub struct ParseVersionError {
    /// The text as it was found.
    pub text: String,
    /// The scheme in which it was read.
    pub scheme: VersionScheme,
    /// The reason that the parser of the scheme gave.
    pub reason: String,
}

/// A value that a scheme cannot spell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{scheme} has no spelling for {what}")]
pub struct Unspellable {
    /// The scheme that cannot spell it.
    pub scheme: VersionScheme,
    /// The part of the version that it cannot spell.
    pub what: String,
}

/// The three prereleases that both schemes know: SemVer's label and PEP 440's letters.
const SHARED_STAGES: [(&str, &str); 3] = [("alpha", "a"), ("beta", "b"), ("rc", "rc")];

impl VersionScheme {
    /// Reads a version that follows the scheme strictly.
    ///
    /// # Errors
    /// Returns an error if the text is not a valid version of this scheme.
    pub fn parse(self, text: &str) -> Result<Version, ParseVersionError> {
        let parsed = match self {
            Self::Semver => parse_semver(text),
            Self::Pep440 => parse_pep440(text),
        };
        parsed.map_err(|reason| ParseVersionError { text: text.to_owned(), scheme: self, reason })
    }

    /// Reads a version leniently: a SemVer release may lack its patch number (`0.6` is 0.6.0), and a lone number
    /// (`2`) its minor one too. Nothing may follow a lone number: the tag `api-v2-v1.0.0` is the version 1.0.0 of `api-v2`,
    /// not a prerelease of version 2 of `api`.
    ///
    /// # Errors
    /// Returns an error if the text is not even that.
    pub fn parse_lenient(self, text: &str) -> Result<Version, ParseVersionError> {
        self.parse(text).or_else(|error| match self {
            Self::Semver => padded(text).and_then(|full| self.parse(&full).ok()).ok_or(error),
            Self::Pep440 => Err(error),
        })
    }

    /// Writes the value in the canonical spelling of the scheme.
    ///
    /// # Errors
    /// Returns an error if the scheme cannot spell a part of it; nothing is guessed or dropped.
    pub fn render(self, version: &Version) -> Result<String, Unspellable> {
        let text = match self {
            Self::Semver => render_semver(version),
            Self::Pep440 => render_pep440(version),
        };
        text.map_err(|what| Unspellable { scheme: self, what })
    }

    /// Returns what to write instead of a text that is not a valid version of this scheme: the same value, where the text spells one
    /// in the other scheme, else an example.
    #[must_use]
    pub fn remedy(self, text: &str) -> String {
        let other = self.other();
        let meant = other.parse_lenient(text).ok().and_then(|version| self.render(&version).ok());
        match (meant, self) {
            (Some(meant), _) => format!("`{text}` is the spelling of {other}; write `{meant}`"),
            (None, Self::Semver) => "write a SemVer version such as 1.2.3-alpha.1".to_owned(),
            (None, Self::Pep440) => "write a PEP 440 version such as 1.2.3a1".to_owned(),
        }
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
    let build = v.local().iter().map(|segment| local_segment(&segment.to_string())).collect::<Vec<_>>().join(".");
    Ok(Version {
        epoch: v.epoch(),
        release: v.release().to_vec(),
        pre,
        post: v.post(),
        dev: v.dev(),
        build: (!build.is_empty()).then_some(build),
    })
}

/// Writes a segment of a local version in normal form. The parser does that for every number that 64 bits hold.
fn local_segment(segment: &str) -> String {
    let numeric = segment.bytes().all(|b| b.is_ascii_digit());
    match segment.trim_start_matches('0') {
        "" => "0".to_owned(),
        significant if numeric => significant.to_owned(),
        _ => segment.to_owned(),
    }
}

/// Pads a release of one or two numbers to three, whatever follows two.
fn padded(text: &str) -> Option<String> {
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (core, rest) = text.split_at_checked(end)?;
    let dots = core.bytes().filter(|b| *b == b'.').count();
    match dots {
        0 if rest.is_empty() => Some(format!("{core}.0.0")),
        1 => Some(format!("{core}.0{rest}")),
        _ => None,
    }
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

/// A segment of a local version that PEP 440 leaves unchanged: lower case, and no number with a leading zero.
fn is_local_segment(segment: &str) -> bool {
    let numeric = segment.bytes().all(|b| b.is_ascii_digit());
    !segment.is_empty()
        && segment.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && !(numeric && segment.len() > 1 && segment.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::VersionScheme::{self, Pep440, Semver};

    fn canonical(scheme: VersionScheme, text: &str) -> String {
        match scheme.parse(text) {
            Ok(version) => scheme.render(&version).unwrap(),
            Err(_) => "refused".to_owned(),
        }
    }

    #[test]
    fn every_spelling_has_one_canonical_form() {
        let table = [
            (Pep440, "0.2.0-alpha.1", "0.2.0a1"),
            (Pep440, "0.2.0-BETA_2", "0.2.0b2"),
            (Pep440, "0.9.0.rc1", "0.9.0rc1"),
            (Pep440, "0.66b0.dev", "0.66b0.dev0"),
            (Pep440, "0.65b0", "0.65b0"),
            (Pep440, "v1.0", "1.0"),
            (Pep440, " 1.0 ", "1.0"),
            (Pep440, "1.44.0.dev0", "1.44.0.dev0"),
            (Pep440, "1!2.0", "1!2.0"),
            (Pep440, "0!2.0", "2.0"),
            (Pep440, "1.0-1", "1.0.post1"),
            (Pep440, "1.0.r4", "1.0.post4"),
            (Pep440, "1.0.0-alpha", "1.0.0a0"),
            (Pep440, "1.0preview2", "1.0rc2"),
            (Pep440, "01.002", "1.2"),
            (Pep440, "1.0.0.0", "1.0.0.0"),
            (Pep440, "1.0+Ubuntu-1", "1.0+ubuntu.1"),
            (Pep440, "1.0+00099999999999999999999", "1.0+99999999999999999999"),
            (Pep440, "1.0+000", "1.0+0"),
            (Semver, "0.20.4-rc.0", "0.20.4-rc.0"),
            (Semver, "3.0.0-next.14", "3.0.0-next.14"),
            (Semver, "2.0.0+build.5", "2.0.0+build.5"),
            (Semver, "1.0.0-rc0", "1.0.0-rc0"),
            (Semver, "1.0.0-x.7.z.92+exp.sha-5.001", "1.0.0-x.7.z.92+exp.sha-5.001"),
        ];
        for (scheme, text, expected) in table {
            assert_eq!(canonical(scheme, text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        let semver =
            ["", "1", "1.0", "v1.0.0", " 1.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0-a..b", "1.0.0+", "1!1.0.0"];
        let pep440 = [
            "",
            "v",
            "1.",
            "a1",
            "1.0-next.1",
            "1.0-a.1.2",
            "1.0+",
            "1.0+a..b",
            "1.0.*",
            "1.0 0",
            "1.0a1b2",
            "1\u{e9}",
        ];
        for text in semver {
            assert_eq!(canonical(Semver, text), "refused", "{text}");
        }
        for text in pep440 {
            assert_eq!(canonical(Pep440, text), "refused", "{text}");
        }
        let message = Semver.parse("1.0").unwrap_err().to_string();
        assert!(message.starts_with("`1.0` is not a valid SemVer version: "), "{message}");
        let too_big = "99999999999999999999.0.0";
        assert!(Semver.parse(too_big).is_err() && Pep440.parse(too_big).is_err());
    }

    #[test]
    fn one_value_in_both_schemes() {
        let table = [
            ("0.2.0-alpha.1", "0.2.0a1"),
            ("0.2.0-beta.2", "0.2.0b2"),
            ("0.2.0-rc.3", "0.2.0rc3"),
            ("1.2.3", "1.2.3"),
            ("2.0.0+build.5", "2.0.0+build.5"),
        ];
        for (semver, pep440) in table {
            let a = Semver.parse(semver).unwrap();
            let b = Pep440.parse(pep440).unwrap();
            assert_eq!(a, b);
            assert_eq!(Pep440.render(&a).unwrap(), pep440);
            assert_eq!(Semver.render(&b).unwrap(), semver);
        }
        assert_eq!(Semver.render(&Pep440.parse("0.66").unwrap()).unwrap(), "0.66.0");
        assert_eq!(Semver.render(&Pep440.parse("1.2.3.0").unwrap()).unwrap(), "1.2.3");
    }

    #[test]
    fn what_a_scheme_cannot_spell_is_an_error_and_no_guess() {
        let table = [
            (Pep440, "1.0.dev1", "SemVer has no spelling for the development release .dev1"),
            (Pep440, "1.0a1.dev1", "SemVer has no spelling for the development release .dev1"),
            (Pep440, "1.0.post1", "SemVer has no spelling for the post release .post1"),
            (Pep440, "1!1.0", "SemVer has no spelling for the epoch 1!"),
            (Pep440, "1.0.0.1", "SemVer has no spelling for a release of more than three numbers"),
            (Semver, "1.0.0-next.1", "PEP 440 has no spelling for the prerelease label `next.1`"),
            (Semver, "1.0.0-alpha", "PEP 440 has no spelling for the prerelease label `alpha`"),
            (Semver, "1.0.0-rc0", "PEP 440 has no spelling for the prerelease label `rc0`"),
            (Semver, "1.0.0-dev.1", "PEP 440 has no spelling for the prerelease label `dev.1`"),
            (Semver, "1.0.0-1", "PEP 440 has no spelling for the prerelease label `1`"),
            (Semver, "1.0.0-alpha.1.2", "PEP 440 has no spelling for the prerelease label `alpha.1.2`"),
            (Semver, "1.0.0+Upper", "PEP 440 has no spelling for the build metadata `+Upper`"),
            (Semver, "1.0.0+a-b", "PEP 440 has no spelling for the build metadata `+a-b`"),
            (Semver, "1.0.0+007", "PEP 440 has no spelling for the build metadata `+007`"),
        ];
        for (scheme, text, expected) in table {
            let version = scheme.parse(text).unwrap();
            assert_eq!(scheme.other().render(&version).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn the_careless_world_writes_short_releases() {
        let table = [
            ("0.6", Some("0.6.0")),
            ("2", Some("2.0.0")),
            ("0.6-rc.1", Some("0.6.0-rc.1")),
            ("0.6+b", Some("0.6.0+b")),
            ("1.2.3", Some("1.2.3")),
            ("2-v1.0.0", None),
            ("2+b", None),
            ("", None),
            ("1.", None),
            ("1.2.3.4", None),
        ];
        for (text, expected) in table {
            let read = Semver.parse_lenient(text).ok().map(|v| Semver.render(&v).unwrap());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
        assert!(Pep440.parse_lenient("0.6-next.1").is_err());
    }
}
