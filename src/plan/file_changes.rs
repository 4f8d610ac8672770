//! [`FileChanges`]: what happens to files. All of a plan that `check --fix`, `init`, `changelog add` and `changelog assemble` need.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::RepoPath;
use crate::text::{EditError, Fingerprint, TextEdits};

/// What happens to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileChange {
    /// Some of its bytes change.
    Edit {
        /// The versions and requirements that change in it.
        slots: Vec<SlotChange>,
        /// The file as it was read.
        before: Fingerprint,
        /// The bytes that change.
        edits: TextEdits,
    },
    /// It is created.
    Create {
        /// Its text.
        text: String,
    },
    /// It is deleted.
    Delete {
        /// The file as it was read.
        before: Fingerprint,
    },
}

/// A version or a requirement that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SlotChange {
    /// The line, from 1.
    pub line: usize,
    /// The old value.
    pub from: String,
    /// The new value.
    pub to: String,
}

impl FileChange {
    /// Returns the edits of a text in which no slot changes.
    pub(super) fn edit(text: &str, edits: TextEdits) -> Self {
        Self::Edit { slots: Vec::new(), before: Fingerprint::of(text.as_bytes()), edits }
    }

    /// Returns the deletion of a file with this text.
    pub(super) fn delete(text: &str) -> Self {
        Self::Delete { before: Fingerprint::of(text.as_bytes()) }
    }

    /// Returns the versions and requirements that change.
    #[must_use]
    pub fn slots(&self) -> &[SlotChange] {
        match self {
            Self::Edit { slots, .. } => slots,
            Self::Create { .. } | Self::Delete { .. } => &[],
        }
    }

    /// Returns `true` if the file does not exist yet.
    #[must_use]
    pub fn is_creation(&self) -> bool {
        matches!(self, Self::Create { .. })
    }
}

/// What happens to files: sorted by path, one change each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "Vec<FileEntry>", into = "Vec<FileEntry>")]
pub struct FileChanges(BTreeMap<RepoPath, FileChange>);

/// Why a change does not go together with the others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileClash {
    /// The path is that of the root.
    #[error("`{0}` is not the path of a file")]
    Folder(RepoPath),
    /// There is another change of the file.
    #[error("there are two changes of {0} that do not go together")]
    Twice(RepoPath),
    /// The edits of a file overlap.
    #[error("there are two changes of {path} that do not go together: {error}")]
    Edits {
        /// The file.
        path: RepoPath,
        /// What is wrong with the edits.
        error: EditError,
    },
}

impl FileClash {
    /// Returns the file.
    #[must_use]
    pub fn path(&self) -> &RepoPath {
        match self {
            Self::Folder(path) | Self::Twice(path) | Self::Edits { path, .. } => path,
        }
    }
}

impl FileChanges {
    /// Returns the creation of one file.
    ///
    /// # Errors
    /// Returns an error if the path is that of the root.
    pub fn of_new_file(path: RepoPath, text: String) -> Result<Self, FileClash> {
        let mut changes = Self::default();
        changes.add(path, FileChange::Create { text })?;
        Ok(changes)
    }

    /// Adds a change. Edits of one file come together: it may be a manifest and a changelog.
    ///
    /// # Errors
    /// Returns an error if the file changes in another way already.
    pub fn add(&mut self, path: RepoPath, change: FileChange) -> Result<(), FileClash> {
        if path.is_root() {
            return Err(FileClash::Folder(path));
        }
        let change = match (self.0.remove(&path), change) {
            (None, change) => change,
            (
                Some(FileChange::Edit { mut slots, before, edits }),
                FileChange::Edit { slots: more_slots, before: same, edits: more },
            ) if before == same => {
                slots.extend(more_slots);
                let all = edits.as_slice().iter().chain(more.as_slice()).cloned().collect();
                let edits = TextEdits::new(all).map_err(|error| FileClash::Edits { path: path.clone(), error })?;
                FileChange::Edit { slots, before, edits }
            }
            (Some(_), _) => return Err(FileClash::Twice(path)),
        };
        self.0.insert(path, change);
        Ok(())
    }

    /// Puts a change in the place of whatever happened to the file before.
    pub fn put(&mut self, path: RepoPath, change: FileChange) {
        self.0.insert(path, change);
    }

    /// Adds all changes of another value.
    ///
    /// # Errors
    /// As [`FileChanges::add`].
    pub fn merge(&mut self, other: Self) -> Result<(), FileClash> {
        other.0.into_iter().try_for_each(|(path, change)| self.add(path, change))
    }

    /// Returns the changes, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&RepoPath, &FileChange)> {
        self.0.iter()
    }

    /// Returns the paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        self.0.keys()
    }

    /// Returns the change of a file; `None` if it stays as it is.
    #[must_use]
    pub fn get(&self, path: &RepoPath) -> Option<&FileChange> {
        self.0.get(path)
    }

    /// Returns the number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns `true` if no file changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One file, as JSON has it.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "FileChange")]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum FileEntry {
    /// Some of its bytes change.
    Edit {
        /// The file; never a symbolic link.
        path: RepoPath,
        /// The versions and requirements that change in it.
        slots: Vec<SlotChange>,
        /// The file as it was read.
        before: Fingerprint,
        /// The bytes that change.
        edits: TextEdits,
    },
    /// It is created.
    Create {
        /// The file.
        path: RepoPath,
        /// Always empty, so that every entry has the key.
        slots: [SlotChange; 0],
        /// Its text.
        text: String,
    },
    /// It is deleted.
    Delete {
        /// The file; never a symbolic link.
        path: RepoPath,
        /// Always empty, so that every entry has the key.
        slots: [SlotChange; 0],
        /// The file as it was read.
        before: Fingerprint,
    },
}

impl From<FileChanges> for Vec<FileEntry> {
    fn from(changes: FileChanges) -> Self {
        let entry = |(path, change)| match change {
            FileChange::Edit { slots, before, edits } => FileEntry::Edit { path, slots, before, edits },
            FileChange::Create { text } => FileEntry::Create { path, slots: [], text },
            FileChange::Delete { before } => FileEntry::Delete { path, slots: [], before },
        };
        changes.0.into_iter().map(entry).collect()
    }
}

impl TryFrom<Vec<FileEntry>> for FileChanges {
    type Error = FileClash;

    fn try_from(entries: Vec<FileEntry>) -> Result<Self, FileClash> {
        let mut changes = Self::default();
        for entry in entries {
            let (path, change) = match entry {
                FileEntry::Edit { path, slots, before, edits } => (path, FileChange::Edit { slots, before, edits }),
                FileEntry::Create { path, slots: [], text } => (path, FileChange::Create { text }),
                FileEntry::Delete { path, slots: [], before } => (path, FileChange::Delete { before }),
            };
            if changes.get(&path).is_some() {
                return Err(FileClash::Twice(path));
            }
            changes.add(path, change)?;
        }
        Ok(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    fn edit(text: &str, start: usize, new: &str) -> FileChange {
        let edits = TextEdits::of(text, [(Span::new(start, start + 1), new.to_owned())]).unwrap();
        FileChange::edit(text, edits)
    }

    #[test]
    fn a_file_has_one_change() {
        let mut changes = FileChanges::default();
        changes.add(path("b"), edit("abc", 0, "x")).unwrap();
        changes.add(path("a"), FileChange::delete("gone")).unwrap();
        changes.add(path("b"), edit("abc", 2, "y")).unwrap();
        assert_eq!(changes.paths().map(RepoPath::as_str).collect::<Vec<_>>(), ["a", "b"]);
        let Some(FileChange::Edit { edits, .. }) = changes.get(&path("b")) else { panic!("{changes:?}") };
        assert_eq!(edits.apply("abc").unwrap(), "xby");
        for (name, change) in [
            ("b", edit("abc", 0, "z")),
            ("b", edit("abd", 1, "z")),
            ("b", FileChange::delete("abc")),
            ("a", FileChange::Create { text: String::new() }),
        ] {
            assert!(changes.clone().add(path(name), change).is_err(), "{name}");
        }
        assert!(FileChanges::of_new_file(RepoPath::root(), String::new()).is_err());
    }

    #[test]
    fn json_has_every_key_and_refuses_what_cannot_be() {
        let mut changes = FileChanges::of_new_file(path("new"), "n\n".to_owned()).unwrap();
        changes.add(path("b"), edit("abc", 0, "x")).unwrap();
        changes.add(path("a"), FileChange::delete("gone")).unwrap();
        let json = serde_json::to_string(&changes).unwrap();
        assert_eq!(json.matches("\"slots\":[]").count(), 3, "{json}");
        assert_eq!(serde_json::from_str::<FileChanges>(&json).unwrap(), changes);
        for wrong in [
            r#"[{"action":"create","path":"a","slots":[],"text":"","before":"x"}]"#,
            r#"[{"action":"create","path":"a","slots":[]}]"#,
            r#"[{"action":"delete","path":"a","slots":[{"line":1,"from":"1","to":"2"}],"before":"x"}]"#,
            r#"[{"action":"delete","path":"a","slots":[],"before":"x"},{"action":"delete","path":"a","slots":[],"before":"x"}]"#,
        ] {
            assert!(serde_json::from_str::<FileChanges>(wrong).is_err(), "{wrong}");
        }
    }
}
