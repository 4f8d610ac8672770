//! [`WorkspacePrefix`]: where relman.toml is located in its repository.

use serde::{Deserialize, Serialize};

/// The folder of relman.toml, from the top of the work tree. Git names files from the top, relman from this folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkspacePrefix(String);

impl WorkspacePrefix {
    /// Takes the folder, with `/` between its names; empty for the top.
    #[must_use]
    pub fn new(folder: impl Into<String>) -> Self {
        Self(folder.into())
    }

    /// Returns the folder; empty for the top.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns a path of git as relman names it; `None` if it is not below the folder.
    #[must_use]
    pub fn strip<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.0.is_empty() { Some(path) } else { path.strip_prefix(&self.0)?.strip_prefix('/') }
    }

    /// Returns a path of relman as git names it.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        let parts = [self.0.as_str(), path].into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("/")
    }

    /// Returns `true` if the folder is this one, as git names it, or lies below it.
    #[must_use]
    pub fn is_below(&self, folder: &str) -> bool {
        self.0.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::WorkspacePrefix;

    #[test]
    fn what_is_joined_is_stripped() {
        let table = [("", "a/b", "a/b"), ("x", "a", "x/a"), ("x/y", "a/b", "x/y/a/b"), ("x/y", "", "x/y")];
        for (folder, path, joined) in table {
            let prefix = WorkspacePrefix::new(folder);
            assert_eq!(prefix.join(path), joined);
            assert_eq!(prefix.strip(joined), Some(path).filter(|path| folder.is_empty() || !path.is_empty()));
        }
        let prefix = WorkspacePrefix::new("x/y");
        for outside in ["x", "x/ya", "x/y", "y/x/y/a", ""] {
            assert_eq!(prefix.strip(outside), None, "{outside}");
        }
        assert!(prefix.is_below("x") && prefix.is_below("x/y"));
        assert!(!prefix.is_below("x/yz") && !prefix.is_below("x/") && !prefix.is_below("y"));
        assert!(!WorkspacePrefix::default().is_below("x"));
    }
}
