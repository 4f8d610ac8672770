//! One exact version of SemVer, as lock files write it.

use semver::Version;

use super::RequirementError;
use super::comparator::Requirement;
use super::facts::Facts;
use super::grammar::Grammar;

pub(super) const FACTS: Facts =
    Facts { prereleases_by_name: false, compares_builds: true, ..Facts::semver(&Grammar::VERSION, admits) };

/// Returns `true` if it is this version, build metadata included.
///
/// # Errors
/// If it is not a version.
fn admits(required: &Requirement<'_>, version: &Version) -> Result<bool, RequirementError> {
    let read = Version::parse(required.text).map_err(|e| required.unreadable(None, e.to_string()))?;
    Ok(read == *version)
}
