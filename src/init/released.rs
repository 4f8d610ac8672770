//! [`Released`]: what is released, with its tags and with all places of its version.

use super::doubts;
use super::places::add_places;
use super::skip::Skip;
use super::tools::Tools;
use super::unit::{HeldBy, LeftOut, Unit, Units, units};
use super::{computed, ignored, pairing, sources, stated_places, stated_tags, stated_units, tags_alone, texts, whole};
use crate::model::RepoPath;
use crate::snapshot::{Discovery, TagPrefix};

/// The units of a repository.
#[derive(Debug)]
pub(super) struct Released {
    /// The units, with the indices of the forms of their tags.
    pub(super) units: Vec<(Unit, Option<usize>)>,
    /// The folders and manifests that are not released.
    pub(super) left_out: Vec<LeftOut>,
    /// The files that do not hold the version that another tool's file says they do.
    pub(super) misplaced: Vec<RepoPath>,
}

/// Finds the units by their manifests and their tags; then, for tags that belong to none, by what else holds or says the versions of these.
pub(super) fn released(discovery: &Discovery, heads: &[TagPrefix], skip: &Skip<'_>, tools: &Tools) -> Released {
    let Units { mut units, mut left_out } = units(discovery, skip);
    sources::add_sources(&mut units, discovery);
    ignored::doubt(&mut units, tools);
    ignored::untagged(&mut units, tools);
    let mut misplaced = stated_places::add(&mut units, discovery, tools);
    let mut paired = pairing::pair(&units, heads, discovery);
    stated_tags::pair(&units, &mut paired, heads, tools);
    if let Some((unit, tagging)) = tags_alone::tagged_alone(&units, &paired, heads, discovery, (skip, tools)) {
        units.insert(0, unit);
        paired.insert(0, tagging);
    }
    let mut units = doubts::decide(units.into_iter().zip(paired).collect(), &mut left_out, &discovery.manifests);
    stated_places::settle(&mut units);
    whole::move_to_top(&mut units, heads);
    add_places(&mut units, HeldBy::Manifests, heads, discovery);
    computed::add_computed(&mut units, discovery, skip, heads, &mut left_out);
    if let Some(whole) = tags_alone::tagged_beside(&units, heads, discovery) {
        units.insert(0, whole);
    }
    for (unit, _) in units.iter_mut().filter(|(unit, _)| unit.held_by == HeldBy::Lock) {
        stated_places::add(std::slice::from_mut(unit), discovery, tools);
    }
    for held_by in [HeldBy::Tags, HeldBy::Lock] {
        add_places(&mut units, held_by, heads, discovery);
    }
    let of_texts = texts::text_units(&units, heads, discovery);
    if !of_texts.is_empty() {
        doubts::give_way(&mut units, &mut left_out);
    }
    units.extend(of_texts);
    stated_units::add_stated(&mut units, heads, discovery, tools);
    computed::leave_old_modules(&mut units, discovery);
    let is_placed = |path: &RepoPath| units.iter().flat_map(|(unit, _)| &unit.entries).any(|entry| entry.path == *path);
    misplaced.retain(|path| !is_placed(path));
    Released { units, left_out, misplaced }
}
