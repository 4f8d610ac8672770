//! Discovery in a folder: which of its files are manifests, and which one is the primary.

use super::source::SourceFile;
use crate::manifest::{Locator, ManifestType, NoVersion};
use crate::model::RepoPath;

/// The known manifests and lock files among the names of a folder, manifests first, in the order in which a primary is looked for.
#[must_use]
pub fn known_files(folder: &RepoPath, names: &[String]) -> Vec<(RepoPath, ManifestType)> {
    let known = ManifestType::of_packages().chain(ManifestType::of_locks());
    let there = known.filter(|(_, file)| names.iter().any(|name| name == file));
    there.map(|(kind, file)| (folder.child(file), kind)).collect()
}

/// The result of looking at a folder.
#[derive(Clone, Debug)]
pub enum FolderFinding {
    /// A package: its name, and its manifests that hold a version, the primary first.
    Package(Primaries),
    /// A folder whose manifests hold no version, and why.
    NoVersion(String),
    /// A folder with an unreadable manifest; it counts as a package, so that its faults are reported.
    Broken(Primaries),
    /// A folder without a manifest.
    Nothing,
}

/// The manifests of a folder that make it a package.
#[derive(Clone, Debug)]
pub struct Primaries {
    /// The name in the primary, if it has one.
    pub name: Option<String>,
    /// The manifests, the primary first.
    pub manifests: Vec<(RepoPath, ManifestType)>,
    /// The lock files beside them.
    pub locks: Vec<(RepoPath, ManifestType)>,
}

/// Looks among the manifests of one folder for those that hold a version. The lock files of the folder are passed through.
#[must_use]
pub fn primaries(files: &[&SourceFile], locks: Vec<(RepoPath, ManifestType)>) -> FolderFinding {
    let mut manifests = Vec::new();
    let mut name = None;
    let mut broken = false;
    let mut reason = None;
    let of_kind = |kind: &ManifestType| {
        let locator = Locator::Known(*kind);
        let is_one = |file: &&&SourceFile| file.views.iter().any(|view| view.locator == locator);
        files.iter().filter(is_one).map(|file| (*kind, *file)).collect::<Vec<_>>()
    };
    for (kind, file) in ManifestType::ALL.iter().filter(|kind| kind.makes_package()).flat_map(of_kind) {
        let found = file.found(&Locator::Known(kind));
        if found.is_none_or(|f| !f.versions.is_empty()) {
            broken |= found.is_none();
            name = name.or_else(|| {
                let found = found?;
                found.written_name.clone().or_else(|| Some(found.name.as_ref()?.name.clone()))
            });
            manifests.push((file.path.clone(), kind));
        } else if let Some(why) = found.and_then(|f| f.no_version.as_ref()) {
            reason = reason.or_else(|| Some(no_version(&file.path, why)));
        }
    }
    match (manifests.is_empty(), broken, reason) {
        (false, true, _) => FolderFinding::Broken(Primaries { name, manifests, locks }),
        (false, false, _) => FolderFinding::Package(Primaries { name, manifests, locks }),
        (true, _, Some(reason)) => FolderFinding::NoVersion(reason),
        (true, _, None) => FolderFinding::Nothing,
    }
}

/// Explains why a manifest holds no version.
pub(super) fn no_version(path: &RepoPath, why: &NoVersion) -> String {
    match why {
        NoVersion::Absent => format!("{path} holds no version"),
        NoVersion::Inherited => format!("{path} inherits its version from the root of its workspace"),
        NoVersion::InTags => format!("{path} holds no version: tags hold that of a Go module"),
        NoVersion::Dynamic { by, file: None } => format!("{path} holds no version: {by} computes it"),
        NoVersion::Dynamic { by, file: Some(file) } => {
            format!("{path} holds no version: {by} reads it from {file}")
        }
    }
}

/// Explains what to do about it.
pub(super) fn remedy(why: &NoVersion) -> String {
    match why {
        NoVersion::Absent => "write a version into it, or list another manifest".to_owned(),
        NoVersion::Inherited => "list the manifest of the workspace's root as this package's manifest".to_owned(),
        NoVersion::InTags => "write version = \"tag\" for it".to_owned(),
        NoVersion::Dynamic { file: Some(file), .. } => {
            format!("list {file} with a `search` such as '__version__ = \"{{version}}\"' in `manifests`")
        }
        NoVersion::Dynamic { file: None, .. } => {
            "write version = \"tag\" for it if its version is that of its last tag, or list the file that holds it in `manifests`".to_owned()
        }
    }
}
