//! Documents whose values know their bytes, whatever they mean: for manifests, for the front matter of fragments, and for the files of
//! other tools.

mod ini;
mod json;
mod parse;
mod scalar;
mod toml;
mod value;
pub(crate) mod yaml;

pub(crate) use parse::{Syntax, parse};
pub use scalar::{Fault, Scalar, Style};
pub(crate) use value::{Kind, Value};
