//! The versions that a go.mod requires, as Go's minimal version selection reads them (<https://go.dev/ref/mod#minimal-version-selection>).
//!
//! - The version is the lowest that will do: any higher one is admitted. The major version is a part of the module's path, not of this.
//! - Order decides about prereleases, too: `v1.2.0` admits v1.3.0-rc.1.
//! - A pseudo-version names a commit that has no tag, and is ordered behind the tag before it: `v1.2.4-0.20240102030405-0123456789ab`
//!   is of a commit behind v1.2.3, and admits what v1.2.3 does. That commit may lie before a tag that the pseudo-version does not know of.

use semver::{Prerelease, Version};

use super::RequirementError;
use super::comparator::Requirement;
use super::facts::Facts;
use super::grammar::Grammar;

pub(super) const FACTS: Facts = Facts { prereleases_by_name: false, ..Facts::semver(&GRAMMAR, admits) };

const GRAMMAR: Grammar = Grammar { name: "version of a Go module", ..Grammar::VERSION };

/// Returns `true` if the version is at least the required one.
///
/// # Errors
/// Returns an error if it is not a version that Go reads.
fn admits(required: &Requirement<'_>, version: &Version) -> Result<bool, RequirementError> {
    let number = required.text.strip_prefix('v');
    let number = number.ok_or_else(|| required.unreadable(Some(0), "a version of a Go module starts with `v`"))?;
    let lowest = Version::parse(number).map_err(|error| required.unreadable(None, error.to_string()))?;
    Ok(version.cmp_precedence(&tag_before(lowest)).is_ge())
}

/// Returns the version of the tag before the commit of a pseudo-version; any other version as it is.
fn tag_before(version: Version) -> Version {
    let Some((before, _)) = version.pre.rsplit_once('.').filter(|(_, stamp)| is_stamp(stamp)) else { return version };
    match (before, before.strip_suffix(".0")) {
        ("0", _) => Version { pre: Prerelease::EMPTY, patch: version.patch.saturating_sub(1), ..version },
        // What is a prerelease with two more identifiers is one without them.
        (_, Some(tagged)) => Version { pre: Prerelease::new(tagged).unwrap_or_default(), ..version },
        _ => version,
    }
}

/// Returns `true` for a time in seconds and the start of a commit's id: `20240102030405-0123456789ab`.
fn is_stamp(text: &str) -> bool {
    let is_hex = |id: &str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let is_time = |time: &str| time.len() == 14 && time.bytes().all(|b| b.is_ascii_digit());
    text.split_once('-').is_some_and(|(time, id)| is_time(time) && is_hex(id))
}

#[cfg(test)]
mod tests {
    use crate::manifest::RequirementSyntax;
    use crate::manifest::requirement::rewrite::Reach;
    use crate::manifest::requirement::table::{admitted, refused, rows};

    #[test]
    fn admits() {
        admitted(
            RequirementSyntax::Go,
            &[
                ("v1.2.3", "1.2.3", true),
                ("v1.2.3", "1.9.0", true),
                ("v1.2.3", "1.2.2", false),
                ("v1.2.3", "1.3.0-rc.1", true),
                ("v1.2.3", "1.2.3-rc.1", false),
                ("v0.0.0", "0.1.0", true),
                ("v2.0.0+incompatible", "2.0.0", true),
                ("v0.0.0-00010101000000-000000000000", "0.1.0", true),
                ("v1.2.4-0.20240102030405-0123456789ab", "1.2.3", true),
                ("v1.2.4-0.20240102030405-0123456789ab", "1.2.2", false),
                ("v1.2.0-rc.1.0.20240102030405-0123456789ab", "1.2.0-rc.1", true),
                ("v1.2.0-rc.1.0.20240102030405-0123456789ab", "1.2.0-beta.2", false),
                ("v1.2.0-rc.20240102", "1.2.0-rc.1", false),
            ],
        );
    }

    #[test]
    fn widen_to_admit() {
        rows(
            RequirementSyntax::Go,
            Reach::AsNeeded,
            &[
                ("v1.2.3", "1.3.0", "v1.2.3"),
                ("v1.2.3", "1.2.0", "v1.2.0"),
                ("v1.2.3", "1.2.3-rc.1", "v1.2.3-rc.1"),
                ("v1.2.4-0.20240102030405-0123456789ab", "1.2.0", "v1.2.0"),
            ],
        );
    }

    #[test]
    fn bump_lower_bound() {
        rows(
            RequirementSyntax::Go,
            Reach::LowerBound,
            &[
                ("v1.2.3", "1.3.0", "v1.3.0"),
                ("v1.2.3", "1.2.3", "v1.2.3"),
                ("v0.0.0", "0.2.0-rc.1", "v0.2.0-rc.1"),
                ("v0.0.0-00010101000000-000000000000", "0.1.0", "v0.1.0"),
                ("v1.2.4-0.20240102030405-0123456789ab", "1.3.0", "v1.3.0"),
                ("v2.0.0+incompatible", "2.1.0", "v2.1.0"),
            ],
        );
    }

    #[test]
    fn refusals() {
        refused(
            RequirementSyntax::Go,
            &[
                ("1.2.3", "1.0.0", "starts with `v`"),
                ("v1.2", "1.0.0", "unexpected end"),
                ("master", "1.0.0", "expected a version"),
            ],
        );
    }
}
