//! Targets: the next version of each selected package.

use std::collections::{BTreeMap, BTreeSet};

use super::reason::BumpReason;
use super::release_plan::{Refusal, RefusalCode};
use super::requests::{Asks, PackageRequest, VersionStep};
use super::spelling::Spelled;
use crate::config::GroupKind;
use crate::model::{Bump, BumpError, Ecosystem, GroupIx, Level, PackageIx, StagePolicy, Version};
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// The next version of a package.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    /// Its current version.
    pub(super) from: Version,
    /// Its next version.
    pub(super) to: Spelled,
    /// Why.
    pub(super) reason: BumpReason,
    /// The requested step.
    pub(super) step: VersionStep,
}

/// The targets by the index of the package, and the refused steps.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Targets {
    /// The targets.
    pub(super) by_package: BTreeMap<PackageIx, Target>,
    /// The steps that the arithmetic of versions refuses, by the index of the package.
    pub(super) refused: BTreeMap<PackageIx, Refusal>,
}

/// Returns the packages that are released, with their targets.
pub(super) fn selected<'a>(
    snapshot: &'a Snapshot,
    targets: &'a Targets,
) -> impl Iterator<Item = (&'a Package, &'a Target)> {
    let packages = &snapshot.workspace.packages;
    targets.by_package.iter().map(|(index, target)| (&packages[*index], target))
}

/// Computes versions, and again only those of packages whose request changed.
///
/// Members of a group start from the highest current version of all of them, and those of a linked group share the highest result.
pub(super) struct VersionResolver<'a> {
    snapshot: &'a Snapshot,
    bases: BTreeMap<GroupIx, Version>,
    /// The own versions of members of linked groups, by group and package.
    linked: BTreeMap<GroupIx, BTreeMap<PackageIx, Target>>,
    targets: Targets,
}

impl<'a> VersionResolver<'a> {
    /// Returns an empty counter.
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, bases: bases(snapshot), linked: BTreeMap::new(), targets: Targets::default() }
    }

    /// Computes the versions of these packages, and of those that share one with them. Returns every package whose version is now
    /// another one than before this call; before the first one that is its current version.
    pub(super) fn count(&mut self, asks: &Asks, packages: &BTreeSet<PackageIx>) -> BTreeSet<PackageIx> {
        let mut moved = BTreeSet::new();
        let mut touched: BTreeMap<GroupIx, BTreeSet<PackageIx>> = BTreeMap::new();
        for index in packages {
            // A member that joins by its group is counted with those that were asked for.
            let Some(asked) = asks.get(index) else { continue };
            let package = &self.snapshot.workspace.packages[*index];
            // The step was refused, which is noted in `refused`.
            let Some(target) = self.alone(*index, package, asked) else { continue };
            match package.group.filter(|group| self.is_linked(*group)) {
                Some(group) => {
                    self.linked.entry(group).or_default().insert(*index, target);
                    touched.entry(group).or_default().insert(*index);
                }
                None => moved.extend(self.set(*index, target)),
            }
        }
        for (group, members) in touched {
            self.share(group, &members, &mut moved);
        }
        moved
    }

    /// The target of a package, regardless of its linked group.
    fn alone(&mut self, index: PackageIx, package: &Package, asked: &PackageRequest) -> Option<Target> {
        let current = package.version()?;
        let base = package.group.and_then(|group| self.bases.get(&group)).unwrap_or(current);
        let is_final = package.group.is_some_and(|group| self.is_linked(group)) && !current.is_prerelease();
        let next = match &asked.step {
            // It does not continue the prerelease of another member, which is the base.
            VersionStep::Bump(Bump::Finalize) if is_final => Err(BumpError::AlreadyStable),
            step => next(step, (base, self.is_unreleased(package, base)), &self.snapshot.config.workspace.stages),
        };
        match next {
            Ok(version) => {
                self.targets.refused.remove(&index);
                Some(target(current, version, asked))
            }
            Err(error) => {
                self.targets.by_package.remove(&index);
                let at = if error == BumpError::AlreadyStable { current } else { base };
                self.targets.refused.insert(index, refusal(package, at, &error));
                None
            }
        }
    }

    /// Returns `true` for a development release, and for a prerelease of a known stage that has no tag where its package has tags.
    fn is_unreleased(&self, package: &Package, version: &Version) -> bool {
        let stages = &self.snapshot.config.workspace.stages;
        let has_stage = version.pre.as_ref().and_then(|pre| stages.stage(pre.stage()?.0)).is_some();
        let is_tagged = || self.snapshot.git.tags.tag_for_version(package, version).is_some();
        version.dev.is_some() || (has_stage && package.has_tags() && !is_tagged())
    }

    fn is_linked(&self, group: GroupIx) -> bool {
        self.snapshot.workspace.groups[group].kind == GroupKind::Linked
    }

    /// Members of a linked group that are released together share one version.
    fn share(&mut self, at: GroupIx, touched: &BTreeSet<PackageIx>, moved: &mut BTreeSet<PackageIx>) {
        let group = &self.snapshot.workspace.groups[at];
        // `count` puts the members that it touches there.
        let Some(members) = self.linked.remove(&at) else { return };
        let highest = members.values().max_by(|a, b| a.to.version.cmp(&b.to.version));
        // As above: there is at least the member that was touched.
        let Some(shared) = highest.map(|target| target.to.clone()) else { return };
        for (index, own) in &members {
            let now = self.targets.by_package.get(index).map(|target| &target.to);
            if now == Some(&shared) && !touched.contains(index) {
                continue;
            }
            let mut target = own.clone();
            if target.to.version != shared.version {
                target.to = shared.clone();
                target.reason = BumpReason::LinkedGroup(group.id.clone());
            }
            moved.extend(self.set(*index, target));
        }
        self.linked.insert(at, members);
    }

    /// Records a target; returns the package if its version changed.
    fn set(&mut self, index: PackageIx, mut target: Target) -> Option<PackageIx> {
        if let Some(build) = target.from.build.as_deref().filter(|_| self.numbers_builds(index)) {
            target.to = target.to.keeping_build(build);
        }
        let before = self.targets.by_package.get(&index).map_or(&target.from, |before| &before.to.version);
        let moved = *before != target.to.version;
        self.targets.by_package.insert(index, target);
        moved.then_some(index)
    }

    fn numbers_builds(&self, index: PackageIx) -> bool {
        let primary = self.snapshot.workspace.packages[index].primary();
        primary.and_then(|slot| slot.kind.ecosystem()).is_some_and(Ecosystem::numbers_builds)
    }

    /// Returns the package's target.
    pub(super) fn of(&self, index: PackageIx) -> Option<&Target> {
        self.targets.by_package.get(&index)
    }

    /// Returns all targets.
    pub(super) fn done(self) -> Targets {
        self.targets
    }
}

fn target(current: &Version, version: Version, asked: &PackageRequest) -> Target {
    Target {
        from: current.clone(),
        to: Spelled { version, typed: asked.typed.clone() },
        reason: asked.reason.clone(),
        step: asked.step.clone(),
    }
}

/// The highest current version of each group's members.
fn bases(snapshot: &Snapshot) -> BTreeMap<GroupIx, Version> {
    let mut bases: BTreeMap<GroupIx, Version> = BTreeMap::new();
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

fn next(
    step: &VersionStep,
    (base, is_unreleased): (&Version, bool),
    policy: &StagePolicy,
) -> Result<Version, BumpError> {
    match step {
        VersionStep::Bump(bump) => bump.next(base, policy),
        VersionStep::Follow { stage: None, .. } if is_unreleased => Bump::Finalize.next(base, policy),
        VersionStep::Follow { level, stage } => follow(*level, stage.as_deref(), base, policy),
    }
}

/// Following a release means a release of the level, following a prerelease a prerelease; a tagged prerelease continues its
/// own series.
fn follow(level: Level, stage: Option<&str>, base: &Version, policy: &StagePolicy) -> Result<Version, BumpError> {
    let own = base.pre.as_ref().and_then(|pre| policy.stage(pre.stage()?.0));
    let followed = stage.and_then(|label| policy.stage(label));
    let bump = match (own, followed) {
        (Some(own), Some(followed)) if followed.as_str() > own.as_str() => Bump::Stage(followed),
        (Some(own), _) => Bump::Stage(own),
        // A development release, or a label that is not one of the stages: the arithmetic of stages leads on from the one and refuses the
        // other.
        (None, followed) if base.is_prerelease() => match followed.or_else(|| policy.stage(FIRST_STAGE)) {
            Some(stage) => Bump::Stage(stage),
            None => Bump::Level(level),
        },
        (None, Some(stage)) => Bump::Start { level, stage },
        (None, None) => Bump::Level(level),
    };
    bump.next(base, policy)
}

/// The stage of a dependent of a prerelease without one of the workspace's stages: a development release, a custom label.
const FIRST_STAGE: &str = "alpha";

/// Returns the stage that following this version takes; `None` for a release.
pub(super) fn stage_to_follow(version: &Version, policy: &StagePolicy) -> Option<String> {
    let known = version.pre.as_ref().and_then(|pre| policy.stage(pre.stage()?.0));
    let label = known.map_or_else(|| FIRST_STAGE.to_owned(), |stage| stage.as_str().to_owned());
    version.is_prerelease().then_some(label)
}

fn refusal(package: &Package, at: &Version, error: &BumpError) -> Refusal {
    let current = package.scheme.render(at).unwrap_or_else(|_| package.written().to_owned());
    let (code, help) = match error {
        BumpError::AlreadyStable => (RefusalCode::AlreadyStable, "request a level, or an explicit version".to_owned()),
        BumpError::Backwards { .. } => {
            (RefusalCode::Backwards, "request a later stage, a level, `release`, or an explicit version".to_owned())
        }
        BumpError::UnknownLabel { label, .. } => (RefusalCode::Backwards, cure(label)),
        BumpError::Overflow => (RefusalCode::NotHigher, "give an explicit version".to_owned()),
    };
    let message = format!("`{}` is at {current}: {error}", package.id);
    Refusal { code, message, help: Some(help) }
}

/// The line of relman.toml that makes a label a stage.
fn cure(label: &str) -> String {
    let stage = label.split_once('.').map_or(label, |(stage, _)| stage);
    format!(
        "add the label to `stages` in [workspace] of relman.toml, as in `stages = [\"{stage}\"]`, or give an explicit version"
    )
}
