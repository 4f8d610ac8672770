//! [`settle`]: the feasible part of a request.
//!
//! A request for packages by `--all` or as a linked group may not be possible for each of them: `release` of one that is stable, a
//! section without an entry. Those are left out and named in a note, and the rest is computed again without them.

use std::collections::{BTreeMap, BTreeSet};

use super::changelog::{EmptySection, ReleaseContext, Rotated, changelog_changes};
use super::dependents::{Cascade, cascade};
use super::history_gaps::{commits_missing, history_missing};
use super::release_plan::{Refusal, RefusalCode};
use super::request::BumpRequest;
use super::requests::Asks;
use super::select::{meant_by_name, select};
use crate::config::GroupKind;
use crate::model::{Diagnostic, PackageIx};
use crate::snapshot::Snapshot;
use crate::text::list_truncated;

/// A request that is entirely feasible, unless a named package is refused. By default, one that releases nothing.
#[derive(Default)]
pub(super) struct Settled<'a> {
    /// The versions and the requirements that follow.
    pub(super) cascade: Cascade<'a>,
    /// The changelogs.
    pub(super) rotated: Rotated,
    /// The packages left out, and why.
    pub(super) notes: Vec<String>,
}

/// Computes versions and sections until everything that is left is feasible.
///
/// # Errors
/// As those of selection, of the cascade, and of changelogs.
pub(super) fn settle<'a>(snapshot: &'a Snapshot, request: &BumpRequest) -> Result<Settled<'a>, Vec<Diagnostic>> {
    let mut asks = select(snapshot, request)?;
    let named = meant_by_name(snapshot, request);
    let mut left = LeftOut::default();
    loop {
        let mut cascade = cascade(snapshot, asks.clone())?;
        let before = asks.len();
        left.uncounted(snapshot, &mut asks, &named, &cascade);
        if asks.len() < before {
            continue;
        }
        left.unmoved(snapshot, &asks, &mut cascade);
        history_missing(snapshot, cascade.targets.by_package.keys())?;
        commits_missing(snapshot, &cascade.targets)?;
        let context = ReleaseContext { snapshot, request, targets: &cascade.targets, changes: &cascade.changes };
        let mut rotated = changelog_changes(context)?;
        left.empty(&mut asks, &named, &rotated.empty);
        if asks.len() < before {
            continue;
        }
        rotated.refusals.extend(rotated.empty.drain(..).map(|empty| empty.refusal));
        if cascade.targets.by_package.is_empty() {
            // Nothing feasible is left: the request has to change.
            rotated.refusals.append(&mut left.uncountable);
        }
        let notes = left.notes(snapshot, &cascade);
        return Ok(Settled { cascade, rotated, notes });
    }
}

/// The packages that were left out.
#[derive(Default)]
struct LeftOut {
    /// Those of which a refusal says the same as of many others, by its code.
    alike: BTreeMap<RefusalCode, Vec<PackageIx>>,
    /// The refusals of the others.
    uncountable: Vec<Refusal>,
}

impl LeftOut {
    /// Leaves out packages whose version cannot be computed, unless they were named.
    fn uncounted(&mut self, snapshot: &Snapshot, asks: &mut Asks, named: &BTreeSet<PackageIx>, cascade: &Cascade<'_>) {
        for (index, refusal) in &cascade.targets.refused {
            if !named.contains(index) && asks.remove(index).is_some() {
                self.leave(*index, refusal);
                self.leave_group(snapshot, *index, asks, named);
            }
        }
    }

    /// A fixed group is released together or not at all.
    fn leave_group(&self, snapshot: &Snapshot, index: PackageIx, asks: &mut Asks, named: &BTreeSet<PackageIx>) {
        let packages = &snapshot.workspace.packages;
        // What is in no group has no mates to leave out.
        let Some(at) = packages[index].group else { return };
        if snapshot.workspace.groups[at].kind == GroupKind::Fixed {
            let is_mate = |other: &PackageIx| packages[*other].group == Some(at);
            asks.retain(|other, _| named.contains(other) || !is_mate(other));
        }
    }

    /// A dependent whose version cannot be computed, and whose requirements do not change, stays as it is.
    fn unmoved(&mut self, snapshot: &Snapshot, asks: &Asks, cascade: &mut Cascade<'_>) {
        let id = |index: &PackageIx| &snapshot.workspace.packages[*index].id;
        let changes = &cascade.changes;
        let moves = |index: &PackageIx| changes.iter().any(|change| change.slot.holder.as_ref() == Some(id(index)));
        cascade.targets.refused.retain(|index, refusal| {
            let is_meant = asks.contains_key(index) || moves(index);
            if !is_meant {
                self.leave(*index, refusal);
            }
            is_meant
        });
    }

    /// Leaves out packages without changes for the changelog, unless they were named.
    fn empty(&mut self, asks: &mut Asks, named: &BTreeSet<PackageIx>, empty: &[EmptySection]) {
        for section in empty.iter().filter(|section| section.packages.iter().all(|index| !named.contains(index))) {
            for index in &section.packages {
                if asks.remove(index).is_some() {
                    self.leave(*index, &section.refusal);
                }
            }
        }
    }

    fn leave(&mut self, index: PackageIx, refusal: &Refusal) {
        match refusal.code {
            RefusalCode::AlreadyStable | RefusalCode::EmptySection => {
                self.alike.entry(refusal.code).or_default().push(index);
            }
            _ => self.uncountable.push(refusal.clone()),
        }
    }

    /// What is left out of a release. A package that was may follow as a dependent all the same.
    fn notes(self, snapshot: &Snapshot, cascade: &Cascade<'_>) -> Vec<String> {
        let is_out = |index: &PackageIx| !cascade.targets.by_package.contains_key(index);
        let alike = self.alike.into_iter().filter_map(|(code, packages)| {
            let why = if code == RefusalCode::AlreadyStable { "already stable" } else { "no entry for the changelog" };
            let name = |index: PackageIx| snapshot.workspace.packages[index].id.to_string();
            let names: Vec<String> = packages.into_iter().filter(is_out).map(name).collect();
            (!names.is_empty()).then(|| format!("left out, {why}: {}", list_truncated(&names, 8)))
        });
        let others = self.uncountable.into_iter().map(|refusal| {
            // A refusal without help is written without it.
            let help = refusal.help.map(|help| format!("; {help}")).unwrap_or_default();
            format!("left out: {}{help}", refusal.message)
        });
        alike.chain(others).collect()
    }
}
