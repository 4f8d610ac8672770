//! [`offers`]: what could be released, with its changes and the version that each level gives.

use std::collections::{BTreeMap, BTreeSet};

use super::request::{BumpRequest, BumpSpec};
use super::select::{is_unnamed, only_choice, select};
use super::targets::{Target, VersionResolver};
use crate::config::GroupKind;
use crate::model::{CommitIx, Level, PackageId, PackageIx, RepoPath};
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// A package, or a fixed group, which is released as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The name of the package or group.
    pub name: String,
    /// The packages that are released.
    pub packages: Vec<PackageId>,
    /// The current version.
    pub version: String,
    /// The changes since the last release, a line each; `None` if they are not known.
    pub changes: Option<Vec<String>>,
    /// The steps that are possible; the first one suits the changes best.
    pub steps: Vec<OfferedStep>,
}

/// A step, and the version that it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedStep {
    /// The step, as it is typed.
    pub words: String,
    /// What it means.
    pub spec: BumpSpec,
    /// The version, in the package's spelling.
    pub version: String,
}

/// Returns `true` if a request leaves open which packages are released, or, where `takes_level` says so, by which level.
#[must_use]
pub fn is_open(snapshot: &Snapshot, request: &BumpRequest, takes_level: bool) -> bool {
    is_unnamed(request) && (takes_level || only_choice(snapshot).is_none())
}

/// Returns what a request that names nothing could mean: what is in the folder `here` first, then what has changes. Where the request
/// has a level, that one alone is offered.
#[must_use]
pub fn offers(snapshot: &Snapshot, request: &BumpRequest, here: Option<&RepoPath>) -> Vec<Offer> {
    let steps: Vec<Step> = specs(snapshot, request).map(|(words, spec)| step(snapshot, words, spec)).collect();
    let units = units(snapshot);
    let nearest = here.and_then(|here| nearest(snapshot, &units, here));
    let mut offers: Vec<(bool, Offer)> = Vec::new();
    for (at, (name, members)) in units.into_iter().enumerate() {
        offers.push((Some(at) == nearest, offer(snapshot, name, &members, &steps)));
    }
    let has_changes = |offer: &Offer| offer.changes.as_ref().is_some_and(|changes| !changes.is_empty());
    offers.sort_by_key(|(is_here, offer)| (!is_here, !has_changes(offer)));
    offers.into_iter().map(|(_, offer)| offer).collect()
}

/// A name, and the packages behind it.
type Unit = (String, Vec<PackageIx>);

/// Packages in their order; a fixed group is at the place of its first member.
fn units(snapshot: &Snapshot) -> Vec<Unit> {
    let workspace = &snapshot.workspace;
    let mut units: Vec<Unit> = Vec::new();
    let mut grouped = BTreeSet::new();
    for (index, package) in workspace.packages.entries() {
        let group = package.group.filter(|group| workspace.groups[*group].kind == GroupKind::Fixed);
        match group {
            None => units.push((package.id.to_string(), vec![index])),
            Some(group) if grouped.insert(group) => {
                let group = &workspace.groups[group];
                let members = group.members.iter().filter_map(|member| workspace.index_of(member)).collect();
                units.push((group.id.to_string(), members));
            }
            // It is part of the group that is there already.
            Some(_) => {}
        }
    }
    units
}

/// The unit with the innermost folder around this one.
fn nearest(snapshot: &Snapshot, units: &[Unit], here: &RepoPath) -> Option<usize> {
    let depth = |(_, members): &Unit| {
        let folders = members.iter().flat_map(|index| &snapshot.workspace.packages[*index].folders);
        folders.filter(|folder| here.is_within(folder)).map(|folder| folder.as_str().len()).max()
    };
    let found = units.iter().enumerate().filter_map(|(at, unit)| Some((depth(unit)?, at)));
    found.max_by_key(|(depth, at)| (*depth, std::cmp::Reverse(*at))).map(|(_, at)| at)
}

/// The steps that may be chosen, as they are typed.
fn specs(snapshot: &Snapshot, request: &BumpRequest) -> impl Iterator<Item = (String, BumpSpec)> {
    let asked = request.ask.iter().map(|ask| (ask.to_string(), ask.clone()));
    let levels = [Level::Patch, Level::Minor, Level::Major].map(BumpSpec::Level);
    let stages = snapshot.config.workspace.stages.labels().iter().cloned().map(BumpSpec::Stage);
    let all = std::iter::once(BumpSpec::Auto(None)).chain(levels).chain([BumpSpec::Finalize]).chain(stages);
    let all = all.filter(|_| request.ask.is_none()).map(|spec| (spec.to_string(), spec));
    asked.chain(all)
}

/// A step, and where it leads every package for which it is possible.
struct Step {
    words: String,
    spec: BumpSpec,
    targets: BTreeMap<PackageIx, Target>,
}

fn step(snapshot: &Snapshot, words: String, spec: BumpSpec) -> Step {
    let request = BumpRequest { all: true, ask: Some(spec.clone()), ..BumpRequest::default() };
    let mut resolver = VersionResolver::new(snapshot);
    // A step that cannot be computed is not offered; if it is named, the reason is reported.
    if let Ok(asks) = select(snapshot, &request) {
        resolver.count(&asks, &asks.keys().copied().collect());
    }
    Step { words, spec, targets: resolver.done().by_package }
}

fn offer(snapshot: &Snapshot, name: String, members: &[PackageIx], steps: &[Step]) -> Offer {
    let packages = || members.iter().map(|index| (*index, &snapshot.workspace.packages[*index]));
    let version = |step: &Step, (index, package): (PackageIx, &Package)| {
        step.targets.get(&index).and_then(|target| target.to.in_texts(package).ok())
    };
    let offered = |step: &Step| {
        let version = packages().find_map(|member| version(step, member))?;
        Some(OfferedStep { words: step.words.clone(), spec: step.spec.clone(), version })
    };
    Offer {
        name,
        packages: packages().map(|(_, package)| package.id.clone()).collect(),
        // An offer has a package.
        version: packages().next().map(|(_, package)| package.written().to_owned()).unwrap_or_default(),
        changes: changes(snapshot, members),
        steps: steps.iter().filter_map(offered).collect(),
    }
}

/// Fragments, then commits, newest first.
fn changes(snapshot: &Snapshot, members: &[PackageIx]) -> Option<Vec<String>> {
    let history = snapshot.history.as_ref()?;
    let gathered = || members.iter().map(|index| &history.packages[*index]);
    if gathered().any(|gathered| gathered.is_cut_off) {
        return None;
    }
    let mut seen = BTreeSet::new();
    let fragments = members.iter().flat_map(|index| snapshot.fragments.new_of(*index));
    let fragments = fragments.filter(|fragment| seen.insert(&fragment.path));
    // An empty fragment is a finding of `changelog check`.
    let first_line = |text: &str| text.trim_start().lines().next().unwrap_or("").trim_start_matches("- ").to_owned();
    let mut changes: Vec<String> = fragments.map(|fragment| first_line(fragment.entry())).collect();
    let counts = gathered().flat_map(|gathered| gathered.commits.iter().filter(|at| !gathered.cancelled.contains(at)));
    let commits: BTreeSet<CommitIx> = counts.copied().collect();
    changes.extend(commits.into_iter().map(|at| history.commits[at].message.subject.clone()));
    Some(changes)
}
