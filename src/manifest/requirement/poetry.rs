//! Poetry's constraints: carets, tildes and wildcards, beside the operators of PEP 440, joined by commas or blanks, and by `|`.
//!
//! What Poetry adds is expanded to bounds by the rule of its documentation ("Dependency specification"), and the bounds are judged as
//! PEP 440 says: `^` goes up to the next change of the leftmost number that is not 0, `~` to the next minor, or the next major
//! where only a major is written. A bare version means exactly that version.

use std::str::FromStr;

use pep440_rs::Version;

use super::RequirementError;
use super::comparator::{Alternative, Comparator, Requirement};
use super::facts::Facts;
use super::grammar::{GREATER, GREATER_EQUAL, Grammar, LESS, LESS_EQUAL};
use super::op::Op;
use super::pep440::specifier_admits;

// Poetry writes SemVer's spelling of prereleases as readily as its own; specifiers of PEP 508 do not.
pub(super) const FACTS: Facts = Facts { takes_semver: true, ..Facts::python(&GRAMMAR, admits) };

const GRAMMAR: Grammar = Grammar {
    name: "constraint of Poetry",
    operators: &[
        ("", Op::Bare),
        ("=", Op::Equal),
        ("==", Op::Equal),
        ("!=", Op::NotEqual),
        ("<>", Op::NotEqual),
        ("~=", Op::Compatible),
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
    python: true,
    ..Grammar::VERSION
};

/// Returns `true` if the constraint admits the version.
///
/// # Errors
/// Returns an error if Poetry would not read one of its parts.
fn admits(constraint: &Requirement<'_>, version: &Version) -> Result<bool, RequirementError> {
    let mut admitted = false;
    for alternative in &constraint.alternatives {
        admitted |= alternative_admits(constraint, alternative, version)?;
    }
    Ok(admitted)
}

fn alternative_admits(
    constraint: &Requirement<'_>,
    alternative: &Alternative,
    version: &Version,
) -> Result<bool, RequirementError> {
    let mut admitted = true;
    for comparator in &alternative.comparators {
        let fault = |reason| constraint.unreadable(Some(comparator.span.start), reason);
        for specifier in expanded(constraint.text, comparator).map_err(fault)? {
            admitted &= specifier_admits(&specifier, version).map_err(fault)?;
        }
    }
    Ok(admitted)
}

/// Returns the specifiers of PEP 440 that mean the same as the comparator.
fn expanded(text: &str, comparator: &Comparator) -> Result<Vec<String>, String> {
    let written = &comparator.version;
    let spelled = written.span.of(text).unwrap_or("");
    if written.is_wild() {
        return expanded_wildcard(comparator);
    }
    let op = match comparator.op {
        Op::Caret | Op::Tilde => return expanded_range(comparator.op, spelled),
        // PEP 440 has no `~=1`; to Poetry it is `~1`.
        Op::Compatible if written.numbers.len() == 1 => return expanded_range(Op::Tilde, spelled),
        Op::Bare | Op::Equal => "==",
        Op::NotEqual => "!=",
        _ => return Ok(vec![comparator.alone(text)]),
    };
    Ok(vec![format!("{op}{spelled}")])
}

fn expanded_wildcard(comparator: &Comparator) -> Result<Vec<String>, String> {
    let written = &comparator.version;
    let op = match comparator.op {
        Op::Bare | Op::Equal => "==",
        Op::NotEqual => "!=",
        _ => return Err("a wildcard goes with `==` and `!=` alone".to_owned()),
    };
    if !written.suffix.is_empty() {
        return Err(format!("`{}` cannot follow a wildcard", written.suffix));
    }
    let numbers: Vec<String> = written.numbers.iter().map(u64::to_string).collect();
    match (numbers.is_empty(), op) {
        (false, _) => Ok(vec![format!("{op}{}.*", numbers.join("."))]),
        (true, "==") => Ok(Vec::new()),
        (true, _) => Err("it admits nothing".to_owned()),
    }
}

/// Returns the two bounds of a caret or a tilde.
fn expanded_range(op: Op, spelled: &str) -> Result<Vec<String>, String> {
    let lower = Version::from_str(spelled).map_err(|e| e.to_string())?;
    let release = lower.release();
    let written = release.len();
    let named = match op {
        Op::Tilde => usize::from(written > 1),
        _ => {
            let first = release.iter().take(3).position(|n| *n != 0);
            first.unwrap_or_else(|| written.min(3).saturating_sub(1))
        }
    };
    let next = release.get(named).and_then(|n| n.checked_add(1)).ok_or("the number is too large")?;
    let upper: Vec<u64> = release.iter().take(named).copied().chain([next]).collect();
    let upper = Version::new(upper).with_epoch(lower.epoch());
    Ok(vec![format!(">={lower}"), format!("<{upper}")])
}

#[cfg(test)]
mod tests {
    use crate::manifest::RequirementSyntax;
    use crate::manifest::requirement::rewrite::Reach;
    use crate::manifest::requirement::table::{admitted, refused, rows};

    #[test]
    fn admits() {
        admitted(
            RequirementSyntax::Poetry,
            &[
                ("^1.2", "1.9", true),
                ("^1.2", "2.0a1", false),
                ("^0.2.3", "0.2.9", true),
                ("^0.2.3", "0.3.0", false),
                ("^0.0.3", "0.0.4", false),
                ("^0.0", "0.0.9", true),
                ("^0", "0.9", true),
                ("^0", "1.0", false),
                ("~1", "1.9", true),
                ("~1.2", "1.3", false),
                ("~1.2.3", "1.2.9", true),
                ("1.2.3", "1.2.3", true),
                ("1.2.3", "1.2.4", false),
                ("1.*", "1.5a1", true),
                ("*", "2.0a1", true),
                ("^1.0.0-alpha.1", "1.0.0b1", true),
                (">=1,<2 || ^3", "3.1", true),
                (">=1 <2", "2.0", false),
                ("^1.0|^2.0", "2.0", true),
                ("!=1.2.*", "1.2.3", false),
                ("<>1.2", "1.2", false),
                ("~=1.2", "1.9", true),
                ("~=1", "1.9", true),
                ("~=1.2.3.4", "1.2.4", false),
                ("^1.0.0.5", "1.5", true),
            ],
        );
    }

    #[test]
    fn widen_to_admit() {
        rows(
            RequirementSyntax::Poetry,
            Reach::AsNeeded,
            &[
                ("^0.2", "0.3.1", "^0.3"),
                ("^0.2.0", "0.3.0a1", "^0.3.0a1"),
                ("^0.2", "0.3.0a1", "^0.3a1"),
                ("^1.0.0-alpha.1", "2.0.0-beta.2", "^2.0.0-beta.2"),
                ("^1.0.0-alpha.1", "2.0.0", "^2.0.0"),
                ("^1.0.0a1", "2.0.0-beta.2", "^2.0.0b2"),
                ("~1", "2.3", "~2"),
                ("~1.2", "2.3.4", "~2.3"),
                ("1.2.3", "1.3.0", "1.3.0"),
                ("==1.2.3", "1.3.0", "==1.3.0"),
                ("0.1.*", "0.2.0a1", "0.2.*"),
                ("1.x", "2.0", "2.x"),
                (">=0.1.0,<0.2", "0.2.0", ">=0.1.0,<0.3"),
                (">=0.1.0 <0.2.0", "0.2.0", ">=0.1.0 <0.3.0"),
                ("^1.0 || ^2.0", "3.1", "^1.0 || ^2.0 || ^3.1"),
                ("^1.0|^2.0", "3.1", "^1.0|^2.0|^3.1"),
                ("*", "1.0a1", "*"),
                ("^0.0.3", "0.0.4", "^0.0.4"),
                ("~=0.1.0", "0.2.0", "~=0.2.0"),
                ("^0.2.0,", "0.3.0", "^0.3.0,"),
                ("^0.2.0-rc.1", "0.3.0.dev1", "^0.3.0.dev1"),
            ],
        );
    }

    #[test]
    fn bump_lower_bound() {
        rows(
            RequirementSyntax::Poetry,
            Reach::LowerBound,
            &[
                ("^0.2", "0.2.5", "^0.2"),
                ("^0.2.1", "0.2.5", "^0.2.5"),
                ("1.2.3", "1.2.5", "1.2.5"),
                (">=0.1,<1", "0.4", ">=0.4,<1"),
                ("^1.0 || ^2.0", "2.5", "^1.0 || ^2.5"),
                ("*", "2.0", "*"),
            ],
        );
    }

    #[test]
    fn refusals() {
        refused(
            RequirementSyntax::Poetry,
            &[
                ("", "1.0", "expected a version"),
                ("^1.*", "1.0", "wildcard"),
                ("!=*", "1.0", "admits nothing"),
                ("!=1.0", "1.0", "excludes it"),
                ("latest", "1.0", "expected a version"),
                ("^1.0.0-alpha.1", "3.0.0-next.14", "no spelling"),
            ],
        );
    }
}
