//! Helm's constraints on charts, as Masterminds/semver reads and matches them (version 3.3 and later, its file `constraints.go`).
//!
//! No Rust crate reads them. They look like npm's ranges, but are judged otherwise, and so are judged here:
//!
//! - A comma joins as a blank does; `=>` and `=<` are operators, and there is `!=`.
//! - A prerelease is admitted where any comparator of the alternative has a prerelease, of whatever numbers: `>=0.1.0-0` takes all
//!   prereleases from 0.1.0 on, `>=0.1.0-0, <1` too. Within such an alternative `<1.0.0` admits 1.0.0-alpha.1, for order alone decides.
//! - `^` and `~` stop at the next number, not before its prereleases; that number's own prereleases have that number, so they are out.
//! - `<=1.2` goes up to all of 1.2, `>1.2` starts behind it, and `~0.0.0` admits everything.
//! - A wildcard may have a prerelease behind it: `0.1.x-0`.

use std::cmp::Ordering;

use semver::{BuildMetadata, Prerelease, Version};

use super::RequirementError;
use super::comparator::{Comparator, Requirement};
use super::facts::Facts;
use super::grammar::{GREATER, GREATER_EQUAL, Grammar, LESS, LESS_EQUAL};
use super::op::Op;

pub(super) const FACTS: Facts = Facts::semver(&GRAMMAR, admits);

const GRAMMAR: Grammar = Grammar {
    name: "version constraint of Helm",
    operators: &[
        ("", Op::Bare),
        ("=", Op::Equal),
        ("!=", Op::NotEqual),
        ("^", Op::Caret),
        ("~", Op::Tilde),
        ("~>", Op::Tilde),
        ("=>", Op::GreaterEqual),
        ("=<", Op::LessEqual),
        LESS,
        LESS_EQUAL,
        GREATER,
        GREATER_EQUAL,
    ],
    wild: Grammar::ANY_X,
    comma: true,
    blank: true,
    or: &["||"],
    hyphen: true,
    ..Grammar::VERSION
};

/// A comparator whose missing numbers are filled with zeros.
struct Bound {
    op: Op,
    version: Version,
    /// How many numbers are written before the first wildcard.
    written: usize,
}

/// Returns `true` if the constraint admits the version.
///
/// # Errors
/// Returns an error if Helm would not read one of its comparators.
fn admits(constraint: &Requirement<'_>, version: &Version) -> Result<bool, RequirementError> {
    let mut admitted = false;
    for alternative in &constraint.alternatives {
        let bounds = alternative.comparators.iter().map(|comparator| {
            let at = Some(comparator.version.span.start);
            Bound::new(comparator).map_err(|reason| constraint.unreadable(at, reason))
        });
        let bounds = bounds.collect::<Result<Vec<_>, _>>()?;
        let prereleases = bounds.iter().any(|bound| !bound.version.pre.is_empty());
        let open = version.pre.is_empty() || prereleases;
        admitted |= open && bounds.iter().all(|bound| bound.admits(version));
    }
    Ok(admitted)
}

impl Bound {
    fn new(comparator: &Comparator) -> Result<Self, String> {
        let written = &comparator.version;
        if written.places() > 3 {
            return Err("a version has three numbers at most".to_owned());
        }
        if !written.prefix.is_empty() && written.prefix != "v" {
            return Err(format!("`{}` cannot precede a version", written.prefix));
        }
        let behind = written.suffix.split_once('+');
        let (pre, build) = behind.map_or((written.suffix.as_str(), None), |(pre, build)| (pre, Some(build)));
        let dashed = pre.is_empty() || (pre.starts_with('-') && pre.len() > 1);
        if !dashed || build.is_some_and(str::is_empty) {
            return Err(format!("`{}` cannot follow a version", written.suffix));
        }
        BuildMetadata::new(build.unwrap_or("")).map_err(|e| e.to_string())?;
        let [major, minor, patch] = [0, 1, 2].map(|i| written.numbers.get(i).copied().unwrap_or(0));
        let pre = Prerelease::new(pre.strip_prefix('-').unwrap_or("")).map_err(|e| e.to_string())?;
        let version = Version { pre, ..Version::new(major, minor, patch) };
        Ok(Self { op: comparator.op, version, written: written.numbers.len() })
    }

    fn admits(&self, version: &Version) -> bool {
        match self.op {
            Op::Bare | Op::Equal | Op::Compatible | Op::Arbitrary if self.written == 3 => {
                version.cmp_precedence(&self.version) == Ordering::Equal
            }
            Op::Bare | Op::Equal | Op::Compatible | Op::Arbitrary | Op::Tilde => self.tilde(version),
            Op::NotEqual => self.not_equal(version),
            Op::Less => version.cmp_precedence(&self.version).is_lt(),
            Op::GreaterEqual => version.cmp_precedence(&self.version).is_ge(),
            Op::LessEqual => self.less_equal(version),
            Op::Greater => self.greater(version),
            Op::Caret => self.caret(version),
        }
    }

    fn tilde(&self, version: &Version) -> bool {
        let bound = &self.version;
        let everything = (bound.major, bound.minor, bound.patch) == (0, 0, 0) && matches!(self.written, 0 | 3);
        let minor = self.written == 1 || version.minor == bound.minor;
        version.cmp_precedence(bound).is_ge() && (everything || (version.major == bound.major && minor))
    }

    fn caret(&self, version: &Version) -> bool {
        let bound = &self.version;
        let same = if bound.major > 0 || self.written == 1 {
            version.major == bound.major
        } else if bound.minor > 0 || self.written == 2 {
            (version.major, version.minor) == (0, bound.minor)
        } else {
            (version.major, version.minor, version.patch) == (0, 0, bound.patch)
        };
        version.cmp_precedence(bound).is_ge() && same
    }

    fn less_equal(&self, version: &Version) -> bool {
        match self.written {
            3 => version.cmp_precedence(&self.version).is_le(),
            1 => version.major <= self.version.major,
            _ => (version.major, version.minor) <= (self.version.major, self.version.minor),
        }
    }

    fn greater(&self, version: &Version) -> bool {
        match self.written {
            1 => version.major > self.version.major,
            2 => (version.major, version.minor) > (self.version.major, self.version.minor),
            _ => version.cmp_precedence(&self.version).is_gt(),
        }
    }

    fn not_equal(&self, version: &Version) -> bool {
        let bound = &self.version;
        match self.written {
            1 => version.major != bound.major,
            2 => (version.major, version.minor) != (bound.major, bound.minor) || version.pre != bound.pre,
            _ => version.cmp_precedence(bound).is_ne(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::RequirementSyntax;
    use crate::manifest::requirement::rewrite::Reach;
    use crate::manifest::requirement::table::{admitted, refused, rows};

    #[test]
    fn admits() {
        admitted(
            RequirementSyntax::Chart,
            &[
                ("^0.2.0", "0.2.5", true),
                ("^0.2.0", "0.2.5-alpha.1", false),
                (">=0.1.0-0", "0.3.0-alpha.1", true),
                (">=0.1.0-0, <1", "0.3.0-alpha.1", true),
                (">=0.1.0-0 <1.0.0", "1.0.0-alpha.1", true),
                ("^0.2.0-0", "0.3.0-alpha.1", false),
                ("*-0", "0.3.0-alpha.1", true),
                ("*", "0.3.0-alpha.1", false),
                ("~0.0.0", "7.1.0", true),
                ("<=1.2", "1.2.9", true),
                (">1.2", "1.2.9", false),
                (">1", "2.0.0", true),
                ("1.2", "1.2.9", true),
                ("!=1.x", "1.5.0", false),
                ("!=1.2", "1.3.0", true),
                ("!=1.2.3", "1.2.3", false),
                ("1.0 - 2.0", "2.0.5", true),
                ("=>1", "1.0.0", true),
                ("v1.2.3", "1.2.3+b.1", true),
                ("^1 || ^2", "2.1.0", true),
                ("~0.1.x", "0.1.9", true),
                ("^0.0.3", "0.0.4", false),
                ("^0", "0.9.0", true),
                ("^0.0", "0.1.0", false),
            ],
        );
    }

    #[test]
    fn widen_to_admit() {
        rows(
            RequirementSyntax::Chart,
            Reach::AsNeeded,
            &[
                ("^0.2.0", "0.3.1", "^0.3.1"),
                ("~0.2.0", "0.3.0-alpha.1", "~0.3.0-alpha.1"),
                ("0.1.0", "0.2.0", "0.2.0"),
                ("=0.1.0", "0.2.0", "=0.2.0"),
                ("0.1.x", "0.2.0", "0.2.x"),
                ("0.1.x-0", "0.2.0-alpha.1", "0.2.x-0"),
                ("0.1.x", "0.2.0-alpha.1", "~0.2.0-alpha.1"),
                (">=0.1.0-0", "0.0.9-rc.1", ">=0.0.9-0"),
                (">=0.1.0, <0.2.0", "0.2.0", ">=0.1.0, <0.3.0"),
                (">=0.1.0 <0.2.0", "0.2.0-alpha.1", ">=0.2.0-alpha.1 <0.3.0"),
                (">=0.1.0-0, <0.2", "0.2.0-alpha.1", ">=0.1.0-0, <0.2"),
                (">=0.1.0-0, <0.2", "0.2.0", ">=0.1.0-0, <0.3"),
                ("^0.1.0-0", "0.3.0-alpha.1", "^0.3.0-0"),
                ("^1 || ^2", "3.1.0", "^1 || ^2 || ^3"),
                ("1.0.0 - 2.0.0", "3.1.0", "1.0.0 - 3.1.0"),
                ("*", "0.3.0-alpha.1", ">=0.3.0-alpha.1"),
                (">= 0.5", "0.4.0", ">= 0.4"),
                ("=<0.1", "0.2.0", "=<0.2"),
                ("v0.1.0", "0.2.0", "v0.2.0"),
                ("0.1", "0.2.0-rc.1", "~0.2.0-rc.1"),
                ("~> 0.1", "0.2.0", "~> 0.2"),
                (">=0.1.0, !=0.2.0", "0.2.0-alpha.1", ">=0.2.0-alpha.1, !=0.2.0"),
            ],
        );
    }

    #[test]
    fn bump_lower_bound() {
        rows(
            RequirementSyntax::Chart,
            Reach::LowerBound,
            &[
                ("^0.2", "0.2.5", "^0.2"),
                ("^0.2.1", "0.2.5", "^0.2.5"),
                (">=0.1.0-0", "0.3.0", ">=0.3.0-0"),
                ("0.2.1", "0.2.5", "0.2.5"),
                (">=0.1.0, <1", "0.4.0", ">=0.4.0, <1"),
                ("<1", "0.4.0", "<1"),
                ("=>0.1", "0.4.0", "=>0.4"),
            ],
        );
    }

    #[test]
    fn refusals() {
        refused(
            RequirementSyntax::Chart,
            &[
                ("", "1.0.0", "expected a version"),
                (">=1,", "1.0.0", "a comma with nothing"),
                ("V1.0.0", "1.0.0", "cannot precede"),
                ("1.0.0beta", "1.0.0", "cannot follow"),
                ("1.2.3.4", "1.0.0", "three numbers"),
                ("!=0.2.0", "0.2.0", "excludes it"),
                ("^1.0.0-01", "1.0.0", "leading zero"),
                ("==1.0", "1.0.0", "unexpected operator"),
            ],
        );
    }
}
