//! What the tests share.
pub mod repo;
