//! Documents whose values know their bytes, whatever they mean: for manifests, and for the front matter of fragments.

mod scalar;
pub(crate) mod yaml;

pub use scalar::{Fault, Scalar, Style};
