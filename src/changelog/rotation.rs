//! [`Rotation`]: what is to go into a changelog.

use crate::text::{EditError, Span};

/// A section to insert. Its lines end in line feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSection {
    /// The whole section, with its heading, ending in a line feed.
    pub text: String,
    /// The label of its link, and its destination; `None` without a link.
    pub link: Option<(String, String)>,
}

/// The input of a rotation, in addition to the document.
#[derive(Clone, Copy, Debug)]
pub struct Rotation<'a> {
    /// The sections, the topmost first.
    pub sections: &'a [NewSection],
    /// The text under a fresh `[Unreleased]`; may be empty.
    pub placeholder: &'a str,
    /// The new destination of the link of `[Unreleased]`; `None` without a link.
    pub unreleased: Option<&'a str>,
}

/// Why a changelog cannot take a section.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RotationError {
    /// It is ambiguous which one is meant.
    #[error("found {} sections about unreleased changes, expected one", .0.len())]
    SeveralUnreleased(
        /// Their headings.
        Vec<Span>,
    ),
    /// The new text does not read as planned.
    #[error("with the new section the changelog does not read as planned: {0}")]
    NotAsPlanned(String),
    /// The edits do not fit together.
    #[error(transparent)]
    Edits(#[from] EditError),
}
