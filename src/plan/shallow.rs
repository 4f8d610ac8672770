//! What a shallow clone does not hold, and who needs it.

use std::collections::BTreeSet;

use super::dependents::cascade;
use super::guards::some_of;
use super::request::{Ask, BumpRequest};
use super::select::{autos, indices, select};
use super::targets::{Target, Targets};
use crate::config::{ChangelogConfig, Prereleases};
use crate::model::Diagnostic;
use crate::snapshot::Snapshot;

/// What brings the history here. The lines are those of the documentation of actions/checkout and of GitLab CI.
const HELP: &str = "\
pass `--fetch`, which gets just what is missing, or clone with all history and all tags
    GitHub Actions, below `with:` of actions/checkout:   fetch-depth: 0
    GitLab CI, below `variables:` of the job:            GIT_DEPTH: 0
    by hand:                                             git fetch --unshallow --tags";

/// Says that the history of these packages is not all there; empty if it is.
pub(super) fn cut_off<'a>(snapshot: &Snapshot, indices: impl Iterator<Item = &'a usize>) -> Vec<Diagnostic> {
    let (tagged, untagged): (Vec<usize>, Vec<usize>) =
        indices.copied().filter(|index| is_cut_off(snapshot, *index)).partition(|index| has_last_tag(snapshot, *index));
    let since = "this clone is shallow and does not hold all history since the last tag of";
    said(since, snapshot, &tagged).into_iter().chain(said(NO_TAG, snapshot, &untagged)).collect()
}

const NO_TAG: &str = "this clone is shallow and does not hold the last tag, if there is one, of";

/// Says of which packages no tag is there; without one a shallow clone cannot tell what is tagged already.
pub(super) fn history_missing<'a>(
    snapshot: &Snapshot,
    indices: impl Iterator<Item = &'a usize>,
) -> Result<(), Vec<Diagnostic>> {
    let missing: Vec<usize> = indices.copied().filter(|index| lacks_tag(snapshot, *index)).collect();
    said(NO_TAG, snapshot, &missing).map_or(Ok(()), |problem| Err(vec![problem]))
}

/// Says of which of these packages, which are released so, the sections would lack commits.
pub(super) fn commits_missing(snapshot: &Snapshot, targets: &Targets) -> Result<(), Vec<Diagnostic>> {
    let missing: Vec<usize> =
        targets.by_package.iter().filter(|(i, target)| lacks_commits(snapshot, **i, target)).map(|(i, _)| *i).collect();
    let since = "this clone is shallow and does not hold all commits for the changelog of";
    said(since, snapshot, &missing).map_or(Ok(()), |problem| Err(vec![problem]))
}

fn lacks_commits(snapshot: &Snapshot, index: usize, target: &Target) -> bool {
    let config = snapshot.workspace.packages.get(index).and_then(|package| snapshot.config.changelog_of(&package.id));
    let takes_them = |config: &ChangelogConfig| {
        let has_section = config.prereleases == Prereleases::Rotate || !target.to.version.is_prerelease();
        config.takes_commits() && has_section
    };
    let gathered = snapshot.history.as_ref().and_then(|history| history.packages.get(index));
    config.is_some_and(takes_them) && gathered.is_some_and(|gathered| gathered.told().1)
}

fn said(message: &str, snapshot: &Snapshot, indices: &[usize]) -> Option<Diagnostic> {
    let name = |index: &usize| Some(snapshot.workspace.packages.get(*index)?.id.0.clone());
    let names: Vec<String> = indices.iter().filter_map(name).collect();
    (!names.is_empty()).then(|| Diagnostic::new(format!("{message} {}", some_of(&names))).help(HELP))
}

fn is_cut_off(snapshot: &Snapshot, index: usize) -> bool {
    let gathered = snapshot.history.as_ref().and_then(|history| history.packages.get(index));
    gathered.is_some_and(|gathered| gathered.is_cut_off)
}

fn has_last_tag(snapshot: &Snapshot, index: usize) -> bool {
    let package = snapshot.workspace.packages.get(index);
    package.is_some_and(|package| snapshot.git.tags.last(package).is_some())
}

/// Returns `true` if HEAD reaches no tag of the package, and there may be one all the same.
fn lacks_tag(snapshot: &Snapshot, index: usize) -> bool {
    let Some(package) = snapshot.workspace.packages.get(index) else { return false };
    let is_known = snapshot.git.untagged.contains(&package.id) && snapshot.git.tags.of(package).next().is_none();
    snapshot.git.shallow && !is_known && snapshot.git.tags.last(package).is_none()
}

/// Returns the packages whose missing history keeps [`status`](super::status()) from telling where those of these names stand, or
/// all where none is named: their own, and that of whatever could release them.
#[must_use]
pub fn lacking(snapshot: &Snapshot, names: &[String]) -> Vec<usize> {
    affecting(snapshot, indices(snapshot, names).unwrap_or_default())
        .into_iter()
        .filter(|i| is_cut_off(snapshot, *i))
        .collect()
}

/// Returns the packages whose missing history or tag keeps [`bump`](super::bump()) from planning the request. What follows from
/// changes is known only once these are: it may then need more.
#[must_use]
pub fn lacking_for(snapshot: &Snapshot, request: &BumpRequest) -> Vec<usize> {
    let cut: Vec<usize> = autos(snapshot, request).into_iter().filter(|index| is_cut_off(snapshot, *index)).collect();
    if !cut.is_empty() {
        return cut;
    }
    // A request that cannot be planned for another reason needs nothing from afar.
    let Ok(cascade) = select(snapshot, request).and_then(|asks| cascade(snapshot, asks)) else { return Vec::new() };
    let targets = cascade.targets.by_package.iter();
    let lacks =
        |(index, target): &(&usize, &Target)| lacks_tag(snapshot, **index) || lacks_commits(snapshot, **index, target);
    targets.filter(lacks).map(|(index, _)| *index).collect()
}

/// Returns what `bump` is to be asked so that it tells the next versions of these packages: everything, or in a shallow clone only
/// what could release them, since nobody knows about the others.
pub(super) fn outlook_request(snapshot: &Snapshot, wanted: BTreeSet<usize>) -> BumpRequest {
    let ask = Some(Ask::Auto(None));
    if !(0..snapshot.workspace.packages.len()).any(|index| is_cut_off(snapshot, index)) {
        return BumpRequest { all: true, ask, ..BumpRequest::default() };
    }
    let name = |index: usize| Some((snapshot.workspace.packages.get(index)?.id.0.clone(), None));
    let packages = affecting(snapshot, wanted).into_iter().filter_map(name).collect();
    BumpRequest { packages, ask, ..BumpRequest::default() }
}

/// Returns these packages and all whose release could bring one of theirs: what they require, and who shares a group with them.
fn affecting(snapshot: &Snapshot, wanted: BTreeSet<usize>) -> BTreeSet<usize> {
    let workspace = &snapshot.workspace;
    let mut waiting: Vec<usize> = wanted.iter().copied().collect();
    let mut found = wanted;
    while let Some(index) = waiting.pop() {
        let Some(package) = workspace.packages.get(index) else { continue };
        let held = workspace.requirements.iter().filter(|slot| slot.holder.as_ref() == Some(&package.id));
        let group = package.group.and_then(|at| workspace.groups.get(at));
        let members = group.into_iter().flat_map(|group| &group.members);
        for id in held.map(|slot| &slot.of).chain(members) {
            if let Some(other) = workspace.index_of(id)
                && found.insert(other)
            {
                waiting.push(other);
            }
        }
    }
    found
}
