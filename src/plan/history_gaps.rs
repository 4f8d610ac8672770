//! What a shallow clone does not hold of the history of a package.

use super::targets::{Target, Targets};
use crate::config::{ChangelogConfig, Prereleases};
use crate::model::{Diagnostic, PackageIx, ProblemCode};
use crate::snapshot::Snapshot;
use crate::text::list_truncated;

/// How to fetch the history. The lines are those of the documentation of actions/checkout and of GitLab CI.
const HELP: &str = "\
pass `--fetch`, which gets just what is missing, or clone with all history and all tags
    GitHub Actions, below `with:` of actions/checkout:   fetch-depth: 0
    GitLab CI, below `variables:` of the job:            GIT_DEPTH: 0
    by hand:                                             git fetch --unshallow --tags";

/// Reports that the history of these packages is incomplete; empty if it is complete.
pub(super) fn shallow_gaps<'a>(snapshot: &Snapshot, indices: impl Iterator<Item = &'a PackageIx>) -> Vec<Diagnostic> {
    let cut_off: Vec<PackageIx> = indices.copied().filter(|index| is_cut_off(snapshot, *index)).collect();
    let is_never_tagged = |index: &PackageIx| snapshot.workspace.packages[*index].is_never_tagged();
    let (never, others): (Vec<PackageIx>, Vec<PackageIx>) = cut_off.into_iter().partition(is_never_tagged);
    let (tagged, untagged): (Vec<PackageIx>, Vec<PackageIx>) =
        others.into_iter().partition(|index| has_last_tag(snapshot, *index));
    let since = "this clone is shallow and lacks history since the last tag of";
    let missing = [(since, tagged), (NO_TAG, untagged), (NO_RELEASE, never)];
    missing.iter().filter_map(|(message, indices)| missing_history(message, snapshot, indices)).collect()
}

const NO_RELEASE: &str = "this clone is shallow and lacks the last release of";
const NO_TAG: &str = "this clone is shallow and lacks the last tag, if any, of";

/// Reports the packages without a tag; without one, a shallow clone cannot tell what is tagged already.
pub(super) fn history_missing<'a>(
    snapshot: &Snapshot,
    indices: impl Iterator<Item = &'a PackageIx>,
) -> Result<(), Vec<Diagnostic>> {
    let missing: Vec<PackageIx> = indices.copied().filter(|index| lacks_tag(snapshot, *index)).collect();
    missing_history(NO_TAG, snapshot, &missing).map_or(Ok(()), |problem| Err(vec![problem]))
}

/// Reports which of these released packages would lack commits in their sections.
pub(super) fn commits_missing(snapshot: &Snapshot, targets: &Targets) -> Result<(), Vec<Diagnostic>> {
    let missing: Vec<PackageIx> =
        targets.by_package.iter().filter(|(i, target)| lacks_commits(snapshot, **i, target)).map(|(i, _)| *i).collect();
    let since = "this clone is shallow and lacks commits for the changelog of";
    missing_history(since, snapshot, &missing).map_or(Ok(()), |problem| Err(vec![problem]))
}

/// Returns `true` if the section of this release would lack commits.
pub(super) fn lacks_commits(snapshot: &Snapshot, index: PackageIx, target: &Target) -> bool {
    let config = snapshot.config.changelog_of(&snapshot.workspace.packages[index].id);
    let takes_them = |config: &ChangelogConfig| {
        let has_section = config.prereleases == Prereleases::Rotate || !target.to.version.is_prerelease();
        config.takes_commits() && has_section
    };
    let gathered = snapshot.history.as_ref().map(|history| &history.packages[index]);
    config.is_some_and(takes_them) && gathered.is_some_and(|gathered| gathered.told().1)
}

fn missing_history(message: &str, snapshot: &Snapshot, indices: &[PackageIx]) -> Option<Diagnostic> {
    let name = |index: &PackageIx| snapshot.workspace.packages[*index].id.to_string();
    let names: Vec<String> = indices.iter().map(name).collect();
    (!names.is_empty()).then(|| {
        Diagnostic::new(ProblemCode::HistoryMissing, format!("{message} {}", list_truncated(&names, 8))).help(HELP)
    })
}

/// Returns `true` if a part of the history since the last tag of the package is missing.
pub(super) fn is_cut_off(snapshot: &Snapshot, index: PackageIx) -> bool {
    let gathered = snapshot.history.as_ref().map(|history| &history.packages[index]);
    gathered.is_some_and(|gathered| gathered.is_cut_off)
}

fn has_last_tag(snapshot: &Snapshot, index: PackageIx) -> bool {
    snapshot.git.tags.last(&snapshot.workspace.packages[index]).is_some()
}

/// Returns `true` if HEAD reaches no tag of the package, but there may be one.
pub(super) fn lacks_tag(snapshot: &Snapshot, index: PackageIx) -> bool {
    let package = &snapshot.workspace.packages[index];
    let is_known = snapshot.git.untagged.contains(&package.id) && snapshot.git.tags.of(package).next().is_none();
    package.has_tags() && snapshot.git.shallow && !is_known && snapshot.git.tags.last(package).is_none()
}
