//! [`Config`]: all that a relman.toml says.

use std::sync::Arc;

use super::changelog::ChangelogConfig;
use super::dependents::DependentsConfig;
use super::forge::ForgeConfig;
use super::gates::GatesConfig;
use super::generate::Generator;
use super::group::GroupSpec;
use super::hotfix::HotfixConfig;
use super::levels::{CommitsConfig, FragmentsConfig};
use super::package::PackageSpec;
use super::package_release::PackageRelease;
use super::package_verify::PackageVerify;
use super::pin::PinSpec;
use super::plugin::PluginSpec;
use super::release::ReleaseConfig;
use super::verify::VerifyConfig;
use super::workspace::WorkspaceConfig;
use crate::model::{Diagnostic, GroupIx, IndexVec, PackageId, ProblemCode, RepoPath};
use crate::text::Span;

/// The content of a relman.toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The file, for messages.
    pub path: RepoPath,
    /// Its text, for messages.
    pub text: Arc<str>,
    /// The settings of the whole workspace.
    pub workspace: WorkspaceConfig,
    /// The packages that are declared by hand, in the order of the file.
    pub packages: Vec<PackageSpec>,
    /// The groups, in the order of the file.
    pub groups: IndexVec<GroupIx, GroupSpec>,
    /// What a release does to the packages that depend on the released one.
    pub dependents: DependentsConfig,
    /// How commits count.
    pub commits: CommitsConfig,
    /// How fragments count.
    pub fragments: FragmentsConfig,
    /// How changelogs are kept, for all packages; `None` if only packages with a table of their own keep one.
    pub changelog: Option<ChangelogConfig>,
    /// Where issues, requests and releases are, as far as it is written; `None` if the table is absent.
    pub forge: Option<ForgeConfig>,
    /// What must hold before a release begins; `None` if the table is absent.
    pub gates: Option<GatesConfig>,
    /// How a release leaves the machine; `None` if the table is absent.
    pub release: Option<ReleaseConfig>,
    /// How a release is looked at afterwards; `None` if the table is absent.
    pub verify: Option<VerifyConfig>,
    /// The commands whose files are part of a release, in the order of the file.
    pub generate: Vec<Generator>,
    /// How a released version is fixed; `None` if the table is absent.
    pub hotfix: Option<HotfixConfig>,
    /// The releases of other repositories on which this one builds, in the order of the file.
    pub pins: Vec<PinSpec>,
    /// The programs that relman asks: those with a table, in the order of the file, then those that are only named.
    pub plugins: Vec<PluginSpec>,
}

impl Config {
    /// Returns a diagnostic that points into the file.
    #[must_use]
    pub fn diagnostic(&self, code: ProblemCode, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, message).at(&self.path, &self.text, span)
    }

    /// Returns the declared package with this name.
    #[must_use]
    pub fn package(&self, id: &PackageId) -> Option<&PackageSpec> {
        self.packages.iter().find(|package| package.id == *id)
    }

    /// Returns how the changelog of this package is kept; `None` if it does not keep one.
    #[must_use]
    pub fn changelog_of(&self, id: &PackageId) -> Option<&ChangelogConfig> {
        let own = self.package(id).and_then(|package| package.changelog.as_ref());
        own.or(self.changelog.as_ref())
    }

    /// Returns what is released for this package.
    #[must_use]
    pub fn release_of(&self, id: &PackageId) -> PackageRelease {
        let own = self.package(id).and_then(|package| package.release.as_ref());
        own.or(self.release.as_ref().map(|release| &release.packages)).cloned().unwrap_or_default()
    }

    /// Returns what is looked at after a release of this package.
    #[must_use]
    pub fn verify_of(&self, id: &PackageId) -> PackageVerify {
        self.package(id).and_then(|package| package.verify.clone()).unwrap_or_default()
    }

    /// Returns `true` if the changelog of some package is filled from commits.
    #[must_use]
    pub fn takes_commits(&self) -> bool {
        self.changelogs().any(ChangelogConfig::takes_commits)
    }

    /// Returns `true` if the changelog of some package is filled from the milestone.
    #[must_use]
    pub fn takes_milestone(&self) -> bool {
        self.changelogs().any(ChangelogConfig::takes_milestone)
    }

    fn changelogs(&self) -> impl Iterator<Item = &ChangelogConfig> {
        self.packages.iter().filter_map(|package| package.changelog.as_ref()).chain(&self.changelog)
    }
}
