//! [`Rotated`]: what a release does to changelogs and fragments.

use crate::model::PackageIx;
use crate::plan::file_changes::FileChanges;
use crate::plan::release_plan::{Refusal, ReleaseNotes};

/// The effects of a release on changelogs and fragments.
#[derive(Debug, Default)]
pub(in crate::plan) struct Rotated {
    /// The files.
    pub(in crate::plan) files: FileChanges,
    /// The sections, without their headings.
    pub(in crate::plan) release_notes: Vec<ReleaseNotes>,
    /// What speaks against it.
    pub(in crate::plan) refusals: Vec<Refusal>,
    /// The sections that would be empty.
    pub(in crate::plan) empty: Vec<EmptySection>,
    /// Notes for the user.
    pub(in crate::plan) notes: Vec<String>,
}

/// A section that would be empty.
#[derive(Debug)]
pub(in crate::plan) struct EmptySection {
    /// The packages that it belongs to, by index.
    pub(in crate::plan) packages: Vec<PackageIx>,
    /// The reason against it.
    pub(in crate::plan) refusal: Refusal,
}
