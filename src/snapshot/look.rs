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

    /// Returns what is made of the answer; without one, why there is none.
    pub fn map<U>(&self, make: impl FnOnce(&T) -> U) -> Look<U> {
        self.and_then(|found| Look::Found(make(found)))
    }

    /// Returns what is answered to a further question; without an answer to this one, why there is none.
    pub fn and_then<U>(&self, ask: impl FnOnce(&T) -> Look<U>) -> Look<U> {
        match self {
            Self::Found(found) => ask(found),
            Self::Unknown { message, help } => Look::Unknown { message: message.clone(), help: help.clone() },
            Self::NotAsked => Look::NotAsked,
        }
    }
}
