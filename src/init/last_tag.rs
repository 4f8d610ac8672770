//! Releases that were cut beside the branch that is checked out.

use std::collections::BTreeSet;

use super::comments::one_line;
use super::package::Package;
use crate::snapshot::TagPrefix;

/// Returns the line `last-tag` if the newest tag of a package is not in the history of HEAD; empty otherwise.
pub(super) fn last_tag(packages: &[Package], heads: &[TagPrefix], unreached: &BTreeSet<String>) -> String {
    let newest = |package: &Package| {
        let version = package.version()?;
        let tags = heads.get(package.head?)?.tags.iter().filter(|tag| tag.version <= *version);
        tags.max_by(|a, b| a.version.cmp(&b.version))
    };
    let beside = packages.iter().filter_map(newest).find(|tag| unreached.contains(&tag.name));
    beside.map_or(String::new(), |tag| {
        format!("last-tag = \"merge-base\"   # {} is not in the history of this branch\n", one_line(&tag.name))
    })
}
