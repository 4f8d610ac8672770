//! Names under which packages require each other: [`Ecosystem`], [`ForeignName`], [`EdgeKind`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// A registry's world of packages, with names of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ecosystem {
    /// Rust crates.
    Cargo,
    /// JavaScript packages.
    Npm,
    /// Python distributions.
    Python,
    /// Helm charts.
    Chart,
}

impl Ecosystem {
    /// Every ecosystem.
    pub const ALL: [Self; 4] = [Self::Cargo, Self::Npm, Self::Python, Self::Chart];

    /// Returns the ecosystem with this name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.name() == text)
    }

    /// Returns the name that relman.toml uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cargo => "cargo",
            Self::Npm => "npm",
            Self::Python => "python",
            Self::Chart => "chart",
        }
    }
}

/// What a package is called in its ecosystem; Python names are held in the normal form of PEP 503.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignName {
    /// The ecosystem of the name.
    pub ecosystem: Ecosystem,
    /// The name, normalised.
    pub name: String,
}

impl ForeignName {
    /// Returns the name in the normal form of its ecosystem.
    #[must_use]
    pub fn new(ecosystem: Ecosystem, name: &str) -> Self {
        let name = if ecosystem == Ecosystem::Python { normal_python_name(name) } else { name.to_owned() };
        Self { ecosystem, name }
    }
}

impl fmt::Display for ForeignName {
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
pub enum EdgeKind {
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

impl EdgeKind {
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
