//! [`Rotation`]: what is to go into a changelog.

use crate::text::{EditError, Span};

/// A section that is to be put in. Its lines end in line feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSection {
    /// The whole section, with its heading, ending in a line feed.
    pub text: String,
    /// The label of its link, and where that leads; `None` if it has none.
    pub link: Option<(String, String)>,
}

/// What a rotation is given beside the document.
#[derive(Clone, Copy, Debug)]
pub struct Rotation<'a> {
    /// The sections, the topmost first.
    pub sections: &'a [NewSection],
    /// What stands under a fresh `[Unreleased]`; empty: nothing.
    pub placeholder: &'a str,
    /// Where the link of `[Unreleased]` leads from now on; `None` if none is kept.
    pub unreleased: Option<&'a str>,
}

/// Why a changelog cannot take a section.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RotationError {
    /// Nobody knows which one is meant.
    #[error("it has {} sections about what is not released, where one is expected", .0.len())]
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
