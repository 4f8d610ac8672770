//! [`unlike_planned`]: compares the tree of a release with the plan

use super::changelog::notes;
use super::check::check;
use super::finding::FindingCode;
use super::release_plan::PackageBump;
use crate::model::RepoPath;
use crate::snapshot::Snapshot;

/// Describes the first thing in a snapshot that disagrees with these releases; `None` if everything agrees. The changelogs
/// among the `changed` files must have the sections.
#[must_use]
pub fn unlike_planned(snapshot: &Snapshot, bumps: &[PackageBump], changed: &[&RepoPath]) -> Option<String> {
    for bump in bumps {
        // That a package is gone is what disagrees.
        let Some(index) = snapshot.workspace.index_of(&bump.package) else {
            return Some(format!("package {} no longer exists", bump.package));
        };
        let package = &snapshot.workspace.packages[index];
        let planned = package.scheme.parse_lenient(&bump.to).ok();
        if let Some(slot) = package.slots.iter().find(|slot| Some(&slot.value) != planned.as_ref()) {
            return Some(format!("{} holds {}, expected {}", slot.file, slot.scalar.text, bump.to));
        }
        let changelog = snapshot.changelogs.of(index).filter(|path| changed.contains(path));
        if let Some(path) = changelog.filter(|_| notes(snapshot, &bump.to, Some(bump.package.as_str())).is_err()) {
            return Some(format!("{path} has lost its section of {}", bump.to));
        }
    }
    let is_released = |package| bumps.iter().any(|bump| bump.package == package);
    let disagrees = |code| !matches!(code, FindingCode::BehindTag | FindingCode::Fragment);
    let findings = check(snapshot).report.findings.into_iter();
    let mut of_release = findings.filter(|finding| disagrees(finding.code));
    of_release.find(|finding| finding.package.clone().is_some_and(is_released)).map(|finding| finding.message)
}
