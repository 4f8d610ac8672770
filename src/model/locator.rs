//! [`Locator`]: what a format has to find.

use crate::model::manifest_type::ManifestType;
use crate::model::scheme::VersionScheme;

/// What to find in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Locator {
    /// Everything that a known type defines: any type but json, yaml, toml and text.
    Known(ManifestType),
    /// One value of a data file: json, yaml or toml.
    Pointer(ManifestType, Pointer),
    /// Every match of a pattern in a text, whose versions are read in a scheme.
    Search(SearchPattern, VersionScheme),
}

/// A JSON pointer (RFC 6901), unescaped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer(Vec<String>);

/// Why a text is not a valid pointer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointerError {
    /// It does not start with a slash, or is empty.
    #[error("a pointer starts with `/`, as in `/project/version`")]
    NoSlash,
    /// A tilde that is neither `~0` nor `~1`.
    #[error("in a pointer `~` is written `~0` and `/` inside a key `~1`")]
    Tilde,
}

impl Pointer {
    /// Reads a pointer by RFC 6901, section 3; the empty pointer, the whole document, is refused.
    ///
    /// # Errors
    /// Returns an error if it does not start with `/` or has a stray tilde.
    pub fn new(text: &str) -> Result<Self, PointerError> {
        let rest = text.strip_prefix('/').ok_or(PointerError::NoSlash)?;
        rest.split('/').map(unescape).collect::<Result<_, _>>().map(Self)
    }

    /// Returns the keys and indices, outermost first, unescaped.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.0
    }
}

impl std::fmt::Display for Pointer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|key| write!(f, "/{}", key.replace('~', "~0").replace('/', "~1")))
    }
}

fn unescape(key: &str) -> Result<String, PointerError> {
    let mut out = String::with_capacity(key.len());
    let mut chars = key.chars();
    while let Some(c) = chars.next() {
        if c != '~' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('0') => out.push('~'),
            Some('1') => out.push('/'),
            _ => return Err(PointerError::Tilde),
        }
    }
    Ok(out)
}

/// A search pattern: literal text with `{version}` once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchPattern {
    /// The text before the version.
    pub before: String,
    /// The text after it.
    pub after: String,
}

/// Why a text is not a valid search pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchPatternError {
    /// `{version}` is missing or occurs more than once.
    #[error("a search must contain `{{version}}` exactly once; found {0}")]
    NotOnce(usize),
}

impl SearchPattern {
    /// Reads a pattern. Every brace but those of `{version}` is literal.
    ///
    /// # Errors
    /// Returns an error if `{version}` does not occur exactly once.
    pub fn new(text: &str) -> Result<Self, SearchPatternError> {
        let parts: Vec<&str> = text.split("{version}").collect();
        match parts.as_slice() {
            [before, after] => Ok(Self { before: (*before).to_owned(), after: (*after).to_owned() }),
            _ => Err(SearchPatternError::NotOnce(parts.len() - 1)),
        }
    }
}
