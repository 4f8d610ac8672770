//! What a release should have put somewhere, and whether it has arrived there.
//!
//! [`expected_artifacts`] reads from relman.toml what is looked for, [`judge`] compares it with what was found. Both are pure: the answers
//! of registries, forge and remote are handed over as [`ArtifactLook`](crate::snapshot::ArtifactLook)s.

mod expect;
mod expected;
mod forge_verdicts;
mod image_verdicts;
mod index_verdicts;
mod judge;
mod report;
mod targets;
mod unpublished;
mod verdict;

pub use expect::{Known, OnlyNamed, expected_artifacts, made_artifacts, only_named, pinned_artifacts, wants_forge};
pub use expected::{Allowance, Expected, ImageTag, PageSays, What};
pub use judge::judge;
pub use report::{ArtifactReport, ArtifactState, VerifyReport};
pub use targets::{VerifyRequest, verify_units};
pub use unpublished::artifacts_before;
pub(super) use unpublished::unpublished;
