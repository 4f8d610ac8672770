//! Requirements: whether one admits a version, and the smallest change of its text that makes it do so.
//!
//! A requirement is kept in its own notation: operators, blanks, order, the number of components and every comparator that needs no
//! change stay to the byte. `comparator` finds the operators and versions of every notation, the file of each notation (`cargo`,
//! `npm`, `pep440`, `poetry`, `chart`, `composer`, `go`) says what is admitted, `form` proposes new texts and `rewrite` takes the
//! first one that is admitted. `notation` is the table of them all. A rewritten requirement is read and tested again before it is returned.
//!
//! ```text
//! widened(Notation::Pep440, ">=0.1.0,<0.2", 0.2.0)  ->  ">=0.1.0,<0.3"
//! raised(Notation::Npm, "^0.2.1", 0.2.5)            ->  "^0.2.5"
//! ```

mod cargo;
mod chart;
mod comparator;
mod composer;
mod dart;
mod error;
mod exact;
mod facts;
mod form;
mod go;
mod grammar;
#[cfg(test)]
mod laws;
mod notation;
mod npm;
mod op;
mod pep440;
mod poetry;
mod rewrite;
mod subject;
#[cfg(test)]
mod table;
mod written;

pub use error::RequirementError;
pub use notation::RequirementSyntax;

use comparator::{Comparator, Requirement};
use op::Op;
use rewrite::{Reach, Rewriter};
use subject::Subject;

use crate::model::{Version, VersionScheme};

/// Returns `true` if `requirement` admits the version, by the rules of its notation, those for prereleases included.
///
/// Build metadata counts only where the tools of the notation compare it: for PEP 440 where the requirement writes some, and for
/// [`RequirementSyntax::Exact`].
///
/// # Errors
/// Returns an error if the requirement cannot be read, or its notation has no words for the version.
pub fn admits(notation: RequirementSyntax, requirement: &str, version: &Version) -> Result<bool, RequirementError> {
    let facts = notation.facts();
    let read = Requirement::scan(facts.grammar, requirement)?;
    Subject::new(facts, version)?.is_admitted_by(&read)
}

/// Returns the version that an exact requirement names; `None` if the requirement admits others, or cannot be read.
#[must_use]
pub fn exact_version(notation: RequirementSyntax, requirement: &str) -> Option<Version> {
    let text = requirement.trim();
    let bare = text.trim_start_matches(if notation == RequirementSyntax::Go { 'v' } else { '=' });
    let (scheme, needs_operator) = match notation {
        RequirementSyntax::Pep440 => (VersionScheme::Pep440, true),
        RequirementSyntax::Poetry => (VersionScheme::Pep440, false),
        RequirementSyntax::Cargo => (VersionScheme::Semver, true),
        _ => (VersionScheme::Semver, false),
    };
    let version = scheme.parse(bare.trim_start()).ok()?;
    let is_exact = !needs_operator || bare.len() < text.len();
    (is_exact && admits(notation, requirement, &version) == Ok(true)).then_some(version)
}

/// Returns `true` if one of the bounds of a requirement, upper ones aside, names this version with all its numbers: `^7.2.3` and 7.2.3,
/// `== 1.44.0.dev` and 1.44.0.dev0, but not `^7.2` and 7.2.0, which names all of 7.2. An exact requirement of PEP 440 may leave out zeros.
#[must_use]
pub fn names_version(notation: RequirementSyntax, requirement: &str, version: &Version) -> bool {
    let facts = notation.facts();
    let Ok(read) = Requirement::scan(facts.grammar, requirement) else { return false };
    let numbers = if facts.scheme == VersionScheme::Semver { 3 } else { version.release.len() };
    let names = |comparator: &Comparator| {
        let written = &comparator.version;
        let is_whole = match comparator.op {
            Op::Less | Op::LessEqual | Op::NotEqual => false,
            Op::Equal | Op::Arbitrary if facts.scheme == VersionScheme::Pep440 => true,
            _ => written.numbers.len() >= numbers,
        };
        let text = written.span.of(requirement).and_then(|text| text.strip_prefix(written.prefix.as_str()));
        let value = || facts.scheme.parse(text.unwrap_or("")).ok();
        is_whole && !written.is_wild() && value().as_ref() == Some(version)
    };
    read.alternatives.iter().flat_map(|alternative| &alternative.comparators).any(names)
}

/// A version that a requirement is to admit.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'v> {
    /// The version.
    pub version: &'v Version,
    /// How it is to be spelled, and the scheme of that spelling, where that is not the canonical one. Other schemes do not use it.
    pub typed: Option<(&'v str, VersionScheme)>,
}

impl<'v> From<&'v Version> for Wanted<'v> {
    fn from(version: &'v Version) -> Self {
        Self { version, typed: None }
    }
}

/// Returns the requirement, changed only as far as needed for it to admit the wanted version; unchanged where it does so already.
///
/// A comparator whose numbers keep the version out takes the version, with as many components as it has (`^0.2` becomes `^0.3`),
/// or more where so few cannot carry it (`^0.3.0-alpha.1`). An upper bound moves to the next value of the component that it names:
/// its last one, zeros at the end aside (`<0.2.0` becomes `<0.3.0`). A lower bound above the version moves down to it. Where no
/// alternative of several admits the version, the last one is appended once more, rewritten.
///
/// # Errors
/// Returns an error if the requirement cannot be read, its notation has no words for the version, or no such change was found.
pub fn widen_to_admit<'v>(
    notation: RequirementSyntax,
    requirement: &str,
    wanted: impl Into<Wanted<'v>>,
) -> Result<String, RequirementError> {
    rewritten(notation, requirement, wanted.into(), Reach::AsNeeded)
}

/// Returns the requirement, moved so that its lower bound is the version, in the same notation and with as many components.
///
/// Upper bounds move only as far as needed, and a requirement that has no other ones is [`widen_to_admit`]. Of several alternatives the
/// last one that admits the version is moved. `>` becomes `>=`, and a prerelease `-0`, which lets prereleases in, stays.
///
/// # Errors
/// Returns an error if the requirement cannot be read, its notation has no words for the version, or no such change was found.
pub fn bump_lower_bound<'v>(
    notation: RequirementSyntax,
    requirement: &str,
    wanted: impl Into<Wanted<'v>>,
) -> Result<String, RequirementError> {
    rewritten(notation, requirement, wanted.into(), Reach::LowerBound)
}

fn rewritten(
    notation: RequirementSyntax,
    requirement: &str,
    wanted: Wanted<'_>,
    reach: Reach,
) -> Result<String, RequirementError> {
    let facts = notation.facts();
    let read = Requirement::scan(facts.grammar, requirement)?;
    let admitted = Subject::new(facts, wanted.version)?.is_admitted_by(&read)?;
    if admitted && reach == Reach::AsNeeded {
        return Ok(requirement.to_owned());
    }
    Rewriter::new(facts, &read, wanted, reach)?.rewritten()
}

#[cfg(test)]
mod tests {
    use super::table::version;
    use super::*;

    #[test]
    fn exact_versions_are_equal_or_replaced() {
        let rows = [("0.1.0", "0.1.0", "0.1.0"), ("0.1.0", "0.2.0+b.1", "0.2.0+b.1"), ("0.1.0+a", "0.1.0", "0.1.0")];
        for (requirement, new, expected) in rows {
            let new = version(new);
            assert_eq!(
                admits(RequirementSyntax::Exact, requirement, &new),
                Ok(requirement == expected),
                "{requirement}"
            );
            assert_eq!(widen_to_admit(RequirementSyntax::Exact, requirement, &new).as_deref(), Ok(expected));
            assert_eq!(bump_lower_bound(RequirementSyntax::Exact, requirement, &new).as_deref(), Ok(expected));
        }
        assert!(admits(RequirementSyntax::Exact, "^0.1", &version("0.1.0")).is_err());
        assert!(widen_to_admit(RequirementSyntax::Exact, &"1".repeat(1_000_000), &version("0.1.0")).is_err());
        assert!(widen_to_admit(RequirementSyntax::Exact, "0.1.0", &version("0.1.0.dev1")).is_err());
    }

    #[test]
    fn exact_requirements_name_their_version() {
        use RequirementSyntax::{Cargo, Chart, Go, Npm, Pep440, Poetry};
        let exact = [
            (Pep440, "==0.4.0"),
            (Pep440, "=== 0.4.0"),
            (Poetry, "0.4.0"),
            (Poetry, "==0.4.0"),
            (Npm, "0.4.0"),
            (Npm, "=0.4.0"),
            (Cargo, "=0.4.0"),
            (Chart, "0.4.0"),
            (Go, "v0.4.0"),
        ];
        for (notation, requirement) in exact {
            assert_eq!(exact_version(notation, requirement), Some(version("0.4.0")), "{requirement}");
        }
        let others = [
            (Pep440, "==0.4.*"),
            (Pep440, ">=0.4.0"),
            (Pep440, "==0.4.0,<1"),
            (Pep440, ""),
            (Cargo, "0.4.0"),
            (Npm, "^0.4.0"),
            (Npm, "0.4"),
            (Npm, "latest"),
        ];
        for (notation, requirement) in others {
            assert_eq!(exact_version(notation, requirement), None, "{requirement}");
        }
    }

    #[test]
    fn the_version_that_a_requirement_names() {
        use RequirementSyntax::{Cargo, Chart, Npm, Pep440, Poetry};
        let rows = [
            (Npm, "^7.2.3", "7.2.3", true),
            (Npm, "7.2.3", "7.2.3", true),
            (Npm, "~v7.2.3", "7.2.3", true),
            (Npm, "^6.0.0 || ^7.2.3", "7.2.3", true),
            (Npm, ">=7.2.3 <8", "7.2.3", true),
            (Npm, "^7.2.2", "7.2.3", false),
            (Npm, "^7.2", "7.2.0", false),
            (Npm, "7.x", "7.0.0", false),
            (Npm, "<8.0.0", "8.0.0", false),
            (Npm, "^7.2.3-next.1", "7.2.3", false),
            (Npm, "^7.2.3-next.1", "7.2.3-next.1", true),
            (Npm, "*", "7.2.3", false),
            (Npm, "latest", "7.2.3", false),
            (Cargo, "1.0.0", "1.0.0", true),
            (Cargo, "=1.0.0", "1.0.0", true),
            (Cargo, "1", "1.0.0", false),
            (Pep440, "== 1.44.0.dev", "1.44.0.dev0", true),
            (Pep440, "==1.44.0", "1.44", true),
            (Pep440, "==1.44", "1.44.0", true),
            (Pep440, "~=1.44", "1.44.0", false),
            (Pep440, "~=1.44", "1.44", true),
            (Pep440, "==1.44.*", "1.44.0", false),
            (Pep440, "!=1.44.0", "1.44.0", false),
            (Pep440, ">=1.44.0,<2", "1.44.0", true),
            (Poetry, "^1.44.0", "1.44.0", true),
            (Chart, "~1.2.3", "1.2.3", true),
        ];
        for (notation, requirement, text, expected) in rows {
            assert_eq!(names_version(notation, requirement, &version(text)), expected, "{requirement} at {text}");
        }
    }

    #[test]
    fn a_version_without_a_spelling_is_named() {
        for notation in
            [RequirementSyntax::Cargo, RequirementSyntax::Npm, RequirementSyntax::Chart, RequirementSyntax::Exact]
        {
            let error = widen_to_admit(notation, "1.0.0", &version("1.0.0.post1")).unwrap_err();
            assert_eq!(error.to_string(), "SemVer has no spelling for the post release .post1");
        }
        let large = version("1.0.9007199254740993");
        let error = admits(RequirementSyntax::Npm, "^1.0.0", &large).unwrap_err().to_string();
        assert!(error.contains("npm does not read"), "{error}");
        assert_eq!(widen_to_admit(RequirementSyntax::Cargo, "=1.0.0", &large).as_deref(), Ok("=1.0.9007199254740993"));
    }
}
