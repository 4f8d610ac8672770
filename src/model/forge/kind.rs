//! [`ForgeKind`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of a forge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ForgeKind {
    /// GitHub, and GitHub Enterprise.
    Github,
    /// GitLab, hosted by its makers or by others.
    Gitlab,
}

impl ForgeKind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Github, Self::Gitlab];
}

impl fmt::Display for ForgeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Github => "GitHub",
            Self::Gitlab => "GitLab",
        })
    }
}
