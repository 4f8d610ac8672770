//! Fewer boxes than packages: what stays apart from the rest is left out, groups become one box, and so do packages that are alike.

use std::collections::{BTreeMap, BTreeSet};

use super::PackageGraph;
use crate::model::{BoxIx, GroupId, IndexVec, PackageIx};
use crate::plan::reason::BumpReason;

/// Up to this number every package has a box of its own: as many as a screen shows.
const MANY: usize = 40;

/// The packages of one box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// Those of one group.
    Group(Vec<PackageIx>),
    /// One, or several that require the same and are required by the same.
    Alike(Vec<PackageIx>),
}

impl Fold {
    /// Returns the packages, at least one.
    pub(super) fn members(&self) -> &[PackageIx] {
        match self {
            Self::Group(members) | Self::Alike(members) => members,
        }
    }
}

/// Returns the boxes of a picture, in the order of the first package of each.
pub(super) fn fold(graph: &PackageGraph) -> IndexVec<BoxIx, Fold> {
    let single = |package: PackageIx| Fold::Alike(vec![package]);
    if graph.packages.len() <= MANY {
        return graph.packages.positions().map(single).collect();
    }
    let mut folds: Vec<Fold> = drawn(graph).into_iter().map(single).collect();
    for step in [in_groups, alike] {
        if folds.len() > MANY {
            folds = step(graph, folds);
        }
    }
    folds.sort_by_key(|fold| fold.members().first().copied());
    folds.into()
}

/// The largest part of the graph that hangs together, and every part that has a package to be released.
fn drawn(graph: &PackageGraph) -> BTreeSet<PackageIx> {
    let parts = parts(graph);
    let largest = parts.iter().max_by_key(|part| (part.len(), std::cmp::Reverse(part.first()))).cloned();
    let is_released =
        |part: &&BTreeSet<PackageIx>| part.iter().any(|package| graph.packages[*package].release.is_some());
    parts.iter().filter(is_released).chain(&largest).flatten().copied().collect()
}

/// The parts of the graph of which none requires anything of another.
fn parts(graph: &PackageGraph) -> Vec<BTreeSet<PackageIx>> {
    let mut neighbours: BTreeMap<PackageIx, Vec<PackageIx>> = BTreeMap::new();
    for requirement in &graph.requirements {
        neighbours.entry(requirement.by).or_default().push(requirement.of);
        neighbours.entry(requirement.of).or_default().push(requirement.by);
    }
    let mut seen = BTreeSet::new();
    let mut parts = Vec::new();
    for start in graph.packages.positions() {
        let mut part = BTreeSet::new();
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if seen.insert(at) {
                part.insert(at);
                open.extend(neighbours.get(&at).into_iter().flatten());
            }
        }
        if !part.is_empty() {
            parts.push(part);
        }
    }
    parts
}

/// Makes each group one box.
fn in_groups(graph: &PackageGraph, folds: Vec<Fold>) -> Vec<Fold> {
    let mut groups: BTreeMap<GroupId, Vec<PackageIx>> = BTreeMap::new();
    let mut rest = Vec::new();
    for fold in folds {
        match fold.members().first().and_then(|first| graph.packages[*first].group.clone()) {
            Some(group) => groups.entry(group).or_default().extend(fold.members()),
            None => rest.push(fold),
        }
    }
    rest.into_iter().chain(groups.into_values().map(Fold::Group)).collect()
}

/// What boxes must have in common to become one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    requires: BTreeSet<usize>,
    required_by: BTreeSet<usize>,
    /// A package is not drawn together with one that the release treats in another way.
    reason: Option<String>,
}

/// Makes packages that require the same and are required by the same one box, as often as that makes others alike.
fn alike(graph: &PackageGraph, mut folds: Vec<Fold>) -> Vec<Fold> {
    loop {
        let before = folds.len();
        folds = alike_once(graph, folds);
        if folds.len() == before || folds.len() <= MANY {
            return folds;
        }
    }
}

fn alike_once(graph: &PackageGraph, folds: Vec<Fold>) -> Vec<Fold> {
    let box_of: BTreeMap<PackageIx, usize> =
        (0..).zip(&folds).flat_map(|(at, fold)| fold.members().iter().map(move |member| (*member, at))).collect();
    let mut requires: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut required_by: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for requirement in &graph.requirements {
        if let (Some(by), Some(of)) = (box_of.get(&requirement.by), box_of.get(&requirement.of)) {
            requires.entry(*by).or_default().insert(*of);
            required_by.entry(*of).or_default().insert(*by);
        }
    }
    let mut places: BTreeMap<Place, Vec<PackageIx>> = BTreeMap::new();
    let mut groups = Vec::new();
    for (at, fold) in (0..).zip(folds) {
        let Fold::Alike(members) = fold else {
            groups.push(fold);
            continue;
        };
        // A fold that nothing requires is not in the map.
        let of = |of: &BTreeMap<usize, BTreeSet<usize>>| of.get(&at).cloned().unwrap_or_default();
        let place = Place { requires: of(&requires), required_by: of(&required_by), reason: reason(graph, &members) };
        places.entry(place).or_default().extend(members);
    }
    groups.into_iter().chain(places.into_values().map(Fold::Alike)).collect()
}

fn reason(graph: &PackageGraph, members: &[PackageIx]) -> Option<String> {
    let release = members.first().and_then(|first| graph.packages[*first].release.as_ref());
    release.map(|release| match &release.reason {
        // That it follows another one is what the arrow says.
        BumpReason::Dependent(_) => "dependent".to_owned(),
        reason => reason.to_string(),
    })
}
