//! [`Listing`]: what is in a folder.

use std::sync::Arc;

/// The entries of a folder, sorted by name; empty if the folder does not exist. A copy costs as much as a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing(Arc<[Entry]>);

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name; bytes that are not UTF-8 are [`escaped`](crate::text::escaped), so that it can be listed and named, not read.
    pub(super) name: String,
    /// What it is.
    pub(super) kind: EntryKind,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// A file, or a pipe, a socket or a device, which cannot be read as one.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
}

impl Listing {
    /// Creates the listing from entries in any order.
    pub(super) fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Self(entries.into())
    }

    /// Returns what has this name.
    pub(super) fn kind_of(&self, name: &str) -> Option<EntryKind> {
        let found = self.0.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        self.0.get(found).map(|entry| entry.kind)
    }

    /// Returns `true` if something has this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.kind_of(name).is_some()
    }

    /// Returns `true` if no file system could find this name in the folder: some find a name that is written with other capital
    /// letters or in another composition of its characters.
    pub(super) fn lacks(&self, name: &str) -> bool {
        name.is_ascii() && !self.0.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// Iterates over the entries, sorted by name.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, EntryKind, Listing};

    #[test]
    fn a_name_in_other_letters_is_neither_there_nor_known_to_be_missing() {
        let names = ["b", "Readme.md", "a"].map(|name| Entry { name: name.to_owned(), kind: EntryKind::File });
        let listing = Listing::new(names.into());
        assert_eq!(listing.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["Readme.md", "a", "b"]);
        let table = [("a", true, false), ("README.md", false, false), ("c", false, true), ("é", false, false)];
        for (name, has, lacks) in table {
            assert_eq!((listing.has(name), listing.lacks(name)), (has, lacks), "{name}");
        }
    }
}
