//! [`RepoPath`]: a path inside the workspace.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A path relative to the folder of relman.toml, with `/`, without `.`, `..` or empty parts. The root is the empty path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct RepoPath(String);

/// Why a text is no [`RepoPath`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepoPathError {
    /// It starts at a root or a drive.
    #[error("the path is absolute; paths are relative to relman.toml's folder")]
    Absolute,
    /// It has a `..` part.
    #[error("the path has a `..` part; it would leave the repository")]
    Leaves,
    /// It has a backslash.
    #[error("the path has a backslash; write `/`")]
    Backslash,
    /// It is empty or has a NUL byte.
    #[error("the path is empty or has a NUL byte")]
    Empty,
}

impl RepoPath {
    /// Reads a path as a person writes it; `./a//b/` is `a/b`, `.` is the root.
    ///
    /// # Errors
    /// Where the path could lead out of the workspace.
    pub fn new(text: &str) -> Result<Self, RepoPathError> {
        let drive = text.len() > 1 && text.as_bytes().get(1) == Some(&b':');
        if text.starts_with('/') || drive {
            return Err(RepoPathError::Absolute);
        }
        if text.contains('\\') {
            return Err(RepoPathError::Backslash);
        }
        if text.is_empty() || text.contains('\0') {
            return Err(RepoPathError::Empty);
        }
        let parts: Vec<&str> = text.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
        if parts.contains(&"..") {
            return Err(RepoPathError::Leaves);
        }
        Ok(Self(parts.join("/")))
    }

    /// Returns the root of the workspace.
    #[must_use]
    pub fn root() -> Self {
        Self(String::new())
    }

    /// Returns the text, `/` between parts, empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether it is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the last part, empty for the root.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// Returns the folder that holds it; nothing for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        Some(Self(self.0.rsplit_once('/').map_or(String::new(), |(head, _)| head.to_owned())))
    }

    /// Returns this path with one more part, which must be a plain name.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.is_root() { Self(name.to_owned()) } else { Self(format!("{}/{name}", self.0)) }
    }

    /// Follows a relative path, `..` included, from this folder; nothing where it leaves the workspace or is absolute.
    #[must_use]
    pub fn join(&self, relative: &str) -> Option<Self> {
        if relative.starts_with('/') {
            return None;
        }
        let mut parts: Vec<&str> = self.0.split('/').filter(|p| !p.is_empty()).collect();
        for part in relative.split(['/', '\\']).filter(|p| !p.is_empty() && *p != ".") {
            if part == ".." {
                parts.pop()?;
            } else {
                parts.push(part);
            }
        }
        Some(Self(parts.join("/")))
    }

    /// Tells whether this path is `folder` or lies below it.
    #[must_use]
    pub fn is_within(&self, folder: &Self) -> bool {
        folder.is_root()
            || self == folder
            || self.0.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Returns the folders above this path, nearest first, the root last.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), Self::parent)
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_root() { "." } else { &self.0 })
    }
}

impl<'de> Deserialize<'de> for RepoPath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}
