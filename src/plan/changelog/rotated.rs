//! [`Rotated`]: what a release does to changelogs and fragments.

use crate::model::PackageIx;
use crate::plan::release_plan::{FilePlan, Refusal};

/// What a release does to changelogs and fragments.
#[derive(Debug, Default)]
pub(in crate::plan) struct Rotated {
    /// The files.
    pub(in crate::plan) files: Vec<FilePlan>,
    /// What speaks against it.
    pub(in crate::plan) refusals: Vec<Refusal>,
    /// The sections that would say nothing.
    pub(in crate::plan) empty: Vec<EmptySection>,
    /// What a person should know.
    pub(in crate::plan) notes: Vec<String>,
}

/// A section that would say nothing.
#[derive(Debug)]
pub(in crate::plan) struct EmptySection {
    /// The packages that it belongs to, by index.
    pub(in crate::plan) packages: Vec<PackageIx>,
    /// The reason against it.
    pub(in crate::plan) refusal: Refusal,
}
