//! [`Version`]: one value that may be spelled in several schemes.

use std::cmp::Ordering;

/// A version as a value: that which `0.2.0-alpha.1` and `0.2.0a1` have in common.
///
/// Equality and order are those of the value: trailing zeros of the release do not count (`0.6` is `0.6.0`), and the order agrees
/// with SemVer 2.0.0 section 11 on everything that SemVer can spell and with PEP 440 on everything that PEP 440 can spell. Build
/// metadata has no precedence in SemVer; versions that SemVer considers equal are ordered as PEP 440 orders local versions,
/// so that the order is total.
/// Writing a value is the job of [`VersionScheme`](crate::model::VersionScheme).
#[derive(Clone, Debug)]
pub struct Version {
    /// The epoch of PEP 440; 0 by default.
    pub epoch: u64,
    /// The release numbers as written, at least one. Neither padded nor stripped.
    pub release: Vec<u64>,
    /// The prerelease, in SemVer's words: `alpha.1`, `next.14`.
    pub pre: Option<Pre>,
    /// The post release of PEP 440.
    pub post: Option<u64>,
    /// The development release of PEP 440.
    pub dev: Option<u64>,
    /// SemVer's build metadata or PEP 440's local part, without the `+`, segments joined by dots.
    pub build: Option<String>,
}

/// A prerelease, kept as its SemVer text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pre(semver::Prerelease);

impl Pre {
    /// Returns the prerelease `label.number`, or `None` if `label` is not a SemVer identifier.
    #[must_use]
    pub fn numbered(label: &str, number: u64) -> Option<Self> {
        semver::Prerelease::new(&format!("{label}.{number}")).ok().map(Self)
    }

    /// Wraps a prerelease as SemVer wrote it; `None` if it is empty.
    #[must_use]
    pub fn opaque(text: &semver::Prerelease) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.clone()))
    }

    /// Returns the text in SemVer's spelling, without the hyphen.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns label and number of a prerelease of the form `label.number`; `None` for any other form.
    #[must_use]
    pub fn stage(&self) -> Option<(&str, u64)> {
        let (label, number) = self.0.as_str().split_once('.')?;
        let canonical = number == "0" || !number.starts_with('0');
        let plain = !label.is_empty() && !label.bytes().all(|b| b.is_ascii_digit());
        let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        (canonical && plain && digits).then(|| number.parse().ok().map(|n| (label, n))).flatten()
    }
}

impl Version {
    /// Returns the stable version with these release numbers.
    #[must_use]
    pub fn stable(release: Vec<u64>) -> Self {
        Self { epoch: 0, release, pre: None, post: None, dev: None, build: None }
    }

    /// Returns `true` if it is a prerelease or a development release.
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    /// Returns the release number at `index`, 0 if it is not written.
    #[must_use]
    pub fn part(&self, index: usize) -> u64 {
        self.release.get(index).copied().unwrap_or(0)
    }

    /// Returns `true` if both are of one line: releases of it differ in what is behind the second number.
    #[must_use]
    pub fn is_of_line(&self, other: &Self) -> bool {
        (self.epoch, self.part(0), self.part(1)) == (other.epoch, other.part(0), other.part(1))
    }

    fn trimmed(&self) -> &[u64] {
        let end = self.release.iter().rposition(|n| *n != 0).map_or(0, |i| i + 1);
        self.release.get(..end).unwrap_or(&[])
    }

    /// The place of pre, post and dev in the order of PEP 440, whose subset SemVer shares.
    fn phase(&self) -> (Phase<'_>, Option<u64>, DevOrder) {
        let pre = match &self.pre {
            Some(pre) => Phase::Pre(pre),
            None if self.post.is_none() && self.dev.is_some() => Phase::Dev,
            None => Phase::Final,
        };
        (pre, self.post, self.dev.map_or(DevOrder::None, DevOrder::Dev))
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Phase<'a> {
    Dev,
    Pre(&'a Pre),
    Final,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum DevOrder {
    Dev(u64),
    None,
}

/// Orders build segments as PEP 440 orders local ones: numbers above words, none lowest.
fn compare_builds(a: Option<&str>, b: Option<&str>) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let segments = |text: Option<&str>| -> Vec<(bool, usize, String)> {
        text.map(|t| t.split('.').map(build_key).collect()).unwrap_or_default()
    };
    segments(a).cmp(&segments(b))
}

fn build_key(segment: &str) -> (bool, usize, String) {
    let numeric = !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_digit());
    if numeric {
        let digits = segment.trim_start_matches('0');
        (true, digits.len(), digits.to_owned())
    } else {
        (false, 0, segment.to_owned())
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| self.trimmed().cmp(other.trimmed()))
            .then_with(|| self.phase().cmp(&other.phase()))
            .then_with(|| compare_builds(self.build.as_deref(), other.build.as_deref()))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VersionScheme::{self, Pep440, Semver};

    fn ascending(scheme: VersionScheme, texts: &[&str]) {
        let versions: Vec<Version> = texts.iter().map(|t| scheme.parse(t).unwrap()).collect();
        for (i, a) in versions.iter().enumerate() {
            for (j, b) in versions.iter().enumerate() {
                assert_eq!(a.cmp(b), i.cmp(&j), "{} and {}", texts[i], texts[j]);
                assert_eq!(a == b, i == j);
            }
        }
    }

    #[test]
    fn the_order_of_semver() {
        ascending(
            Semver,
            &[
                "0.9.0",
                "1.0.0-1",
                "1.0.0-9",
                "1.0.0-99999999999999999999",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-next.14",
                "1.0.0-rc.1",
                "1.0.0-rc0",
                "1.0.0",
                "1.0.0+build",
                "1.0.0+5",
                "1.0.1-a",
            ],
        );
    }

    #[test]
    fn the_order_of_pep_440() {
        ascending(
            Pep440,
            &[
                "0.65b0",
                "0.65b1",
                "0.66b0.dev",
                "0.66",
                "1.0.dev1",
                "1.0.dev2",
                "1.0a1.dev1",
                "1.0a1",
                "1.0a1.post1.dev1",
                "1.0a1.post1",
                "1.0a2",
                "1.0b1",
                "1.0rc1",
                "1.0",
                "1.0+abc",
                "1.0+abc.1",
                "1.0+abd",
                "1.0+5",
                "1.0+5.a",
                "1.0+10",
                "1.0.post1.dev1",
                "1.0.post1",
                "1.0.1",
                "1!0.1",
            ],
        );
    }

    #[test]
    fn values_are_compared_and_not_strings() {
        let same = [
            (Semver, "0.6.0", Pep440, "0.6"),
            (Semver, "0.0.0", Pep440, "0"),
            (Pep440, "1.0", Pep440, "1.0.0.0"),
            (Semver, "0.2.0-alpha.1", Pep440, "0.2.0a1"),
            (Semver, "1.0.0+01", Semver, "1.0.0+1"),
        ];
        for (s, a, t, b) in same {
            assert_eq!(s.parse(a).unwrap(), t.parse(b).unwrap(), "{a} {b}");
        }
        let differ = [
            (Semver, "1.0.0-alpha", Pep440, "1.0.0-alpha"),
            (Semver, "1.0.0-1", Pep440, "1.0.0-1"),
            (Semver, "1.0.0-rc0", Pep440, "1.0.0-rc0"),
            (Semver, "1.0.0-dev.1", Pep440, "1.0.0.dev1"),
        ];
        for (s, a, t, b) in differ {
            assert_ne!(s.parse(a).unwrap(), t.parse(b).unwrap(), "{a} {b}");
        }
    }

    #[test]
    fn prereleases_tell_label_and_number() {
        let table = [
            ("alpha.1", Some(("alpha", 1))),
            ("next.0", Some(("next", 0))),
            ("alpha", None),
            ("rc0", None),
            ("1.2", None),
            ("alpha.b", None),
            ("alpha.1.2", None),
            ("alpha.99999999999999999999", None),
        ];
        for (text, expected) in table {
            let version = Semver.parse(&format!("1.0.0-{text}")).unwrap();
            assert_eq!(version.pre.unwrap().stage(), expected, "{text}");
        }
        assert!(Pre::numbered("no label", 1).is_none() && Pre::numbered("", 1).is_none());
    }

    #[test]
    fn parts_and_prereleases() {
        let table = [(Pep440, "0.65", false), (Pep440, "0.65.dev1", true), (Pep440, "0.65.post1", false)];
        for (scheme, text, pre) in table {
            let version = scheme.parse(text).unwrap();
            assert_eq!(version.is_prerelease(), pre, "{text}");
            assert_eq!([version.part(0), version.part(1), version.part(2)], [0, 65, 0]);
        }
    }
}
