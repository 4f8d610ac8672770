//! Images and charts in a registry of the OCI distribution specification, which is docker's registry API version 2.

mod chart;
mod image;
mod manifest;
mod repository;
mod revision;
mod signature;

pub(super) use repository::Repository;
