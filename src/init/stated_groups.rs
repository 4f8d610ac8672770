//! Groups that other tools' files state.

use std::collections::{BTreeMap, BTreeSet};

use super::apart::Line;
use super::package::Package;
use super::proposal::{Basis, Proposal};
use super::tools::{Selector, ToolGroup, Tools};
use super::unit::Unit;
use crate::config::GroupKind;
use crate::model::Version;
use crate::snapshot::{Past, TagPrefix};

/// Returns the groups that tools' files state. A package whose tag is that of a group is in that one: its tags say so.
pub(super) fn stated(packages: &[Package], heads: &[TagPrefix], past: &Past, tools: &Tools) -> Vec<Proposal> {
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for settings in &tools.settings {
        for group in &settings.groups {
            let is_free = |package: &&Package| !package.grouped && !taken.contains(package.id.as_str());
            let is_in = |package: &&Package| is_member(package, group) && !is_behind(package, packages, group);
            let members: Vec<&Package> = packages.iter().filter(is_free).filter(is_in).collect();
            if let Some(proposal) = proposal(group, &members, &Line::new(&members, heads, past)) {
                let is_in = |package: &&&Package| proposal.members.contains(&package.id);
                taken.extend(members.iter().filter(is_in).map(|package| package.id.as_str()));
                found.push(proposal);
            }
        }
    }
    found
}

/// Returns `true` if a selector means a package.
pub(super) fn selects(selector: &Selector, package: &Package) -> bool {
    let is_match = |unit: &Unit| selector.is_match(unit.names(), &unit.folder);
    package.units.iter().any(is_match)
}

fn is_member(package: &Package, group: &ToolGroup) -> bool {
    group.members.iter().any(|selector| selects(selector, package))
}

/// Returns `true` if a package of a fixed group keeps an older version than the one under whose tags it is released: it was left out of the last
/// releases, and packages left out together make no group of their own.
fn is_behind(package: &Package, packages: &[Package], group: &ToolGroup) -> bool {
    let Some(owner) = package.tag_of.as_ref().filter(|_| group.kind == GroupKind::Fixed) else { return false };
    let owner = packages.iter().find(|other| other.id == *owner && is_member(other, group));
    owner.is_some_and(|owner| package.version() < owner.version())
}

/// A fixed group has one version, that of its tags: members at another one are named, for a person to decide. Where several releases left
/// members out, it is a linked one.
fn proposal(group: &ToolGroup, members: &[&Package], line: &Line<'_>) -> Option<Proposal> {
    let tagged: Vec<&Package> = members.iter().copied().filter(|package| package.head.is_some()).collect();
    let version = most_frequent(&tagged).or_else(|| most_frequent(members))?;
    let apart = line.is_apart().filter(|_| group.kind == GroupKind::Fixed);
    let is_in_line = |package: &Package| apart.is_some() && line.has(package);
    let is_in = |package: &&&Package| {
        group.kind == GroupKind::Linked || package.version() == Some(version) || is_in_line(package)
    };
    let (inside, outside): (Vec<&Package>, Vec<&Package>) = members.iter().partition(is_in);
    if inside.len() < 2 {
        return None;
    }
    let file = group.file.as_ref().map_or(String::new(), ToString::to_string);
    let mut why = match &apart {
        None => format!("`{}` of {file}.", group.key),
        Some(apart) => {
            format!("`{}` of {file} says that they have one version, and their tags do not. {apart}", group.key)
        }
    };
    if !outside.is_empty() {
        let others: Vec<String> =
            outside.iter().map(|package| format!("{} holds {}", package.id, package.written())).collect();
        why.push_str(&format!(" Members by that file, too, but at other versions: {}.", others.join(", ")));
    }
    Some(Proposal {
        name: group.name.clone().unwrap_or_default(),
        kind: if apart.is_some() { GroupKind::Linked } else { group.kind },
        members: inside.iter().map(|package| package.id.clone()).collect(),
        all: false,
        tag: group.tag.clone().filter(|_| members.iter().all(|it| it.head.is_none() && it.tag_of.is_none())),
        why,
        basis: Basis::Stated,
    })
}

/// The version that most packages hold; of several, the highest.
fn most_frequent<'a>(members: &[&'a Package]) -> Option<&'a Version> {
    let mut count: BTreeMap<&Version, usize> = BTreeMap::new();
    for version in members.iter().filter_map(|package| package.version()) {
        *count.entry(version).or_default() += 1;
    }
    count.into_iter().max_by_key(|(version, count)| (*count, *version)).map(|(version, _)| version)
}
