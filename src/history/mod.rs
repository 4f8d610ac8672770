//! History: which commits changed each package since its last release.
//!
//! Pure: callers read commits and paths and pass them in. [`Message`] reads a commit message, [`cancelled`] finds those
//! that take each other back; [`Graph`] and [`Cover`] answer for
//! all packages at once which commits precede their last tags; [`History`] is the result.

mod body;
mod cancelled;
mod cover;
mod gathered;
mod graph;
mod issues;
mod message;
mod release_lines;
mod release_trailer;
mod reverted;
mod tree;

pub use cancelled::cancelled;
pub use cover::{Borders, Cover};
pub use gathered::{Commit, History, LastTag, SinceStable, UnreleasedChanges, Untagged};
pub use graph::{Border, Graph};
pub use issues::{Mention, mentions};
pub use message::{Message, Told};
pub use release_lines::{ReleasedPackage, release_line, released_package, releases};
pub use release_trailer::{release_trailer, released_tag};
pub use reverted::Reverted;
pub use tree::{Difference, TreeEntry, differences, entries};
