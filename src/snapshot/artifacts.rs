//! [`ArtifactLook`]: what was found where a release should have put something.

use super::look::Look;
use super::tag_look::TagLook;
use crate::model::{
    ChartFacts, CiJob, CrateRelease, ForgeRelease, ImageFacts, IndexFile, Milestone, NpmFacts, PageFacts,
};

/// What a look at an artifact found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactLook {
    /// The address that was asked; `None` if nothing was.
    pub asked: Option<String>,
    /// What was found, or why nothing could be found out.
    pub found: Look<ArtifactFacts>,
}

impl ArtifactLook {
    /// Returns a look at what cannot be asked for.
    #[must_use]
    pub fn unknown(message: impl Into<String>, help: Option<String>) -> Self {
        Self { asked: None, found: Look::Unknown { message: message.into(), help } }
    }
}

/// What is known of an artifact, a value per kind; `None` inside if it does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArtifactFacts {
    /// A tag of an image.
    Image(Option<ImageLook>),
    /// A chart in an OCI registry.
    Chart(Option<ChartFacts>),
    /// The files of a Python project.
    Python(Option<Vec<IndexFile>>),
    /// A package of npm.
    Npm(Option<NpmFacts>),
    /// The releases of a crate.
    Crate(Option<Vec<CrateRelease>>),
    /// A page.
    Page(PageFacts),
    /// How a command ended: why it failed, `None` if it succeeded.
    Command(Option<String>),
    /// The releases of a tag on the forge.
    Releases(Vec<ForgeRelease>),
    /// A tag on the remote.
    Tag(Option<TagLook>),
    /// The jobs that the push of a tag started.
    Pipeline(Vec<CiJob>),
    /// The milestone of the release.
    Milestone(Option<Milestone>),
}

/// What is known of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageLook {
    /// What the tag leads to.
    pub facts: ImageFacts,
    /// Whether it was shown to a login only.
    pub is_private: bool,
    /// Whether it has a signature, where that was asked for.
    pub is_signed: Option<bool>,
    /// The label with its revision, where that was asked for; `None` inside if it has none.
    pub revision: Option<Option<String>>,
}
