//! [`ManifestType`].

use serde::{Deserialize, Serialize};

use crate::model::ecosystem::Ecosystem;
use crate::model::scheme::VersionScheme;

/// What a manifest is: it says how the places in it are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ManifestType {
    /// Cargo.toml.
    Cargo,
    /// pyproject.toml, by PEP 621 or Poetry.
    Pyproject,
    /// package.json.
    PackageJson,
    /// Helm's Chart.yaml.
    Chart,
    /// Cargo.lock.
    CargoLock,
    /// uv.lock.
    UvLock,
    /// package-lock.json and npm-shrinkwrap.json, versions 1 to 3.
    PackageLock,
    /// JSON, by pointer.
    Json,
    /// YAML, by pointer.
    Yaml,
    /// TOML, by pointer.
    Toml,
    /// Any text, by search.
    Text,
    /// A file that holds a version and nothing else.
    Plain,
}

impl ManifestType {
    /// Every type.
    pub const ALL: [Self; 12] = [
        Self::Cargo,
        Self::Pyproject,
        Self::PackageJson,
        Self::Chart,
        Self::CargoLock,
        Self::UvLock,
        Self::PackageLock,
        Self::Json,
        Self::Yaml,
        Self::Toml,
        Self::Text,
        Self::Plain,
    ];

    /// The manifests by which a folder is recognised as a package, the primary first.
    pub const PRIMARY: [(Self, &'static str); 4] = [
        (Self::Cargo, "Cargo.toml"),
        (Self::Pyproject, "pyproject.toml"),
        (Self::PackageJson, "package.json"),
        (Self::Chart, "Chart.yaml"),
    ];

    /// The lock files that are found beside and above a package.
    pub const LOCKS: [(Self, &'static str); 4] = [
        (Self::CargoLock, "Cargo.lock"),
        (Self::UvLock, "uv.lock"),
        (Self::PackageLock, "package-lock.json"),
        (Self::PackageLock, "npm-shrinkwrap.json"),
    ];

    /// Returns the type with this name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }

    /// Returns the name that relman.toml uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cargo => "cargo",
            Self::Pyproject => "pyproject",
            Self::PackageJson => "package-json",
            Self::Chart => "chart",
            Self::CargoLock => "cargo-lock",
            Self::UvLock => "uv-lock",
            Self::PackageLock => "package-lock",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Toml => "toml",
            Self::Text => "text",
            Self::Plain => "plain",
        }
    }

    /// Returns the type of a file that needs neither pointer nor search, by its name.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let known = Self::PRIMARY.into_iter().chain(Self::LOCKS);
        let kind = known.into_iter().find(|(_, file)| *file == name).map(|(kind, _)| kind);
        kind.or_else(|| (name == "VERSION").then_some(Self::Plain))
    }

    /// Returns the data format of a file that is read by pointer, by its name.
    #[must_use]
    pub fn data_of_file(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1 {
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" | "lock" => Some(Self::Toml),
            _ => None,
        }
    }

    /// Returns the only scheme that the type allows.
    #[must_use]
    pub fn only_scheme(self) -> Option<VersionScheme> {
        match self {
            Self::Cargo | Self::CargoLock | Self::PackageJson | Self::PackageLock | Self::Chart => {
                Some(VersionScheme::Semver)
            }
            Self::UvLock => Some(VersionScheme::Pep440),
            _ => None,
        }
    }

    /// Tells whether it is a lock file.
    #[must_use]
    pub fn is_lock(self) -> bool {
        matches!(self, Self::CargoLock | Self::UvLock | Self::PackageLock)
    }

    /// Returns the ecosystem whose names stand in it.
    #[must_use]
    pub fn ecosystem(self) -> Option<Ecosystem> {
        match self {
            Self::Cargo | Self::CargoLock => Some(Ecosystem::Cargo),
            Self::Pyproject | Self::UvLock => Some(Ecosystem::Python),
            Self::PackageJson | Self::PackageLock => Some(Ecosystem::Npm),
            Self::Chart => Some(Ecosystem::Chart),
            _ => None,
        }
    }
}
