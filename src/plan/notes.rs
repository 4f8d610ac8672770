//! [`notes`]: what a person should know about a release.

use std::collections::BTreeSet;

use super::cycles::cycles;
use super::reason::BumpReason;
use super::requests::VersionStep;
use super::targets::{Target, Targets, selected};
use crate::model::Bump;
use crate::snapshot::Snapshot;
use crate::text::list_truncated;
use crate::workspace::Package;

/// A level on a prerelease skips the release that the prerelease leads to; the note names that one.
pub(super) fn notes(snapshot: &Snapshot, targets: &Targets) -> Vec<String> {
    let passed_over = |(package, target): (&Package, &Target)| {
        // Other steps pass over nothing.
        let VersionStep::Bump(bump @ (Bump::Level(_) | Bump::Start { .. })) = &target.step else { return None };
        let leads_to = Bump::Finalize.next(&target.from, &snapshot.config.workspace.stages).ok()?;
        let skipped = package.scheme.render(&leads_to).ok()?;
        (target.to.version != leads_to)
            .then(|| format!("`{}`: `{bump}` skips {skipped}, which `release` would make", package.id))
    };
    let mut notes: Vec<String> = selected(snapshot, targets).filter_map(passed_over).collect();
    notes.extend(cycles(snapshot, targets));
    notes.extend(never_tagged(snapshot, targets));
    notes.extend(tags_elsewhere(snapshot, selected(snapshot, targets).map(|(package, _)| package)));
    notes
}

/// Only tags record what was released; without any, the user has to be warned.
fn never_tagged(snapshot: &Snapshot, targets: &Targets) -> Option<String> {
    let is_first = |(_, target): &(&Package, &Target)| target.reason == BumpReason::FirstRelease;
    let first: Vec<String> = selected(snapshot, targets).filter(is_first).map(|(p, _)| p.id.to_string()).collect();
    let shown = list_truncated(&first, 8);
    (!first.is_empty())
        .then(|| format!("HEAD reaches no tag of {shown}; if it was released before, tag that commit first"))
}

/// Returns one sentence on the packages whose highest tag HEAD does not reach: such tags are reported, but do not count.
pub fn tags_elsewhere<'a>(snapshot: &'a Snapshot, packages: impl Iterator<Item = &'a Package>) -> Option<String> {
    let tags = packages.filter_map(|package| snapshot.git.tags.unreachable_tag(package)).map(str::to_owned);
    let tags: BTreeSet<String> = tags.collect();
    let shown = list_truncated(tags, 8);
    (!shown.is_empty()).then(|| format!("not reachable from HEAD, so ignored: {shown}"))
}
