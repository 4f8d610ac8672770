//! [`ImageFacts`].

/// What a tag of an image names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// The digest of its manifest or index, as in `sha256:9f86…`.
    pub digest: String,
    /// Whether it is an index, with a manifest for each platform.
    pub is_index: bool,
    /// The media type of the manifest or index.
    pub media_type: String,
}
