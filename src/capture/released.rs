//! The fragments that a package has released: those that the tree of its last release contains with the same bytes.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::tree::LARGEST;
use crate::history::{History, UnreleasedChanges};
use crate::io::{CatFile, Git, GitError};
use crate::model::{PackageIx, WorkspacePrefix};
use crate::snapshot::Fragments;

/// Marks the fragments that were released. Prereleases may leave them where they are.
pub(super) fn mark(
    git: &Git,
    prefix: &WorkspacePrefix,
    history: &History,
    fragments: Fragments,
) -> Result<Fragments, GitError> {
    let last = |gathered: &UnreleasedChanges| {
        let tag = || gathered.last.as_ref().map(|last| format!("refs/tags/{}", last.name));
        gathered.untagged.as_ref().map(|untagged| untagged.commit.to_string()).or_else(tag)
    };
    let released: Vec<(PackageIx, String)> =
        history.packages.entries().filter_map(|(at, g)| Some((at, last(g)?))).collect();
    let released =
        released.into_iter().filter(|(package, _)| fragments.of(*package).next().is_some()).collect::<Vec<_>>();
    if released.is_empty() {
        return Ok(fragments);
    }
    let is_partial = git.promisor()?.is_some();
    let objects = CatFile::start(git)?;
    let mut known: BTreeMap<String, bool> = BTreeMap::new();
    let mut marked = fragments;
    for (package, last) in released {
        let object = |path: &str| format!("{last}:{}", prefix.join(path));
        for fragment in marked.of(package) {
            if let Entry::Vacant(unknown) = known.entry(object(fragment.path.as_str())) {
                let bytes = objects.read(unknown.key(), LARGEST)?;
                if bytes.is_none() && is_partial {
                    // Blobs that are missing locally were never checked out, so they match nothing. A missing tree, though, proves nothing.
                    git.has_file(&last, &prefix.join(fragment.path.as_str()))?;
                }
                unknown.insert(bytes.is_some_and(|bytes| is_same(&bytes, fragment.text.as_bytes())));
            }
        }
        marked = marked.released(package, |fragment| known.get(&object(fragment.path.as_str())) == Some(&true));
    }
    Ok(marked)
}

/// Git may check out texts with different line ends than it stores.
fn is_same(stored: &[u8], read: &[u8]) -> bool {
    let plain = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    stored == read || plain(stored) == plain(read)
}
