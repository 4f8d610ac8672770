//! The sample monorepo of `relman demo`: its files, its history, and the repository that is made of them.

mod history;
mod repository;

pub use history::{day, drifted, history, later};
pub use repository::{
    DemoError, REDIRECTING_VARIABLES, SampleCommit, add_commits, is_free, make_repository, sample_environment,
    write_sample,
};
