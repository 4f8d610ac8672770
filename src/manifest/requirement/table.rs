//! How the tables of the notations are tried.

use super::rewrite::Reach;
use super::{RequirementError, admits, bump_lower_bound, widen_to_admit};
use crate::manifest::RequirementSyntax;
use crate::model::{Version, VersionScheme};

/// Reads a version of a table: by SemVer, or by PEP 440 where it is none.
pub(super) fn version(text: &str) -> Version {
    VersionScheme::Semver.parse(text).or_else(|_| VersionScheme::Pep440.parse(text)).unwrap()
}

/// Requirement, version, whether the one admits the other.
pub(super) fn admitted(notation: RequirementSyntax, rows: &[(&str, &str, bool)]) {
    for (requirement, text, expected) in rows {
        assert_eq!(admits(notation, requirement, &version(text)), Ok(*expected), "{requirement} and {text}");
    }
}

/// Requirement, version, the requirement rewritten.
pub(super) fn rows(notation: RequirementSyntax, reach: Reach, rows: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (requirement, text, expected) in rows {
        let value = version(text);
        let got = match reach {
            Reach::AsNeeded => widen_to_admit(notation, requirement, &value),
            Reach::LowerBound => bump_lower_bound(notation, requirement, &value),
        };
        if got.as_deref() != Ok(*expected) {
            wrong.push(format!("{requirement} and {text}: expected {expected}, got {got:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n"));
}

/// Requirement, version, a part of the message.
pub(super) fn refused(notation: RequirementSyntax, rows: &[(&str, &str, &str)]) {
    for (requirement, text, expected) in rows {
        let error: RequirementError = widen_to_admit(notation, requirement, &version(text)).unwrap_err();
        assert!(error.to_string().contains(expected), "{requirement} and {text}: {error}");
    }
}
