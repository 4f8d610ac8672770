//! The door to registries: images and charts (OCI), Python projects, npm packages, crates, and pages.
//!
//! They are only read. Each is asked anonymously first; a credential is sent to the registry that it belongs to, and appears nowhere else.

mod error;

pub use error::{RegistryError, RegistryFault};
