//! [`Facts`]: what a notation is, beside its grammar.

use super::RequirementError;
use super::comparator::Requirement;
use super::grammar::Grammar;
use crate::model::VersionScheme;

/// All that relman knows of a notation.
pub(super) struct Facts {
    /// How requirements are written.
    pub(super) grammar: &'static Grammar,
    /// How versions are spelled.
    pub(super) scheme: VersionScheme,
    /// Which versions a requirement admits.
    pub(super) rules: Rules,
    /// Whether a prerelease is admitted only where the requirement names one.
    pub(super) prereleases_by_name: bool,
    /// Whether build metadata counts where versions are compared.
    pub(super) compares_builds: bool,
    /// Whether `1.2` alone means all of 1.2, not only what is compatible with it.
    pub(super) partial_is_wild: bool,
    /// Whether prereleases are written in SemVer's spelling, too, where the scheme is another one.
    pub(super) takes_semver: bool,
}

/// The rules of a notation, by the crate whose versions they compare.
#[derive(Clone, Copy)]
pub(super) enum Rules {
    /// Those of `semver`.
    Semver(Admits<semver::Version>),
    /// Those of `nodejs_semver`.
    Npm(Admits<nodejs_semver::Version>),
    /// Those of `pep440_rs`.
    Pep440(Admits<pep440_rs::Version>),
}

/// Returns `true` if a requirement admits a version; an error if the notation's own tools would not read the requirement.
pub(super) type Admits<V> = fn(&Requirement<'_>, &V) -> Result<bool, RequirementError>;

impl Facts {
    /// What is usual among notations that spell versions as SemVer does.
    pub(super) const fn semver(grammar: &'static Grammar, admits: Admits<semver::Version>) -> Self {
        Self {
            grammar,
            scheme: VersionScheme::Semver,
            rules: Rules::Semver(admits),
            prereleases_by_name: true,
            compares_builds: false,
            partial_is_wild: true,
            takes_semver: false,
        }
    }

    /// What is usual among notations of Python.
    pub(super) const fn python(grammar: &'static Grammar, admits: Admits<pep440_rs::Version>) -> Self {
        Self {
            grammar,
            scheme: VersionScheme::Pep440,
            rules: Rules::Pep440(admits),
            prereleases_by_name: false,
            compares_builds: true,
            partial_is_wild: false,
            takes_semver: false,
        }
    }
}
