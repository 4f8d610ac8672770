//! [`RequirementError`].

use crate::model::Unspellable;

/// Why a requirement could not be read, tested or rewritten.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequirementError {
    /// The text is not a valid requirement of its notation.
    #[error("`{requirement}` is not a valid {notation}: {reason}")]
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
    /// The scheme of the notation cannot spell the version.
    #[error(transparent)]
    Unspellable(#[from] Unspellable),
    /// The requirement excludes the version in a way that changing its numbers cannot fix.
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
