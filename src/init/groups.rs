//! [`groups`]: packages that seem to move together.

use std::collections::BTreeMap;

use super::package::Package;
use super::pairing::is_first;
use super::proposal::{Basis, Proposal};
use super::stated_groups::stated;
use super::tools::Tools;
use crate::config::GroupKind;
use crate::model::{Version, VersionScheme};
use crate::snapshot::{Past, TagPrefix};

/// How many of the last releases of two packages are compared.
const COMPARED: usize = 4;

/// From this number of common releases on, packages are released together; fewer can be a coincidence.
const TOGETHER: usize = 3;

/// From this number of packages on, a version with which packages do not start is not a coincidence.
const MANY: usize = 4;

/// How many guessed groups are shown.
const GUESSES: usize = 3;

/// Proposes groups: packages under one tag, those that other tools' files state, packages whose current versions are the same and were
/// tagged together, and all packages if they have the same version. Where a tool's file says that packages have versions of their own,
/// nothing is guessed.
pub(super) fn groups(packages: &[Package], heads: &[TagPrefix], past: &Past, tools: &Tools) -> Vec<Proposal> {
    let mut found = under_one_tag(packages, heads);
    found.extend(stated(packages, heads, past, tools));
    if !tools.settings.iter().any(|settings| settings.is_apart) {
        found.extend(guessed(packages, heads, &found));
    }
    finish(&mut found, packages.len());
    found
}

fn guessed(packages: &[Package], heads: &[TagPrefix], known: &[Proposal]) -> Vec<Proposal> {
    let is_free =
        |package: &&Package| !package.grouped && !known.iter().any(|group| group.members.contains(&package.id));
    let rest: Vec<&Package> = packages.iter().filter(is_free).collect();
    let mut found = Vec::new();
    let same = rest.iter().all(|package| package.version() == rest.first().and_then(|first| first.version()));
    let commits: BTreeMap<&str, usize> =
        rest.iter().filter_map(|package| tagged(package, heads)).fold(BTreeMap::new(), |mut commits, (_, commit)| {
            *commits.entry(commit).or_default() += 1;
            commits
        });
    let together = commits.values().any(|count| *count > 1);
    if known.is_empty() && rest.len() > 1 && same && commits.len() < 2 {
        found.extend(of_all(&rest, heads, together));
    } else {
        found.extend(tagged_together(&rest, heads));
        found.extend(at_one_number(&rest));
        found.extend(second_lines(&rest, heads));
    }
    found
}

/// Gives each group a name of its own.
fn finish(groups: &mut [Proposal], total: usize) {
    let mut taken: Vec<String> = Vec::new();
    for group in groups {
        let base = if group.name.is_empty() { "suite".to_owned() } else { group.name.clone() };
        let names = std::iter::once(base.clone()).chain((2..).map(|number| format!("{base}-{number}")));
        group.name = names.into_iter().find(|name| !taken.contains(name)).unwrap_or(base);
        group.all = group.members.len() == total;
        taken.push(group.name.clone());
    }
}

fn proposal(members: &[&Package], why: String) -> Proposal {
    let members = members.iter().map(|package| package.id.clone()).collect();
    Proposal {
        name: String::new(),
        kind: GroupKind::Fixed,
        members,
        all: false,
        tag: None,
        why,
        basis: Basis::Evidence,
    }
}

fn under_one_tag(packages: &[Package], heads: &[TagPrefix]) -> Vec<Proposal> {
    let mut by_head: BTreeMap<usize, Vec<&Package>> = BTreeMap::new();
    for package in packages.iter().filter(|package| package.grouped) {
        by_head.entry(package.head.unwrap_or(0)).or_default().push(package);
    }
    let group = |(index, members): (usize, Vec<&Package>)| {
        let head = heads.get(index)?;
        let example = head.last().map_or("", |tag| &tag.name);
        let tag = Some(format!("{}{{version}}", head.text));
        // What is released under one form of tags is released in one way.
        if let Some(in_parts) = members.first().and_then(|package| package.in_parts.as_ref()) {
            let why = format!(
                "What is released of these packages shares one version and one tag, such as {example}. {in_parts}"
            );
            return Some(Proposal { kind: GroupKind::Linked, tag, ..proposal(&members, why) });
        }
        let why = format!("These packages share one version and one tag, such as {example}.");
        Some(Proposal { tag, ..proposal(&members, why) })
    };
    by_head.into_iter().filter_map(group).collect()
}

fn tagged<'a>(package: &Package, heads: &'a [TagPrefix]) -> Option<(&'a str, &'a str)> {
    let tag = heads.get(package.head?)?.tag_of(package.version()?)?;
    Some((&tag.name, &tag.commit))
}

fn of_all(members: &[&Package], heads: &[TagPrefix], together: bool) -> Option<Proposal> {
    let version = members.first()?.version()?;
    let (count, shown) = (members.len(), display_version(version));
    let all = if count == 2 { "Both packages".to_owned() } else { format!("All {count} packages") };
    let certain = !is_first(version) && (together || count >= MANY);
    let why = match together {
        true => format!("{all} hold {shown}, {}.", on_one_commit(members, heads)),
        false if certain => format!("{all} hold {shown}, so they seem to be released together."),
        false => format!("{all} hold {shown}."),
    };
    Some(Proposal { basis: Basis::of(certain), ..proposal(members, why) })
}

/// The last releases of a package, newest first: version and commit.
type Releases<'a> = Vec<(&'a Version, &'a str)>;

/// Packages whose current versions are tagged and whose last releases happened together. That one commit once released independent packages
/// at one version can happen; that it was so every time is not a coincidence, nor is a common series of prereleases.
fn tagged_together(packages: &[&Package], heads: &[TagPrefix]) -> Vec<Proposal> {
    let mut by_releases: BTreeMap<Releases<'_>, Vec<&Package>> = BTreeMap::new();
    for package in packages {
        if let Some(releases) = releases(package, heads) {
            by_releases.entry(releases).or_default().push(package);
        }
    }
    let mut guesses = 0;
    let group = |(releases, members): (Releases<'_>, Vec<&Package>)| {
        let (version, _) = releases.first()?;
        let certain = releases.len() >= TOGETHER || version.is_prerelease();
        let is_guess = !certain && releases.len() > 1;
        guesses += usize::from(is_guess);
        let why = format!("These packages hold {}, {}.", display_version(version), on_one_commit(&members, heads));
        let is_shown = members.len() > 1 && (certain || (is_guess && guesses <= GUESSES));
        is_shown.then(|| Proposal { basis: Basis::of(certain), ..proposal(&members, why) })
    };
    by_releases.into_iter().filter_map(group).collect()
}

/// Packages without tags that hold one version, which so many of them would not hold by chance.
fn at_one_number(packages: &[&Package]) -> Vec<Proposal> {
    let mut by_version: BTreeMap<&Version, Vec<&Package>> = BTreeMap::new();
    for package in packages.iter().filter(|package| package.head.is_none() && package.line.is_none()) {
        if let Some(version) = package.version().filter(|version| !is_first(version)) {
            by_version.entry(version).or_default().push(package);
        }
    }
    let many = by_version.into_iter().filter(|(_, members)| members.len() >= MANY);
    let group = |(version, members): (&Version, Vec<&Package>)| {
        let why = format!("{} packages hold {}, and no tags tell them apart.", members.len(), display_version(version));
        proposal(&members, why)
    };
    many.map(group).collect()
}

/// Packages that held one version at the tags of other packages.
fn second_lines(packages: &[&Package], heads: &[TagPrefix]) -> Vec<Proposal> {
    let mut by_line: BTreeMap<(usize, &Version), Vec<&Package>> = BTreeMap::new();
    for package in packages {
        if let Some(line) = package.line.zip(package.version()) {
            by_line.entry(line).or_default().push(package);
        }
    }
    let several = by_line.into_iter().filter(|(_, members)| members.len() > 1);
    let group = |((head, _), members): ((usize, &Version), Vec<&Package>)| {
        let tag = heads.get(head)?.last()?;
        let written = members.first()?.written();
        let why = format!("These packages hold {written}, a second line beside {}.", tag.name);
        Some(proposal(&members, why))
    };
    several.filter_map(group).collect()
}

fn releases<'a>(package: &'a Package, heads: &'a [TagPrefix]) -> Option<Releases<'a>> {
    let head = heads.get(package.head?)?;
    head.tag_of(package.version()?)?;
    let mut releases: Releases<'_> = head.tags.iter().map(|tag| (&tag.version, tag.commit.as_str())).collect();
    releases.sort_by(|a, b| b.cmp(a));
    releases.truncate(COMPARED);
    Some(releases)
}

fn on_one_commit(members: &[&Package], heads: &[TagPrefix]) -> String {
    let names: Vec<&str> = members.iter().filter_map(|package| Some(tagged(package, heads)?.0)).collect();
    match names.as_slice() {
        [first, second] => format!("and {first} and {second} are on one commit"),
        [first, second, ..] => format!("and their tags ({first}, {second}, ...) are on one commit"),
        _ => "and were tagged on one commit".to_owned(),
    }
}

fn display_version(version: &Version) -> String {
    let text = VersionScheme::Semver.render(version).or_else(|_| VersionScheme::Pep440.render(version));
    text.unwrap_or_else(|_| "one version".to_owned())
}
