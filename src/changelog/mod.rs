//! Changelogs: fragments, and the file that people read of a release.
//!
//! Pure: it is given texts and returns spans and edits. A [`Fragment`] is one change in a file of its own.

mod document;
mod fold;
mod fragment;
mod front_matter;
mod headings;
mod lead;
mod new_fragment;
mod pending;
mod place;
mod proof;
mod release_title;
mod rotate;
mod rotation;
mod section;
mod templates;
mod understood;
mod usual_title;
mod visible;

pub use document::{Document, Group, Link, Section};
pub use fold::assemble_unreleased;
pub use fragment::{Fragment, FragmentLevel, FragmentRules, is_ignored_file};
pub use new_fragment::{FragmentDraft, SlugError, slugify};
pub use pending::{Pending, PendingGroup};
pub use place::{PlacedSection, place, without};
pub use release_title::{Naming, Title, TitleReader};
pub use rotate::{new_changelog, rotate, unreleased};
pub use rotation::{NewSection, Rotation, RotationError};
pub use section::{Change, SectionContent, SectionEntry, SectionError, SectionGroup, grouped};
pub use templates::{DEFAULT_TEMPLATE, template};
pub use understood::not_understood;
pub use usual_title::is_same_name;
