//! The stages of a workspace, and the number at which their series start, as tags show them.

use std::collections::{BTreeMap, BTreeSet};

use super::comments::{array, one_line};
use super::package::Package;
use super::tools::Tools;
use crate::model::{StagePolicy, Version};
use crate::snapshot::{TagPrefix, Tagged};

/// How many of the newest series decide at which number they start.
const NEWEST: usize = 5;

/// A series of prereleases: of a form of tags, towards a version, with a label.
type Series<'a> = (usize, &'a [u64], &'a str);

/// Returns the lines `stages` and `first-prerelease`; empty if the tags show nothing unusual.
pub(super) fn stages(packages: &[Package], heads: &[TagPrefix], tools: &Tools) -> String {
    let mut firsts: BTreeMap<Series<'_>, (u64, &Tagged)> = BTreeMap::new();
    let mut labels: BTreeMap<&str, (usize, &Tagged)> = BTreeMap::new();
    for (index, head) in packages.iter().filter_map(|package| Some((package.head?, heads.get(package.head?)?))) {
        for tag in &head.tags {
            let Some((label, number)) = tag.version.pre.as_ref().and_then(|pre| pre.stage()) else { continue };
            let first = firsts.entry((index, &tag.version.release, label)).or_insert((number, tag));
            if number < first.0 {
                *first = (number, tag);
            }
            let known = labels.entry(label).or_insert((0, tag));
            known.0 += 1;
            known.1 = if tag.version > known.1.version { tag } else { known.1 };
        }
    }
    let known = StagePolicy::default();
    let own: Vec<(&str, &Tagged)> = labels
        .into_iter()
        .filter(|(label, _)| StagePolicy::is_label(label) && !known.labels().iter().any(|known| known == label))
        // One odd tag is not a stage, unless it is what a package holds now.
        .filter(|(_, (count, tag))| *count > 1 || is_held(&tag.version, packages))
        .map(|(label, (_, tag))| (label, tag))
        .collect();
    let stated = |label: &&str| StagePolicy::is_label(label) && !own.iter().any(|(known, _)| known == label);
    let stated: Vec<(&str, String)> = tools
        .settings
        .iter()
        .flat_map(|settings| settings.stages.iter().map(|label| (label.as_str(), settings.origin())))
        .filter(|(label, _)| stated(label) && !known.labels().iter().any(|known| known == label))
        .collect();
    let mut out = String::new();
    let origin = own.last().map(|(_, tag)| &tag.name).or_else(|| stated.first().map(|(_, origin)| origin));
    if let Some(origin) = origin {
        let labels: BTreeSet<&str> =
            own.iter().map(|(label, _)| *label).chain(stated.iter().map(|(label, _)| *label)).collect();
        out.push_str(&format!("stages = {}   # as in {}\n", array(labels.into_iter()), one_line(origin)));
    }
    let mut newest: Vec<(u64, &Tagged)> = firsts.into_values().collect();
    newest.sort_by(|a, b| b.1.version.cmp(&a.1.version));
    newest.truncate(NEWEST);
    let zero = newest.iter().filter(|(number, _)| *number == 0);
    if let Some((_, tag)) = zero.clone().next().filter(|_| zero.count() * 2 > newest.len()) {
        out.push_str(&format!("first-prerelease = 0   # as in {}\n", one_line(&tag.name)));
    } else if let Some(settings) = tools.settings.iter().find(|s| s.first_prerelease == Some(0) && newest.is_empty()) {
        out.push_str(&format!("first-prerelease = 0   # as {} counts\n", settings.tool.name()));
    }
    out
}

fn is_held(version: &Version, packages: &[Package]) -> bool {
    packages.iter().any(|package| package.version() == Some(version))
}
