//! [`ObjectId`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of a git object of any kind, in lower-case hexadecimal: 40 digits (SHA-1) or 64 (SHA-256).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectId(String);

/// Why a text is not the id of an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a valid object id: expected 40 or 64 lower-case hexadecimal digits")]
pub struct ObjectIdError(String);

impl ObjectId {
    /// Reads an id.
    ///
    /// # Errors
    /// Returns an error if the text is not an id of full length.
    pub fn new(id: impl Into<String>) -> Result<Self, ObjectIdError> {
        let id = id.into();
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if matches!(id.len(), 40 | 64) && id.bytes().all(is_digit) { Ok(Self(id)) } else { Err(ObjectIdError(id)) }
    }

    /// Returns the digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ObjectId {
    type Error = ObjectIdError;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        Self::new(id)
    }
}

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> Self {
        id.0
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ObjectId;

    #[test]
    fn only_whole_ids_are_valid() {
        for id in ["0123456789abcdef0123456789abcdef01234567".to_owned(), "a".repeat(64)] {
            assert_eq!(ObjectId::new(id.clone()).unwrap().as_str(), id);
        }
        for id in [String::new(), "a".repeat(39), "A".repeat(40), "g".repeat(40), format!("{}\n", "a".repeat(39))] {
            assert!(ObjectId::new(id.clone()).is_err(), "{id:?}");
        }
    }
}
