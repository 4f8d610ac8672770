//! [`BranchRule`].

use serde::{Deserialize, Serialize};

/// A rule that a push to a branch has to obey.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BranchRule {
    /// Changes come by requests only.
    RequestRequired,
    /// Checks have to pass first: their names.
    ChecksRequired(Vec<String>),
    /// Commits have to be signed.
    SignaturesRequired,
    /// Merge commits are forbidden.
    LinearHistory,
    /// The branch moves forward only.
    NoForcePush,
    /// Only some accounts may push; `None` if the forge does not say whether this one may.
    RestrictedPush {
        /// Whether the token's account may.
        may_push: Option<bool>,
    },
    /// Another rule, by the forge's own name.
    Other(String),
}
