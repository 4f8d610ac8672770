//! Hotfixes: the branch is started, and what it holds is brought back.

mod back;
mod finish;
mod start;

pub use finish::{FinishOptions, Finished, finish_hotfix, propose_finish};
pub use start::{StartOptions, Started, start_hotfix};
