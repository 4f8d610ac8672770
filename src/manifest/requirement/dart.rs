//! Dart's version constraints, as pub reads and matches them (`pub_semver`).
//!
//! No Rust crate reads them. They look like Cargo's, but are judged otherwise, and so are judged here:
//!
//! - A version has three numbers, `^` is the only constraint where it is used, and nothing needs to be between comparators: `>=1.0.0<2.0.0`.
//! - `^` goes up to the next major, and below 1.0.0 to the next minor: `^0.0.3` admits 0.0.9.
//! - Order decides about prereleases, too: `^1.0.0` admits 1.1.0-dev. But the prereleases of an upper bound with `<` are beyond it, as
//!   if `<2.0.0-0` were written, unless the bound has a prerelease or a build itself, or the lower bound is a prerelease of the same
//!   numbers: `>=2.0.0-dev <2.0.0`.
//! - Builds are ordered behind the version without one, so that `1.2.3` admits no 1.2.3+4, and `>1.2.3` does.

use std::cmp::Ordering;

use semver::{BuildMetadata, Prerelease, Version};

use super::RequirementError;
use super::comparator::{Comparator, Requirement};
use super::facts::Facts;
use super::grammar::{GREATER, GREATER_EQUAL, Grammar, LESS, LESS_EQUAL};
use super::op::Op;
use super::written::Written;

pub(super) const FACTS: Facts =
    Facts { prereleases_by_name: false, compares_builds: true, ..Facts::semver(&GRAMMAR, admits) };

const GRAMMAR: Grammar = Grammar {
    name: "version constraint of Dart",
    operators: &[("", Op::Bare), ("^", Op::Caret), LESS, LESS_EQUAL, GREATER, GREATER_EQUAL],
    anything: &["any"],
    blank: true,
    touching: true,
    ..Grammar::VERSION
};

/// Returns `true` if the constraint admits the version.
///
/// # Errors
/// Returns an error if pub would not read it.
fn admits(constraint: &Requirement<'_>, version: &Version) -> Result<bool, RequirementError> {
    let comparators: Vec<&Comparator> = constraint.alternatives.iter().flat_map(|a| &a.comparators).collect();
    let mut range = Range::default();
    for comparator in &comparators {
        let fault = |reason: &str| constraint.unreadable(Some(comparator.span.start), reason);
        if comparator.op == Op::Caret && comparators.len() > 1 {
            return Err(fault("`^` cannot be joined with anything else"));
        }
        let bound = bound(&comparator.version).map_err(|reason| fault(&reason))?;
        range.narrow(comparator.op, bound).ok_or_else(|| fault("the number is too large"))?;
    }
    let build = BuildMetadata::new(&without_zeros(&version.build)).unwrap_or_default();
    Ok(range.contains(&Version { build, ..version.clone() }))
}

/// Reads a version of a constraint.
fn bound(written: &Written) -> Result<Version, String> {
    let [major, minor, patch] = *written.numbers.as_slice() else {
        return Err("a version has three numbers".to_owned());
    };
    let cannot_follow = || format!("`{}` cannot follow the three numbers", written.suffix);
    let (pre, build) = match written.suffix.split_once('+') {
        Some((_, "")) => return Err(cannot_follow()),
        Some(parts) => parts,
        None => (written.suffix.as_str(), ""),
    };
    let pre = match pre.strip_prefix('-') {
        None if pre.is_empty() => pre,
        Some(pre) if !pre.is_empty() => pre,
        _ => return Err(cannot_follow()),
    };
    if !written.prefix.is_empty() {
        return Err(format!("`{}` cannot precede a version", written.prefix));
    }
    let pre = Prerelease::new(&without_zeros(pre)).map_err(|_| cannot_follow())?;
    let build = BuildMetadata::new(&without_zeros(build)).map_err(|_| cannot_follow())?;
    Ok(Version { pre, build, ..Version::new(major, minor, patch) })
}

/// Writes identifiers as pub compares them: `04` as the number 4.
fn without_zeros(identifiers: &str) -> String {
    let number = |part: &str| match part.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let part = |part: &str| if is_number(part) { number(part) } else { part.to_owned() };
    identifiers.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// One end of a range, and whether it belongs to it.
type End = (Version, bool);

/// What all comparators together admit.
#[derive(Default)]
struct Range {
    min: Option<End>,
    max: Option<End>,
}

impl Range {
    /// Takes one more comparator in; `None` if its end has a number that is too large.
    fn narrow(&mut self, op: Op, bound: Version) -> Option<()> {
        let (min, max) = match op {
            Op::Caret => {
                let end = first_prerelease(next_breaking(&bound)?);
                (Some((bound, true)), Some((end, false)))
            }
            Op::Less => (None, Some((bound, false))),
            Op::LessEqual => (None, Some((bound, true))),
            Op::Greater => (Some((bound, false)), None),
            Op::GreaterEqual => (Some((bound, true)), None),
            _ => (Some((bound.clone(), true)), Some((bound, true))),
        };
        self.min = tighter(self.min.take(), min, Ordering::Greater);
        self.max = tighter(self.max.take(), max, Ordering::Less);
        Some(())
    }

    fn contains(&self, version: &Version) -> bool {
        let within = |end: Option<&End>, beyond: Ordering| {
            end.is_none_or(|(end, included)| match version.cmp(end) {
                Ordering::Equal => *included,
                order => order == beyond,
            })
        };
        within(self.min.as_ref(), Ordering::Greater) && within(self.upper().as_ref(), Ordering::Less)
    }

    /// The upper end, before its prereleases where it does not name one.
    fn upper(&self) -> Option<End> {
        let (max, included) = self.max.clone()?;
        let numbers = |version: &Version| (version.major, version.minor, version.patch);
        let opened = |(min, _): &End| !min.pre.is_empty() && numbers(min) == numbers(&max);
        let is_named = included || !max.pre.is_empty() || !max.build.is_empty();
        let stays = is_named || self.min.as_ref().is_some_and(opened);
        Some((if stays { max } else { first_prerelease(max) }, included))
    }
}

/// Of two ends the one that leaves less, which is the one that compares to the other like this.
fn tighter(one: Option<End>, other: Option<End>, wins: Ordering) -> Option<End> {
    match (one, other) {
        (Some(one), Some(other)) => Some(match other.0.cmp(&one.0) {
            Ordering::Equal => (one.0, one.1 && other.1),
            order if order == wins => other,
            _ => one,
        }),
        (one, other) => one.or(other),
    }
}

fn next_breaking(version: &Version) -> Option<Version> {
    Some(match version.major {
        0 => Version::new(0, version.minor.checked_add(1)?, 0),
        major => Version::new(major.checked_add(1)?, 0, 0),
    })
}

/// The lowest prerelease of a version.
fn first_prerelease(version: Version) -> Version {
    Version { pre: Prerelease::new("0").unwrap_or_default(), ..version }
}

#[cfg(test)]
mod tests {
    use crate::manifest::RequirementSyntax;
    use crate::manifest::requirement::rewrite::Reach;
    use crate::manifest::requirement::table::{admitted, refused, rows};

    #[test]
    fn admits() {
        admitted(
            RequirementSyntax::Dart,
            &[
                ("^1.2.3", "1.9.0", true),
                ("^1.2.3", "1.2.2", false),
                ("^1.2.3", "2.0.0", false),
                ("^1.2.3", "2.0.0-dev", false),
                ("^1.2.3", "1.3.0-dev.1", true),
                ("^1.2.3", "1.2.3-dev.1", false),
                ("^1.2.3", "1.2.3+4", true),
                ("^1.0.0-dev", "1.0.0-dev.2", true),
                ("^1.0.0-dev", "1.0.0", true),
                ("^0.1.2", "0.1.9", true),
                ("^0.1.2", "0.2.0", false),
                ("^0.0.3", "0.0.9", true),
                (">=1.0.0 <2.0.0", "2.0.0-dev", false),
                (">=1.0.0 <2.0.0", "1.9.0-dev", true),
                (">=2.0.0-dev <2.0.0", "2.0.0-dev.5", true),
                (">=2.0.0-dev <2.0.0", "2.0.0", false),
                (">=1.9.0-dev <2.0.0", "2.0.0-dev", false),
                (">=1.0.0 <2.0.0-beta", "2.0.0-alpha", true),
                ("<2.0.0+1", "2.0.0-dev", true),
                (">=1.0.0<2.0.0", "1.5.0", true),
                (">= 1.0.0   < 2.0.0", "1.5.0", true),
                ("<=2.0.0", "2.0.0-dev", true),
                ("<=2.0.0", "2.0.0+1", false),
                ("1.2.3", "1.2.3", true),
                ("1.2.3", "1.2.3+4", false),
                ("1.2.3+4", "1.2.3+4", true),
                ("1.2.3+04", "1.2.3+4", true),
                (">1.2.3", "1.2.3+1", true),
                (">1.2.3+9", "1.2.3+10", true),
                ("any", "7.0.0-dev", true),
                (" any ", "7.0.0", true),
                (">=2.0.0 <1.0.0", "1.5.0", false),
                (">=1.0.0 >1.0.0", "1.0.0", false),
            ],
        );
    }

    #[test]
    fn widen_to_admit() {
        rows(
            RequirementSyntax::Dart,
            Reach::AsNeeded,
            &[
                ("^0.2.0", "0.3.1", "^0.3.1"),
                ("^0.2.0", "0.2.9", "^0.2.0"),
                ("^1.2.3", "2.0.0-dev.1", "^2.0.0-dev.1"),
                ("^1.2.3", "1.2.3-dev.1", "^1.2.3-dev.1"),
                ("^1.2.3", "2.0.0+5", "^2.0.0"),
                (">=1.0.0 <2.0.0", "2.1.0", ">=1.0.0 <3.0.0"),
                (">=1.0.0 <2.0.0", "2.0.0-dev.1", ">=1.0.0 <3.0.0"),
                (">=1.0.0<2.0.0", "0.9.0", ">=0.9.0<2.0.0"),
                (">=2.0.0-dev <2.0.0", "2.0.0", ">=2.0.0-dev <3.0.0"),
                ("1.2.3", "1.3.0", "1.3.0"),
                ("1.2.3+4", "1.3.0", "1.3.0"),
                ("1.2.3+4", "1.3.0+5", "1.3.0+5"),
                ("1.2.3", "1.2.3+1", "1.2.3+1"),
                ("<=1.5.0", "2.0.0", "<=2.0.0"),
                ("<=1.5.0", "1.5.0+1", "<=1.5.0+1"),
                ("<1.5.0", "1.5.0-rc.1", "<1.6.0"),
                ("any", "9.0.0", "any"),
            ],
        );
    }

    #[test]
    fn bump_lower_bound() {
        rows(
            RequirementSyntax::Dart,
            Reach::LowerBound,
            &[
                ("^0.2.1", "0.2.5", "^0.2.5"),
                ("^0.2.1", "0.2.5+7", "^0.2.5"),
                (">=1.0.0 <2.0.0", "1.4.0", ">=1.4.0 <2.0.0"),
                (">1.0.0", "1.2.0", ">=1.2.0"),
                ("1.2.3", "1.2.4+1", "1.2.4+1"),
                ("<2.0.0", "1.4.0", "<2.0.0"),
                ("any", "1.0.0", "any"),
            ],
        );
    }

    #[test]
    fn refusals() {
        refused(
            RequirementSyntax::Dart,
            &[
                ("", "1.0.0", "expected a version"),
                ("1.2", "1.0.0", "three numbers"),
                ("1.x", "1.0.0", "three numbers"),
                ("^1.0.0 <2.0.0", "3.0.0", "cannot be joined"),
                ("any ^1.0.0", "3.0.0", "expected a version"),
                ("any || ^1.0.0", "3.0.0", "expected a version"),
                (">=1.0.0, <2.0.0", "3.0.0", "expected a version"),
                ("~1.0.0", "3.0.0", "unexpected operator"),
                ("v1.0.0", "3.0.0", "cannot precede"),
                ("1.0.0_x", "3.0.0", "cannot follow"),
                ("1.0.0+", "3.0.0", "cannot follow"),
                ("1.0.0-a..b", "3.0.0", "cannot follow"),
                ("latest", "3.0.0", "expected a version"),
            ],
        );
    }
}
