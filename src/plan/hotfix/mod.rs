//! Hotfixes: a branch from a released version, what may be released on it, and what it brings back.
//!
//! [`start_hotfix`] finds the tag and names the branch. On the way back, [`reconcile`] settles what
//! both sides changed because of releases, so that git merges only what people wrote, and [`finish_hotfix`] makes the plan.

mod finish;
mod reconcile;
mod sections;
mod start;

pub use finish::{BackLook, BackOutcome, FinishLooks, back_branches, finish_hotfix, request_branch};
pub use reconcile::{Reconciled, Texts, reconcile};
pub use sections::{ReleasedSections, released_sections, with_sections, without_sections};
pub use start::{HotfixRequest, HotfixStart, start_hotfix};
