//! [`VersionGlobs`]: the versions for which an entry of relman.toml counts.

use super::globs::read_globs;
use super::reader::TableReader;
use super::{GlobError, NameGlob};
use crate::model::{Version, VersionScheme};

/// Globs of versions; the last one that matches decides, and `!` excludes. By default, every version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionGlobs(Option<Vec<VersionGlob>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct VersionGlob {
    negated: bool,
    glob: NameGlob,
}

impl VersionGlob {
    fn new(text: &str) -> Result<Self, GlobError> {
        let (negated, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        Ok(Self { negated, glob: NameGlob::of_names(text)? })
    }

    fn is_match(&self, version: &str, is_prerelease: bool) -> bool {
        // `*.*.0` means a new minor version, which 0.2.0-alpha.0 is not yet.
        let pattern = self.glob.as_str();
        let takes = !is_prerelease || pattern.contains('-') || pattern.ends_with('*');
        takes && self.glob.matcher().is_match(version)
    }
}

impl VersionGlobs {
    /// Returns `true` if the version is one of them.
    ///
    /// The globs see the spelling of SemVer where it has one, so that `*-*` matches the prereleases of any scheme.
    #[must_use]
    pub fn is_match(&self, version: &Version) -> bool {
        let Some(globs) = &self.0 else { return true };
        let schemes = [VersionScheme::Semver, VersionScheme::Pep440];
        let Some(text) = schemes.into_iter().find_map(|scheme| scheme.render(version).ok()) else { return false };
        let last = globs.iter().rev().find(|glob| glob.is_match(&text, version.is_prerelease()));
        last.is_some_and(|glob| !glob.negated)
    }

    /// Reads the key `versions`.
    pub(super) fn read(reader: &mut TableReader<'_>) -> Self {
        let Some(globs) = read_globs(reader, "versions", VersionGlob::new) else { return Self(None) };
        if globs.value.iter().all(|glob| glob.negated) {
            let help = "write what counts first, as in versions = [\"*\", \"!*-*\"]";
            reader.problems().add(globs.span, "`versions` does not match any version", help);
        }
        Self(Some(globs.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_glob_that_matches_decides() {
        let cases: [(&[&str], VersionScheme, &str, bool); 13] = [
            (&["*.*.0"], VersionScheme::Semver, "0.2.0", true),
            (&["*.*.0"], VersionScheme::Semver, "0.2.1", false),
            (&["*.*.0"], VersionScheme::Semver, "0.2.0-alpha.0", false),
            (&["*.*.0-*"], VersionScheme::Semver, "0.2.0-alpha.1", true),
            (&["*", "!*-*"], VersionScheme::Semver, "0.2.0", true),
            (&["*", "!*-*"], VersionScheme::Semver, "0.2.0-alpha.1", false),
            (&["*", "!*-*"], VersionScheme::Pep440, "0.2.0a1", false),
            (&["*", "!*-*", "*-rc.*"], VersionScheme::Pep440, "0.2.0rc1", true),
            (&["0.*"], VersionScheme::Semver, "0.2.0-alpha.1", true),
            (&["0.*"], VersionScheme::Semver, "1.2.0", false),
            (&["*"], VersionScheme::Pep440, "1.0.post1", true),
            (&["1.0.post*"], VersionScheme::Pep440, "1.0.post1", true),
            (&[], VersionScheme::Semver, "1.0.0", false),
        ];
        for (globs, scheme, version, expected) in cases {
            let read = VersionGlobs(Some(globs.iter().map(|glob| VersionGlob::new(glob).unwrap()).collect()));
            assert_eq!(read.is_match(&scheme.parse(version).unwrap()), expected, "{globs:?} on {version}");
        }
        assert!(VersionGlobs::default().is_match(&VersionScheme::Semver.parse("1.0.0").unwrap()));
    }
}
