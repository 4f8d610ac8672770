//! [`VerifyReport`]: what of a release has arrived.

use serde::Serialize;

use crate::model::PackageId;

/// What of the releases has arrived, an entry for each artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Verify")]
#[serde(rename_all = "kebab-case")]
pub struct VerifyReport {
    /// The version of this format.
    pub schema: u32,
    /// The artifacts, release by release.
    pub artifacts: Vec<ArtifactReport>,
    /// What else a person should know.
    pub notes: Vec<String>,
}

/// Whether an artifact has arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ArtifactReport {
    /// Its kind and name, as in `image:ghcr.io/acme/api:0.2.0`.
    pub artifact: String,
    /// The package that it is of.
    pub package: PackageId,
    /// The version, as the package spells it.
    pub version: String,
    /// Whether it has arrived.
    pub state: ArtifactState,
    /// Whether relman.toml allows it to be absent.
    pub optional: bool,
    /// What was expected.
    pub expected: Option<String>,
    /// What was found.
    pub found: Option<String>,
    /// The digest of an image or a chart.
    pub digest: Option<String>,
    /// The address that was asked.
    pub asked: Option<String>,
    /// What is wrong, or why it is accepted.
    pub message: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

/// Whether an artifact has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactState {
    /// It is there, as it should be.
    Ok,
    /// It is not there yet, and may still come.
    Pending,
    /// It is there and differs, or did not come.
    Wrong,
    /// It is wrong, which relman.toml accepts.
    Accepted,
    /// It could not be looked at.
    Unknown,
}

impl VerifyReport {
    /// Returns `true` if an artifact has this state.
    #[must_use]
    pub fn has(&self, state: ArtifactState) -> bool {
        self.artifacts.iter().any(|artifact| artifact.state == state)
    }

    /// Returns `true` if an artifact that must be there could not be looked at.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.artifacts.iter().any(|artifact| artifact.state == ArtifactState::Unknown && !artifact.optional)
    }
}
