//! npm's ranges, as node-semver describes them; `nodejs-semver` reads and matches the single comparators.
//!
//! Alternatives and the comparators between them are joined here, not by the crate: it takes comparators that exclude each other
//! for alternatives (`>=2 <1` would admit everything), and skips words that it does not know. npm's prerelease rule is applied
//! here too: a prerelease is admitted only where a comparator of the same alternative names a prerelease of the same three numbers.

use nodejs_semver::{Range, Version};

use super::RequirementError;
use super::comparator::{Alternative, Comparator, Op, Requirement, unreadable};
use crate::manifest::Notation;

/// Tells whether the range admits the version.
///
/// # Errors
/// Where npm would not read one of its comparators.
pub(super) fn admits(range: &Requirement<'_>, version: &Version) -> Result<bool, RequirementError> {
    let mut admitted = false;
    for alternative in &range.alternatives {
        // Every alternative is read, so that a fault in the last one does not hide behind the first.
        admitted |= alternative_admits(range, alternative, version)?;
    }
    Ok(admitted)
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
    let suffix_is_known = written.suffix.is_empty() || written.suffix.starts_with(['-', '+']);
    if !suffix_is_known || written.numbers.len() > 3 {
        let reason = "a version has three numbers at most, and behind them `-` and a prerelease or `+` and a build";
        return Err(unreadable(Notation::Npm, range.text, at, reason));
    }
    let partial = written.numbers.len() < 3 && !written.numbers.is_empty();
    let text = if comparator.op == Op::Less && partial {
        // `<1` means `<1.0.0-0` to npm: no prerelease of the bound is below it.
        let numbers: Vec<String> = (0..3).map(|i| written.numbers.get(i).unwrap_or(&0).to_string()).collect();
        format!("<{}-0", numbers.join("."))
    } else {
        comparator.alone(range.text)
    };
    let reason = "npm does not read this comparator";
    Range::parse(&text).map_err(|_| unreadable(Notation::Npm, range.text, at, reason))
}

#[cfg(test)]
mod tests {
    use crate::manifest::Notation;
    use crate::manifest::requirement::rewrite::Reach;
    use crate::manifest::requirement::table::{admitted, refused, rows};

    #[test]
    fn admits() {
        admitted(
            Notation::Npm,
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
                (">1", "1.9.0", false),
            ],
        );
    }

    #[test]
    fn widened() {
        rows(
            Notation::Npm,
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
    fn raised() {
        rows(
            Notation::Npm,
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
            Notation::Npm,
            &[
                ("latest", "1.0.0", "expected a version"),
                ("workspace:^", "1.0.0", "expected a version"),
                ("file:../a", "1.0.0", "expected a version"),
                (">=1, <2", "1.0.0", "expected a blank"),
                ("1.2.3.4", "1.0.0", "three numbers"),
                ("1.2beta4", "1.0.0", "three numbers"),
                ("^1 foo", "1.0.0", "expected a version"),
                ("^1 || latest", "1.0.0", "expected a version"),
                ("!=1.0.0", "1.0.0", "no operator"),
            ],
        );
    }
}
