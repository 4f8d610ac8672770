//! relman: a versioner and release manager for monorepos that mix languages.

pub mod apply;
pub mod io;
pub mod manifest;
pub mod model;
pub mod plan;
pub mod text;
