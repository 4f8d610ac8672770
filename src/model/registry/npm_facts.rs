//! [`NpmFacts`].

use std::collections::BTreeMap;

/// A package in an npm registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NpmFacts {
    /// Its versions, in the registry's order.
    pub versions: Vec<String>,
    /// Its dist-tags, as `latest`, and the version that each of them holds.
    pub dist_tags: BTreeMap<String, String>,
    /// Those of its versions that are deprecated.
    pub deprecated: Vec<String>,
}
