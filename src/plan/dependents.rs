//! Dependents: requirements to update, and the packages that contain them.
//!
//! A cascade proceeds in rounds, outwards from the requested packages. A round considers only the requirements on those packages
//! whose version the previous round moved, so that a requirement is compared with each value of a version once.
//!
//! - The reason of a dependent is the package that it follows on the shortest path from the request; of several that it follows in
//!   one round, the first in the order of the workspace.
//! - Its stage is the least mature one of all that it follows, in any round: a dependent of an alpha and a release is an alpha. A
//!   stage only ever falls, and packages only ever join, so the rounds come to an end in any cycle.
//! - The members of a fixed group have one stage, as they have one version.

use std::collections::{BTreeMap, BTreeSet};

use super::reason::BumpReason;
use super::requests::{Asks, PackageRequest, VersionStep, include_group};
use super::targets::{Targets, VersionResolver, stage_to_follow};
use crate::config::{DependentPolicy, GroupKind};
use crate::manifest::normal_range;
use crate::manifest::requirement::{Wanted, admits, bump_lower_bound, names_version, widen_to_admit};
use crate::model::{Diagnostic, EdgeIx, GroupIx, IndexVec, Level, PackageIx, Position, ProblemCode, Version};
use crate::snapshot::Snapshot;
use crate::workspace::RequirementSlot;

/// A requirement and its new text.
#[derive(Debug)]
pub(super) struct RequirementChange<'a> {
    /// Where it stands.
    pub(super) slot: &'a RequirementSlot,
    /// Its new text.
    pub(super) new: String,
}

/// The targets of a run, dependents included, and the requirements that change.
#[derive(Default)]
pub(super) struct Cascade<'a> {
    /// The targets.
    pub(super) targets: Targets,
    /// The requirements. If several packages share one place, the change that reaches furthest comes first.
    pub(super) changes: Vec<RequirementChange<'a>>,
}

/// Follows the requirements from package to package until nothing has to change.
///
/// # Errors
/// Every requirement that has to follow and cannot.
pub(super) fn cascade(snapshot: &Snapshot, asks: Asks) -> Result<Cascade<'_>, Vec<Diagnostic>> {
    let mut walk = Walk::new(snapshot, asks);
    let mut asked: BTreeSet<PackageIx> = walk.asks.keys().copied().collect();
    while !asked.is_empty() {
        let moved = walk.counter.count(&walk.asks, &asked);
        walk.hold(&moved)?;
        asked = walk.join(&moved);
    }
    Ok(walk.done())
}

/// A requirement in the graph.
struct Edge<'a> {
    slot: &'a RequirementSlot,
    /// The package that holds it.
    holder: Option<PackageIx>,
    /// Its new text, where it follows.
    new: Option<Followed>,
}

struct Walk<'a> {
    snapshot: &'a Snapshot,
    asks: Asks,
    counter: VersionResolver<'a>,
    edges: IndexVec<EdgeIx, Edge<'a>>,
    /// The edges that lead to each package.
    on: BTreeMap<PackageIx, Vec<EdgeIx>>,
    /// The members of each fixed group.
    fixed: BTreeMap<GroupIx, Vec<PackageIx>>,
}

impl<'a> Walk<'a> {
    fn new(snapshot: &'a Snapshot, asks: Asks) -> Self {
        let workspace = &snapshot.workspace;
        let mut on: BTreeMap<PackageIx, Vec<EdgeIx>> = BTreeMap::new();
        let mut edges: IndexVec<EdgeIx, Edge<'_>> = IndexVec::default();
        for slot in &workspace.requirements {
            // Requirements are bound to packages of the workspace.
            let Some(of) = workspace.index_of(&slot.of) else { continue };
            on.entry(of).or_default().push(EdgeIx::new(edges.len()));
            let holder = slot.holder.as_ref().and_then(|id| workspace.index_of(id));
            edges.push(Edge { slot, holder, new: None });
        }
        let mut fixed: BTreeMap<GroupIx, Vec<PackageIx>> = BTreeMap::new();
        for (index, package) in workspace.packages.entries() {
            let is_fixed = |at: &GroupIx| workspace.groups[*at].kind == GroupKind::Fixed;
            if let Some(group) = package.group.filter(is_fixed) {
                fixed.entry(group).or_default().push(index);
            }
        }
        Self { snapshot, asks, counter: VersionResolver::new(snapshot), edges, on, fixed }
    }

    /// Compares the requirements on packages whose version moved with their new versions.
    fn hold(&mut self, moved: &BTreeSet<PackageIx>) -> Result<(), Vec<Diagnostic>> {
        let mut problems: BTreeMap<EdgeIx, Diagnostic> = BTreeMap::new();
        for package in moved {
            // A package that moved has a target.
            let Some(target) = self.counter.of(*package) else { continue };
            for at in self.on.get(package).into_iter().flatten() {
                let edge = &mut self.edges[*at];
                edge.new = None;
                match followed(self.snapshot, edge.slot, Some(&target.from), target.to.wanted(edge.slot)) {
                    Ok(new) if target.to.version != target.from => edge.new = new,
                    Err(problem) if target.to.version != target.from => drop(problems.insert(*at, problem)),
                    _ => {}
                }
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(dedup_problems(problems.into_values())) }
    }

    /// Requests the packages whose requirements follow those that moved. Returns all whose request changed.
    fn join(&mut self, moved: &BTreeSet<PackageIx>) -> BTreeSet<PackageIx> {
        let mut asked = BTreeSet::new();
        // relman.toml says that no dependent is released.
        let Some(level) = self.snapshot.config.dependents.level else { return asked };
        for package in moved {
            let stage = self.counter.of(*package);
            let stage = stage.and_then(|t| stage_to_follow(&t.to.version, &self.snapshot.config.workspace.stages));
            for holder in self.following(*package) {
                if self.ask(holder, *package, level, stage.as_deref()) {
                    asked.insert(holder);
                }
            }
        }
        self.take_groups_along(asked)
    }

    /// Returns the other packages that are released because a requirement in them follows this one.
    fn following(&self, package: PackageIx) -> Vec<PackageIx> {
        let edges = self.on.get(&package).into_iter().flatten().map(|at| &self.edges[*at]);
        let releases = |edge: &&Edge<'_>| edge.new.as_ref().is_some_and(|new| !new.is_in_step);
        let holders = edges.filter(releases).filter_map(|edge| edge.holder);
        holders.filter(|holder| !self.move_together(*holder, package)).collect()
    }

    /// Requests that a package follow another one. Returns `true` if that extends its request.
    fn ask(&mut self, holder: PackageIx, of: PackageIx, level: Level, stage: Option<&str>) -> bool {
        if let Some(asked) = self.asks.get_mut(&holder) {
            return lower_to_stage(asked, stage);
        }
        let of = &self.snapshot.workspace.packages[of];
        let reason = BumpReason::Dependent(of.id.clone());
        let step = VersionStep::Follow { level, stage: stage.map(str::to_owned) };
        self.asks.insert(holder, PackageRequest { step, reason, typed: None });
        true
    }

    /// Takes the fixed groups of these packages whole, and gives each the least mature stage of its members.
    fn take_groups_along(&mut self, asked: BTreeSet<PackageIx>) -> BTreeSet<PackageIx> {
        let workspace = &self.snapshot.workspace;
        let groups: BTreeSet<GroupIx> = asked.iter().filter_map(|i| workspace.packages[*i].group).collect();
        let mut all = asked;
        for group in groups {
            // The members of a linked group have stages of their own.
            let Some(members) = self.fixed.get(&group) else { continue };
            let spec = &workspace.groups[group];
            include_group(spec, members, &mut self.asks);
            let stages = members.iter().filter_map(|i| match &self.asks.get(i)?.step {
                VersionStep::Follow { stage, .. } => stage.clone(),
                VersionStep::Bump(_) => None,
            });
            let lowest = stages.min();
            for member in members {
                if let Some(asked) = self.asks.get_mut(member) {
                    lower_to_stage(asked, lowest.as_deref());
                }
            }
            all.extend(members);
        }
        all
    }

    /// Returns `true` if two packages are one, or have one version by a fixed group.
    fn move_together(&self, one: PackageIx, other: PackageIx) -> bool {
        let group = |index: PackageIx| self.snapshot.workspace.packages[index].group;
        one == other || (group(one) == group(other) && group(one).is_some_and(|at| self.fixed.contains_key(&at)))
    }

    fn done(self) -> Cascade<'a> {
        let config = &self.snapshot.config.dependents;
        let changes =
            self.edges.into_iter().filter_map(|edge| Some(RequirementChange { slot: edge.slot, new: edge.new?.text }));
        let mut changes: Vec<_> = changes.filter(|change| change.new != change.slot.place.scalar.text).collect();
        changes.sort_by_key(|change| std::cmp::Reverse(config.policy_of(change.slot.edge())));
        Cascade { targets: self.counter.done(), changes }
    }
}

/// Lowers a following step to this stage if it is less mature. Returns `true` if it was.
fn lower_to_stage(asked: &mut PackageRequest, followed: Option<&str>) -> bool {
    // What was asked for does not follow.
    let VersionStep::Follow { stage, .. } = &mut asked.step else { return false };
    // It is as mature already.
    let Some(followed) = followed.filter(|label| stage.as_deref().is_none_or(|own| *label < own)) else { return false };
    *stage = Some(followed.to_owned());
    true
}

/// A place that several packages share has one fault.
fn dedup_problems(problems: impl Iterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let mut told: Vec<Diagnostic> = Vec::new();
    for problem in problems {
        if !told.contains(&problem) {
            told.push(problem);
        }
    }
    told
}

/// What becomes of a requirement that follows.
#[derive(Debug)]
pub(super) struct Followed {
    /// Its new text.
    pub(super) text: String,
    /// Whether it only keeps naming the version of the package, for which its holder is not released.
    is_in_step: bool,
}

/// The new text of a requirement, as its policy asks; `None` if it stays. With the policy `always` a requirement follows even
/// if it cannot express the difference: `^0.2` follows 0.2.5. `from` is the version that the package moves from.
pub(super) fn followed<'v>(
    snapshot: &Snapshot,
    slot: &RequirementSlot,
    from: Option<&Version>,
    wanted: impl Into<Wanted<'v>>,
) -> Result<Option<Followed>, Diagnostic> {
    let wanted = wanted.into();
    let place = &slot.place;
    let text = slot.copy_of.as_ref().unwrap_or(&place.scalar.text);
    let policy = snapshot.config.dependents.policy_of(slot.edge());
    let is_named = || from.is_some_and(|from| names_version(place.notation, text, from));
    let is_in_step = policy == DependentPolicy::InStep && is_named();
    let new = match policy {
        DependentPolicy::Never => return Ok(None),
        DependentPolicy::Always => bump_lower_bound(place.notation, text, wanted),
        DependentPolicy::InStep if is_in_step => bump_lower_bound(place.notation, text, wanted),
        DependentPolicy::OutOfRange | DependentPolicy::InStep => match admits(place.notation, text, wanted.version) {
            Ok(true) => return Ok(None),
            Ok(false) => widen_to_admit(place.notation, text, wanted),
            Err(error) => Err(error),
        },
    };
    // A lock file in a form of its own has the new text in that form, too.
    let new = new.map(|new| slot.copy_of.as_ref().and_then(|_| normal_range(&new)).unwrap_or(new));
    new.map(|text| Some(Followed { text, is_in_step })).map_err(|error| {
        let message = format!("the requirement `{text}` on `{}` cannot follow: {error}", slot.of);
        let diagnostic = Diagnostic::new(ProblemCode::Requirement, message)
            .help("write the requirement by hand, or set its policy to \"never\"");
        match snapshot.workspace.files.get(&slot.file) {
            Some(file) => diagnostic.at(&slot.file, &file.text, place.scalar.span),
            None => diagnostic,
        }
    })
}
