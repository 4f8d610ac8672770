//! Changelogs: fragments, and the file that people read of a release.
//!
//! Pure: it is given texts and returns spans and edits. A [`Fragment`] is one change in a file of its own.

mod fragment;
mod front_matter;
mod headings;

pub use fragment::{Fragment, FragmentLevel, is_left_alone};
