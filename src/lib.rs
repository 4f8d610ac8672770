//! relman: a versioner and release manager for monorepos that mix languages.

pub mod apply;
pub mod capture;
pub mod cli;
pub mod config;
pub mod io;
pub mod manifest;
pub mod model;
pub mod plan;
pub mod snapshot;
pub mod text;
pub mod workspace;
