//! [`ChartFacts`] and [`chart_tag`].

/// A Helm chart in an OCI registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartFacts {
    /// The digest of its manifest, as in `sha256:9f86…`.
    pub digest: String,
    /// `name` of its Chart.yaml.
    pub name: String,
    /// `version` of its Chart.yaml.
    pub version: String,
    /// `appVersion` of its Chart.yaml, if it has one.
    pub app_version: Option<String>,
}

/// Returns the tag under which Helm pushes a chart of this version: a tag cannot hold the `+` of build metadata, and has `_` for it.
#[must_use]
pub fn chart_tag(version: &str) -> String {
    version.replace('+', "_")
}
