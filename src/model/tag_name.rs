//! [`TagName`]: the short name of a tag, and which names git can hold.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most bytes between two slashes: git keeps a tag in a file of that name, and writes `NAME.lock` first.
const LONGEST_PART: usize = 250;

/// The most bytes of a whole name. The path of the git folder comes before it, and systems allow about 4,000 bytes, some only 1,024.
const LONGEST: usize = 900;

/// The short name of a tag: the part after `refs/tags/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct TagName(String);

/// Why git cannot hold a tag of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagNameError {
    /// The rules of `git check-ref-format` forbid it.
    #[error("git does not accept `{0}` as a tag name")]
    NotAllowed(String),
    /// The file of the ref would have too long a name.
    #[error(
        "the tag `{0}` is too long: git keeps it in a file, and at most {LONGEST_PART} bytes fit between two slashes, {LONGEST} in all"
    )]
    TooLong(String),
}

impl TagName {
    /// Takes a name as a template or a repository gives it. Whether git can hold it is decided by [`Self::check`]: a plan reports a name that
    /// it cannot, so there has to be a value for it.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks that git can hold a tag of this name.
    ///
    /// # Errors
    /// Returns an error if it cannot.
    pub fn check(&self) -> Result<(), TagNameError> {
        if !is_ref_name(&self.0) {
            return Err(TagNameError::NotAllowed(self.0.clone()));
        }
        let fits = self.0.len() <= LONGEST && self.0.split('/').all(|part| part.len() <= LONGEST_PART);
        if fits { Ok(()) } else { Err(TagNameError::TooLong(self.0.clone())) }
    }
}

impl fmt::Display for TagName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The rules of `git check-ref-format` for the part after `refs/tags/`.
pub(super) fn is_ref_name(name: &str) -> bool {
    let bad_char = |c: char| c.is_ascii_control() || " ~^:?*[\\\u{7f}".contains(c);
    let bad_part = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    !name.is_empty()
        && name != "@"
        && !name.starts_with('-')
        && !name.chars().any(bad_char)
        && !name.contains("..")
        && !name.contains("@{")
        && !name.ends_with('.')
        && !name.split('/').any(bad_part)
}

#[cfg(test)]
mod tests {
    use super::{TagName, TagNameError};

    #[test]
    fn names_that_git_can_hold_and_names_that_it_cannot() {
        let part = |bytes: usize| "x".repeat(bytes);
        let cases = [
            ("v1.0.0".to_owned(), None),
            ("@scope/api@1.0.0".to_owned(), None),
            (part(250), None),
            (format!("{}/{}", part(250), part(250)), None),
            (part(251), Some(true)),
            (format!("{}/v1", part(251)), Some(true)),
            (format!("{}x", "ab/".repeat(300)), Some(true)),
            ("é".repeat(126), Some(true)),
            ("v1.0.0-a.lock".to_owned(), Some(false)),
            ("a.lock/v1".to_owned(), Some(false)),
            ("-v1".to_owned(), Some(false)),
            ("a..b".to_owned(), Some(false)),
            ("a/.b".to_owned(), Some(false)),
            ("a\nb".to_owned(), Some(false)),
            ("a\u{7f}b".to_owned(), Some(false)),
            ("a@{b".to_owned(), Some(false)),
            ("a/".to_owned(), Some(false)),
            ("v1.".to_owned(), Some(false)),
        ];
        for (name, expected) in cases {
            let too_long =
                TagName::new(name.clone()).check().err().map(|error| matches!(error, TagNameError::TooLong(_)));
            assert_eq!(too_long, expected, "{name:?}");
        }
    }
}
