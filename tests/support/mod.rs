//! What the tests share.

pub mod draft;
pub mod repo;
pub mod sample;
