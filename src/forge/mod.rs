//! The door to forges: GitHub and GitLab, each behind the same few calls.
//!
//! A token is sent to the forge's own API and upload host, and appears nowhere else. What may have been carried out without an answer
//! is reported as such ([`ForgeError::is_unclear`]) and never repeated blindly: whoever asked for it looks first.

mod error;

pub use error::{Call, ForgeError, ForgeFault};
