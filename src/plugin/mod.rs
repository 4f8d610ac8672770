//! Plugins: programs of the user's own that are asked by protocol 1, one process a question.
//!
//! [`protocol`] has the words that go over the pipes, [`Launch`] is the program that is started, [`Trust`] says whether it may be, and
//! [`Host`] starts it and holds it to its limits. What an answer means is decided by those who asked.

mod call;
mod error;
mod host;
mod launch;
pub mod protocol;
mod skeleton;
mod trust;

pub use call::PluginCall;
pub use error::{PluginError, PluginFault};
pub use host::{Answer, Host, Said};
pub use launch::Launch;
pub use skeleton::{PluginLanguage, Skeleton};
pub use trust::{Trust, TrustError, TrustStore};
