//! [`ManifestType`].

use serde::{Deserialize, Serialize};

use crate::model::ecosystem::Ecosystem;
use crate::model::scheme::VersionScheme;

/// What relman knows of a type of manifest.
#[derive(Clone, Copy, Debug)]
struct Facts {
    /// The name in relman.toml.
    name: &'static str,
    /// The names of files that are of this type.
    files: &'static [&'static str],
    role: Role,
    ecosystem: Option<Ecosystem>,
    scheme: Scheme,
    /// The pointers at which a type that is JSON, YAML or TOML keeps its versions.
    pointers: &'static [&'static str],
}

/// What a type of manifest is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Makes its folder a package, if it holds a version.
    Package,
    /// Repeats the versions of packages.
    Lock,
    /// Repeats the version of the package that lists it, wherever it is.
    Follower,
    /// Data that is read by pointer, with the endings of its files.
    Data(&'static [&'static str]),
    /// A text without a structure.
    Text,
}

/// The scheme that spells the versions of a type.
#[derive(Clone, Copy, Debug)]
enum Scheme {
    /// Always this one: its own tools read no other.
    Only(VersionScheme),
    /// This one by default.
    Usual(VersionScheme),
    /// That of the package.
    OfPackage,
}

macro_rules! manifest_types {
    ($($(#[doc = $doc:literal])+ $variant:ident: $facts:expr;)+) => {
        /// The type of a manifest, which decides how its places are found.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum ManifestType {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ManifestType {
            /// Every type. Of two that make one folder a package, the first is its primary.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            const fn facts(self) -> &'static Facts {
                match self {
                    $(Self::$variant => const { &$facts },)+
                }
            }
        }
    };
}

/// A row of the table below.
const fn row(
    name: &'static str,
    files: &'static [&'static str],
    role: Role,
    ecosystem: Option<Ecosystem>,
    scheme: Scheme,
) -> Facts {
    Facts { name, files, role, ecosystem, scheme, pointers: &[] }
}

impl Facts {
    const fn at(self, pointers: &'static [&'static str]) -> Self {
        Self { pointers, ..self }
    }
}

use Role::{Data, Follower, Lock, Package, Text};
use Scheme::{OfPackage, Only, Usual};
use VersionScheme::{Pep440, Semver};

manifest_types! {
    /// Cargo.toml.
    Cargo: row("cargo", &["Cargo.toml"], Package, Some(Ecosystem::Cargo), Only(Semver));
    /// pyproject.toml, by PEP 621 or Poetry.
    Pyproject: row("pyproject", &["pyproject.toml"], Package, Some(Ecosystem::Python), Usual(Pep440));
    /// package.json.
    PackageJson: row("package-json", &["package.json"], Package, Some(Ecosystem::Npm), Only(Semver)).at(&["/version"]);
    /// deno.json, deno.jsonc and jsr.json.
    Deno: row("deno", &["deno.json", "deno.jsonc", "jsr.json"], Package, Some(Ecosystem::Jsr), Only(Semver)).at(&["/version"]);
    /// composer.json.
    Composer: row("composer", &["composer.json"], Package, Some(Ecosystem::Composer), Usual(Semver)).at(&["/version"]);
    /// pubspec.yaml.
    Pubspec: row("pubspec", &["pubspec.yaml"], Package, Some(Ecosystem::Pub), Only(Semver)).at(&["/version"]);
    /// Maven's pom.xml.
    Pom: row("pom", &["pom.xml"], Package, Some(Ecosystem::Maven), Usual(Semver));
    /// Helm's Chart.yaml.
    Chart: row("chart", &["Chart.yaml"], Package, Some(Ecosystem::Chart), Only(Semver)).at(&["/version", "/appVersion"]);
    /// go.mod.
    GoMod: row("go-mod", &["go.mod"], Package, Some(Ecosystem::Go), Only(Semver));
    /// Cargo.lock.
    CargoLock: row("cargo-lock", &["Cargo.lock"], Lock, Some(Ecosystem::Cargo), Only(Semver));
    /// uv.lock.
    UvLock: row("uv-lock", &["uv.lock"], Lock, Some(Ecosystem::Python), Only(Pep440));
    /// poetry.lock.
    PoetryLock: row("poetry-lock", &["poetry.lock"], Lock, Some(Ecosystem::Python), Only(Pep440));
    /// package-lock.json and npm-shrinkwrap.json, versions 1 to 3.
    PackageLock: row("package-lock", &["package-lock.json", "npm-shrinkwrap.json"], Lock, Some(Ecosystem::Npm), Only(Semver));
    /// pnpm-lock.yaml, versions 6 and 9.
    PnpmLock: row("pnpm-lock", &["pnpm-lock.yaml"], Lock, Some(Ecosystem::Npm), Only(Semver));
    /// yarn.lock, of Yarn 1 and of Yarn 2 and later.
    YarnLock: row("yarn-lock", &["yarn.lock"], Lock, Some(Ecosystem::Npm), Only(Semver));
    /// bun.lock, versions 0 to 2.
    BunLock: row("bun-lock", &["bun.lock"], Lock, Some(Ecosystem::Npm), Only(Semver));
    /// deno.lock, versions 4 and 5.
    DenoLock: row("deno-lock", &["deno.lock"], Lock, Some(Ecosystem::Jsr), Only(Semver));
    /// pubspec.lock.
    PubspecLock: row("pubspec-lock", &["pubspec.lock"], Lock, Some(Ecosystem::Pub), Only(Semver));
    /// Helm's Chart.lock.
    ChartLock: row("chart-lock", &["Chart.lock"], Lock, Some(Ecosystem::Chart), Only(Semver));
    /// .release-please-manifest.json, which names packages by their folders.
    ReleasePlease: row("release-please", &[".release-please-manifest.json"], Lock, None, Only(Semver));
    /// lerna.json.
    Lerna: row("lerna", &["lerna.json"], Follower, None, Only(Semver)).at(&["/version"]);
    /// JSON, by pointer.
    Json: row("json", &[], Data(&["json"]), None, OfPackage);
    /// YAML, by pointer.
    Yaml: row("yaml", &[], Data(&["yaml", "yml"]), None, OfPackage);
    /// TOML, by pointer.
    Toml: row("toml", &[], Data(&["toml", "lock"]), None, OfPackage);
    /// Any text, by search.
    Text: row("text", &[], Text, None, OfPackage);
    /// A file that holds a version and nothing else.
    Plain: row("plain", &["VERSION", "version.txt"], Text, None, OfPackage);
}

impl ManifestType {
    /// Returns the types that make a folder a package with the names of their files, the primary first.
    pub fn of_packages() -> impl Iterator<Item = (Self, &'static str)> {
        Self::files(|role| role == Package)
    }

    /// Returns the types of lock files with the names of their files.
    pub fn of_locks() -> impl Iterator<Item = (Self, &'static str)> {
        Self::files(|role| role == Lock)
    }

    fn files(has: impl Fn(Role) -> bool) -> impl Iterator<Item = (Self, &'static str)> {
        let types = Self::ALL.iter().filter(move |kind| has(kind.facts().role));
        types.flat_map(|kind| kind.facts().files.iter().map(|file| (*kind, *file)))
    }

    /// Returns the type with this name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == text)
    }

    /// Returns the name that relman.toml uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Returns the type of a file by its name, if it needs neither pointer nor search.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        Self::files(|_| true).find(|(_, file)| *file == name).map(|(kind, _)| kind)
    }

    /// Returns the data format of a file that is read by pointer, by its name.
    #[must_use]
    pub fn data_of_file(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1;
        let reads = |kind: &Self| matches!(kind.facts().role, Data(endings) if endings.contains(&ending));
        Self::ALL.iter().copied().find(reads)
    }

    /// Returns the only scheme that the type allows.
    #[must_use]
    pub fn only_scheme(self) -> Option<VersionScheme> {
        match self.facts().scheme {
            Only(scheme) => Some(scheme),
            Usual(_) | OfPackage => None,
        }
    }

    /// Returns the scheme that the type has by default.
    #[must_use]
    pub fn usual_scheme(self) -> Option<VersionScheme> {
        match self.facts().scheme {
            Only(scheme) | Usual(scheme) => Some(scheme),
            OfPackage => None,
        }
    }

    /// Returns `true` if it is a lock file.
    #[must_use]
    pub fn is_lock(self) -> bool {
        self.facts().role == Lock
    }

    /// Returns `true` if it makes its folder a package, where it holds a version.
    #[must_use]
    pub fn makes_package(self) -> bool {
        self.facts().role == Package
    }

    /// Returns `true` if it repeats the version of the package that lists it, and says nothing of where that package is.
    #[must_use]
    pub fn follows(self) -> bool {
        self.facts().role == Follower
    }

    /// Returns `true` if it is a data format, which is read by pointer.
    #[must_use]
    pub fn is_data(self) -> bool {
        matches!(self.facts().role, Data(_))
    }

    /// Returns the pointers at which its versions are, where they are at the same ones in every file.
    #[must_use]
    pub fn pointers(self) -> &'static [&'static str] {
        self.facts().pointers
    }

    /// Returns the ecosystem whose names are used in it.
    #[must_use]
    pub fn ecosystem(self) -> Option<Ecosystem> {
        self.facts().ecosystem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_type_is_that_of_json() {
        for kind in ManifestType::ALL {
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{}\"", kind.name()));
        }
    }

    #[test]
    fn a_file_name_means_one_type() {
        let names: Vec<&str> = ManifestType::ALL.iter().flat_map(|kind| kind.facts().files).copied().collect();
        let unique: std::collections::BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), unique.len(), "{names:?}");
        assert_eq!(ManifestType::of_file("npm-shrinkwrap.json"), Some(ManifestType::PackageLock));
        assert_eq!(ManifestType::data_of_file("values.yml"), Some(ManifestType::Yaml));
        assert_eq!(ManifestType::data_of_file("yaml"), None);
    }
}
