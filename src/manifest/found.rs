//! [`Found`]: what a format finds in a text.

use std::collections::BTreeMap;

use super::locked_crates::LockedCrates;
use super::locked_keys::LockedKeys;
use super::requirement::RequirementSyntax;
use super::seal::Seal;
use crate::data::{Scalar, Style};
use crate::model::{DependencyKind, RegistryName};
use crate::text::Span;

/// All places of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What the manifest calls itself.
    pub name: Option<RegistryName>,
    /// What it is called in texts, where that is not its name in the ecosystem: the name as it is written, one part of it.
    pub written_name: Option<String>,
    /// Where its own version stands, the place that counts first.
    pub versions: Vec<VersionPlace>,
    /// The path of the Go module, which ends in the major version from 2 on.
    pub module: Option<Scalar>,
    /// Why it has no version of its own, if it has none.
    pub no_version: Option<NoVersion>,
    /// Where it inherits its version from, if it says so itself.
    pub inherited: Option<InheritedVersion>,
    /// What it requires of other packages, in the order of the text.
    pub requirements: Vec<RequirementPlace>,
    /// The entries of a lock file that come from no registry, in the order of the text.
    pub locked: Vec<LockedEntry>,
    /// The workspace that it is the root of.
    pub workspace: Option<WorkspaceRoot>,
    /// The packages that it requires by their folders, where these become members of its workspace.
    pub path_dependencies: Vec<PathDependency>,
    /// The requirements that it takes over from its workspace, in the order of the text.
    pub inherits: Vec<InheritedRequirement>,
    /// The crates of a Cargo.lock whose name a crate of the repository has, and the references to them.
    pub cargo_lock: LockedCrates,
    /// The keys of a yarn.lock that are made of requirements.
    pub locked_keys: LockedKeys,
    /// Where a pyproject.toml gets its requirements from, for those of which it says so.
    pub python_sources: BTreeMap<RegistryName, PythonSource>,
    /// The checksum of a lock file over its manifest.
    pub seal: Option<Seal>,
}

/// Where a version stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionPlace {
    /// What the format calls it: `version`, `appVersion`, `workspace.package.version`, or the pointer.
    pub field: String,
    /// The value.
    pub scalar: Scalar,
}

impl VersionPlace {
    /// Returns the place of the version in a value that may have a `v` before its number. The `v` stays where it is.
    #[must_use]
    pub fn behind_v(field: impl Into<String>, mut scalar: Scalar) -> Self {
        let letters = leading_v(&scalar.text);
        if letters > 0 {
            scalar.text.drain(..letters);
            scalar.span = Span::new(scalar.span.start + letters, scalar.span.end);
            // What follows a letter is a text to every reader, and quotes behind the letter would be part of it.
            scalar.style = if scalar.style == Style::YamlPlain { Style::Bare } else { scalar.style };
        }
        Self { field: field.into(), scalar }
    }
}

/// Returns the number of bytes of the `v` before the number of a version: 1 or 0.
pub(super) fn leading_v(text: &str) -> usize {
    let number = text.strip_prefix(['v', 'V']);
    usize::from(number.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
}

/// The version of another manifest, which a manifest takes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InheritedVersion {
    /// The other manifest, as it is written, relative to this one's folder.
    pub from: String,
    /// Where the version is repeated, if it is written out.
    pub copy: Option<VersionPlace>,
}

/// Where a requirement on another package stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementPlace {
    /// The package that is required.
    pub on: RegistryName,
    /// What it is required for.
    pub kind: DependencyKind,
    /// The language of the requirement.
    pub notation: RequirementSyntax,
    /// The requirement alone: no name, no extras, no marker, no `workspace:`.
    pub scalar: Scalar,
    /// The folder that the requirement names beside its version, as it is written, relative to the manifest's.
    pub folder: Option<String>,
    /// The key under which members of the workspace take the requirement over (Cargo's `[workspace.dependencies]`).
    pub shared_as: Option<String>,
    /// Whether it asks for a release of the package under another name (npm's `"old": "npm:NAME@RANGE"`), and not for the package as such.
    pub is_alias: bool,
}

/// A dependency on the package in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathDependency {
    /// The package.
    pub on: RegistryName,
    /// The folder, as it is written, relative to the manifest's.
    pub folder: String,
}

/// A requirement that a manifest takes over from the root of its workspace: Cargo's `key.workspace = true`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InheritedRequirement {
    /// The key there.
    pub key: String,
    /// What it is required for here.
    pub kind: DependencyKind,
}

/// Where the package of a Python requirement comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PythonSource {
    /// From a repository, an archive or an index that is named: another package, whatever its name.
    Elsewhere,
    /// From this folder, as it is written, relative to the manifest's.
    Folder(String),
    /// From the workspace.
    Workspace,
}

/// An entry of a lock file that comes from the repository itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedEntry {
    /// The name of the entry, where it has one.
    pub name: Option<RegistryName>,
    /// Where the entry says that its package lies.
    pub at: LockedAt,
    /// Its version, once or (in a package-lock.json) more often.
    pub versions: Vec<VersionPlace>,
    /// The copies of its manifest's requirements.
    pub requirements: Vec<RequirementPlace>,
}

impl LockedEntry {
    /// Returns the entry of a package in a folder, without requirements.
    pub(super) fn in_folder(name: RegistryName, folder: impl Into<String>, version: Option<Scalar>) -> Self {
        let place = |scalar| VersionPlace { field: "version".to_owned(), scalar };
        Self {
            name: Some(name),
            at: LockedAt::Folder(folder.into()),
            versions: version.map(place).into_iter().collect(),
            requirements: Vec::new(),
        }
    }
}

/// Where a lock entry says that its package lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockedAt {
    /// In this folder, as it is written, relative to the lock file's; empty or `.` for the same one.
    Folder(String),
    /// Somewhere in the workspace: the entry has no source (Cargo.lock).
    Workspace,
}

/// Why a manifest has no version of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoVersion {
    /// None is written: a workspace root, a private package.
    Absent,
    /// It is inherited from the root of the workspace.
    Inherited,
    /// Tags alone hold it: that of a Go module.
    InTags,
    /// It is computed when the package is built.
    Dynamic {
        /// What computes it: `hatch`, `setuptools-scm`.
        by: String,
        /// The file from which the version could be read, where it is named, relative to the manifest's folder.
        file: Option<String>,
    },
}

/// What the root of a workspace says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspaceRoot {
    /// Folders or globs of folders, as they are written, relative to the manifest's.
    pub members: Vec<String>,
    /// Folders that are left out.
    pub exclude: Vec<String>,
    /// Whether members may inherit a version that it holds.
    pub shares_version: bool,
}

impl WorkspaceRoot {
    /// Returns a workspace with these members, those that begin with `!` left out.
    #[must_use]
    pub fn of(patterns: impl IntoIterator<Item = String>) -> Self {
        let (exclude, members): (Vec<String>, Vec<String>) =
            patterns.into_iter().partition(|pattern| pattern.starts_with('!'));
        let exclude = exclude.iter().map(|pattern| pattern.trim_start_matches('!').to_owned()).collect();
        Self { members, exclude, shares_version: false }
    }
}

impl Found {
    /// Returns it with its requirements in the order of the text.
    #[must_use]
    pub(super) fn in_order(mut self) -> Self {
        self.requirements.sort_by_key(|place| place.scalar.span);
        self
    }

    /// Returns every value of the text: versions, requirements, those of the lock entries, then what refers to them, then its seal, and
    /// the path of the module.
    pub fn scalars(&self) -> impl Iterator<Item = &Scalar> {
        let inherited = self.inherited.iter().flat_map(|inherited| &inherited.copy);
        let versions = self.versions.iter().chain(inherited).map(|v| &v.scalar);
        let own = versions.chain(self.requirements.iter().map(|r| &r.scalar));
        let locked = self
            .locked
            .iter()
            .flat_map(|e| e.versions.iter().map(|v| &v.scalar).chain(e.requirements.iter().map(|r| &r.scalar)));
        own.chain(locked)
            .chain(self.cargo_lock.scalars())
            .chain(self.locked_keys.scalars())
            .chain(self.seal.iter().flat_map(Seal::scalars))
            .chain(&self.module)
    }

    /// Returns what changes with the new values of the places at these spans.
    pub(super) fn follow(&self, planned: &BTreeMap<Span, &str>) -> Vec<(Scalar, String)> {
        self.cargo_lock.follow(planned).into_iter().chain(self.locked_keys.follow(planned)).collect()
    }

    /// Hands every value of the text to `change`, in the order of [`Self::scalars`].
    pub(super) fn for_each_scalar(&mut self, mut change: impl FnMut(&mut Scalar)) {
        let inherited = self.inherited.iter_mut().flat_map(|inherited| &mut inherited.copy);
        self.versions.iter_mut().chain(inherited).for_each(|v| change(&mut v.scalar));
        self.requirements.iter_mut().for_each(|r| change(&mut r.scalar));
        for entry in &mut self.locked {
            entry.versions.iter_mut().for_each(|v| change(&mut v.scalar));
            entry.requirements.iter_mut().for_each(|r| change(&mut r.scalar));
        }
        self.cargo_lock.scalars_mut().chain(self.locked_keys.scalars_mut()).for_each(&mut change);
        self.seal.iter_mut().flat_map(Seal::scalars_mut).for_each(&mut change);
        self.module.iter_mut().for_each(change);
    }
}
