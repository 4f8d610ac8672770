//! [`TagRule`].

use serde::{Deserialize, Serialize};

/// A pattern of tags that the forge protects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TagRule {
    /// The pattern, with `*`, as the forge shows it, without `refs/tags/`.
    pub pattern: String,
    /// Whether the token's account may create such tags; `None` if the forge does not say.
    pub may_create: Option<bool>,
}
