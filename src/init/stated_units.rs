//! Packages whose version is in no known manifest, but in a file of another tool.

use std::collections::BTreeSet;

use super::stated_places::{add, read_place};
use super::texts::rank;
use super::tools::{Selector, ToolPlace, ToolSettings, Tools};
use super::unit::{Entry, HeldBy, Unit, read};
use crate::model::{ManifestType, RepoPath, Version};
use crate::snapshot::{Discovery, TagPrefix};

/// A unit with the index of the form of its tags.
type Released = (Unit, Option<usize>);

/// Returns `true` if a tool keeps a version in its own file.
pub(super) fn states_version(tools: &Tools) -> bool {
    tools.settings.iter().any(|settings| own_place(settings).is_some())
}

/// Adds a unit for each folder without one, if a tool's file has the version of that folder.
pub(super) fn add_stated(units: &mut Vec<Released>, heads: &[TagPrefix], discovery: &Discovery, tools: &Tools) {
    for settings in &tools.settings {
        let Some((place, folder)) = own_place(settings) else { continue };
        let is_taken = |(unit, _): &Released| unit.folder == folder && unit.doubt.is_none();
        let version = version(place, discovery).filter(|_| !units.iter().any(is_taken));
        let Some(unit) = version.and_then(|version| unit(version, &folder, settings, discovery)) else { continue };
        let used: BTreeSet<usize> = units.iter().filter_map(|(_, head)| *head).collect();
        let head = head(&unit, settings, heads).filter(|head| !used.contains(head));
        units.push((unit, head));
    }
    units.sort_by(|(a, _), (b, _)| a.folder.cmp(&b.folder));
}

/// The place of a version in the tool's own file, and the folder that it is about.
fn own_place(settings: &ToolSettings) -> Option<(&ToolPlace, RepoPath)> {
    let in_own = |place: &&ToolPlace| place.path.literal().is_some_and(|path| settings.files.contains(&path));
    settings.places.iter().filter(in_own).find_map(|place| {
        let folder = match &place.of {
            Selector::All => RepoPath::root(),
            Selector::Folder(folder) => folder.clone(),
            _ => return None,
        };
        // What locks and manifests hold is found by their types.
        let kind = ManifestType::of_file(place.path.literal()?.file_name());
        kind.is_none_or(|kind| kind.makes_package()).then_some((place, folder))
    })
}

fn version(place: &ToolPlace, discovery: &Discovery) -> Option<Version> {
    let path = place.path.literal()?;
    let written = read_place(&place.how, &path, discovery.named_files.get(&path)?)?;
    Some(read(ManifestType::Text, &written)?.0)
}

/// A unit with all places of the tool that hold the version; the file of the tool itself comes last.
fn unit(version: Version, folder: &RepoPath, settings: &ToolSettings, discovery: &Discovery) -> Option<Unit> {
    let unit = Unit { listed: true, ..Unit::new(folder.clone(), version, HeldBy::Manifests) };
    let mut units = [unit];
    let only = Tools { settings: vec![settings.clone()], problems: Vec::new() };
    add(&mut units, discovery, &only);
    let [mut unit] = units;
    let is_own = |entry: &Entry| settings.files.contains(&entry.path);
    unit.entries.sort_by_key(|entry| (is_own(entry), rank(&entry.path)));
    (!unit.entries.is_empty()).then_some(unit)
}

/// The tags of the template that the tool uses, else the bare ones.
fn head(unit: &Unit, settings: &ToolSettings, heads: &[TagPrefix]) -> Option<usize> {
    let is_its = |head: &TagPrefix| head.last().is_some_and(|tag| tag.version <= unit.version);
    let stated = |head: &TagPrefix| {
        let templates = settings.tags.iter().filter(|tag| tag.of.is_match(unit.names(), &unit.folder));
        templates.into_iter().any(|tag| tag.template.strip_suffix("{version}") == Some(head.text.as_str()))
    };
    let at = |is_wanted: &dyn Fn(&TagPrefix) -> bool| heads.iter().position(|head| is_its(head) && is_wanted(head));
    at(&stated).or_else(|| at(&|head| head.is_bare() && unit.folder.is_root()))
}
