//! [`Expected`]: what a release should have put somewhere.

use std::time::Duration;

use crate::config::{NameGlob, OwnCommand};
use crate::model::{ArtifactName, CommitId, ImageName, IndexFileKind, PackageIx, TagName, Version};

/// An artifact that a release should have put somewhere.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Its kind and name; that of an image with its tag.
    pub artifact: ArtifactName,
    /// The package that it is of.
    pub package: PackageIx,
    /// The version, as the package spells it.
    pub text: String,
    /// The version.
    pub version: Version,
    /// The tag of the release.
    pub tag: TagName,
    /// The commit of the tag, as far as it is known.
    pub commit: Option<CommitId>,
    /// When the tag was made, in seconds since 1970; `None` if that is not known.
    pub tagged: Option<i64>,
    /// Whether it may be absent.
    pub is_optional: bool,
    /// What it is.
    pub what: What,
}

/// What an artifact is, a value per kind.
#[derive(Clone, Debug)]
pub enum What {
    /// A tag of an image.
    Image(ImageTag),
    /// A chart in an OCI registry.
    Chart {
        /// The repository of the chart.
        name: ImageName,
        /// The tag.
        tag: String,
    },
    /// A Python project.
    Python {
        /// Its name.
        project: String,
        /// The files that it must have; empty: any.
        files: Vec<IndexFileKind>,
        /// Whether each must have an attestation.
        attested: bool,
    },
    /// A package of npm.
    Npm(String),
    /// A crate.
    Crate(String),
    /// A page.
    Page {
        /// Its address.
        url: String,
        /// What it must say.
        says: PageSays,
    },
    /// A command that succeeds once the artifact is right.
    Command {
        /// The name that its output is printed behind.
        name: String,
        /// The command.
        command: Box<OwnCommand>,
        /// The artifact whose digest it is about.
        of: Option<ArtifactName>,
    },
    /// The release on the forge.
    Release {
        /// The names of the files that it must have.
        assets: Vec<NameGlob>,
        /// Whether it must have a text.
        has_notes: bool,
    },
    /// The tag on the remote.
    Tag,
    /// What the push of the tag started.
    Pipeline,
    /// The milestone of the release.
    Milestone {
        /// Its title.
        title: String,
        /// Whether it must be closed.
        is_closed: bool,
    },
}

impl What {
    /// Returns `true` if the forge is asked for it.
    #[must_use]
    pub fn is_on_forge(&self) -> bool {
        matches!(self, Self::Release { .. } | Self::Pipeline | Self::Milestone { .. })
    }
}

/// A tag of an image.
#[derive(Clone, Debug)]
pub struct ImageTag {
    /// The image.
    pub name: ImageName,
    /// The tag.
    pub tag: String,
    /// The artifact with the tag that holds the whole version, if this one does not: both must lead to the same image.
    pub follows: Option<ArtifactName>,
    /// Whether it must be signed.
    pub signed: bool,
    /// Whether its label must have the commit of the tag.
    pub revision: bool,
}

/// What a page must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageSays {
    /// It is there.
    Anything,
    /// It holds this text.
    Text(String),
    /// A value of its JSON document, at this place (RFC 6901), is the version.
    Version(String),
}

impl Expected {
    /// Returns `true` if a name in relman.toml, or on the command line, means this artifact: `image:NAME` means all its tags.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        let is_image =
            |image: &ImageTag| name.strip_prefix("image:").is_some_and(|rest| rest == image.name.to_string());
        matches!(&self.what, What::Image(image) if is_image(image)) || self.artifact.to_string() == name
    }
}

/// How long an artifact may take to arrive.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Now, in seconds since 1970.
    pub now: i64,
    /// Whether there is time left of what the caller waits for.
    pub is_waiting: bool,
}

/// An artifact that is not found within the first hour after its tag may still come.
pub(super) const FIRST_HOUR: Duration = Duration::from_secs(3_600);
/// The pipeline of a tag begins within a minute.
pub(super) const FIRST_MINUTE: Duration = Duration::from_secs(60);

impl Allowance {
    /// Returns `true` if the tag is younger than this, on clocks that may differ by as much.
    #[must_use]
    pub fn is_within(&self, expected: &Expected, limit: Duration) -> bool {
        let age = expected.tagged.map(|tagged| self.now.saturating_sub(tagged).unsigned_abs());
        age.is_some_and(|age| age < limit.as_secs())
    }
}
