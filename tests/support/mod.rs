//! What the tests share.

pub mod cases;
pub mod clones;
pub mod dag;
pub mod draft;
pub mod forges;
pub mod github;
pub mod gitlab;
pub mod graphs;
pub mod program;
pub mod registries;
pub mod repo;
pub mod requests;
pub mod runs;
pub mod sample;
#[cfg(target_os = "linux")]
pub mod screen;
pub mod script;
pub mod server;
pub mod stress;
#[cfg(target_os = "linux")]
pub mod terminal;
pub mod texts;
pub mod workspaces;
