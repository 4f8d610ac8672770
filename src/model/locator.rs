//! [`Locator`]: what a format has to find.

use crate::model::manifest_type::ManifestType;
use crate::model::plugin::PluginName;
use crate::model::scheme::VersionScheme;
use crate::model::version_part::{VersionPart, VersionPartError};

/// What to find in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Locator {
    /// Everything that a known type defines: any type but json, yaml, toml and text.
    Known(ManifestType),
    /// One value of a data file: json, yaml or toml.
    Pointer(ManifestType, Pointer),
    /// Every match of a pattern in a text, whose versions are read in a scheme.
    Search(SearchPattern, VersionScheme),
    /// The places that a plugin finds. It is a process, so that what it found is part of what was read.
    Plugin(PluginName),
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

/// A search pattern: literal text around a version, or around a part of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchPattern {
    /// The text before the value.
    pub before: String,
    /// What is searched for.
    pub value: SearchValue,
    /// The text after it.
    pub after: String,
}

/// What a search finds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SearchValue {
    /// `{version}`.
    Version,
    /// `{major}.{minor}`, `{date:%B %Y}`.
    Part(VersionPart),
}

/// Why a text is not a valid search pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchPatternError {
    /// `{version}` is missing or occurs more than once.
    #[error("a search must contain `{{version}}` exactly once; found {0}")]
    NotOnce(usize),
    /// `{version}` and a part of it.
    #[error("a search contains `{{version}}` or parts of it, not both")]
    Both,
    /// A part of a version looks like any other number.
    #[error("a search for a part of the version must start with the text before it")]
    NothingBefore,
    /// The placeholders.
    #[error(transparent)]
    Part(#[from] VersionPartError),
}

impl SearchPatternError {
    /// Returns what to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotOnce(_) => "write the text around it, as in `version = \"{version}\"`",
            Self::Both => "keep one of them, and list the file a second time for the other",
            Self::NothingBefore => "write the text around it, as in `SHIPPED = \"{major}.{minor}\"`",
            Self::Part(VersionPartError::Day(..)) => "write it as in `{date:%Y-%m-%d}` or `{date:%B %Y}`",
            Self::Part(_) => "search for one of them, and list the file a second time for the other",
        }
    }
}

impl SearchPattern {
    /// Reads a pattern. Every brace but those of `{version}`, of its numbers and of `{date:...}` is literal.
    ///
    /// # Errors
    /// Returns an error if it holds neither `{version}` exactly once nor a valid part of a version.
    pub fn new(text: &str) -> Result<Self, SearchPatternError> {
        let parts: Vec<&str> = text.split("{version}").collect();
        let pattern = |before: &str, value, after: &str| Self { before: before.into(), value, after: after.into() };
        match (VersionPart::split(text)?, parts.as_slice()) {
            (None, [before, after]) => Ok(pattern(before, SearchValue::Version, after)),
            (Some(("", ..)), [_]) => Err(SearchPatternError::NothingBefore),
            (Some((before, part, after)), [_]) => Ok(pattern(before, SearchValue::Part(part), after)),
            (Some(_), _) => Err(SearchPatternError::Both),
            (None, _) => Err(SearchPatternError::NotOnce(parts.len() - 1)),
        }
    }

    /// Returns the part of the version that it finds; `None` if it finds whole versions.
    #[must_use]
    pub fn part(&self) -> Option<&VersionPart> {
        match &self.value {
            SearchValue::Version => None,
            SearchValue::Part(part) => Some(part),
        }
    }
}

impl std::fmt::Display for SearchPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}{}", self.before, self.value, self.after)
    }
}

impl std::fmt::Display for SearchValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Version => f.write_str("{version}"),
            Self::Part(part) => part.fmt(f),
        }
    }
}
