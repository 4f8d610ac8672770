//! Composer's version constraints, as `composer/semver` reads and matches them (its `VersionParser` and `Constraint`).
//!
//! No Rust crate reads them. They look like npm's ranges, but are judged otherwise, and so are judged here:
//!
//! - A version alone is exact, and `1.2` means 1.2.0. `~` fixes all numbers but the last one that is written: `~1.2` goes up to 2.0.0.
//! - A comma joins as a blank does, `|` parts as `||` does, and there are `==`, `!=` and `<>`.
//! - Order alone decides about prereleases: whether one is installed is a matter of the project's stability. A bound counts its own
//!   prereleases in with `>=` and `^`, and out with `<`.

use std::cmp::Ordering;

use semver::{BuildMetadata, Prerelease, Version};

use super::RequirementError;
use super::comparator::{Comparator, Requirement};
use super::facts::Facts;
use super::grammar::{GREATER, GREATER_EQUAL, Grammar, LESS, LESS_EQUAL};
use super::op::Op;

pub(super) const FACTS: Facts =
    Facts { prereleases_by_name: false, partial_is_wild: false, ..Facts::semver(&GRAMMAR, admits) };

const GRAMMAR: Grammar = Grammar {
    name: "version constraint of Composer",
    operators: &[
        ("", Op::Bare),
        ("=", Op::Equal),
        ("==", Op::Equal),
        ("!=", Op::NotEqual),
        ("<>", Op::NotEqual),
        ("^", Op::Caret),
        ("~", Op::Tilde),
        LESS,
        LESS_EQUAL,
        GREATER,
        GREATER_EQUAL,
    ],
    wild: Grammar::ANY_X,
    comma: true,
    blank: true,
    or: &["||", "|"],
    hyphen: true,
    ..Grammar::VERSION
};

/// Returns `true` if the constraint admits the version.
///
/// # Errors
/// Returns an error if Composer would not read one of its comparators.
fn admits(constraint: &Requirement<'_>, version: &Version) -> Result<bool, RequirementError> {
    let version = Version { build: BuildMetadata::EMPTY, ..version.clone() };
    let mut admitted = false;
    for alternative in &constraint.alternatives {
        let mut all = true;
        for comparator in &alternative.comparators {
            let at = Some(comparator.version.span.start);
            let bound = Bound::new(comparator).map_err(|reason| constraint.unreadable(at, reason))?;
            all &= bound.admits(&version).ok_or_else(|| constraint.unreadable(at, "the number is too large"))?;
        }
        admitted |= all;
    }
    Ok(admitted)
}

/// A comparator whose missing numbers are filled with zeros.
struct Bound {
    op: Op,
    version: Version,
    /// How many numbers are written before the first wildcard.
    written: usize,
    is_wild: bool,
    /// Whether it is the right end of `1.0 - 2.0`.
    is_end: bool,
}

impl Bound {
    fn new(comparator: &Comparator) -> Result<Self, String> {
        let written = &comparator.version;
        if written.places() > 3 {
            return Err("a version has three numbers at most".to_owned());
        }
        let suffix = written.suffix.split('+').next().unwrap_or("");
        let pre = match suffix.strip_prefix('-') {
            Some(pre) if !pre.is_empty() && !written.is_wild() => pre.to_ascii_lowercase(),
            None if suffix.is_empty() => String::new(),
            _ => return Err(format!("`{}` cannot follow a version", written.suffix)),
        };
        let pre = Prerelease::new(&pre).map_err(|error| error.to_string())?;
        let [major, minor, patch] = [0, 1, 2].map(|at| written.numbers.get(at).copied().unwrap_or(0));
        let version = Version { pre, ..Version::new(major, minor, patch) };
        let is_end = comparator.op == Op::LessEqual && comparator.is_unsigned();
        Ok(Self { op: comparator.op, version, written: written.numbers.len(), is_wild: written.is_wild(), is_end })
    }

    /// Returns `true` if the version is within the bound; `None` if the next number is too large.
    fn admits(&self, version: &Version) -> Option<bool> {
        let from = || *version >= with_prereleases(&self.version);
        let up_to = |place: usize| Some(*version < self.next(place)?);
        let last = self.written.saturating_sub(1);
        let order = version.cmp_precedence(&self.version);
        Some(match self.op {
            // `*` alone.
            _ if self.is_wild && self.written == 0 => !matches!(self.op, Op::NotEqual | Op::Less | Op::Greater),
            Op::Bare | Op::Equal | Op::Compatible | Op::Arbitrary if self.is_wild => from() && up_to(last)?,
            Op::NotEqual if self.is_wild => !(from() && up_to(last)?),
            Op::Bare | Op::Equal | Op::Compatible | Op::Arbitrary => order == Ordering::Equal,
            Op::NotEqual => order != Ordering::Equal,
            Op::Less => *version < with_prereleases(&self.version),
            Op::LessEqual if self.is_end && self.written < 3 => up_to(last)?,
            Op::LessEqual => order.is_le(),
            Op::Greater => order.is_gt(),
            Op::GreaterEqual => from(),
            Op::Tilde => from() && up_to(last.saturating_sub(1))?,
            Op::Caret => from() && up_to(self.leading(last))?,
        })
    }

    /// The place of the first number that is not zero, at most `last`.
    fn leading(&self, last: usize) -> usize {
        let numbers = [self.version.major, self.version.minor, self.version.patch];
        numbers.iter().position(|number| *number > 0).unwrap_or(last).min(last)
    }

    /// The first version beyond those that have the same numbers up to this place.
    fn next(&self, place: usize) -> Option<Version> {
        let Version { major, minor, patch, .. } = self.version;
        Some(with_prereleases(&match place {
            0 => Version::new(major.checked_add(1)?, 0, 0),
            1 => Version::new(major, minor.checked_add(1)?, 0),
            _ => Version::new(major, minor, patch.checked_add(1)?),
        }))
    }
}

/// Returns what is lowest among the prereleases of a version; a prerelease is that itself.
fn with_prereleases(version: &Version) -> Version {
    let lowest = Prerelease::new("0").unwrap_or(Prerelease::EMPTY);
    if version.pre.is_empty() { Version { pre: lowest, ..version.clone() } } else { version.clone() }
}

#[cfg(test)]
mod tests {
    use crate::manifest::RequirementSyntax;
    use crate::manifest::requirement::rewrite::Reach;
    use crate::manifest::requirement::table::{admitted, refused, rows};

    #[test]
    fn admits() {
        admitted(
            RequirementSyntax::Composer,
            &[
                ("^1.2", "1.9.0", true),
                ("^1.2", "2.0.0", false),
                ("^1.2", "1.2.0-alpha.1", true),
                ("^1.2", "2.0.0-alpha.1", false),
                ("^0.3", "0.4.0", false),
                ("^0.0.3", "0.0.4", false),
                ("^0", "0.9.0", true),
                ("~1.2", "1.9.0", true),
                ("~1.2.3", "1.3.0", false),
                ("~1", "1.9.0", true),
                ("1.2", "1.2.0", true),
                ("1.2", "1.2.1", false),
                ("1.2.*", "1.2.9", true),
                ("1.2.*", "1.3.0-rc.1", false),
                ("*", "7.0.0", true),
                (">=1.0 <2.0", "2.0.0-beta.1", false),
                (">=1.0,<2.0", "1.5.0", true),
                ("1.0 || 2.0", "2.0.0", true),
                ("^1.0|^2.0", "2.4.0", true),
                ("1.0 - 2.0", "2.0.9", true),
                ("1.0.0 - 2.0.0", "2.0.9", false),
                ("!=1.2.0", "1.2.0", false),
                ("<>1.2.*", "1.2.7", false),
                ("v1.2.3", "1.2.3", true),
                ("==1.2.3", "1.2.3", true),
                (">1.2", "1.2.1", true),
            ],
        );
    }

    #[test]
    fn widen_to_admit() {
        rows(
            RequirementSyntax::Composer,
            Reach::AsNeeded,
            &[
                ("^1.2", "2.0.0", "^2.0"),
                ("^1.2", "1.3.0", "^1.2"),
                ("~1.2", "2.1.0", "~2.1"),
                ("~1.2.3", "1.3.0", "~1.3.0"),
                ("1.2.3", "1.3.0", "1.3.0"),
                (">=1.0 <2.0", "2.1.0", ">=1.0 <3.0"),
                ("1.0 || 2.0", "3.0.0", "1.0 || 2.0 || 3.0"),
                ("1.2.*", "1.3.0", "1.3.*"),
                ("^0.3", "0.4.0-beta.1", "^0.4"),
            ],
        );
    }

    #[test]
    fn bump_lower_bound() {
        rows(
            RequirementSyntax::Composer,
            Reach::LowerBound,
            &[
                ("^1.2", "1.3.0", "^1.3"),
                ("^1.2.1", "1.2.5", "^1.2.5"),
                ("~1.2", "1.3.0", "~1.3"),
                (">=1.0 <2.0", "1.4.0", ">=1.4 <2.0"),
            ],
        );
    }

    #[test]
    fn refusals() {
        refused(
            RequirementSyntax::Composer,
            &[
                ("", "1.0.0", "expected a version"),
                ("1.2.3.4", "1.0.0", "three numbers"),
                ("1.0.0beta", "1.0.0", "cannot follow"),
                ("!=0.2.0", "0.2.0", "excludes it"),
                ("dev-main", "1.0.0", "expected a version"),
            ],
        );
    }
}
