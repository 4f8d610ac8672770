//! What forges hold: milestones, issues, requests, CI jobs, releases, and what a token may do with them. GitHub and GitLab call
//! these by different names; here they are one.

mod branch_rule;
mod ci_job;
mod ci_variable;
mod ci_verdict;
mod forge_release;
mod forge_request;
mod kind;
mod milestone;
mod milestone_title;
mod tag_rule;
mod token_facts;
mod work_item;

pub use branch_rule::BranchRule;
pub use ci_job::{CiJob, CiState};
pub use ci_variable::CiVariable;
pub use ci_verdict::{CiVerdict, ci_verdict};
pub use forge_release::{ForgeRelease, NewRelease, ReleaseAsset, ReleaseEdit, second_before};
pub use forge_request::{ForgeRequest, NewRequest, RequestEdit, RequestState};
pub use kind::ForgeKind;
pub use milestone::Milestone;
pub use milestone_title::{MilestoneMiss, milestone_named, milestone_titled, version_of};
pub use tag_rule::TagRule;
pub use token_facts::{TokenFacts, TokenKind};
pub use work_item::WorkItem;
