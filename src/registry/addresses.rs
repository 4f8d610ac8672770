//! [`Addresses`].

use std::collections::BTreeMap;

/// Addresses of registries that relman.toml names; they win over the configuration of the ecosystems' own clients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// The simple index of Python projects, as in `https://mirror.example.com/simple/`.
    pub pypi: Option<String>,
    /// The registry of npm packages.
    pub npm: Option<String>,
    /// The sparse index of crates, without the `sparse+` that Cargo writes before it.
    pub crates: Option<String>,
    /// By the host of an image's name, the address where that registry is asked instead.
    pub oci: BTreeMap<String, String>,
}
