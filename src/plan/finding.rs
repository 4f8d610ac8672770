//! [`Finding`]: one place that does not agree.

use serde::Serialize;

use crate::model::{PackageId, RepoPath};

/// One place that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// The file; absent if no file is meant.
    pub path: Option<RepoPath>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// The kind of the finding.
    pub code: FindingCode,
    /// The package.
    pub package: Option<PackageId>,
    /// What was found there.
    pub found: Option<String>,
    /// What was expected there.
    pub expected: Option<String>,
    /// The finding, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// The codes of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    /// A place differs from the package's primary.
    Drift,
    /// The members of a fixed group differ.
    GroupDrift,
    /// A lock entry differs from the package's primary.
    LockDrift,
    /// A requirement does not admit the version beside it.
    Requirement,
    /// The package's last tag is above its manifest.
    BehindTag,
    /// A file among the fragments is not a fragment.
    Fragment,
    /// A branch changes a package and brings no fragment for it.
    NoFragment,
    /// A file cannot be read.
    Unreadable,
    /// A merge left a conflict in a file.
    ConflictMarker,
    /// A place does not agree with the tag that is published.
    TagMismatch,
    /// The path of a Go module does not end in the major version of its last tag.
    ModulePath,
    /// A place of a pin is lost, or differs from the pin's first place.
    Pin,
    /// A plugin found something.
    Plugin,
}

impl FindingCode {
    /// Returns the code as JSON has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Drift => "drift",
            Self::GroupDrift => "group-drift",
            Self::LockDrift => "lock-drift",
            Self::Requirement => "requirement",
            Self::BehindTag => "behind-tag",
            Self::Fragment => "fragment",
            Self::NoFragment => "no-fragment",
            Self::Unreadable => "unreadable",
            Self::ConflictMarker => "conflict-marker",
            Self::TagMismatch => "tag-mismatch",
            Self::ModulePath => "module-path",
            Self::Pin => "pin",
            Self::Plugin => "plugin",
        }
    }
}
