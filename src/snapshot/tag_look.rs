//! [`TagLook`].

/// A tag, here or on the remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagLook {
    /// The object of the ref: a tag object, or the commit of a lightweight tag.
    pub object: String,
    /// The commit that it leads to.
    pub commit: String,
}
