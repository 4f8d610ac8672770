//! [`Subject`]: the version that a requirement is asked about, in the words of the requirement's notation.

use std::str::FromStr;

use super::comparator::{Requirement, unreadable};
use super::{RequirementError, cargo, chart, npm, pep440, poetry};
use crate::manifest::Notation;
use crate::model::{Unspellable, Version, VersionScheme};

/// A version as the tools of a notation compare it.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// For Cargo and Helm.
    Semver(semver::Version),
    /// For npm.
    Npm(nodejs_semver::Version),
    /// For PEP 440 and Poetry, its local part included.
    Pep440(pep440_rs::Version),
}

/// Returns the scheme in which a notation spells versions.
pub(super) fn scheme(notation: Notation) -> VersionScheme {
    match notation {
        Notation::Pep440 | Notation::Poetry => VersionScheme::Pep440,
        Notation::Cargo | Notation::Npm | Notation::Chart | Notation::Exact => VersionScheme::Semver,
    }
}

/// Returns the version without build metadata, which no requirement looks at but those that write one.
pub(super) fn public(version: &Version) -> Version {
    Version { build: None, ..version.clone() }
}

impl Subject {
    /// Brings a version into the words of a notation.
    ///
    /// # Errors
    /// Returns an error if the notation's scheme, or npm with its smaller numbers, has no words for it.
    pub(super) fn new(notation: Notation, version: &Version) -> Result<Self, RequirementError> {
        let scheme = scheme(notation);
        let text = match scheme {
            VersionScheme::Semver => scheme.render(&public(version))?,
            VersionScheme::Pep440 => scheme.render(version).or_else(|_| scheme.render(&public(version)))?,
        };
        let refused = |what: String| RequirementError::Unspellable(Unspellable { scheme, what });
        Ok(match notation {
            Notation::Npm => {
                let read = nodejs_semver::Version::parse(&text);
                Self::Npm(read.map_err(|_| refused(format!("{text}, whose numbers or length npm does not read,")))?)
            }
            Notation::Pep440 | Notation::Poetry => {
                Self::Pep440(pep440_rs::Version::from_str(&text).map_err(|e| refused(format!("{text} ({e})")))?)
            }
            Notation::Cargo | Notation::Chart | Notation::Exact => {
                Self::Semver(semver::Version::parse(&text).map_err(|e| refused(format!("{text} ({e})")))?)
            }
        })
    }

    /// Returns `true` if a requirement of the subject's notation admits it.
    ///
    /// # Errors
    /// Returns an error if the notation's own tools would not read the requirement.
    pub(super) fn is_admitted_by(&self, requirement: &Requirement<'_>) -> Result<bool, RequirementError> {
        match (requirement.notation, self) {
            (Notation::Cargo, Self::Semver(version)) => cargo::admits(requirement.text, version),
            (Notation::Chart, Self::Semver(version)) => chart::admits(requirement, version),
            (Notation::Npm, Self::Npm(version)) => npm::admits(requirement, version),
            (Notation::Pep440, Self::Pep440(version)) => pep440::admits(requirement, version),
            (Notation::Poetry, Self::Pep440(version)) => poetry::admits(requirement, version),
            (notation, _) => Err(unreadable(notation, requirement.text, None, "it has no comparators")),
        }
    }

    /// Scans a text and tells whether it admits the subject.
    ///
    /// # Errors
    /// Returns an error if the text cannot be read.
    pub(super) fn is_admitted(&self, notation: Notation, text: &str) -> Result<bool, RequirementError> {
        self.is_admitted_by(&Requirement::scan(notation, text)?)
    }
}
