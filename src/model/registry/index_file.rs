//! [`IndexFile`]: a file of a Python project, and the version that its name holds.

use crate::model::{Ecosystem, RegistryName};

/// Ends of the names of source distributions; the first is the one of PEP 625, the others are of older ones.
const SDIST_ENDS: [&str; 5] = [".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz"];

/// A file of a Python project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexFile {
    /// Its name.
    pub name: String,
    /// The version in its name, as it is written there; `None` if the name is not that of a file of the project.
    pub version: Option<String>,
    /// What it is.
    pub kind: IndexFileKind,
    /// Whether it was yanked (PEP 592), so that only those who name its version get it.
    pub is_yanked: bool,
    /// Whether the index links to attestations of it (PEP 740).
    pub is_attested: bool,
}

/// What a file of a Python project is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IndexFileKind {
    /// A source distribution.
    Sdist,
    /// A built one.
    Wheel,
    /// An egg, an installer, a signature.
    Other,
}

impl IndexFile {
    /// Returns a file of a project, with what its name says (PEP 427, PEP 625).
    #[must_use]
    pub fn of(project: &str, name: &str, is_yanked: bool, is_attested: bool) -> Self {
        let (kind, version) = if let Some(stem) = name.strip_suffix(".whl") {
            (IndexFileKind::Wheel, wheel_version(project, stem))
        } else if let Some(stem) = SDIST_ENDS.iter().find_map(|end| name.strip_suffix(end)) {
            (IndexFileKind::Sdist, sdist_version(project, stem))
        } else {
            (IndexFileKind::Other, None)
        };
        Self { name: name.to_owned(), version: version.map(str::to_owned), kind, is_yanked, is_attested }
    }
}

/// `DISTRIBUTION-VERSION[-BUILD]-PYTHON-ABI-PLATFORM`, none of which has a hyphen.
fn wheel_version<'a>(project: &str, stem: &'a str) -> Option<&'a str> {
    let mut parts = stem.split('-');
    let (distribution, version) = (parts.next()?, parts.next()?);
    let is_wheel = matches!(parts.count(), 3 | 4) && is_same_project(distribution, project);
    is_wheel.then_some(version)
}

/// `NAME-VERSION`. In names that older tools wrote, both may have hyphens: the project decides where the version begins.
fn sdist_version<'a>(project: &str, stem: &'a str) -> Option<&'a str> {
    let mut parts = stem.match_indices('-').map(|(at, _)| stem.split_at(at));
    let (_, version) = parts.find(|(name, _)| is_same_project(name, project))?;
    version.strip_prefix('-').filter(|version| version.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_same_project(one: &str, other: &str) -> bool {
    let normal = |name| RegistryName::new(Ecosystem::Python, name);
    normal(one) == normal(other)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::IndexFileKind::{Other, Sdist, Wheel};
    use super::*;

    proptest! {
        #[test]
        fn a_version_is_found_in_every_spelling_of_the_name(
            parts in prop::collection::vec("[a-zA-Z][a-zA-Z0-9]{0,4}", 1..4),
            separator in "[-_.]{1,2}",
            version in r"[0-9]{1,2}(\.[0-9]){0,2}((a|b|rc|\.post|\.dev)[0-9])?(\+[a-z0-9]{1,3})?",
        ) {
            let (project, spelled) = (parts.join("-"), parts.join(&separator));
            let sdist = IndexFile::of(&project, &format!("{spelled}-{version}.tar.gz"), false, false);
            prop_assert_eq!((sdist.kind, sdist.version.as_ref()), (Sdist, Some(&version)));
            let wheel = format!("{}-{version}-py3-none-any.whl", parts.join("_").to_lowercase());
            let wheel = IndexFile::of(&spelled, &wheel, false, false);
            prop_assert_eq!((wheel.kind, wheel.version.as_ref()), (Wheel, Some(&version)));
        }
    }

    #[test]
    fn names_hold_versions() {
        let table = [
            ("trueppm_scheduler-0.3.0a1.tar.gz", Sdist, Some("0.3.0a1")),
            ("trueppm-scheduler-0.3.0a1.tar.gz", Sdist, Some("0.3.0a1")),
            ("TruePPM.Scheduler-1.0-1.zip", Sdist, Some("1.0-1")),
            ("trueppm_scheduler-1.0+local.1.tar.gz", Sdist, Some("1.0+local.1")),
            ("trueppm_scheduler_extra-1.0.tar.gz", Sdist, None),
            ("trueppm_scheduler-extra-1.0.tar.gz", Sdist, None),
            ("trueppm_scheduler.tar.gz", Sdist, None),
            ("trueppm_scheduler-0.3.0a1-py3-none-any.whl", Wheel, Some("0.3.0a1")),
            ("trueppm_scheduler-1!2.0-7-cp312-abi3-manylinux_2_28_x86_64.whl", Wheel, Some("1!2.0")),
            ("trueppm-scheduler-1.0-py3-none-any.whl", Wheel, None),
            ("trueppm_scheduler-1.0-any.whl", Wheel, None),
            ("other-1.0-py3-none-any.whl", Wheel, None),
            ("trueppm_scheduler-1.0.tar.gz.asc", Other, None),
            ("trueppm_scheduler-1.0-py2.7.egg", Other, None),
            ("", Other, None),
        ];
        for (name, kind, version) in table {
            let file = IndexFile::of("Trueppm-scheduler", name, false, true);
            assert_eq!((file.kind, file.version.as_deref()), (kind, version), "{name}");
        }
    }
}
