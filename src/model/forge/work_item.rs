//! [`WorkItem`].

use serde::{Deserialize, Serialize};

/// An issue or a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WorkItem {
    /// The number that the forge shows. On GitLab an issue and a request may have the same.
    pub number: u64,
    /// The title.
    pub title: String,
    /// The address for people.
    pub url: String,
    /// The account that opened it; `None` if that was removed.
    pub author: Option<String>,
    /// The labels, as the forge orders them.
    pub labels: Vec<String>,
    /// Whether it is a request, not an issue.
    pub is_request: bool,
    /// When it was closed or merged, in the forge's notation of ISO 8601; `None` if it is open.
    pub closed_at: Option<String>,
    /// Whether it is a request that was merged.
    pub merged: bool,
    /// The issues that the request says it closes, sorted.
    pub closes: Vec<u64>,
}
