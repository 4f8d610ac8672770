//! The names of the version schemes.

use crate::model::VersionScheme;

/// The schemes by the names that relman.toml uses.
pub(super) const SCHEMES: [(&str, VersionScheme); 2] =
    [("semver", VersionScheme::Semver), ("pep440", VersionScheme::Pep440)];
