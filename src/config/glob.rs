//! [`PathGlob`], [`PathPattern`] and [`NameGlob`]: patterns of paths and of names.

use globset::{Glob, GlobBuilder, GlobMatcher};

use crate::model::{RepoPath, RepoPathError};

/// Patterns beyond these bounds are refused: those within them always compile.
const LONGEST: usize = 1000;
const DEEPEST: usize = 20;

/// Why a text is not a valid pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GlobError {
    /// A part of it leads out of the workspace.
    #[error(transparent)]
    Path(#[from] RepoPathError),
    /// Brackets or braces are unbalanced.
    #[error("the pattern cannot be read: {0}")]
    Syntax(String),
    /// It is too long, or nested too deeply.
    #[error("the pattern has more than {LONGEST} bytes, or braces nested deeper than {DEEPEST}")]
    TooLarge,
}

impl GlobError {
    /// Returns what to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Path(error) => path_help(*error).to_owned(),
            Self::Syntax(_) => "close every `[` and `{`; a literal bracket is written `[[]`".to_owned(),
            Self::TooLarge => "split it into several patterns".to_owned(),
        }
    }
}

/// Returns the help for a text that is not a valid path.
pub(super) fn path_help(error: RepoPathError) -> &'static str {
    match error {
        RepoPathError::Absolute => "write it relative to relman.toml's folder, as in `packages/api`",
        RepoPathError::Leaves => "name something below relman.toml's folder, or move relman.toml up",
        RepoPathError::Backslash => "write `/` between folders, on every system",
        RepoPathError::Empty => "write `.` for relman.toml's own folder",
        RepoPathError::Device => "rename the file; git cannot check it out on Windows either",
        RepoPathError::DotGit => "name a file or folder that git can track; relman never writes below `.git`",
        RepoPathError::TooLong => "give the file or folder a shorter name",
        RepoPathError::Control => "write the path on one line, without control characters",
    }
}

/// A glob of paths relative to relman.toml's folder: `*` and `?` stay within a part, `**` crosses parts.
///
/// Its text has no leading `./` and no slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathGlob {
    glob: Glob,
}

impl PathGlob {
    /// Reads a glob.
    ///
    /// # Errors
    /// Returns an error if it is absolute, has a `..` part or a backslash, or its brackets or braces are unbalanced.
    pub fn new(text: &str) -> Result<Self, GlobError> {
        let path = if is_glob(text) { RepoPath::pattern(text)? } else { RepoPath::written(text)? };
        Ok(Self { glob: compile(path.as_str(), true)? })
    }

    /// Returns the text; empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.glob.glob()
    }

    /// Returns what matches one path after the other.
    #[must_use]
    pub fn matcher(&self) -> GlobMatcher {
        self.glob.compile_matcher()
    }

    /// Returns the path, if the text has no special characters.
    #[must_use]
    pub fn literal(&self) -> Option<RepoPath> {
        if is_glob(self.as_str()) { None } else { RepoPath::new(self.as_str()).ok().or(Some(RepoPath::root())) }
    }

    /// Returns the folder above the first part that is not literal: nothing outside it can match.
    #[must_use]
    pub fn folder(&self) -> RepoPath {
        let parts: Vec<&str> = self.as_str().split('/').collect();
        let literal = parts.iter().take(parts.len() - 1).take_while(|part| !is_glob(part));
        literal.fold(RepoPath::root(), |folder, part| folder.child(part))
    }

    /// Returns the last part, which may be a glob.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.as_str().rsplit('/').next().unwrap_or("")
    }
}

/// A pattern of `paths`: as in .gitignore the last one that matches a path, or a folder above it, decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    /// Whether it starts with `!`: what it matches does not belong to the package.
    pub negated: bool,
    /// The glob; `**` if the text is the root.
    pub glob: PathGlob,
}

impl PathPattern {
    /// Reads a pattern, with a `!` before it or without.
    ///
    /// # Errors
    /// Returns an error if the text after the `!` is not a valid glob.
    pub fn new(text: &str) -> Result<Self, GlobError> {
        let (negated, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let glob = PathGlob::new(text)?;
        let glob = if glob.as_str().is_empty() { PathGlob::new("**")? } else { glob };
        Ok(Self { negated, glob })
    }
}

/// A glob of names: of branches or tags, where `*` does not match slashes, or of packages, where it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameGlob {
    glob: Glob,
}

impl NameGlob {
    /// Reads a glob of branches or tags.
    ///
    /// # Errors
    /// Returns an error if its brackets or braces are unbalanced.
    pub fn of_refs(text: &str) -> Result<Self, GlobError> {
        Ok(Self { glob: compile(text, true)? })
    }

    /// Reads a glob of names in which a slash is a character like any other, as those of packages and of CI jobs.
    ///
    /// # Errors
    /// Returns an error if its brackets or braces are unbalanced.
    pub fn of_names(text: &str) -> Result<Self, GlobError> {
        Ok(Self { glob: compile(text, false)? })
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.glob.glob()
    }

    /// Returns the name, if the text has no special characters.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        (!is_glob(self.as_str())).then(|| self.as_str())
    }

    /// Returns what matches one name after the other.
    #[must_use]
    pub fn matcher(&self) -> GlobMatcher {
        self.glob.compile_matcher()
    }
}

/// Returns `true` if a text has special characters of globs.
#[must_use]
pub fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '[', ']', '{', '}'])
}

fn compile(text: &str, literal_separator: bool) -> Result<Glob, GlobError> {
    if text.len() > LONGEST || text.matches('{').count() > DEEPEST {
        return Err(GlobError::TooLarge);
    }
    let mut builder = GlobBuilder::new(text);
    builder.literal_separator(literal_separator).backslash_escape(false).empty_alternates(true);
    builder.build().map_err(|error| GlobError::Syntax(error.kind().to_string()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::{GlobError, NameGlob, PathGlob, PathPattern, RepoPathError};

    #[test]
    fn paths_that_match() {
        let cases = [
            ("packages/*", "packages/api", true),
            ("packages/*", "packages/api/src", false),
            ("./packages//*/", "packages/api", true),
            ("packages/**", "packages/api/src", true),
            ("**/*.md", "README.md", true),
            ("{api,web}/x.json", "web/x.json", true),
            (".", "", true),
            ("[ab]/x", "a/x", true),
        ];
        for (glob, path, expected) in cases {
            assert_eq!(PathGlob::new(glob).unwrap().matcher().is_match(path), expected, "{glob} on {path}");
        }
    }

    #[test]
    fn texts_that_are_no_globs() {
        let cases = [
            ("/a/*", GlobError::Path(RepoPathError::Absolute)),
            ("a/../*", GlobError::Path(RepoPathError::Leaves)),
            ("a\\*", GlobError::Path(RepoPathError::Backslash)),
            ("", GlobError::Path(RepoPathError::Empty)),
            (".git/*", GlobError::Path(RepoPathError::DotGit)),
            ("**/.GIT./config", GlobError::Path(RepoPathError::DotGit)),
            ("{src,git~1}/*", GlobError::Path(RepoPathError::DotGit)),
            ("src\n/*", GlobError::Path(RepoPathError::Control)),
        ];
        for (text, expected) in cases {
            assert_eq!(PathGlob::new(text).unwrap_err(), expected, "{text}");
        }
        assert!(matches!(PathGlob::new("a/[b").unwrap_err(), GlobError::Syntax(_)));
        assert!(matches!(NameGlob::of_names("{a").unwrap_err(), GlobError::Syntax(_)));
        assert_eq!(NameGlob::of_names(&"{".repeat(300)).unwrap_err(), GlobError::TooLarge);
        assert_eq!(NameGlob::of_names(&"a".repeat(2000)).unwrap_err(), GlobError::TooLarge);
    }

    #[test]
    fn the_literal_part_of_a_glob() {
        let cases = [
            ("a/b/*.json", "a/b", None),
            ("a/b.json", "a", Some("a/b.json")),
            ("*/b", ".", None),
            (".", ".", Some(".")),
        ];
        for (text, folder, literal) in cases {
            let glob = PathGlob::new(text).unwrap();
            assert_eq!(glob.folder().to_string(), folder, "{text}");
            assert_eq!(glob.literal().map(|p| p.to_string()).as_deref(), literal, "{text}");
        }
    }

    #[test]
    fn a_pattern_may_be_negated_and_name_the_root() {
        let pattern = PathPattern::new("!**/*.md").unwrap();
        assert_eq!((pattern.negated, pattern.glob.as_str()), (true, "**/*.md"));
        assert_eq!(PathPattern::new(".").unwrap().glob.as_str(), "**");
    }

    #[test]
    fn a_star_of_package_names_crosses_slashes_and_one_of_refs_does_not() {
        assert!(NameGlob::of_names("*").unwrap().matcher().is_match("@scope/web"));
        assert!(!NameGlob::of_refs("release/*").unwrap().matcher().is_match("release/1/x"));
    }

    proptest! {
        #[test]
        fn what_is_read_also_compiles(text in "[\\[\\]{},!a/*?^.-]{0,60}") {
            let _ = PathGlob::new(&text).map(|glob| (glob.matcher().is_match("a"), glob.folder(), glob.literal()));
            let _ = NameGlob::of_names(&text).map(|glob| glob.matcher().is_match("a"));
        }
    }
}
