//! [`Package`] and its slots.

use std::sync::Arc;

use globset::GlobMatcher;

use super::tagging::Tagging;
use crate::config::{MessageTemplate, PathPattern};
use crate::manifest::{ManifestType, RequirementPlace, Scalar};
use crate::model::{DependencyKind, GroupIx, PackageId, RepoPath, TagTemplate, Version, VersionPart, VersionScheme};

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
    /// Under which tags it is released.
    pub tagging: Tagging,
    /// The tags that mean nothing here, whatever the template.
    pub ignored_tags: Arc<[GlobMatcher]>,
    /// The template of its tags' messages.
    pub tag_message: MessageTemplate,
    /// The index of its group.
    pub group: Option<GroupIx>,
    /// Whether its tags are also those of releases without it: it is in a linked group with one tag.
    pub shares_tags: bool,
    /// The version of its last tag, if no file holds its version.
    pub from_tag: Option<FromTag>,
    /// The paths of the Go modules that its manifests name.
    pub modules: Vec<ModulePath>,
    /// Every place of its version, the primary first; empty where a broken file hides them, or no file holds it.
    pub slots: Vec<VersionSlot>,
    /// Every place of a part of its version, or of the day of its release.
    pub parts: Vec<PartSlot>,
}

/// The version of a package that no file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromTag {
    /// The version: that of the last tag, or of a release commit above it. Before the first release, and until the tags were looked at,
    /// the initial one.
    pub version: Version,
    /// The same in the package's scheme.
    pub written: String,
    /// Whether it was released.
    pub is_released: bool,
    /// The first of its manifests, with which the package begins.
    pub manifest: Option<RepoPath>,
}

/// The path of a Go module, from 2 on with the major version at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModulePath {
    /// The go.mod.
    pub file: RepoPath,
    /// The path.
    pub scalar: Scalar,
}

/// One place of a part of a package's version, or of the day of its release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartSlot {
    /// The file.
    pub file: RepoPath,
    /// Its type.
    pub kind: ManifestType,
    /// What the place holds.
    pub part: VersionPart,
    /// The bytes.
    pub scalar: Scalar,
    /// The scheme that relman.toml gives the place.
    pub scheme: VersionScheme,
}

impl PartSlot {
    /// Returns what the place holds for this version, with the day that it has; `None` if that day cannot be read.
    #[must_use]
    pub fn of(&self, version: &Version) -> Option<String> {
        self.part.write(version, None, &self.scalar.text)
    }

    /// Returns `true` if the numbers of the place are those of this version.
    #[must_use]
    pub fn agrees(&self, version: &Version) -> bool {
        self.of(version).as_ref() == Some(&self.scalar.text)
    }
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
    /// The text of the manifest's requirement, of which a deno.lock has this as the normal form.
    pub copy_of: Option<String>,
}

impl Package {
    /// Returns the place of the version that counts.
    #[must_use]
    pub fn primary(&self) -> Option<&VersionSlot> {
        self.slots.first()
    }

    /// Returns the package's version: that of its last tag, if no file holds it, else that of its primary.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        let tagged = self.from_tag.as_ref().map(|tagged| &tagged.version);
        tagged.or_else(|| self.primary().map(|slot| &slot.value))
    }

    /// Returns the version as its primary writes it; may be empty.
    #[must_use]
    pub fn written(&self) -> &str {
        let tagged = self.from_tag.as_ref().map(|tagged| tagged.written.as_str());
        tagged.or_else(|| self.primary().map(|slot| slot.scalar.text.as_str())).unwrap_or("")
    }

    /// Returns what holds the version that counts, for messages: the file of the primary, or the last tag.
    #[must_use]
    pub fn held_by(&self) -> String {
        let file = self.primary().filter(|_| self.from_tag.is_none()).map(|slot| slot.file.to_string());
        file.unwrap_or_else(|| "its last tag".to_owned())
    }

    /// Returns the file whose first commit is the beginning of the package.
    #[must_use]
    pub fn first_file(&self) -> Option<&RepoPath> {
        match &self.from_tag {
            Some(tagged) => tagged.manifest.as_ref(),
            None => self.primary().map(|slot| &slot.file),
        }
    }

    /// Returns the slots that do not hold the package's version in their own spelling.
    pub fn drifting(&self) -> impl Iterator<Item = &VersionSlot> {
        let version = self.version();
        self.slots.iter().filter(move |slot| slot.misspelled || Some(&slot.value) != version)
    }
}

impl Package {
    /// Returns `true` if its releases get tags of its own.
    #[must_use]
    pub fn has_tags(&self) -> bool {
        self.tagging == Tagging::Own
    }

    /// Returns `true` if its releases get no tags, neither own ones nor those of another package.
    #[must_use]
    pub fn is_never_tagged(&self) -> bool {
        self.tagging == Tagging::Never
    }

    /// Returns the version in a tag of its own; `None` if the tag is another one, or means nothing here.
    #[must_use]
    pub fn tagged(&self, tag: &str) -> Option<Version> {
        self.tag.matches(tag).filter(|_| self.has_tags() && !self.ignores(tag))
    }

    /// Returns the template of the tags under which it is released; `None` if it is never tagged.
    #[must_use]
    pub fn release_tags(&self) -> Option<&TagTemplate> {
        match &self.tagging {
            Tagging::Own => Some(&self.tag),
            Tagging::Of(template) => Some(template),
            Tagging::Never => None,
        }
    }

    /// Returns the tag of its last release, of some with their versions: the highest. Where later ones may be those of other members of its
    /// linked group, it is the lowest that is not below its own version, so that what it changed since then still counts.
    pub fn last_of<T>(&self, tags: impl Iterator<Item = (T, Version)>) -> Option<(T, Version)> {
        let own = self.version().filter(|_| self.shares_tags);
        let is_reached = |tagged: &Version| own.is_some_and(|own| tagged >= own);
        tags.max_by(|(_, one), (_, other)| match (is_reached(one), is_reached(other)) {
            (true, true) => other.cmp(one),
            (false, false) => one.cmp(other),
            (one, other) => one.cmp(&other),
        })
    }

    /// Returns `true` if a tag of this name means nothing here.
    #[must_use]
    pub fn ignores(&self, tag: &str) -> bool {
        self.ignored_tags.iter().any(|glob| glob.is_match(tag))
    }

    /// Returns the places of parts of the version that do not have its numbers.
    pub fn drifting_parts(&self) -> impl Iterator<Item = &PartSlot> {
        let version = self.version();
        self.parts.iter().filter(move |slot| version.is_some_and(|version| !slot.agrees(version)))
    }

    /// Returns every file that holds the version, or a part of it, once for each place.
    pub fn files(&self) -> impl Iterator<Item = &RepoPath> {
        self.slots.iter().map(|slot| &slot.file).chain(self.parts.iter().map(|slot| &slot.file))
    }
}

impl Package {
    /// Takes the version of its last release, if no file holds its version.
    pub fn take_released(&mut self, version: Version) {
        let written = self.scheme.render(&version).unwrap_or_default();
        if let Some(tagged) = &mut self.from_tag {
            *tagged = FromTag { version, written, is_released: true, manifest: tagged.manifest.take() };
        }
    }
}

impl RequirementSlot {
    /// Returns the purpose for which the package is required.
    #[must_use]
    pub fn edge(&self) -> DependencyKind {
        self.place.kind
    }
}
