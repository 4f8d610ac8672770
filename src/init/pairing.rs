//! [`pair`]: assigns tags to units.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::evidence::{Evidence, Held, Seen};
use super::texts::are_in_texts;
use super::unit::Unit;
use crate::manifest::ManifestType;
use crate::model::{Ecosystem, RegistryName, RepoPath, Version};
use crate::snapshot::{Discovery, TagPrefix};

/// How certain a name makes it that tags belong to a unit; higher is more certain.
type Strength = u8;

const NAME_IN_ECOSYSTEM: Strength = 7;
const FULL_NAME: Strength = 6;
const FOLDER: Strength = 5;
const NORMAL_NAME: Strength = 4;
const FOLDER_NAME: Strength = 3;
const END_OF_NAME: Strength = 2;
const ECOSYSTEM: Strength = 1;

/// How many of the newest releases decide between two forms of tags.
const NEWEST: usize = 3;

/// With so many versions, a unit is released again and again.
const MOVES: usize = 3;

/// The tags of a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// The index of their form.
    pub(super) head: usize,
    /// How certainly they name the unit; 0 if they do not.
    strength: Strength,
    /// At how many of them the unit is known to have held their version.
    pub(super) held: usize,
}

impl Pair {
    /// Returns the pair of a unit with the tags that another tool's file states for it.
    pub(super) fn stated(head: usize) -> Self {
        Self { head, strength: ECOSYSTEM + 1, held: 1 }
    }

    /// Returns `true` if the tags name the unit.
    pub(super) fn is_named(&self) -> bool {
        self.strength > ECOSYSTEM
    }
}

/// What the tags say of a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tagging {
    /// Its tags.
    pub(super) pair: Option<Pair>,
    /// Whether it was there at any of the tags that were looked at, whoever they belong to.
    pub(super) was_there: bool,
    /// Whether its version went on from one of these tags to another, and does so still.
    pub(super) moves: bool,
    /// Whether it had another version at each of the newest tags of one form than at the one before.
    pub(super) moves_each: bool,
    /// The tags of others that it was released under, if it has none.
    pub(super) under: Option<usize>,
}

impl Tagging {
    /// Returns the tags of the whole repository.
    pub(super) fn of_all(head: usize) -> Self {
        Self {
            pair: Some(Pair { head, strength: 0, held: 0 }),
            was_there: true,
            moves: true,
            moves_each: true,
            under: None,
        }
    }
}

/// Returns `true` if no unit held the version of a tag of this form, nor ever another one than it did at the other tags.
pub(super) fn is_constant(units: &[Unit], head: &TagPrefix, discovery: &Discovery) -> bool {
    let evidence = Evidence::new(units, &discovery.past);
    let seen = evidence.at(head);
    !evidence.was_held(head) && seen.is_none_or(|seen| !seen.is_moving())
}

/// Returns the tags of each unit: those whose trees hold their versions in it, and of these the ones that name it.
pub(super) fn pair(units: &[Unit], heads: &[TagPrefix], discovery: &Discovery) -> Vec<Tagging> {
    let evidence = Evidence::new(units, &discovery.past);
    let seen: Vec<Option<Rc<Seen>>> = heads.iter().map(|head| evidence.at(head)).collect();
    let names = names(units);
    let modules = modules(discovery);
    let is_of_module = |head: &TagPrefix, unit: usize| {
        let unit = units.get(unit).map(|unit| &unit.folder);
        modules.get(&head.text).zip(unit).is_some_and(|(folder, unit)| !unit.is_within(folder))
    };
    let mut claims: Vec<Vec<Pair>> = vec![Vec::new(); units.len()];
    for (index, (head, seen)) in heads.iter().zip(&seen).enumerate() {
        let owners = owners(head, units, &names, seen.as_deref()).into_iter();
        for (unit, strength, held) in owners.filter(|(unit, ..)| !is_of_module(head, *unit)) {
            claims.get_mut(unit).into_iter().for_each(|claims| claims.push(Pair { head: index, strength, held }));
        }
    }
    let best = |(unit, claims): (&Unit, Vec<Pair>)| best(unit, claims, heads);
    let mut paired: Vec<Option<Pair>> = units.iter().zip(claims).map(best).collect();
    if paired.iter().all(Option::is_none) {
        let is_free = |head: &TagPrefix| !evidence.was_held(head) && !are_in_texts(head, discovery);
        // Tags are not those of what never moved with them.
        let stays = |unit: usize, head: &TagPrefix| {
            let held = evidence.at(head).and_then(|seen| seen.of(unit));
            held.is_some_and(|held| held.same == 0 && held.other > 1 && !held.moved)
        };
        pair_ahead(units, heads, is_free, stays, &mut paired);
    }
    let versions = evidence.versions();
    let used: BTreeSet<usize> = paired.iter().flatten().map(|pair| pair.head).collect();
    let used: Vec<(usize, &Seen)> =
        used.into_iter().filter_map(|head| Some((head, seen.get(head)?.as_deref()?))).collect();
    let tagging = |((index, pair), unit): ((usize, Option<Pair>), &Unit)| {
        let then = versions.get(&index);
        let moves =
            then.is_some_and(|then| then.iter().filter(|version| ***version != unit.version).count() + 1 >= MOVES);
        let under = under(index, &used).filter(|_| pair.is_none());
        let moves_each = seen.iter().flatten().any(|seen| seen.of(index).is_some_and(Held::moved_each));
        Tagging { pair, was_there: then.is_some(), moves, moves_each, under }
    };
    paired.into_iter().enumerate().zip(units).map(tagging).collect()
}

/// Returns the tags of other units that one without tags was released under: the only ones whose versions it held, or with each of which it
/// went on. `used` is what was seen at the tags of other units.
fn under(unit: usize, used: &[(usize, &Seen)]) -> Option<usize> {
    let only = |is_one: fn(Held) -> bool| {
        let mut found = used.iter().filter(|(_, seen)| seen.of(unit).is_some_and(is_one)).map(|(head, _)| *head);
        found.next().filter(|_| found.next().is_none())
    };
    only(Held::always_held).or_else(|| only(Held::moved_each))
}

/// The tags of Go modules below the top, whose form is a rule, and their folders.
fn modules(discovery: &Discovery) -> BTreeMap<String, RepoPath> {
    let modules = discovery.manifests.iter().filter(|manifest| manifest.kind == ManifestType::GoMod);
    let folders = modules.filter_map(|manifest| manifest.path.parent()).filter(|folder| !folder.is_root());
    folders.map(|folder| (format!("{folder}/v"), folder)).collect()
}

/// Returns the units that the tags of one form may belong to, of which `seen` is what was seen at the newest.
fn owners(
    head: &TagPrefix,
    units: &[Unit],
    names: &BTreeMap<String, Vec<(usize, Strength)>>,
    seen: Option<&Seen>,
) -> Vec<(usize, Strength, usize)> {
    let held = |unit: usize| seen.and_then(|seen| seen.of(unit));
    let by_version;
    let holding: &BTreeSet<usize> = match seen {
        Some(seen) => &seen.owners,
        None => {
            by_version = holding(head, units);
            &by_version
        }
    };
    let named = if head.is_bare() { Vec::new() } else { units_named(head, units, names, holding) };
    let mut sure: Vec<(usize, Strength)> = named.iter().copied().filter(|(unit, _)| holding.contains(unit)).collect();
    // A sample does not get the tags of the package whose name it has.
    let doubt = |unit: usize| units.get(unit).and_then(|unit| unit.doubt.as_ref());
    let least = sure.iter().map(|(unit, _)| doubt(*unit)).min();
    sure.retain(|(unit, _)| Some(doubt(*unit)) == least);
    let count = |unit: usize| held(unit).map_or(0, |held: Held| held.same);
    if !sure.is_empty() {
        return sure.into_iter().map(|(unit, strength)| (unit, strength, count(unit))).collect();
    }
    // One release of a version that everyone starts with shows nothing, unless the tags are those of the whole repository.
    let is_chance = !head.is_bare() && head.tags.len() == 1 && head.last().is_none_or(|tag| is_first(&tag.version));
    if !holding.is_empty() && !is_chance {
        return holding.iter().map(|unit| (*unit, 0, count(*unit))).collect();
    }
    // The manifest may have been somewhere else, or be changed after the tag.
    let possible = |(unit, strength): &(usize, Strength)| {
        let is_tagged = units.get(*unit).is_some_and(|unit| head.tag_of(&unit.version).is_some());
        *strength > ECOSYSTEM && (held(*unit).is_none() || is_tagged)
    };
    named.into_iter().filter(possible).map(|(unit, strength)| (unit, strength, count(unit))).collect()
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
        for entry in &unit.entries {
            entry.kind.ecosystem().map_or(&[][..], words).iter().for_each(|word| add(word, ECOSYSTEM));
        }
        let Some(name) = &unit.name else { continue };
        add(name, FULL_NAME);
        add(&RegistryName::new(Ecosystem::Python, name).name, NORMAL_NAME);
        if let Some((_, last)) = name.rsplit_once(['/', ':']) {
            add(last, NORMAL_NAME);
        }
        for (at, _) in name.match_indices(['-', '_', '.', '/', ':']) {
            add(name.get(at + 1..).unwrap_or(""), END_OF_NAME);
        }
    }
    names
}

/// What tags call the packages of an ecosystem.
fn words(ecosystem: Ecosystem) -> &'static [&'static str] {
    match ecosystem {
        Ecosystem::Cargo => &["rust", "rs", "crate", "crates", "cargo"],
        Ecosystem::Python => &["python", "py", "pypi"],
        Ecosystem::Npm => &["js", "node", "npm", "javascript", "typescript", "ts", "web"],
        Ecosystem::Maven => &["java", "maven", "jvm", "kotlin"],
        Ecosystem::Chart => &["helm", "chart", "charts"],
        Ecosystem::Jsr => &["deno", "jsr"],
        Ecosystem::Composer => &["php", "composer"],
        _ => &[],
    }
}

/// Returns the units that a label names together with a word for their ecosystem: `api-chart` is the chart `api`, where a program has that name,
/// too.
fn named_in_ecosystem(
    label: &str,
    units: &[Unit],
    names: &BTreeMap<String, Vec<(usize, Strength)>>,
) -> Vec<(usize, Strength)> {
    let parts = [label.rsplit_once('-'), label.split_once('-').map(|(word, name)| (name, word))];
    let of_part = |(name, word): (&str, &str)| -> Vec<(usize, Strength)> {
        let is_of_word = |unit: &Unit| {
            let ecosystems = unit.entries.iter().filter_map(|entry| entry.kind.ecosystem());
            ecosystems.flat_map(words).any(|known| *known == word)
        };
        let named = names.get(name).into_iter().flatten().filter(|(_, strength)| *strength >= NORMAL_NAME);
        let named = named.filter(|(unit, _)| units.get(*unit).is_some_and(is_of_word));
        named.map(|(unit, _)| (*unit, NAME_IN_ECOSYSTEM)).collect()
    };
    parts.into_iter().flatten().flat_map(of_part).collect()
}

/// Returns the units that a head names, by its most certain name; if several are equally certain, those that held what it tags.
fn units_named(
    head: &TagPrefix,
    units: &[Unit],
    names: &BTreeMap<String, Vec<(usize, Strength)>>,
    holding: &BTreeSet<usize>,
) -> Vec<(usize, Strength)> {
    let normal = RegistryName::new(Ecosystem::Python, &head.label).name;
    let mut found: Vec<(usize, Strength)> =
        [head.label.as_str(), &normal].iter().filter_map(|label| names.get(*label)).flatten().copied().collect();
    if found.iter().all(|(_, strength)| *strength < FULL_NAME) {
        found.extend(named_in_ecosystem(&head.label, units, names));
    }
    let is_held = found.iter().any(|(unit, _)| holding.contains(unit));
    found.retain(|(unit, _)| !is_held || holding.contains(unit));
    let surest = found.iter().map(|(_, strength)| *strength).max();
    found.retain(|(_, strength)| Some(*strength) == surest);
    found.sort_unstable();
    found.dedup();
    if found.len() > 1 && !is_held { Vec::new() } else { found }
}

/// The units at the highest version that is both tagged and held, where no tree of a tag is known.
fn holding(head: &TagPrefix, units: &[Unit]) -> BTreeSet<usize> {
    let tagged = units.iter().filter(|unit| head.tag_of(&unit.version).is_some());
    let highest = tagged.map(|unit| &unit.version).max();
    let at = |(_, unit): &(usize, &Unit)| Some(&unit.version) == highest;
    units.iter().enumerate().filter(at).map(|(index, _)| index).collect()
}

/// Returns the form that most of the newest releases of a unit are tagged by. Where it has tags that name it, those of the whole repository
/// count only for releases that these do not have.
fn best(unit: &Unit, claims: Vec<Pair>, heads: &[TagPrefix]) -> Option<Pair> {
    let last = |pair: &Pair| heads.get(pair.head).and_then(TagPrefix::last).map(|tag| &tag.version);
    let newest_name = claims.iter().filter(|pair| pair.is_named()).filter_map(last).max().cloned();
    let is_covered = |pair: &Pair| !pair.is_named() && last(pair) <= newest_name.as_ref();
    let claims: Vec<Pair> = claims.into_iter().filter(|pair| newest_name.is_none() || !is_covered(pair)).collect();
    let tags = claims.iter().filter_map(|pair| heads.get(pair.head)).flat_map(|head| &head.tags);
    let released: BTreeSet<&Version> =
        tags.map(|tag| &tag.version).filter(|version| **version <= unit.version).collect();
    let newest: Vec<&Version> = released.into_iter().rev().take(NEWEST).collect();
    let rank = |pair: &Pair| {
        let count = |head: &TagPrefix| newest.iter().filter(|version| head.tag_of(version).is_some()).count();
        let head = heads.get(pair.head);
        let is_v = head.is_some_and(|head| head.text.ends_with('v'));
        (head.map_or(0, count), pair.strength, last(pair), is_v, std::cmp::Reverse(pair.head))
    };
    claims.into_iter().max_by(|a, b| rank(a).cmp(&rank(b)))
}

/// Where no tree holds what is tagged, the tags of the whole repository are most likely those of the only unit, of those that have the
/// root's version, or of all if they share one version.
fn pair_ahead(
    units: &[Unit],
    heads: &[TagPrefix],
    is_free: impl Fn(&TagPrefix) -> bool,
    stays: impl Fn(usize, &TagPrefix) -> bool,
    paired: &mut [Option<Pair>],
) {
    let bare = heads.iter().enumerate().filter(|(_, head)| head.is_bare() && is_free(head));
    let newest = bare.max_by_key(|(_, head)| head.last().map(|tag| &tag.version));
    let Some((head, form)) = newest else { return };
    let is_possible = |(index, unit): &(usize, &Unit)| unit.doubt.is_none() && !stays(*index, form);
    let free: Vec<(usize, &Unit)> = units.iter().enumerate().filter(is_possible).collect();
    let root = free.iter().find(|(_, unit)| unit.folder.is_root());
    let Some((_, model)) = root.or(free.first()) else { return };
    let same: Vec<usize> = free.iter().filter(|(_, unit)| unit.version == model.version).map(|(at, _)| *at).collect();
    if root.is_some() || same.len() == free.len() {
        for owner in same {
            paired.get_mut(owner).into_iter().for_each(|pair| *pair = Some(Pair { head, strength: 0, held: 0 }));
        }
    }
}

/// Returns `true` if new packages have the version.
pub(super) fn is_first(version: &Version) -> bool {
    let numbers = (version.part(0), version.part(1), version.part(2));
    !version.is_prerelease() && matches!(numbers, (0, 0, 0 | 1) | (0, 1, 0) | (1, 0, 0))
}
