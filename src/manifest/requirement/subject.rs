//! [`Subject`]: the version that a requirement is asked about, in the words of the requirement's notation.

use std::str::FromStr;

use super::RequirementError;
use super::comparator::Requirement;
use super::facts::{Admits, Facts, Rules};
use super::grammar::Grammar;
use crate::model::{Unspellable, Version};

/// A version as the tools of a notation compare it, and their rules.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// As `semver` compares it.
    Semver(semver::Version, Admits<semver::Version>),
    /// As `nodejs_semver` does.
    Npm(nodejs_semver::Version, Admits<nodejs_semver::Version>),
    /// As `pep440_rs` does.
    Pep440(pep440_rs::Version, Admits<pep440_rs::Version>),
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
    pub(super) fn new(facts: &Facts, version: &Version) -> Result<Self, RequirementError> {
        let scheme = facts.scheme;
        let bare = || scheme.render(&public(version));
        let text = if facts.compares_builds { scheme.render(version).or_else(|_| bare())? } else { bare()? };
        let refused = |what: String| RequirementError::Unspellable(Unspellable { scheme, what });
        Ok(match facts.rules {
            Rules::Npm(admits) => {
                let read = nodejs_semver::Version::parse(&text);
                let refusal = |_| refused(format!("{text}, whose numbers or length npm does not read,"));
                Self::Npm(read.map_err(refusal)?, admits)
            }
            Rules::Pep440(admits) => {
                let read = pep440_rs::Version::from_str(&text);
                Self::Pep440(read.map_err(|e| refused(format!("{text} ({e})")))?, admits)
            }
            Rules::Semver(admits) => {
                let read = semver::Version::parse(&text);
                Self::Semver(read.map_err(|e| refused(format!("{text} ({e})")))?, admits)
            }
        })
    }

    /// Returns `true` if a requirement of the subject's notation admits it.
    ///
    /// # Errors
    /// Returns an error if the notation's own tools would not read the requirement.
    pub(super) fn is_admitted_by(&self, requirement: &Requirement<'_>) -> Result<bool, RequirementError> {
        match self {
            Self::Semver(version, admits) => admits(requirement, version),
            Self::Npm(version, admits) => admits(requirement, version),
            Self::Pep440(version, admits) => admits(requirement, version),
        }
    }

    /// Returns `true` if a text in the grammar of the subject's notation admits it.
    ///
    /// # Errors
    /// Returns an error if the text cannot be read.
    pub(super) fn is_admitted(&self, grammar: &'static Grammar, text: &str) -> Result<bool, RequirementError> {
        self.is_admitted_by(&Requirement::scan(grammar, text)?)
    }
}
