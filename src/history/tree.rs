//! Raw git trees, and the differences between two of them.
//!
//! A tree is a run of entries `MODE SP NAME NUL ID`, sorted by name, where a folder sorts as if its name ended in a slash
//! (<https://git-scm.com/docs/gitformat-index> defines the order, the objects chapter of Pro Git the format). Two versions of a folder
//! mostly agree; so their bytes are compared first, and names are looked at only where those differ.

use std::cmp::Ordering;

/// An entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeEntry<'a> {
    /// Its mode in octal digits.
    pub mode: &'a [u8],
    /// Its name.
    pub name: &'a [u8],
    /// The raw id of its object.
    pub id: &'a [u8],
}

impl TreeEntry<'_> {
    /// Returns `true` if it is a folder.
    #[must_use]
    pub fn is_tree(&self) -> bool {
        self.mode == b"40000" || self.mode == b"040000"
    }

    /// Git's order of the entries of a tree.
    fn order(&self, other: &Self) -> Ordering {
        let key = |entry: &Self| entry.name.iter().copied().chain(entry.is_tree().then_some(b'/'));
        match self.name.cmp(other.name) {
            Ordering::Equal => self.is_tree().cmp(&other.is_tree()),
            _ => key(self).cmp(key(other)),
        }
    }
}

/// A difference at one name: the old entry, the new one, or both if they differ.
pub type Difference<'a> = (Option<TreeEntry<'a>>, Option<TreeEntry<'a>>);

/// Returns the entries of a tree whose raw ids have `id_length` bytes, as far as it can be read.
pub fn entries(tree: &[u8], id_length: usize) -> impl Iterator<Item = TreeEntry<'_>> {
    let mut rest = tree;
    std::iter::from_fn(move || {
        let (next, after) = entry(rest, id_length)?;
        rest = after;
        Some(next)
    })
}

/// Reports the differences between two trees whose raw ids have `id_length` bytes. A file that replaces a folder of the same name
/// counts as one entry removed and one added. Returns `true` if both trees could be read.
#[must_use]
pub fn differences<'a>(old: &'a [u8], new: &'a [u8], id_length: usize, mut tell: impl FnMut(Difference<'a>)) -> bool {
    let (mut old, mut new) = (old, new);
    loop {
        let same = same_entries(old, new, id_length);
        (old, new) = (old.get(same..).unwrap_or(&[]), new.get(same..).unwrap_or(&[]));
        let (a, b) = match (entry(old, id_length), entry(new, id_length)) {
            (None, None) => return old.is_empty() && new.is_empty(),
            pair => pair,
        };
        let order = match (&a, &b) {
            (Some((a, _)), Some((b, _))) => a.order(b),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        let (gone, come) = (a.filter(|_| order.is_le()), b.filter(|_| order.is_ge()));
        if let Some((_, rest)) = gone {
            old = rest;
        }
        if let Some((_, rest)) = come {
            new = rest;
        }
        tell((gone.map(|(entry, _)| entry), come.map(|(entry, _)| entry)));
    }
}

/// The length of the entries that both start with.
fn same_entries(old: &[u8], new: &[u8], id_length: usize) -> usize {
    let common = common_prefix(old, new);
    let mut end = 0;
    while let Some(next) = old.get(end..).and_then(|rest| length(rest, id_length)).map(|length| end + length) {
        if next > common {
            break;
        }
        end = next;
    }
    end
}

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    const BLOCK: usize = 256;
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    let rest = |bytes: &'_ [u8]| bytes.len().min(blocks);
    let (a, b) = (a.split_at(rest(a)).1, b.split_at(rest(b)).1);
    blocks + a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// The length of the first entry.
fn length(tree: &[u8], id_length: usize) -> Option<usize> {
    let name_end = tree.iter().position(|byte| *byte == 0)?;
    Some(name_end + 1 + id_length).filter(|end| *end <= tree.len())
}

/// The first entry and what follows it.
fn entry(tree: &[u8], id_length: usize) -> Option<(TreeEntry<'_>, &[u8])> {
    let (whole, rest) = tree.split_at_checked(length(tree, id_length)?)?;
    let (head, id) = whole.split_at_checked(whole.len() - id_length)?;
    let space = head.iter().position(|byte| *byte == b' ')?;
    let (mode, name) = head.split_at_checked(space)?;
    let name = name.get(1..name.len() - 1)?;
    Some((TreeEntry { mode, name, id }, rest))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{TreeEntry, differences};

    /// A tree in git's order, from names with `/` for folders and a number that stands for the id.
    fn tree(entries: &[(&str, u8)]) -> Vec<u8> {
        let mut sorted: Vec<(String, u8)> = entries.iter().map(|(name, id)| ((*name).to_owned(), *id)).collect();
        sorted.sort();
        let mut bytes = Vec::new();
        for (name, id) in sorted {
            let (mode, name) = name.strip_suffix('/').map_or(("100644", name.as_str()), |folder| ("40000", folder));
            bytes.extend(format!("{mode} {name}\0").bytes());
            bytes.extend([id; 20]);
        }
        bytes
    }

    /// What differs, in short: `-name` goes, `+name` comes, `~name` changes.
    fn describe_changes(old: &[u8], new: &[u8]) -> Vec<String> {
        let shown = |entry: TreeEntry<'_>| {
            String::from_utf8_lossy(entry.name).into_owned() + if entry.is_tree() { "/" } else { "" }
        };
        let mut told = Vec::new();
        let whole = differences(old, new, 20, |difference| match difference {
            (Some(old), Some(new)) => told.push(format!("~{}{}", shown(new), if old.id == new.id { "=" } else { "" })),
            (Some(old), None) => told.push(format!("-{}", shown(old))),
            (None, Some(new)) => told.push(format!("+{}", shown(new))),
            (None, None) => told.push("nothing".to_owned()),
        });
        assert!(whole);
        told
    }

    #[test]
    fn what_differs() {
        type Entries<'a> = &'a [(&'a str, u8)];
        let cases: &[(Entries<'_>, Entries<'_>, &[&str])] = &[
            (&[], &[], &[]),
            (&[("a", 1)], &[("a", 1)], &[]),
            (&[("a", 1)], &[("a", 2)], &["~a"]),
            (&[], &[("a", 1), ("b/", 2)], &["+a", "+b/"]),
            (&[("a", 1), ("b/", 2)], &[], &["-a", "-b/"]),
            (&[("a", 1), ("c", 3)], &[("a", 1), ("b", 2), ("c", 3)], &["+b"]),
            (&[("a", 1), ("b", 2), ("c", 3)], &[("a", 1), ("c", 4)], &["-b", "~c"]),
            // A folder sorts after a file with a dot in the same place.
            (&[("x/", 1)], &[("x.y", 1), ("x/", 2)], &["+x.y", "~x/"]),
            (&[("x", 1)], &[("x.y", 2), ("x/", 1)], &["-x", "+x.y", "+x/"]),
        ];
        for (old, new, expected) in cases {
            assert_eq!(describe_changes(&tree(old), &tree(new)), *expected, "{old:?} to {new:?}");
        }
    }

    #[test]
    fn what_is_no_tree_is_told() {
        let whole = tree(&[("a", 1), ("b", 2)]);
        for end in 1..whole.len() {
            if end != whole.len() / 2 {
                assert!(!differences(&whole[..end], &[], 20, |_| ()), "{end}");
            }
        }
        assert!(!differences(b"\0", b"", 20, |_| ()));
        assert!(!differences(&[0; 40], b"", 20, |_| ()));
    }

    proptest! {
        #[test]
        fn it_is_what_the_names_say(
            old in proptest::collection::btree_map("[a-c./-]{1,3}", 0_u8..3, 0..12),
            new in proptest::collection::btree_map("[a-c./-]{1,3}", 0_u8..3, 0..12),
        ) {
            let plain = |map: BTreeMap<String, u8>| -> BTreeMap<String, u8> {
                map.into_iter().filter(|(name, _)| !name.trim_end_matches('/').contains('/') && name != "/").map(|(name, id)| (name.trim_end_matches('/').to_owned() + if name.ends_with('/') { "/" } else { "" }, id)).filter(|(name, _)| name != "/").collect()
            };
            let (old, new) = (plain(old), plain(new));
            let entries = |map: &BTreeMap<String, u8>| tree(&map.iter().map(|(name, id)| (name.as_str(), *id)).collect::<Vec<_>>());
            let mut expected: Vec<String> = Vec::new();
            for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
                match (old.get(name), new.get(name)) {
                    (Some(a), Some(b)) if a != b => expected.push(format!("~{name}")),
                    (Some(_), None) => expected.push(format!("-{name}")),
                    (None, Some(_)) => expected.push(format!("+{name}")),
                    _ => {}
                }
            }
            let mut found = describe_changes(&entries(&old), &entries(&new));
            found.sort();
            expected.sort();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn no_bytes_panic(old: Vec<u8>, new: Vec<u8>) {
            let mut count = 0;
            let _ = differences(&old, &new, 20, |_| count += 1);
            prop_assert!(count <= old.len() + new.len());
        }
    }
}
