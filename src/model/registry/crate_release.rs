//! [`CrateRelease`].

/// A version of a crate in a registry of Cargo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrateRelease {
    /// The version, as it was published.
    pub version: String,
    /// Whether it was yanked, so that only those who lock it still get it.
    pub is_yanked: bool,
}
