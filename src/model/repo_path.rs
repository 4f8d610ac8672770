//! [`RepoPath`]: a path inside the workspace.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::device_name::is_device_name;
use super::dot_git::is_dot_git;

/// The most bytes that a file name, and a whole path, may have: common file systems refuse more.
const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 4000;

/// A path relative to the folder of relman.toml, with `/`, without `.`, `..` or empty parts, and without a
/// part that means `.git` on some file system. The root is the empty path.
///
/// In JSON the root is written `.`, so that whatever was written can be read back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, schemars::JsonSchema)]
#[schemars(transparent)]
pub struct RepoPath(String);

/// Why a text is not a valid [`RepoPath`].
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
    /// It has a part that means `.git` on some file system.
    #[error("the path has a part that means `.git`, which is git's own folder")]
    DotGit,
    /// On Windows, a part of it names a device.
    #[error("the path has a part that names a device on Windows")]
    Device,
    /// It, or one of its parts, is longer than file systems allow.
    #[error("the path is too long: a name may have {LONGEST_NAME} bytes, a path {LONGEST_PATH}")]
    TooLong,
    /// It has a line break or another control character.
    #[error("the path has a control character")]
    Control,
}

impl RepoPath {
    /// Reads a path as a person writes it; `./a//b/` is `a/b`, `.` is the root.
    ///
    /// # Errors
    /// Returns an error if the path could lead out of the workspace.
    pub fn new(text: &str) -> Result<Self, RepoPathError> {
        let path = Self::of_any_length(text)?;
        let fits = path.0.len() <= LONGEST_PATH && path.0.split('/').all(|part| part.len() <= LONGEST_NAME);
        if fits { Ok(path) } else { Err(RepoPathError::TooLong) }
    }

    fn of_any_length(text: &str) -> Result<Self, RepoPathError> {
        if text.starts_with('/') || has_drive(text) {
            return Err(RepoPathError::Absolute);
        }
        if text.contains('\\') {
            return Err(RepoPathError::Backslash);
        }
        if text.is_empty() || text.contains('\0') {
            return Err(RepoPathError::Empty);
        }
        let parts: Vec<&str> = text.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
        // `./C:` names a drive as well once it is written without the dot.
        if parts.first().is_some_and(|first| has_drive(first)) {
            return Err(RepoPathError::Absolute);
        }
        if parts.contains(&"..") {
            return Err(RepoPathError::Leaves);
        }
        if parts.iter().any(|part| is_dot_git(part)) {
            return Err(RepoPathError::DotGit);
        }
        // Elsewhere `src/aux.rs` is a file as any other.
        if cfg!(windows) && parts.iter().any(|part| is_device_name(part)) {
            return Err(RepoPathError::Device);
        }
        Ok(Self(parts.join("/")))
    }

    /// Reads a pattern of paths, whose text may be longer than the paths that it matches.
    ///
    /// # Errors
    /// Returns an error if it could lead out of the workspace or into a `.git` folder, or has a control character.
    pub fn pattern(text: &str) -> Result<Self, RepoPathError> {
        let path = Self::of_any_length(text)?;
        // Each alternative of `{.git,src}` is a part by itself.
        if path.0.split(['/', '{', ',', '}']).any(is_dot_git) {
            return Err(RepoPathError::DotGit);
        }
        if text.contains(char::is_control) { Err(RepoPathError::Control) } else { Ok(path) }
    }

    /// Reads a path that a user writes in relman.toml: there a control character is a mistake, though a file may have one in its
    /// name.
    ///
    /// # Errors
    /// As [`new`](Self::new), and if the path has a control character.
    pub fn written(text: &str) -> Result<Self, RepoPathError> {
        let path = Self::new(text)?;
        if text.contains(char::is_control) { Err(RepoPathError::Control) } else { Ok(path) }
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

    /// Returns `true` if it is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the last part, empty for the root.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// Returns the folder that holds it; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        Some(Self(self.0.rsplit_once('/').map_or(String::new(), |(head, _)| head.to_owned())))
    }

    /// Returns this path with one more part, which must be a plain name other than `.git`.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.is_root() { Self(name.to_owned()) } else { Self(format!("{}/{name}", self.0)) }
    }

    /// Follows a relative path, `..` and backslashes included, from this folder, as other tools write one; `None` if it leaves
    /// the workspace, leads into a `.git` folder, is absolute, too long, or has a NUL byte.
    #[must_use]
    pub fn join(&self, relative: &str) -> Option<Self> {
        if relative.starts_with(['/', '\\']) || has_drive(relative) || relative.contains('\0') {
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
        let path = parts.join("/");
        if path.is_empty() { Some(Self::root()) } else { Self::new(&path).ok() }
    }

    /// Returns `true` if this path is `folder` or lies below it.
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

/// Returns `true` if a path starts at a drive of Windows, as in `C:\x`.
fn has_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_root() { "." } else { &self.0 })
    }
}

impl Serialize for RepoPath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RepoPath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    #[test]
    fn paths_are_read_as_people_write_them() {
        use RepoPathError::{Absolute, Backslash, DotGit, Empty, Leaves};
        let table = [
            ("a/b", Ok("a/b")),
            ("./a//b/", Ok("a/b")),
            (".", Ok("")),
            ("./", Ok("")),
            ("a/.b", Ok("a/.b")),
            ("a/...", Ok("a/...")),
            ("é/ü", Ok("é/ü")),
            ("a:b:c", Err(Absolute)),
            ("1:b", Ok("1:b")),
            ("/a", Err(Absolute)),
            ("C:/a", Err(Absolute)),
            ("c:", Err(Absolute)),
            ("./c:/a", Err(Absolute)),
            ("a\\b", Err(Backslash)),
            ("", Err(Empty)),
            ("a\0b", Err(Empty)),
            ("..", Err(Leaves)),
            ("a/../b", Err(Leaves)),
            ("a/..", Err(Leaves)),
            (".gitignore", Ok(".gitignore")),
            (".git", Err(DotGit)),
            ("a/.GIT /config", Err(DotGit)),
            ("a/git~1", Err(DotGit)),
            ("a/.git::$INDEX_ALLOCATION/config", Err(DotGit)),
            ("a/.g\u{200c}it/config", Err(DotGit)),
            ("a\nb", Ok("a\nb")),
        ];
        for (text, expected) in table {
            assert_eq!(RepoPath::new(text).map(|p| p.as_str().to_owned()), expected.map(str::to_owned), "{text:?}");
        }
    }

    #[test]
    fn a_device_is_no_file_where_it_is_one() {
        for text in ["nul", "a/CON.toml", "com1/x"] {
            assert_eq!(RepoPath::new(text).err(), cfg!(windows).then_some(RepoPathError::Device), "{text:?}");
        }
    }

    #[test]
    fn names_and_paths_have_a_length_that_file_systems_take() {
        let deep = |names: usize| vec!["x".repeat(99); names].join("/");
        for (text, fits) in [("a".repeat(255), true), ("a".repeat(256), false), (deep(40), true), (deep(41), false)] {
            assert_eq!(RepoPath::new(&text).is_ok(), fits, "{} bytes", text.len());
        }
    }

    #[test]
    fn a_written_path_has_no_control_characters() {
        for text in ["a\nb", "a\tb/c", "\u{7f}", "a\u{85}b"] {
            assert_eq!(RepoPath::written(text), Err(RepoPathError::Control), "{text:?}");
        }
        assert_eq!(RepoPath::written("a b/\u{e9}").unwrap(), path("a b/\u{e9}"));
    }

    #[test]
    fn relative_paths_are_followed() {
        let table = [
            ("a/b", "../c", Some("a/c")),
            ("a/b", "..", Some("a")),
            ("a/b", "../..", Some("")),
            ("a/b", "../../..", None),
            ("a/b", "../../../a", None),
            ("a", ".", Some("a")),
            ("a", "", Some("a")),
            ("", "x\\y", Some("x/y")),
            ("a", "..\\b", Some("b")),
            ("a", "/b", None),
            ("a", "\\b", None),
            ("a", "C:\\b", None),
            ("a", "b\0", None),
            ("a", "../.git/config", None),
            ("a", "..\\GIT~1\\config", None),
        ];
        for (from, relative, expected) in table {
            let from = if from.is_empty() { RepoPath::root() } else { path(from) };
            let joined = from.join(relative);
            assert_eq!(joined.as_ref().map(RepoPath::as_str), expected, "{from} {relative:?}");
        }
    }

    #[test]
    fn folders_and_names() {
        let deep = path("a/b/c");
        assert_eq!(deep.file_name(), "c");
        assert_eq!(deep.parent(), Some(path("a/b")));
        assert_eq!(deep.ancestors().collect::<Vec<_>>(), [path("a/b"), path("a"), RepoPath::root()]);
        assert_eq!(RepoPath::root().child("a"), path("a"));
        assert_eq!(path("a").child("b"), path("a/b"));
        assert_eq!((RepoPath::root().parent(), RepoPath::root().file_name()), (None, ""));
        assert!(path("a/b").is_within(&path("a")) && path("a").is_within(&path("a")));
        assert!(path("a").is_within(&RepoPath::root()) && RepoPath::root().is_within(&RepoPath::root()));
        assert!(!path("ab").is_within(&path("a")) && !path("a").is_within(&path("a/b")));
        assert!(!RepoPath::root().is_within(&path("a")));
    }

    #[test]
    fn json_is_read_back_and_checked() {
        for written in ["a/b", "."] {
            let json = serde_json::to_string(&path(written)).unwrap();
            assert_eq!(json, format!("\"{written}\""));
            assert_eq!(serde_json::from_str::<RepoPath>(&json).unwrap(), path(written));
        }
        assert!(serde_json::from_str::<RepoPath>("\"../a\"").is_err());
        assert!(serde_json::from_str::<RepoPath>("\".git/config\"").is_err());
        assert_eq!(RepoPath::root().to_string(), ".");
    }
}
