//! [`RequirementError`].

use crate::model::Unspellable;

/// Why a requirement could not be read, tested or rewritten.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequirementError {
    /// The text is no requirement of its notation.
    #[error("`{requirement}` is no {notation}: {reason}")]
    Unreadable {
        /// The text as it was found; its beginning, where it is very long.
        requirement: String,
        /// What a requirement of this notation is called: `requirement of Cargo`.
        notation: &'static str,
        /// What is wrong with it.
        reason: String,
        /// The byte of the requirement at which reading stopped, from 0, where that is known.
        offset: Option<usize>,
    },
    /// The scheme of the notation has no words for the version.
    #[error(transparent)]
    Unspellable(#[from] Unspellable),
    /// The requirement keeps the version out in a way that no change of its numbers can mend.
    #[error("`{requirement}` cannot be made to admit {version}: {reason}; write the requirement by hand")]
    Fixed {
        /// The requirement.
        requirement: String,
        /// The version, spelled as the notation spells it.
        version: String,
        /// What is in the way.
        reason: String,
    },
}
