//! Targets: the version that each selected package is to have.

use std::collections::BTreeMap;

use super::release_plan::{BumpReason, ReasonKind, Refusal, RefusalCode};
use super::select::{Asked, Asks, Step};
use super::spelling::Spelled;
use crate::config::GroupKind;
use crate::model::{Bump, BumpError, Level, StagePolicy, Version};
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// Where a package goes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    /// The version that it has.
    pub(super) from: Version,
    /// The version that it is to have.
    pub(super) to: Spelled,
    /// Why.
    pub(super) reason: BumpReason,
    /// The step that was asked for.
    pub(super) step: Step,
}

/// The targets by the index of the package, and the steps that are refused.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Targets {
    /// The targets.
    pub(super) by_package: BTreeMap<usize, Target>,
    /// The steps that the arithmetic of versions refuses, by the index of the package.
    pub(super) refused: BTreeMap<usize, Refusal>,
}

/// Computes the version of every package that is asked for. Members of a group start from the highest current version of all of
/// them, and those of a linked group share the highest result.
pub(super) fn targets(snapshot: &Snapshot, asks: &Asks) -> Targets {
    let policy = &snapshot.config.workspace.stages;
    let mut targets = Targets::default();
    let bases = bases(snapshot);
    for (index, asked) in asks {
        let Some(package) = snapshot.workspace.packages.get(*index) else { continue };
        let Some(current) = package.version() else { continue };
        let base = package.group.and_then(|g| bases.get(&g)).unwrap_or(current);
        match next(&asked.step, base, policy) {
            Ok(version) => {
                targets.by_package.insert(*index, target(current, version, asked));
            }
            Err(error) => {
                targets.refused.insert(*index, refusal(package, base, &error));
            }
        }
    }
    share_linked(snapshot, &mut targets);
    targets
}

fn target(current: &Version, version: Version, asked: &Asked) -> Target {
    Target {
        from: current.clone(),
        to: Spelled { version, typed: asked.typed.clone() },
        reason: asked.reason.clone(),
        step: asked.step.clone(),
    }
}

/// The highest current version of each group's members.
fn bases(snapshot: &Snapshot) -> BTreeMap<usize, Version> {
    let mut bases: BTreeMap<usize, Version> = BTreeMap::new();
    for package in &snapshot.workspace.packages {
        if let (Some(group), Some(version)) = (package.group, package.version()) {
            let base = bases.entry(group).or_insert_with(|| version.clone());
            if version > base {
                *base = version.clone();
            }
        }
    }
    bases
}

fn next(step: &Step, base: &Version, policy: &StagePolicy) -> Result<Version, BumpError> {
    match step {
        Step::Bump(bump) => bump.next(base, policy),
        Step::Follow { level, stage } => follow(*level, stage.as_deref(), base, policy),
    }
}

/// Following a release takes a release of the level, following a prerelease a prerelease; a version that already is a prerelease
/// goes on in its own series.
fn follow(level: Level, stage: Option<&str>, base: &Version, policy: &StagePolicy) -> Result<Version, BumpError> {
    let own = base.pre.as_ref().and_then(|pre| policy.stage(pre.stage()?.0));
    let followed = stage.and_then(|label| policy.stage(label));
    let bump = match (own, followed) {
        (Some(own), Some(followed)) if followed.as_str() > own.as_str() => Bump::Stage(followed),
        (Some(own), _) => Bump::Stage(own),
        (None, Some(stage)) if base.is_prerelease() => Bump::Stage(stage),
        (None, Some(stage)) => Bump::Start { level, stage },
        (None, None) => Bump::Level(level),
    };
    bump.next(base, policy)
}

/// What is released together in a linked group shares one version.
fn share_linked(snapshot: &Snapshot, targets: &mut Targets) {
    for (at, group) in snapshot.workspace.groups.iter().enumerate().filter(|(_, g)| g.kind == GroupKind::Linked) {
        let of_group = |index: &usize| snapshot.workspace.packages.get(*index).is_some_and(|p| p.group == Some(at));
        let highest = targets.by_package.iter().filter(|(i, _)| of_group(i)).map(|(_, t)| t.to.clone());
        let Some(shared) = highest.max_by(|a, b| a.version.cmp(&b.version)) else { continue };
        for (_, target) in targets.by_package.iter_mut().filter(|(index, _)| of_group(index)) {
            if target.to.version != shared.version {
                target.to = shared.clone();
                target.reason = BumpReason { kind: ReasonKind::LinkedGroup, of: Some(group.id.0.clone()) };
            }
        }
    }
}

fn refusal(package: &Package, base: &Version, error: &BumpError) -> Refusal {
    let current = package.scheme.render(base).unwrap_or_else(|_| package.written().to_owned());
    let (code, help) = match error {
        BumpError::AlreadyStable => (RefusalCode::AlreadyStable, "ask for a level, or for an explicit version"),
        BumpError::Backwards { .. } => {
            (RefusalCode::Backwards, "ask for a later stage, a level, `release`, or an explicit version")
        }
        BumpError::UnknownLabel { .. } => {
            (RefusalCode::Backwards, "add the label to `stages` in [workspace], or give an explicit version")
        }
        BumpError::Overflow => (RefusalCode::NotHigher, "give an explicit version"),
    };
    let message = format!("`{}` is at {current}: {error}", package.id);
    Refusal { code, message, help: Some(help.to_owned()) }
}
