//! [`ForgeRequest`], and what is asked for: [`NewRequest`], [`RequestEdit`].

use serde::{Deserialize, Serialize};

/// A pull request or merge request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ForgeRequest {
    /// The number that the forge shows, and its paths want.
    pub number: u64,
    /// The address for people.
    pub url: String,
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// Open, merged or closed.
    pub state: RequestState,
    /// The branch that it comes from.
    pub head: String,
    /// The commit that it would merge, if the forge says so.
    pub head_commit: Option<String>,
    /// The branch that it goes to.
    pub base: String,
    /// The labels, as the forge orders them.
    pub labels: Vec<String>,
}

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestState {
    /// It waits to be merged.
    Open,
    /// It was merged.
    Merged,
    /// It was closed without being merged.
    Closed,
}

/// A request that is to be created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct NewRequest {
    /// The branch that it comes from.
    pub head: String,
    /// The branch that it goes to.
    pub base: String,
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
}

/// What changes in a request; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RequestEdit {
    /// The title.
    pub title: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// Whether it is closed without being merged.
    pub close: bool,
}
