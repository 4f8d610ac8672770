//! [`pair`]: assigns tags to units.

use std::collections::BTreeMap;

use super::tags::TagPrefix;
use super::unit::Unit;
use crate::model::{Ecosystem, RegistryName, Version};

/// How certain a name makes it that tags belong to a unit; higher is more certain.
type Strength = u8;

const FULL_NAME: Strength = 5;
const FOLDER: Strength = 4;
const NORMAL_NAME: Strength = 3;
const FOLDER_NAME: Strength = 2;
const END_OF_NAME: Strength = 1;

/// Returns for each unit the index of the head of its tags, and whether the head names the unit.
pub(super) fn pair(units: &[Unit], heads: &[TagPrefix]) -> Vec<Option<usize>> {
    let names = names(units);
    let mut claims: Vec<Vec<(usize, Strength)>> = vec![Vec::new(); units.len()];
    let mut unmatched = Vec::new();
    for (index, head) in heads.iter().enumerate() {
        let found = if head.is_bare() { Vec::new() } else { units_named(head, &names, units) };
        if found.is_empty() {
            unmatched.push(index);
        }
        for (unit, strength) in found {
            if let Some(claims) = claims.get_mut(unit) {
                claims.push((index, strength));
            }
        }
    }
    let best = |(unit, claims): (&Unit, &Vec<(usize, Strength)>)| {
        let rank = |(index, strength): &&(usize, Strength)| {
            let head = heads.get(*index);
            let holds = head.is_some_and(|head| head.tag_of(&unit.version).is_some());
            (
                holds,
                head.and_then(TagPrefix::last).map(|tag| &tag.version),
                head.map_or(0, |head| head.tags.len()),
                *strength,
            )
        };
        claims.iter().max_by(|a, b| rank(a).cmp(&rank(b))).map(|(index, _)| *index)
    };
    let mut paired: Vec<Option<usize>> = units.iter().zip(&claims).map(best).collect();
    pair_bare(units, heads, &unmatched, &mut paired);
    paired
}

/// Every text by which a tag could name a unit.
fn names(units: &[Unit]) -> BTreeMap<String, Vec<(usize, Strength)>> {
    let mut names: BTreeMap<String, Vec<(usize, Strength)>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        let mut add = |text: &str, strength| {
            if !text.is_empty() {
                names.entry(text.to_owned()).or_default().push((index, strength));
            }
        };
        add(unit.folder.as_str(), FOLDER);
        add(unit.folder.file_name(), FOLDER_NAME);
        let Some(name) = &unit.name else { continue };
        add(name, FULL_NAME);
        add(&RegistryName::new(Ecosystem::Python, name).name, NORMAL_NAME);
        if let Some((_, last)) = name.rsplit_once('/') {
            add(last, NORMAL_NAME);
        }
        for (at, _) in name.match_indices(['-', '_', '.', '/']) {
            add(name.get(at + 1..).unwrap_or(""), END_OF_NAME);
        }
    }
    names
}

/// Returns the units that a head names, by its most certain name; if several are equally certain, those whose version is tagged.
fn units_named(
    head: &TagPrefix,
    names: &BTreeMap<String, Vec<(usize, Strength)>>,
    units: &[Unit],
) -> Vec<(usize, Strength)> {
    let normal = RegistryName::new(Ecosystem::Python, &head.label).name;
    let mut found: Vec<(usize, Strength)> =
        [head.label.as_str(), &normal].iter().filter_map(|label| names.get(*label)).flatten().copied().collect();
    let surest = found.iter().map(|(_, strength)| *strength).max();
    found.retain(|(_, strength)| Some(*strength) == surest);
    found.sort_unstable();
    found.dedup();
    if found.len() > 1 {
        let tagged = |unit: usize| units.get(unit).is_some_and(|unit| head.tag_of(&unit.version).is_some());
        found.retain(|(unit, _)| tagged(*unit));
    }
    found
}

/// Assigns tags that do not name a unit to the units without tags that hold the tagged version.
fn pair_bare(units: &[Unit], heads: &[TagPrefix], unmatched: &[usize], paired: &mut [Option<usize>]) {
    let free: Vec<(usize, &Unit)> = units.iter().enumerate().filter(|(at, _)| paired.get(*at) == Some(&None)).collect();
    let mut best: Option<(bool, bool, &Version, usize, Vec<usize>)> = None;
    for index in unmatched {
        let Some((head, last)) = heads.get(*index).and_then(|head| Some((head, head.last()?))) else { continue };
        let holding = holding(head, &free);
        let sure = !holding.is_empty();
        let owners = if sure || !head.is_bare() { holding } else { ahead(&free) };
        if owners.is_empty() {
            continue;
        }
        let candidate = (sure, head.is_bare(), &last.version, *index, owners);
        if best.as_ref().is_none_or(|known| *known < candidate) {
            best = Some(candidate);
        }
    }
    if let Some((_, _, _, index, owners)) = best {
        for owner in owners {
            if let Some(slot) = paired.get_mut(owner) {
                *slot = Some(index);
            }
        }
    }
}

/// The units at the highest version that is both tagged and held.
fn holding(head: &TagPrefix, free: &[(usize, &Unit)]) -> Vec<usize> {
    let tagged = free.iter().filter(|(_, unit)| head.tag_of(&unit.version).is_some());
    let highest = tagged.map(|(_, unit)| &unit.version).max();
    free.iter().filter(|(_, unit)| Some(&unit.version) == highest).map(|(at, _)| *at).collect()
}

/// The units that a repository's tags are most likely for, if none holds a tagged version: the only one, those that have the
/// root's version, or all if they share one version.
fn ahead(free: &[(usize, &Unit)]) -> Vec<usize> {
    let root = free.iter().find(|(_, unit)| unit.folder.is_root());
    let Some((_, model)) = root.or(free.first()) else { return Vec::new() };
    let same: Vec<usize> = free.iter().filter(|(_, unit)| unit.version == model.version).map(|(at, _)| *at).collect();
    if root.is_some() || same.len() == free.len() { same } else { Vec::new() }
}
