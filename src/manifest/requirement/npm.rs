//! npm's ranges, as node-semver describes them; `nodejs-semver` reads and matches the single comparators.
//!
//! Alternatives and the comparators between them are joined here, not by the crate: it takes comparators that exclude each other
//! for alternatives (`>=2 <1` would admit everything), and skips words that it does not know. npm's prerelease rule is applied
//! here too: a prerelease is admitted only where a comparator of the same alternative names a prerelease of the same three numbers.

use nodejs_semver::{Range, Version};

use super::RequirementError;
use super::comparator::{Alternative, Comparator, Requirement};
use super::facts::{Facts, Rules};
use super::grammar::{GREATER, GREATER_EQUAL, Grammar, LESS, LESS_EQUAL};
use super::op::Op;
use crate::model::VersionScheme;

pub(super) const FACTS: Facts = Facts {
    grammar: &GRAMMAR,
    scheme: VersionScheme::Semver,
    rules: Rules::Npm(admits),
    prereleases_by_name: true,
    compares_builds: false,
    partial_is_wild: true,
    takes_semver: false,
};

const GRAMMAR: Grammar = Grammar {
    name: "range of npm",
    operators: &[
        ("", Op::Bare),
        ("=", Op::Equal),
        ("^", Op::Caret),
        ("~", Op::Tilde),
        ("~>", Op::Tilde),
        LESS,
        LESS_EQUAL,
        GREATER,
        GREATER_EQUAL,
    ],
    wild: Grammar::ANY_X,
    anything: &[""],
    blank: true,
    or: &["||"],
    hyphen: true,
    ..Grammar::VERSION
};

/// Returns `true` if the range admits the version.
///
/// # Errors
/// Returns an error if npm would not read one of its comparators.
fn admits(range: &Requirement<'_>, version: &Version) -> Result<bool, RequirementError> {
    let mut admitting = Vec::new();
    for alternative in &range.alternatives {
        // Every alternative is read, so that a fault in the last one does not hide behind the first.
        admitting.push(alternative_admits(range, alternative, version)?);
    }
    let only = range.alternatives.iter().position(is_everything);
    Ok(admitting.iter().enumerate().any(|(i, admits)| *admits && only.is_none_or(|only| only == i)))
}

/// Returns `true` if npm takes the alternative for `*`. Where one is, the others do not count, prereleases named by them included.
fn is_everything(alternative: &Alternative) -> bool {
    alternative.comparators.iter().all(|comparator| {
        let written = &comparator.version;
        let zero = comparator.op == Op::GreaterEqual && written.numbers.iter().all(|n| *n == 0);
        let any = written.numbers.is_empty() && !matches!(comparator.op, Op::Less | Op::Greater);
        any || (zero && written.semver_pre().is_empty())
    })
}

fn alternative_admits(
    range: &Requirement<'_>,
    alternative: &Alternative,
    version: &Version,
) -> Result<bool, RequirementError> {
    let mut within = true;
    for comparator in &alternative.comparators {
        within &= read(range, comparator)?.satisfies_with_prerelease(version, true);
    }
    let named = || alternative.comparators.iter().any(|c| names_prerelease_of(c, version));
    Ok(within && (!version.is_prerelease() || named()))
}

fn names_prerelease_of(comparator: &Comparator, version: &Version) -> bool {
    let numbers = [version.major(), version.minor(), version.patch()];
    comparator.version.numbers == numbers && !comparator.version.semver_pre().is_empty()
}

fn read(range: &Requirement<'_>, comparator: &Comparator) -> Result<Range, RequirementError> {
    let written = &comparator.version;
    let at = Some(written.span.start);
    let (pre, _build) = written.suffix.split_once('+').unwrap_or((&written.suffix, ""));
    let partial = written.numbers.len() < 3;
    let known = pre.is_empty() || (pre.starts_with('-') && !partial);
    if !known || written.places() > 3 {
        let reason = "a version has three numbers at most, and behind all three of them `-` and a prerelease";
        return Err(range.unreadable(at, reason));
    }
    let text = match comparator.op {
        Op::Less | Op::Greater if written.numbers.is_empty() => "<0.0.0-0".to_owned(),
        _ if written.numbers.is_empty() => "*".to_owned(),
        // `<1` means `<1.0.0-0` to npm: no prerelease of the bound is below it.
        Op::Less if partial => format!("<{}-0", numbers_of(comparator, 3)),
        _ if partial => format!("{}{}", sign(comparator.op), numbers_of(comparator, written.numbers.len())),
        _ => comparator.alone(range.text),
    };
    let reason = "npm does not read this comparator";
    Range::parse(&text).map_err(|_| range.unreadable(at, reason))
}

fn numbers_of(comparator: &Comparator, count: usize) -> String {
    let numbers = &comparator.version.numbers;
    (0..count).map(|i| numbers.get(i).unwrap_or(&0).to_string()).collect::<Vec<_>>().join(".")
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Less => "<",
        Op::LessEqual => "<=",
        Op::Greater => ">",
        Op::GreaterEqual => ">=",
        Op::Caret => "^",
        Op::Tilde => "~",
        _ => "",
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
            RequirementSyntax::Npm,
            &[
                ("^0.2.0", "0.3.0-alpha.1", false),
                ("^0.3.0", "0.3.0-alpha.1", false),
                ("^0.3.0-alpha.1", "0.3.0-alpha.1", true),
                ("^0.3.0-alpha.1", "0.3.1-alpha.1", false),
                ("*", "0.3.0-alpha.1", false),
                ("", "1.2.3", true),
                ("*", "1.2.3", true),
                (">=2 <1", "1.5.0", false),
                (">=2 <1", "3.0.0", false),
                ("1.0.0 - 2.3", "2.3.9", true),
                ("1.0.0 - 2.3", "2.4.0", false),
                ("^1 || ^2", "2.5.0", true),
                ("v1.2.3", "1.2.3", true),
                ("=1.2.3", "1.2.3+b", true),
                ("1.x", "1.9.0", true),
                (">= 1.2", "1.2.0", true),
                ("~> 1.2", "1.2.9", true),
                (">=1.0.0-alpha.1 <1", "1.0.0-alpha.2", false),
                (">=1.0.0-alpha.1 <1.0.0", "1.0.0-alpha.2", true),
                ("<=1", "1.9.0", true),
                ("~*", "7.0.0", true),
                ("=x", "7.0.0", true),
                ("<*", "7.0.0", false),
                ("* || 0.3.0-alpha.1", "0.3.0-alpha.1", false),
                ("<2||>=0", "3.0.0", true),
                ("^2+b.1", "2.1.0", true),
                ("=2.x", "2.1.0", true),
                (">1", "1.9.0", false),
            ],
        );
    }

    #[test]
    fn widen_to_admit() {
        rows(
            RequirementSyntax::Npm,
            Reach::AsNeeded,
            &[
                ("^0.2.0", "0.3.1", "^0.3.1"),
                ("^0.2", "0.3.0-alpha.1", "^0.3.0-alpha.1"),
                ("0.1.0", "0.2.0", "0.2.0"),
                ("=v0.1.0", "0.2.0", "=v0.2.0"),
                ("v0.1.0", "0.2.0", "v0.2.0"),
                ("~0.1.0", "0.2.5", "~0.2.5"),
                ("1.x", "2.1.0", "2.x"),
                ("1.2.X", "1.3.0", "1.3.X"),
                ("1.x.x", "2.1.0", "2.x.x"),
                ("0.1.x", "0.3.0-alpha.1", "~0.3.0-alpha.1"),
                ("1", "2.0.0-rc.1", "^2.0.0-rc.1"),
                ("0.1", "0.3.0-rc.1", "~0.3.0-rc.1"),
                ("1", "2.1.0", "2"),
                (">=0.1.0 <0.2", "0.2.0", ">=0.1.0 <0.3"),
                (">= 0.1.0  < 0.2.0-0", "0.2.3", ">= 0.1.0  < 0.3.0-0"),
                (">=0.1.0 <0.2.0", "0.2.0-alpha.1", ">=0.2.0-alpha.1 <0.3.0"),
                ("^1 || ^2", "3.1.0", "^1 || ^2 || ^3"),
                ("^1||^2", "3.1.0", "^1||^2||^3"),
                (">=1 <2 || >=3 <4", "5.0.0", ">=1 <2 || >=3 <4 || >=3 <6"),
                ("^1 || ^2", "1.9.0", "^1 || ^2"),
                ("<2 || >=0", "3.0.0-rc.1", "<2 || >=3.0.0-rc.1"),
                ("* || ^2", "3.0.0-rc.1", ">=3.0.0-rc.1 || ^2"),
                ("1.0.0 - 2.0.0", "3.1.0", "1.0.0 - 3.1.0"),
                ("1.0 - 2.3", "3.1.0", "1.0 - 3.1"),
                ("1.0.0 - 2.0.0", "0.9.0", "0.9.0 - 2.0.0"),
                ("1.0.0 - 2.0.0", "3.0.0-rc.1", "1.0.0 - 3.0.0-rc.1"),
                ("1.0.0 - 2.0.0", "1.5.0-rc.1", "1.5.0-rc.1 - 2.0.0"),
                ("*", "0.3.0-alpha.1", ">=0.3.0-alpha.1"),
                ("x", "0.3.0-alpha.1", ">=0.3.0-alpha.1"),
                ("", "0.3.0-alpha.1", ">=0.3.0-alpha.1"),
                ("", "1.0.0", ""),
                ("<1", "1.0.0", "<2"),
                ("<1.x", "1.5.0", "<2.x"),
                ("<=0.1.5", "0.3.0-alpha.1", "<=0.3.0-alpha.1"),
                (">=0.1.0 <=0.1.5", "0.2.0", ">=0.1.0 <=0.2.0"),
                ("^0.2.0 ", "0.3.0", "^0.3.0 "),
                ("^ 1.2.3", "2.0.0", "^ 2.0.0"),
                ("~> 1.2", "2.3.0", "~> 2.3"),
                ("^0.2.0-0", "0.3.0-alpha.1", "^0.3.0-0"),
                ("3.0.0-next.14", "3.0.0-next.15", "3.0.0-next.15"),
                ("<0.2.0", "0.2.0-rc.1", "<0.2.0-rc.2"),
            ],
        );
    }

    #[test]
    fn bump_lower_bound() {
        rows(
            RequirementSyntax::Npm,
            Reach::LowerBound,
            &[
                ("^0.2", "0.2.5", "^0.2"),
                ("^0.2.1", "0.2.5", "^0.2.5"),
                ("0.2.1", "0.2.5", "0.2.5"),
                (">=0.1.0 <1", "0.4.0", ">=0.4.0 <1"),
                ("1.0.0 - 2.0.0", "1.5.0", "1.5.0 - 2.0.0"),
                ("^1.0.0 || ^2.0.0", "2.5.0", "^1.0.0 || ^2.5.0"),
                ("^1.0.0 || ^2.0.0", "1.5.0", "^1.5.0 || ^2.0.0"),
                ("^1.0.0 || ^2.0.0", "3.0.0", "^1.0.0 || ^2.0.0 || ^3.0.0"),
                ("1.x", "1.5.0", "1.x"),
                ("<2", "1.0.0", "<2"),
                ("", "1.0.0", ""),
                (">0.1.0", "0.2.0", ">=0.2.0"),
            ],
        );
    }

    #[test]
    fn refusals() {
        refused(
            RequirementSyntax::Npm,
            &[
                ("latest", "1.0.0", "expected a version"),
                ("workspace:^", "1.0.0", "expected a version"),
                ("file:../a", "1.0.0", "expected a version"),
                (">=1, <2", "1.0.0", "expected a blank"),
                ("1.2.3.4", "1.0.0", "three numbers"),
                ("1.2beta4", "1.0.0", "three numbers"),
                ("^1 foo", "1.0.0", "expected a version"),
                ("^1 || latest", "1.0.0", "expected a version"),
                ("!=1.0.0", "1.0.0", "unexpected operator"),
                ("<2-rc.1", "2.0.0", "behind all three"),
                ("<*", "2.0.0", "no change of its numbers"),
                ("1.x.3", "1.0.0", "behind a wildcard"),
            ],
        );
    }
}
