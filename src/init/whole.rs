//! A version in a folder that is that of the whole repository.

use super::unit::Unit;
use crate::manifest::ManifestType;
use crate::model::RepoPath;
use crate::snapshot::TagPrefix;

/// A file with nothing but a version is about the folder around it, unless the tags of the whole repository are its own: then it is about
/// that, as long as nothing at the top is.
pub(super) fn move_to_top(units: &mut [(Unit, Option<usize>)], heads: &[TagPrefix]) {
    let bare = |head: Option<usize>| head.filter(|head| heads.get(*head).is_some_and(TagPrefix::is_bare));
    let is_plain = |unit: &Unit| unit.entries.first().is_some_and(|entry| entry.kind == ManifestType::Plain);
    let is_at_top = units.iter().any(|(unit, _)| unit.folder.is_root());
    let owners: Vec<usize> =
        units.iter().enumerate().filter(|(_, (_, head))| bare(*head).is_some()).map(|(at, _)| at).collect();
    let [owner] = owners.as_slice() else { return };
    if let Some((unit, _)) = units.get_mut(*owner).filter(|(unit, _)| !is_at_top && is_plain(unit)) {
        unit.folder = RepoPath::root();
        unit.listed = true;
    }
}
