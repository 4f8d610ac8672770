//! [`Look`]: what was asked of the world outside, and what it answered.

/// An answer of the world outside, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Look<T> {
    /// It was not asked: the request does not need it, or is a dry run.
    #[default]
    NotAsked,
    /// It was asked, and did not answer.
    Unknown {
        /// Why.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// The answer.
    Found(T),
}

impl<T> Look<T> {
    /// Returns the answer; `None` if there is none.
    pub fn found(&self) -> Option<&T> {
        match self {
            Self::Found(found) => Some(found),
            Self::NotAsked | Self::Unknown { .. } => None,
        }
    }
}
