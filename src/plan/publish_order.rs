//! [`publish_order`]: a package is published after those that it requires.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{DependencyKind, PackageIx};
use crate::snapshot::Snapshot;

/// Sorts packages so that each comes after those that it requires, through others that are not among them, too. What is required for
/// development only does not count; where packages require each other in a circle, the first of the workspace comes last.
#[must_use]
pub(super) fn publish_order(snapshot: &Snapshot, packages: &BTreeSet<PackageIx>) -> Vec<PackageIx> {
    let workspace = &snapshot.workspace;
    let mut required: BTreeMap<PackageIx, BTreeSet<PackageIx>> = BTreeMap::new();
    for slot in workspace.requirements.iter().filter(|slot| slot.edge() != DependencyKind::Dev) {
        let holder = slot.holder.as_ref().and_then(|id| workspace.index_of(id));
        // The manifest of a workspace root belongs to no package, and is not published.
        if let (Some(holder), Some(of)) = (holder, workspace.index_of(&slot.of)) {
            required.entry(holder).or_default().insert(of);
        }
    }
    let mut order = Order { required, seen: BTreeSet::new(), sorted: Vec::new() };
    packages.iter().for_each(|package| order.add(*package));
    order.sorted.into_iter().filter(|package| packages.contains(package)).collect()
}

struct Order {
    required: BTreeMap<PackageIx, BTreeSet<PackageIx>>,
    seen: BTreeSet<PackageIx>,
    sorted: Vec<PackageIx>,
}

impl Order {
    /// Adds a package after those that it requires. A list of what is still open takes the place of recursion, so that a long chain of
    /// packages needs no deep stack.
    fn add(&mut self, package: PackageIx) {
        let mut open = vec![(package, false)];
        while let Some((package, is_complete)) = open.pop() {
            if is_complete {
                self.sorted.push(package);
            } else if self.seen.insert(package) {
                open.push((package, true));
                let required = self.required.get(&package).into_iter().flatten().rev();
                open.extend(required.map(|required| (*required, false)));
            }
        }
    }
}
