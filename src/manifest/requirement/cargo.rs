//! Cargo's requirements, as the `semver` crate reads and matches them.
//!
//! A prerelease is admitted only where a comparator names a prerelease of the same three numbers.

use semver::VersionReq;

use super::RequirementError;
use super::comparator::Requirement;
use super::facts::Facts;
use super::grammar::{GREATER, GREATER_EQUAL, Grammar, LESS, LESS_EQUAL};
use super::op::Op;

pub(super) const FACTS: Facts = Facts { partial_is_wild: false, ..Facts::semver(&GRAMMAR, admits) };

const GRAMMAR: Grammar = Grammar {
    name: "requirement of Cargo",
    operators: &[
        ("", Op::Bare),
        ("=", Op::Equal),
        ("^", Op::Caret),
        ("~", Op::Tilde),
        LESS,
        LESS_EQUAL,
        GREATER,
        GREATER_EQUAL,
    ],
    wild: Grammar::ANY_X,
    comma: true,
    ..Grammar::VERSION
};

/// Returns `true` if the requirement admits the version.
///
/// # Errors
/// Returns an error if Cargo would not read it.
fn admits(requirement: &Requirement<'_>, version: &semver::Version) -> Result<bool, RequirementError> {
    let read = VersionReq::parse(requirement.text).map_err(|e| requirement.unreadable(None, e.to_string()))?;
    Ok(read.matches(version))
}

#[cfg(test)]
mod tests {
    use crate::manifest::RequirementSyntax;
    use crate::manifest::requirement::rewrite::Reach;
    use crate::manifest::requirement::table::{admitted, refused, rows};

    #[test]
    fn admits() {
        admitted(
            RequirementSyntax::Cargo,
            &[
                ("^0.2", "0.2.5", true),
                ("^0.2", "0.3.0", false),
                ("^0.2.0", "0.2.0-alpha.1", false),
                ("^0.2.0-alpha.1", "0.2.0-beta.1", true),
                ("^0.2.0-alpha.1", "0.2.1-alpha.1", false),
                ("*", "0.3.0-alpha.1", false),
                ("*", "7.0.0", true),
                ("0.1.*", "0.1.9", true),
                ("=0.2", "0.2.7", true),
                (">=0.1.0-alpha.1, <1", "0.1.0-beta.1", true),
                (">=0.1, <1", "0.2.0+build.5", true),
            ],
        );
    }

    #[test]
    fn widen_to_admit() {
        rows(
            RequirementSyntax::Cargo,
            Reach::AsNeeded,
            &[
                ("^0.2", "0.3.1", "^0.3"),
                ("^0.2", "0.3.0-alpha.1", "^0.3.0-alpha.1"),
                ("0.2", "0.3.0-alpha.1", "0.3.0-alpha.1"),
                ("0.2.0", "0.2.0-alpha.1", "0.2.0-alpha.1"),
                ("=0.1.0", "0.2.0", "=0.2.0"),
                ("0.1.0", "0.2.0", "0.2.0"),
                ("1", "2.3.4", "2"),
                ("~1.2", "1.3.4", "~1.3"),
                ("~0.1.0", "0.2.0+b.1", "~0.2.0"),
                (">=0.1.0,<0.2", "0.2.0", ">=0.1.0,<0.3"),
                (">= 0.1.0 ,  < 0.2.0", "0.2.3", ">= 0.1.0 ,  < 0.3.0"),
                (">=0.1, <0.2", "0.2.0-alpha.1", ">=0.2.0-alpha.1, <0.3"),
                (">=0.1, <0.3", "0.2.0-alpha.1", ">=0.2.0-alpha.1, <0.3"),
                ("<1", "1.0.0", "<2"),
                ("<2.0.0", "2.1.0", "<3.0.0"),
                ("<0.2.3", "0.2.3", "<0.2.4"),
                ("<0.2", "1.3.0", "<1.4"),
                ("<=0.1.5", "0.3.1", "<=0.3.1"),
                ("<=0.1", "0.2.3", "<=0.2"),
                ("<1", "1.0.0-alpha.1", "<1.0.0-alpha.2"),
                ("<0.0.0", "0.2.0", "<1.0.0"),
                (">=0.5", "0.4.2", ">=0.4"),
                (">=0.5.0, <1", "0.4.2", ">=0.4.2, <1"),
                (">0.5.0", "0.5.0", ">=0.5.0"),
                ("> 0.5", "0.5.3", ">= 0.5"),
                ("0.1.*", "0.3.1", "0.3.*"),
                ("0.1.*", "0.3.0-rc.1", "~0.3.0-rc.1"),
                ("1.*", "2.0.0", "2.*"),
                ("1.*", "2.0.0-rc.1", "^2.0.0-rc.1"),
                ("*", "0.3.0-alpha.1", ">=0.3.0-alpha.1"),
                ("*", "0.3.0", "*"),
                ("^0.2.0-alpha.1", "0.3.0", "^0.3.0"),
                ("^0.2.0-alpha.1", "0.2.0", "^0.2.0-alpha.1"),
                ("^0.2", "0.2.9", "^0.2"),
                ("^0.2.0-beta.1", "0.2.0-alpha.2", "^0.2.0-alpha.2"),
                ("=0.2", "0.3.0-alpha.1", "=0.3.0-alpha.1"),
                ("=0.2.0+local", "0.3.0", "=0.3.0"),
                ("<0.2.0-alpha.3", "0.2.0-alpha.3", "<0.2.0-alpha.4"),
                ("^1, <1.5", "1.5.0", "^1, <1.6"),
                ("^3.0.0-next.14", "3.0.0-next.15", "^3.0.0-next.14"),
                ("<1", "1.0.0-alpha", "<1.0.0-alpha.0"),
            ],
        );
    }

    #[test]
    fn bump_lower_bound() {
        rows(
            RequirementSyntax::Cargo,
            Reach::LowerBound,
            &[
                ("^0.2", "0.2.5", "^0.2"),
                ("^0.2.1", "0.2.5", "^0.2.5"),
                ("0.2.1", "0.2.5", "0.2.5"),
                ("=0.2.1", "0.2.5", "=0.2.5"),
                (">=0.1.0, <1", "0.4.0", ">=0.4.0, <1"),
                (">=0.1, <0.3", "0.3.1", ">=0.3, <0.4"),
                ("<1", "0.5.0", "<1"),
                ("<1", "1.5.0", "<2"),
                (">0.1", "0.2.0", ">=0.2"),
                ("0.1.*", "0.1.5", "0.1.*"),
                ("^0.2.1-alpha.1", "0.2.1-alpha.3", "^0.2.1-alpha.3"),
                ("^0.2.1-alpha.1", "0.2.1", "^0.2.1"),
                ("*", "1.0.0", "*"),
                ("~0.2", "0.2.0-rc.1", "~0.2.0-rc.1"),
            ],
        );
    }

    #[test]
    fn refusals() {
        refused(
            RequirementSyntax::Cargo,
            &[
                (">=1 <2", "1.0.0", "expected a comma"),
                ("^1 || ^2", "1.0.0", "expected a comma"),
                ("latest", "1.0.0", "expected a version"),
                ("1.2.3.4", "1.0.0", "expected comma after patch"),
                ("", "1.0.0", "expected a version"),
                ("01.2", "1.0.0", "leading zero"),
                ("^1, *", "1.0.0", "wildcard"),
            ],
        );
    }
}
