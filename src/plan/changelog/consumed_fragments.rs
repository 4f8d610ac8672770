//! [`consumed_fragments`]: a release consumes its fragments.

use std::collections::BTreeSet;

use super::release_context::ReleaseContext;
use crate::config::ChangeSource;
use crate::model::{PackageIx, RepoPath};
use crate::plan::file_changes::FileChange;

/// Returns the changes of the fragments of these packages: one that no other package needs is deleted, any other names those
/// that do.
pub(super) fn consumed_fragments(
    context: ReleaseContext<'_>,
    rotated: &BTreeSet<PackageIx>,
) -> Vec<(RepoPath, FileChange)> {
    let packages = &context.snapshot.workspace.packages;
    let config = |index: PackageIx| context.snapshot.config.changelog_of(&packages[index].id);
    let tells = |index: &PackageIx| {
        rotated.contains(index) && config(*index).is_some_and(|c| c.sources.contains(&ChangeSource::Fragments))
    };
    // A package without a changelog has consumed a fragment once it is released.
    let without = context.targets.by_package.keys().copied().filter(|index| config(*index).is_none());
    let done: BTreeSet<PackageIx> = rotated.iter().copied().chain(without).collect();
    let mut files = Vec::new();
    for (fragment, owners) in context.snapshot.fragments.owned() {
        if !owners.iter().any(tells) {
            continue;
        }
        let left = owners.iter().filter(|index| !done.contains(index)).map(|index| &packages[*index]);
        let left: Vec<&str> = left.map(|package| package.id.as_str()).collect();
        let change = match left.as_slice() {
            [] => FileChange::delete(&fragment.text),
            left => FileChange::edit(&fragment.text, fragment.only_for(left)),
        };
        files.push((fragment.path.clone(), change));
    }
    files
}
