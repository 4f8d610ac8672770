//! [`Milestone`].

use serde::{Deserialize, Serialize};

/// A milestone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Milestone {
    /// The number that the forge shows, as in its address.
    pub number: u64,
    /// What the paths of the API want: on GitHub the number, on GitLab an id of the whole forge.
    pub id: u64,
    /// The title.
    pub title: String,
    /// Whether it is open.
    pub is_open: bool,
    /// The address for people.
    pub url: String,
    /// Whether it belongs to a group above the project, so that closing it would close it for others.
    pub of_group: bool,
}
