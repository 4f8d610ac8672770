//! [`CiVariable`].

use serde::{Deserialize, Serialize};

/// A variable or secret that CI jobs get. Its value is never read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CiVariable {
    /// The name.
    pub name: String,
    /// Whether logs do not show it. GitHub masks all its secrets, and none of its variables.
    pub masked: bool,
    /// Whether only jobs of protected branches and tags get it. GitHub has no such thing.
    pub protected: bool,
}
