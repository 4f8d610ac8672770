//! `auto`: the level that a package's changes require (section 5 of the contract).

use super::reason::BumpReason;
use super::requests::{PackageRequest, VersionStep};
use crate::changelog::{Fragment, FragmentLevel};
use crate::config::CommitsConfig;
use crate::history::{Commit, Told};
use crate::model::{Bump, Level, PackageIx, PreStage, Version};
use crate::snapshot::Snapshot;
use crate::workspace::{Group, Package};

/// The level that a package's changes require.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The highest level of its changes; `None` if none requires a release.
    pub(super) level: Option<Level>,
    /// Whether it was never released.
    pub(super) is_first: bool,
}

/// Returns the level that the changes of the package with this index require; `None` if no history was read.
pub(super) fn verdict(snapshot: &Snapshot, index: PackageIx) -> Verdict {
    let package = &snapshot.workspace.packages[index];
    // Without a history nothing is known to have changed.
    let Some(history) = &snapshot.history else { return Verdict::default() };
    let commits = history.of(index).filter_map(|commit| level_of_commit(snapshot, package, commit));
    let fragments = snapshot.fragments.new_of(index);
    let fragments = fragments.filter_map(|fragment| level_of_fragment(snapshot, package, fragment));
    let gathered = &history.packages[index];
    let is_first = gathered.last.is_none() && gathered.untagged.is_none();
    let level = commits.chain(fragments).max();
    // A hotfix stays on its line, whatever it changes.
    let level = if snapshot.git.is_hotfix { level.map(|_| Level::Patch) } else { level };
    Verdict { level, is_first }
}

/// Returns the level of a commit for a package: the highest of the changes that it describes.
pub(super) fn level_of_commit(snapshot: &Snapshot, package: &Package, commit: &Commit) -> Option<Level> {
    let is_initial = package.version().is_some_and(is_initial);
    commit.message.changes.iter().filter_map(|told| level_of(told, &snapshot.config.commits, is_initial)).max()
}

/// Returns the level of a fragment for a package: its own, else that of its type. Like a breaking change, a removal requires
/// a minor release while the major number is 0.
#[must_use]
pub fn level_of_fragment(snapshot: &Snapshot, package: &Package, fragment: &Fragment) -> Option<Level> {
    match fragment.level {
        FragmentLevel::Own(level) => level,
        FragmentLevel::OfType => {
            let level = snapshot.config.fragments.levels.level(&fragment.kind);
            let is_softened = fragment.kind == "removed" && package.version().is_some_and(is_initial);
            level.map(|level| if is_softened { level.min(Level::Minor) } else { level })
        }
    }
}

fn level_of(told: &Told, commits: &CommitsConfig, is_initial: bool) -> Option<Level> {
    match (told.breaking, is_initial) {
        (true, true) => Some(Level::Minor),
        (true, false) => Some(Level::Major),
        (false, _) => commits.levels.level(&told.kind),
    }
}

/// Item 4 of SemVer 2.0.0: while the major number is 0 anything may change, so a breaking change raises the minor one.
fn is_initial(version: &Version) -> bool {
    version.epoch == 0 && version.part(0) == 0
}

/// Returns the step of `auto` for a package; `None` if it is not released.
pub(super) fn asked(snapshot: &Snapshot, index: PackageIx, stage: Option<&PreStage>) -> Option<PackageRequest> {
    let package = &snapshot.workspace.packages[index];
    let own = verdict(snapshot, index);
    let asked = |step: Bump, reason: BumpReason| PackageRequest { step: VersionStep::Bump(step), reason, typed: None };
    if own.is_first {
        return Some(asked(first_release(package.version()?, own.level, stage), BumpReason::FirstRelease));
    }
    Some(asked(Bump::Changes { level: own.level?, stage: stage.cloned() }, BumpReason::Changes))
}

/// A first release takes the version in the manifest; with a stage that this version lacks, the first one of that series.
fn first_release(current: &Version, level: Option<Level>, stage: Option<&PreStage>) -> Bump {
    let has_it = |stage: &PreStage| {
        current.pre.as_ref().and_then(|pre| pre.stage()).is_some_and(|(own, _)| own == stage.as_str())
    };
    match stage {
        Some(stage) if !has_it(stage) => {
            Bump::Changes { level: level.unwrap_or(Level::Minor), stage: Some(stage.clone()) }
        }
        _ => Bump::Exact(current.clone()),
    }
}

/// Returns the step of `auto` for the members of a fixed group, which take the highest level of all of them. A member that was never
/// released counts as at least a patch if the others were released.
pub(super) fn asked_of_group(
    snapshot: &Snapshot,
    group: &Group,
    stage: Option<&PreStage>,
) -> Vec<(PackageIx, PackageRequest)> {
    let members: Vec<PackageIx> = group.members.iter().filter_map(|id| snapshot.workspace.index_of(id)).collect();
    let verdicts: Vec<Verdict> = members.iter().map(|index| verdict(snapshot, *index)).collect();
    if verdicts.iter().all(|verdict| verdict.is_first) {
        return members.iter().filter_map(|index| Some((*index, asked(snapshot, *index, stage)?))).collect();
    }
    let level_of = |verdict: &Verdict| verdict.level.or(verdict.is_first.then_some(Level::Patch));
    // No change asks for a release.
    let Some(level) = verdicts.iter().filter_map(level_of).max() else { return Vec::new() };
    let step = VersionStep::Bump(Bump::Changes { level, stage: stage.cloned() });
    let of_member = |(index, verdict): (PackageIx, &Verdict)| {
        let reason = match verdict {
            Verdict { is_first: true, .. } => BumpReason::FirstRelease,
            Verdict { level: Some(_), .. } => BumpReason::Changes,
            _ => BumpReason::FixedGroup(group.id.clone()),
        };
        (index, PackageRequest { step: step.clone(), reason, typed: None })
    };
    members.into_iter().zip(&verdicts).map(of_member).collect()
}
