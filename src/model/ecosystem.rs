//! Names under which packages require each other: [`Ecosystem`], [`RegistryName`], [`DependencyKind`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// What relman knows of an ecosystem.
#[derive(Debug)]
struct Facts {
    /// The name in relman.toml.
    name: &'static str,
    /// Returns a name as it counts there.
    normal: fn(&str) -> String,
    /// Whether versions carry a build number of their own (`1.2.3+4`), which a release does not reset.
    numbers_builds: bool,
}

macro_rules! ecosystems {
    ($($(#[doc = $doc:literal])+ $variant:ident: $facts:expr;)+) => {
        /// A registry's world of packages, with names of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "lowercase")]
        pub enum Ecosystem {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Ecosystem {
            /// Every ecosystem.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            const fn facts(self) -> &'static Facts {
                match self {
                    $(Self::$variant => const { &$facts },)+
                }
            }
        }
    };
}

ecosystems! {
    /// Rust crates.
    Cargo: Facts { name: "cargo", normal: str::to_owned, numbers_builds: false };
    /// JavaScript packages.
    Npm: Facts { name: "npm", normal: str::to_owned, numbers_builds: false };
    /// Python distributions, whose names are held in the normal form of PEP 503.
    Python: Facts { name: "python", normal: normal_python_name, numbers_builds: false };
    /// Packages of Dart and Flutter.
    Pub: Facts { name: "pub", normal: str::to_owned, numbers_builds: true };
    /// Artifacts of Maven, as `groupId:artifactId`.
    Maven: Facts { name: "maven", normal: str::to_owned, numbers_builds: false };
    /// Go modules, by their module paths.
    Go: Facts { name: "go", normal: str::to_owned, numbers_builds: false };
    /// Packages of JSR, for Deno and others.
    Jsr: Facts { name: "jsr", normal: str::to_owned, numbers_builds: false };
    /// Packages of PHP, whose names count in lower case.
    Composer: Facts { name: "composer", normal: str::to_ascii_lowercase, numbers_builds: false };
    /// Helm charts.
    Chart: Facts { name: "chart", normal: str::to_owned, numbers_builds: false };
}

impl Ecosystem {
    /// Returns the ecosystem with this name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|ecosystem| ecosystem.name() == text)
    }

    /// Returns the name that relman.toml uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Returns `true` if versions carry a build number (`1.2.3+4`), which stays when a release does not name another one.
    #[must_use]
    pub fn numbers_builds(self) -> bool {
        self.facts().numbers_builds
    }
}

/// What a package is called in its ecosystem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegistryName {
    /// The ecosystem of the name.
    pub ecosystem: Ecosystem,
    /// The name, normalised.
    pub name: String,
}

impl RegistryName {
    /// Returns the name in the normal form of its ecosystem.
    #[must_use]
    pub fn new(ecosystem: Ecosystem, name: &str) -> Self {
        Self { ecosystem, name: (ecosystem.facts().normal)(name) }
    }
}

impl fmt::Display for RegistryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.ecosystem.name(), self.name)
    }
}

/// The normal form of PEP 503: lower case, runs of `-`, `_` and `.` as one hyphen.
fn normal_python_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        let c = if matches!(c, '-' | '_' | '.') { '-' } else { c.to_ascii_lowercase() };
        if c != '-' || !out.ends_with('-') {
            out.push(c);
        }
    }
    out
}

/// What a package needs another one for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DependencyKind {
    /// At run time.
    Normal,
    /// To build it.
    Build,
    /// To develop it.
    Dev,
    /// To be provided by the dependent (npm peer dependencies).
    Peer,
    /// On request: npm's optional dependencies, Python's extras, Cargo's optional dependencies.
    Optional,
}

impl DependencyKind {
    /// Every kind, in the order of relman.toml.
    pub const ALL: [Self; 5] = [Self::Normal, Self::Build, Self::Dev, Self::Peer, Self::Optional];

    /// Returns the name that relman.toml uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Build => "build",
            Self::Dev => "dev",
            Self::Peer => "peer",
            Self::Optional => "optional",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ecosystem;

    #[test]
    fn the_name_of_an_ecosystem_is_that_of_json() {
        for ecosystem in Ecosystem::ALL {
            assert_eq!(serde_json::to_string(ecosystem).unwrap(), format!("\"{}\"", ecosystem.name()));
        }
    }
}
