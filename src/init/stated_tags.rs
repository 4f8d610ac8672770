//! Forms of tags that another tool's file gives to a folder, whatever its package is called.

use std::collections::BTreeSet;

use super::pairing::{Pair, Tagging};
use super::tools::{Selector, Tools};
use super::unit::Unit;
use crate::snapshot::TagPrefix;

/// Pairs units without tags with the forms that other tools' files state for their folders.
pub(super) fn pair(units: &[Unit], taggings: &mut [Tagging], heads: &[TagPrefix], tools: &Tools) {
    let taken: BTreeSet<usize> = taggings.iter().filter_map(|tagging| Some(tagging.pair?.head)).collect();
    for (unit, tagging) in units.iter().zip(taggings).filter(|(_, tagging)| tagging.pair.is_none()) {
        let stated = prefix(unit, tools);
        let is_stated = |head: &TagPrefix| stated == Some(head.text.as_str()) && head.tag_of(&unit.version).is_some();
        let head = heads.iter().position(is_stated).filter(|at| !taken.contains(at));
        tagging.pair = head.map(Pair::stated);
    }
}

/// Returns what precedes the version in the tags that another tool's file states for the folder of a unit.
pub(super) fn prefix<'t>(unit: &Unit, tools: &'t Tools) -> Option<&'t str> {
    let tags = tools.settings.iter().flat_map(|settings| &settings.tags);
    let mut of_folder = tags.filter(|tag| matches!(tag.of, Selector::Folder(_)));
    let stated = of_folder.find(|tag| tag.of.is_match(unit.names(), &unit.folder))?;
    stated.template.strip_suffix("{version}").filter(|text| !text.contains('{'))
}
