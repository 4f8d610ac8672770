//! [`package_around`]: the package of a folder.

use crate::model::{PackageIx, RepoPath};
use crate::snapshot::Snapshot;

/// Returns which of these packages has the innermost folder around this one; `None` if several share it.
#[must_use]
pub fn package_around(snapshot: &Snapshot, among: &[PackageIx], here: &RepoPath) -> Option<PackageIx> {
    let depth = |index: &PackageIx| {
        let folders = snapshot.workspace.packages[*index].folders.iter();
        let around = folders.filter(|folder| here.is_within(folder));
        around.map(|folder| if folder.is_root() { 0 } else { folder.as_str().len() }).max()
    };
    let innermost = among.iter().filter_map(depth).max()?;
    let mut found = among.iter().filter(|index| depth(index) == Some(innermost));
    found.next().copied().filter(|_| found.next().is_none())
}
