//! Cycles: packages that require each other in a circle, reported if they take part in a release.
//!
//! A cascade ends in any of them, since no package joins it twice. But publishing the packages one after the other needs care.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::targets::Targets;
use crate::config::DependentPolicy;
use crate::manifest::RequirementSyntax;
use crate::model::{DependencyKind, PackageIx};
use crate::snapshot::Snapshot;
use crate::workspace::RequirementSlot;

/// What each package requires, by index, and for what purpose: the most basic kind of several.
type Graph = BTreeMap<PackageIx, BTreeMap<PackageIx, DependencyKind>>;

/// How many packages of a cycle are named.
const NAMED: usize = 8;

/// Returns a note for each knot of packages that require each other and of which the release holds two or more, and for each package of
/// the release that requires itself, in the order of the workspace. A knot is told by its shortest cycle through its first package
/// that is released. Requirements whose policy is `never` count for nothing.
pub(super) fn cycles(snapshot: &Snapshot, targets: &Targets) -> Vec<String> {
    let graph = graph(snapshot);
    let mut notes = Vec::new();
    for knot in strongly_connected_components(&graph) {
        let released: Vec<PackageIx> = knot.iter().copied().filter(|i| targets.by_package.contains_key(i)).collect();
        // The release has no part in this cycle.
        let Some(first) = released.first() else { continue };
        let alone = knot.len() == 1;
        if !alone && released.len() < 2 {
            continue;
        }
        let cycle = shortest(&graph, *first, &knot);
        let told = describe_cycle(snapshot, &graph, &cycle);
        let others = knot.len().saturating_sub(cycle.len());
        let rest = if others == 0 { String::new() } else { format!(" ({others} more are involved)") };
        let once = if alone { "it is" } else { "each of them is" };
        notes.push((knot.first().copied(), format!("{told}: a cycle{rest}; {once} released once at most")));
    }
    notes.sort();
    notes.into_iter().map(|(_, note)| note).collect()
}

fn graph(snapshot: &Snapshot) -> Graph {
    let workspace = &snapshot.workspace;
    let mut graph = Graph::new();
    for slot in &workspace.requirements {
        let holder = slot.holder.as_ref().and_then(|id| workspace.index_of(id));
        // The manifest of a workspace root belongs to no package, and takes no part in a cycle.
        let (Some(holder), Some(of)) = (holder, workspace.index_of(&slot.of)) else { continue };
        let copy = slot.kind.is_lock() || slot.place.notation == RequirementSyntax::Exact;
        let never = snapshot.config.dependents.policy_of(slot.edge()) == DependentPolicy::Never;
        if copy || never || (holder == of && !requires_itself(snapshot, slot)) {
            continue;
        }
        let kind = graph.entry(holder).or_default().entry(of).or_insert(slot.edge());
        *kind = (*kind).min(slot.edge());
    }
    graph
}

/// A package may be made of several manifests that require one another. Only a manifest that requires its own name requires itself.
fn requires_itself(snapshot: &Snapshot, slot: &RequirementSlot) -> bool {
    let file = snapshot.workspace.files.get(slot.inherited_by.as_ref().unwrap_or(&slot.file));
    let mut found = file.iter().flat_map(|file| &file.views).filter_map(|view| view.found.as_ref().ok());
    found.any(|found| found.name.as_ref() == Some(&slot.place.on))
}

/// The sets of packages each of which leads to all others of its set, each in the order of the workspace. Those of one package only where it
/// requires itself. By Kosaraju's algorithm: what is finished last when all edges are followed is searched first when they are turned.
fn strongly_connected_components(graph: &Graph) -> Vec<BTreeSet<PackageIx>> {
    let mut turned: BTreeMap<PackageIx, Vec<PackageIx>> = BTreeMap::new();
    for (from, edges) in graph {
        for to in edges.keys() {
            turned.entry(*to).or_default().push(*from);
        }
    }
    let mut taken = BTreeSet::new();
    let mut knots = Vec::new();
    for start in finished(graph).into_iter().rev() {
        let mut knot = BTreeSet::new();
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if taken.insert(at) {
                knot.insert(at);
                open.extend(turned.get(&at).into_iter().flatten().filter(|next| !taken.contains(next)));
            }
        }
        let itself = || graph.get(&start).is_some_and(|edges| edges.contains_key(&start));
        if knot.len() > 1 || (knot.len() == 1 && itself()) {
            knots.push(knot);
        }
    }
    knots
}

/// The packages in the order in which a search in depth leaves them. It keeps its own stack, since a chain may be long.
fn finished(graph: &Graph) -> Vec<PackageIx> {
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    for start in graph.keys() {
        if !seen.insert(*start) {
            continue;
        }
        let edges = |at: PackageIx| graph.get(&at).into_iter().flat_map(|edges| edges.keys().copied());
        let mut open = vec![(*start, edges(*start).collect::<VecDeque<_>>())];
        while let Some((at, left)) = open.last_mut() {
            match left.pop_front() {
                Some(next) if seen.insert(next) => open.push((next, edges(next).collect())),
                Some(_) => {}
                None => {
                    order.push(*at);
                    open.pop();
                }
            }
        }
    }
    order
}

/// The shortest way from a package back to it, inside its knot; of several the first in the order of the workspace.
fn shortest(graph: &Graph, start: PackageIx, knot: &BTreeSet<PackageIx>) -> Vec<PackageIx> {
    let mut before: BTreeMap<PackageIx, PackageIx> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        let edges = graph.get(&at).into_iter().flat_map(BTreeMap::keys);
        // If there are others, a package that also requires itself matters less.
        for next in edges.filter(|next| knot.contains(next) && (**next != at || knot.len() == 1)) {
            if *next == start {
                let mut way: Vec<PackageIx> = std::iter::successors(Some(at), |at| before.get(at).copied()).collect();
                way.reverse();
                return way;
            }
            if !before.contains_key(next) {
                before.insert(*next, at);
                open.push_back(*next);
            }
        }
    }
    vec![start]
}

/// Describes a cycle: `a` requires `b`, which requires `a` (dev).
fn describe_cycle(snapshot: &Snapshot, graph: &Graph, cycle: &[PackageIx]) -> String {
    let name = |index: PackageIx| snapshot.workspace.packages[index].id.as_str();
    // A cycle has at least one package.
    let Some(first) = cycle.first().copied() else { return String::new() };
    let mut told = format!("`{}`", name(first));
    let next = cycle.iter().copied().skip(1).chain([first]);
    for (number, (from, to)) in cycle.iter().copied().zip(next).enumerate() {
        if number >= NAMED && to != first {
            continue;
        }
        let skipped = if number > NAMED { " and so on, until one" } else { "," };
        let verb = if number == 0 { " requires".to_owned() } else { format!("{skipped} which requires") };
        let kind = graph.get(&from).and_then(|edges| edges.get(&to)).filter(|kind| **kind != DependencyKind::Normal);
        let kind = kind.map_or(String::new(), |kind| format!(" ({})", kind.name()));
        let object = if from == to { "itself".to_owned() } else { format!("`{}`", name(to)) };
        told.push_str(&format!("{verb} {object}{kind}"));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Position;

    fn graph_of(edges: &[(usize, usize)]) -> Graph {
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry(PackageIx::new(*from)).or_default().insert(PackageIx::new(*to), DependencyKind::Normal);
        }
        graph
    }

    #[test]
    fn knots_and_their_shortest_cycles() {
        type Row<'a> = (&'a [(usize, usize)], &'a [(&'a [usize], &'a [usize])]);
        let rows: [Row<'_>; 7] = [
            (&[], &[]),
            (&[(0, 1), (1, 2), (0, 2)], &[]),
            (&[(0, 0)], &[(&[0], &[0])]),
            (&[(0, 1), (1, 0)], &[(&[0, 1], &[0, 1])]),
            (&[(2, 1), (1, 0), (0, 2), (0, 0)], &[(&[0, 1, 2], &[0, 2, 1])]),
            (&[(0, 1), (1, 2), (2, 3), (3, 0), (0, 3)], &[(&[0, 1, 2, 3], &[0, 3])]),
            (&[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2), (4, 0)], &[(&[0, 1], &[0, 1]), (&[2, 3], &[2, 3])]),
        ];
        for (edges, expected) in rows {
            let graph = graph_of(edges);
            let mut found = strongly_connected_components(&graph);
            found.sort();
            let numbers = |packages: Vec<PackageIx>| packages.into_iter().map(Position::get).collect::<Vec<_>>();
            let ways = found.iter().map(|k| numbers(shortest(&graph, *k.first().unwrap(), k)));
            let read: Vec<(Vec<usize>, Vec<usize>)> =
                found.iter().map(|k| numbers(k.iter().copied().collect())).zip(ways).collect();
            let expected: Vec<_> = expected.iter().map(|(k, w)| (k.to_vec(), w.to_vec())).collect();
            assert_eq!(read, expected, "{edges:?}");
        }
    }

    #[test]
    fn a_long_circle_does_not_end_the_stack() {
        let edges: Vec<(usize, usize)> = (0..20_000).map(|at| (at, (at + 1) % 20_000)).collect();
        let found = strongly_connected_components(&graph_of(&edges));
        assert_eq!(found.iter().map(BTreeSet::len).collect::<Vec<_>>(), [20_000]);
        assert_eq!(shortest(&graph_of(&edges), PackageIx::new(7), &found[0]).len(), 20_000);
    }
}
