//! [`ArtifactName`]: what a release puts somewhere, as `KIND:NAME`.

use std::fmt;

/// The kind of an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArtifactKind {
    /// A container image in an OCI registry.
    Image,
    /// A Helm chart in an OCI registry.
    Chart,
    /// A project of a Python index.
    Pypi,
    /// A package of an npm registry.
    Npm,
    /// A crate of a cargo registry.
    Crate,
    /// What an address answers.
    Url,
    /// What a command of the user's own says.
    Run,
    /// The release of a tag on the forge.
    Release,
    /// The pipeline of a tag.
    Pipeline,
    /// A tag on the remote.
    Tag,
    /// A milestone on the forge.
    Milestone,
}

impl ArtifactKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Self; 11] = [
        Self::Image,
        Self::Chart,
        Self::Pypi,
        Self::Npm,
        Self::Crate,
        Self::Url,
        Self::Run,
        Self::Release,
        Self::Pipeline,
        Self::Tag,
        Self::Milestone,
    ];

    /// Returns the word before the colon.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Chart => "chart",
            Self::Pypi => "pypi",
            Self::Npm => "npm",
            Self::Crate => "crate",
            Self::Url => "url",
            Self::Run => "run",
            Self::Release => "release",
            Self::Pipeline => "pipeline",
            Self::Tag => "tag",
            Self::Milestone => "milestone",
        }
    }

    /// Returns the kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The name of an artifact: `image:ghcr.io/owner/api`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArtifactName {
    /// Its kind.
    pub kind: ArtifactKind,
    /// What its registry, its forge or relman.toml calls it.
    pub name: String,
}

impl ArtifactName {
    /// Returns the artifact of this kind and name.
    #[must_use]
    pub fn new(kind: ArtifactKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

impl fmt::Display for ArtifactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.name)
    }
}
