//! [`Package`] and its slots.

use crate::config::{MessageTemplate, PathPattern};
use crate::manifest::{ManifestType, RequirementPlace, Scalar};
use crate::model::{DependencyKind, GroupIx, PackageId, RepoPath, TagTemplate, Version, VersionScheme};

/// A package with every place of its version.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its key.
    pub id: PackageId,
    /// The folders that its files lie in: its own one, or those of its manifests.
    pub folders: Vec<RepoPath>,
    /// The patterns of its files, where relman.toml gives them.
    pub paths: Option<Vec<PathPattern>>,
    /// The scheme that spells its version in texts.
    pub scheme: VersionScheme,
    /// The template of its tags, or of its group's one tag.
    pub tag: TagTemplate,
    /// The template of its tags' messages.
    pub tag_message: MessageTemplate,
    /// The index of its group.
    pub group: Option<GroupIx>,
    /// Every place of its version, the primary first; empty where a broken file hides them.
    pub slots: Vec<VersionSlot>,
}

/// One place of a package's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionSlot {
    /// The file.
    pub file: RepoPath,
    /// Its type.
    pub kind: ManifestType,
    /// What the format calls the place.
    pub field: String,
    /// The bytes.
    pub scalar: Scalar,
    /// The scheme of the slot.
    pub scheme: VersionScheme,
    /// The value.
    pub value: Version,
    /// Whether the value is written in the other scheme's spelling.
    pub misspelled: bool,
}

/// A place that requires a package of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementSlot {
    /// The file.
    pub file: RepoPath,
    /// Its type.
    pub kind: ManifestType,
    /// The package whose manifest it is, or that takes it over from its Cargo workspace; `None` for a manifest without a package.
    pub holder: Option<PackageId>,
    /// The package that is required.
    pub of: PackageId,
    /// The requirement. Its kind is the purpose for which the holder requires it.
    pub place: RequirementPlace,
    /// The Cargo.toml that inherits the requirement from `file`, the root of its workspace.
    pub inherited_by: Option<RepoPath>,
}

impl Package {
    /// Returns the place of the version that counts.
    #[must_use]
    pub fn primary(&self) -> Option<&VersionSlot> {
        self.slots.first()
    }

    /// Returns the package's version: that of its primary.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        self.primary().map(|slot| &slot.value)
    }

    /// Returns the version as its primary writes it; may be empty.
    #[must_use]
    pub fn written(&self) -> &str {
        self.primary().map_or("", |slot| &slot.scalar.text)
    }

    /// Returns the slots that do not hold the package's version in their own spelling.
    pub fn drifting(&self) -> impl Iterator<Item = &VersionSlot> {
        let version = self.version();
        self.slots.iter().filter(move |slot| slot.misspelled || Some(&slot.value) != version)
    }
}

impl RequirementSlot {
    /// Returns the purpose for which the package is required.
    #[must_use]
    pub fn edge(&self) -> DependencyKind {
        self.place.kind
    }
}
