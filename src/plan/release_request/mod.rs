//! The release request: one request that holds the release commit of what is pending.
//!
//! The commit is rebuilt from the plan of a bump at each run ([`release_request`]), on a branch that relman alone writes ([`branch`]). Its
//! text says what would be released and why ([`page`]); labels on it override levels ([`labels`]).

mod branch;
mod labels;
mod page;
mod planned;

pub use branch::{NextBranch, RELEASE_BRANCH, is_release_branch};
pub use labels::labelled;
pub use planned::{RequestLooks, release_request};
