//! [`PackageSeed`]: a package before its files are bound.

use crate::config::{MessageTemplate, PathPattern, TagVersion};
use crate::manifest::{Locator, ManifestType, VersionPlace};
use crate::model::{PackageId, RegistryName, RepoPath, VersionPart, VersionScheme};
use crate::text::{Span, list_truncated};

/// A package as relman.toml declares it, or as it was found in a `members` folder.
#[derive(Clone, Debug)]
pub struct PackageSeed {
    /// Its key.
    pub id: PackageId,
    /// Where relman.toml declares it, or the pattern that found it.
    pub span: Span,
    /// Its folder, where it has one.
    pub folder: Option<RepoPath>,
    /// Its manifests and lock files, the primary first.
    pub manifests: Vec<SeedManifest>,
    /// The names in its folder, if no manifest there holds a version.
    pub versionless: Option<Vec<String>>,
    /// The scheme that relman.toml gives it.
    pub scheme: Option<VersionScheme>,
    /// The template of its tags, from the package or the workspace.
    pub tag: String,
    /// Under which tags it is released.
    pub tagging: SeedTagging,
    /// Where its version comes from, if no file holds it.
    pub from_tag: Option<TagVersion>,
    /// The scheme of its tags, where it is given.
    pub tag_scheme: Option<VersionScheme>,
    /// The template of its tags' messages.
    pub tag_message: MessageTemplate,
    /// Names under which it is published elsewhere.
    pub names: Vec<RegistryName>,
    /// The patterns of the files that are its own, where they are given.
    pub paths: Option<Vec<PathPattern>>,
}

/// Under which tags a package is released, as relman.toml says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeedTagging {
    /// Under tags of its own.
    Own,
    /// Under those of this package, and where that is declared.
    Of(PackageId, Span),
    /// Under none.
    Never,
}

impl PackageSeed {
    /// Says that no file of it could hold a version.
    pub(super) fn without_manifest(&self) -> String {
        let folder = self.folder.as_ref().map_or("its folder".to_owned(), ToString::to_string);
        match self.versionless.as_deref() {
            Some([]) => format!("{folder} is empty"),
            Some(_) => format!("no file in {folder} is a manifest"),
            None => "no file holds it".to_owned(),
        }
    }

    /// Lists what is in its folder besides its manifests, as the end of a sentence; empty if it has a version, or nothing is there.
    pub(super) fn beside(&self) -> String {
        let is_manifest = |name: &&String| self.manifests.iter().any(|manifest| manifest.path.file_name() == *name);
        let others: Vec<&String> = self.versionless.iter().flatten().filter(|name| !is_manifest(name)).collect();
        match (&self.folder, others.as_slice()) {
            (Some(folder), [_, ..]) => format!("; {folder} holds {}", list_truncated(&others, 8)),
            _ => String::new(),
        }
    }

    /// Returns the folders of the package, sorted: its own one, else those of its manifests.
    #[must_use]
    pub(super) fn folders(&self) -> Vec<RepoPath> {
        let of = |is_meant: fn(ManifestType) -> bool| {
            let manifests = self.manifests.iter().filter(|manifest| is_meant(manifest.kind));
            manifests.filter_map(|manifest| manifest.path.parent()).collect::<Vec<_>>()
        };
        let mut folders = match &self.folder {
            Some(folder) => vec![folder.clone()],
            None => of(|kind| !kind.is_lock() && !kind.follows()),
        };
        if folders.is_empty() {
            folders = of(ManifestType::follows);
        }
        folders.sort();
        folders.dedup();
        folders
    }
}

/// A manifest or lock file of a package.
#[derive(Clone, Debug)]
pub struct SeedManifest {
    /// The file; never a symbolic link.
    pub path: RepoPath,
    /// Its type.
    pub kind: ManifestType,
    /// What to find in it.
    pub locator: Locator,
    /// The scheme of the slots in it.
    pub scheme: VersionScheme,
    /// The fields that are the package's, where not all are.
    pub fields: Option<Vec<String>>,
    /// Where relman.toml lists it; `None` if it was found.
    pub listed: Option<Span>,
}

impl SeedManifest {
    /// Returns the part of the version that is searched for in it; `None` if it holds whole versions.
    #[must_use]
    pub fn part(&self) -> Option<&VersionPart> {
        match &self.locator {
            Locator::Search(pattern, _) => pattern.part(),
            Locator::Known(_) | Locator::Pointer(..) | Locator::Plugin(_) => None,
        }
    }

    /// Returns `true` if the package takes the version at this place: one of `fields`, if they are given.
    pub(super) fn takes(&self, place: &VersionPlace) -> bool {
        self.fields.as_ref().is_none_or(|fields| fields.contains(&place.field))
    }

    /// Returns a known manifest that was found in a folder.
    #[must_use]
    pub fn found(path: RepoPath, kind: ManifestType, scheme: VersionScheme) -> Self {
        Self { path, kind, locator: Locator::Known(kind), scheme, fields: None, listed: None }
    }
}

/// Returns the scheme of a slot: its own, the one that its type allows, the package's, PEP 440 for pyproject.toml, the primary's,
/// SemVer; the first of these that exists.
#[must_use]
pub fn slot_scheme(
    own: Option<VersionScheme>,
    kind: ManifestType,
    package: Option<VersionScheme>,
    primary: Option<VersionScheme>,
) -> VersionScheme {
    own.or(kind.only_scheme()).or(package).or(kind.usual_scheme()).or(primary).unwrap_or(VersionScheme::Semver)
}
