//! The version specifiers of PEP 440, read by `pep440_rs`. Bounds decide, prereleases included.
//!
//! Two things are mended here, for the crate's version 0.7 does otherwise than PEP 440: `<1.0a2` admits 1.0a1, for "unless the
//! specified version is itself a pre-release"; and a prefix match pads a shorter version with zeros, so that `==1.2.*` does not admit 1.

use std::str::FromStr;

use pep440_rs::{Operator, Version, VersionSpecifier};

use super::RequirementError;
use super::comparator::Requirement;
use super::facts::Facts;
use super::grammar::{GREATER, GREATER_EQUAL, Grammar, LESS, LESS_EQUAL};
use super::op::Op;

pub(super) const FACTS: Facts = Facts::python(&GRAMMAR, admits);

const GRAMMAR: Grammar = Grammar {
    name: "version specifier of PEP 440",
    operators: &[
        ("==", Op::Equal),
        ("===", Op::Arbitrary),
        ("!=", Op::NotEqual),
        ("~=", Op::Compatible),
        LESS,
        LESS_EQUAL,
        GREATER,
        GREATER_EQUAL,
    ],
    wild: &['*'],
    anything: &[""],
    comma: true,
    python: true,
    ..Grammar::VERSION
};

/// Returns `true` if the specifiers admit the version, all of them.
///
/// # Errors
/// Returns an error if one of them is none of PEP 440.
fn admits(specifiers: &Requirement<'_>, version: &Version) -> Result<bool, RequirementError> {
    let mut admitted = true;
    for comparator in specifiers.alternatives.iter().flat_map(|a| &a.comparators) {
        admitted &= specifier_admits(&comparator.alone(specifiers.text), version)
            .map_err(|reason| specifiers.unreadable(Some(comparator.span.start), reason))?;
    }
    Ok(admitted)
}

/// Returns `true` if one specifier admits the version.
///
/// # Errors
/// Returns what the parser reported for a text that is not a specifier.
pub(super) fn specifier_admits(text: &str, version: &Version) -> Result<bool, String> {
    let specifier = VersionSpecifier::from_str(text).map_err(|e| e.to_string())?;
    let bound = specifier.version();
    let padded = padded(version, bound.release().len());
    Ok(match specifier.operator() {
        Operator::ExactEqual => specifier.contains(version),
        Operator::LessThan => {
            let public = padded.without_local();
            let same = public.epoch() == bound.epoch() && trimmed_release(&public) == trimmed_release(bound);
            public < *bound && (bound.any_prerelease() || !(same && public.any_prerelease()))
        }
        _ => specifier.contains(&padded),
    })
}

fn padded(version: &Version, length: usize) -> Version {
    let missing = length.saturating_sub(version.release().len());
    let release = version.release().iter().copied().chain(std::iter::repeat_n(0, missing));
    version.clone().with_release(release)
}

/// The release without the zeros at its end, which mean nothing.
fn trimmed_release(version: &Version) -> &[u64] {
    let release = version.release();
    let end = release.iter().rposition(|n| *n != 0).map_or(0, |i| i + 1);
    release.get(..end).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use crate::manifest::RequirementSyntax;
    use crate::manifest::requirement::rewrite::Reach;
    use crate::manifest::requirement::table::{admitted, refused, rows};

    #[test]
    fn admits() {
        admitted(
            RequirementSyntax::Pep440,
            &[
                (">=0.1.0a0,<1", "0.4.0b1", true),
                ("<1", "1.0a1", false),
                ("<1", "0.9b1", true),
                ("<1.0a2", "1.0a1", true),
                ("==1.2.*", "1", false),
                ("==1.2.*", "1.2.3a1", true),
                ("~=1.2", "1", false),
                ("~=0.1.0", "0.1.9", true),
                ("~=0.1.0", "0.2.0", false),
                ("===1.0", "1.0", true),
                ("===1.0", "1.0.0", false),
                ("!=0.2.0", "0.2", false),
                (">1.0", "1.0.post1", false),
                (">=1.0", "1.0.post1", true),
                ("==1.0", "1.0+local.1", true),
                ("", "7", true),
                ("==1!2.*", "2.0", false),
                ("==0.65b0", "0.65.0b0", true),
            ],
        );
    }

    #[test]
    fn widen_to_admit() {
        rows(
            RequirementSyntax::Pep440,
            Reach::AsNeeded,
            &[
                ("~=0.1.0", "0.2.0", "~=0.2.0"),
                ("~=0.1", "1.2.3", "~=1.2"),
                ("==0.1.0", "0.2.0", "==0.2.0"),
                ("==0.1.0", "0.2", "==0.2.0"),
                ("== 0.1", "0.2.1", "== 0.2.1"),
                ("==0.1.*", "0.3.0a1", "==0.3.*"),
                (">=0.1.0,<0.2", "0.2.0", ">=0.1.0,<0.3"),
                (">=0.1.0, <0.2", "0.2.0a1", ">=0.1.0, <0.3"),
                (">=0.1.0a0,<1", "0.4.0b1", ">=0.1.0a0,<1"),
                (">=0.1.0a0,<1", "1.0.0a1", ">=0.1.0a0,<2"),
                ("<1", "1.0.0", "<2"),
                ("<0.2.0", "0.2.3", "<0.3.0"),
                ("<2.0.0", "2.1.0", "<3.0.0"),
                ("<0.2.0.dev0", "0.2.0", "<0.3.0.dev0"),
                ("<0.2.0a0", "0.2.0a1", "<0.3.0a0"),
                ("<1.0a2", "1.0a2", "<1.0a3"),
                ("<=0.1.5", "0.2.0", "<=0.2.0"),
                ("<=0.1", "0.2.3", "<=0.2.3"),
                (">=0.5", "0.4.2", ">=0.4"),
                (">=0.2.0", "0.2.0a1", ">=0.2.0a1"),
                (">=0.2", "0.2.0a1", ">=0.2a1"),
                ("~=0.2", "1.0.0a1", "~=1.0a1"),
                ("==0.1.0", "0.2.0-alpha.1", "==0.2.0a1"),
                ("==0.1", "0.65b0", "==0.65b0"),
                ("===0.1.0", "0.2", "===0.2"),
                ("=== v0.1.0", "0.2.0", "=== 0.2.0"),
                ("!=0.1.0,<0.2", "0.2.0", "!=0.1.0,<0.3"),
                ("==0.1.0", "1!0.2.0", "==1!0.2.0"),
                ("<1", "1!0.2.0", "<1!1"),
                ("==0.1.0", "0.1.0.post1", "==0.1.0.post1"),
                (">0.1.0", "0.1.0.post1", ">=0.1.0"),
                ("==1.0+ubuntu.1", "1.0+ubuntu.2", "==1.0"),
                ("~=0.1.0,", "0.2.0", "~=0.2.0,"),
                ("==v0.1.0", "0.2.0", "==v0.2.0"),
                ("==1.44.0.dev0", "1.44.0.dev1", "==1.44.0.dev1"),
                ("~=1.2.3.4", "2.0", "~=2.0.0.0"),
            ],
        );
    }

    #[test]
    fn bump_lower_bound() {
        rows(
            RequirementSyntax::Pep440,
            Reach::LowerBound,
            &[
                ("~=0.2", "0.2.5", "~=0.2"),
                ("~=0.2.1", "0.2.5", "~=0.2.5"),
                ("==0.2.1", "0.2.5", "==0.2.5"),
                (">=0.1.0,<1", "0.4.0", ">=0.4.0,<1"),
                (">= 0.1 , < 0.3", "0.3.0", ">= 0.3 , < 0.4"),
                ("<1", "0.5", "<1"),
                (">=0.1.0a1", "0.1.0a3", ">=0.1.0a3"),
                (">=0.1.0a1", "0.1.0", ">=0.1.0"),
                ("==0.1.*", "0.2.0", "==0.2.*"),
                ("", "1.0", ""),
                ("!=0.1.0", "0.2.0", "!=0.1.0"),
            ],
        );
    }

    #[test]
    fn refusals() {
        refused(
            RequirementSyntax::Pep440,
            &[
                ("!=0.2.0", "0.2.0", "`!=0.2.0` excludes it"),
                (">=0.1,!=0.2.*", "0.2.1", "`!=0.2.*` excludes it"),
                ("^1.0", "1.0.0", "unexpected operator"),
                ("1.0", "1.0", "expected an operator"),
                ("~=1", "1.0", "~="),
                (">=1.0.*", "1.0", "wildcard"),
                ("==0.1.0", "1.0.0-nightly.3", "no spelling"),
                ("<18446744073709551615", "18446744073709551615", "no change of its numbers"),
            ],
        );
    }
}
