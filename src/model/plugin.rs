//! [`PluginName`] and [`PluginRole`]: what relman.toml and the protocol of plugins both say.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a plugin in relman.toml.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct PluginName(String);

impl PluginName {
    /// Takes a name as relman.toml has it.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name of the program that is looked for in PATH if relman.toml gives no command.
    #[must_use]
    pub fn program(&self) -> String {
        format!("relman-{}", self.0)
    }
}

impl fmt::Display for PluginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a plugin can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PluginRole {
    /// Finds the places of versions in texts.
    Manifest,
    /// Finds what is wrong in the workspace.
    Check,
    /// Makes entries of changelogs.
    Notes,
    /// Publishes a release.
    Publish,
    /// Tells people about a release.
    Announce,
}

impl PluginRole {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Manifest, Self::Check, Self::Notes, Self::Publish, Self::Announce];

    /// Returns the name that relman.toml and the protocol use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Check => "check",
            Self::Notes => "notes",
            Self::Publish => "publish",
            Self::Announce => "announce",
        }
    }
}

impl fmt::Display for PluginRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
