//! A repository whose version is in its tags alone: no file ever held it.

use super::computed::{candidates, last};
use super::pairing::{Tagging, is_constant, is_first};
use super::skip::Skip;
use super::stated_units::states_version;
use super::texts::are_in_texts;
use super::tools::Tools;
use super::unit::{HeldBy, Unit};
use crate::model::{RepoPath, Version};
use crate::snapshot::{Discovery, NEWEST_RELEASES, TagPrefix};

/// Fewer tags are no line of releases.
const FEW: usize = 2;

/// Returns the unit of the whole repository, if its tags belong to nothing else: no manifest and no text held their versions, and nothing else says
/// where they are from.
pub(super) fn tagged_alone(
    units: &[Unit],
    tagging: &[Tagging],
    heads: &[TagPrefix],
    discovery: &Discovery,
    (skip, tools): (&Skip<'_>, &Tools),
) -> Option<(Unit, Tagging)> {
    let is_paired = tagging.iter().any(|tagging| tagging.pair.is_some());
    let has_own = |unit: &Unit| unit.folder.is_root() && unit.doubt.is_none() && !is_first(&unit.version);
    if is_paired || units.iter().any(has_own) || states_version(tools) || !candidates(discovery, skip).is_empty() {
        return None;
    }
    let is_line = |head: &TagPrefix| {
        let is_reached = head.tags.iter().any(|tag| !discovery.unreached.contains(&tag.name));
        head.is_bare() && head.tags.len() >= FEW && is_reached
    };
    let bare = heads.iter().enumerate().filter(|(_, head)| is_line(head) && !are_in_texts(head, discovery));
    let (index, head) = bare.max_by_key(|(_, head)| head.last().map(|tag| &tag.version))?;
    if !is_constant(units, head, discovery) {
        return None;
    }
    Some((whole(last(head, discovery)?), Tagging::of_all(index)))
}

/// Returns the unit of the whole repository, if it has tags beside those of units whose versions are in tags, too: each of the newest ones is on
/// a commit with one of theirs.
pub(super) fn tagged_beside(
    units: &[(Unit, Option<usize>)],
    heads: &[TagPrefix],
    discovery: &Discovery,
) -> Option<(Unit, Option<usize>)> {
    let is_other = |(unit, _): &(Unit, Option<usize>)| unit.held_by != HeldBy::Tags || unit.folder.is_root();
    if units.iter().any(is_other) {
        return None;
    }
    let commits = |head: &TagPrefix| -> Vec<String> {
        head.newest(NEWEST_RELEASES).into_iter().map(|tag| tag.commit.clone()).collect()
    };
    let of_units: Vec<Vec<String>> = units.iter().filter_map(|(_, head)| Some(commits(heads.get((*head)?)?))).collect();
    let is_beside = |head: &TagPrefix| head.tags.len() >= NEWEST_RELEASES && of_units.contains(&commits(head));
    let (index, head) = heads.iter().enumerate().find(|(_, head)| head.is_bare() && is_beside(head))?;
    Some((whole(last(head, discovery)?), Some(index)))
}

fn whole(version: &Version) -> Unit {
    Unit::new(RepoPath::root(), version.clone(), HeldBy::Tags)
}
