//! Whether packages were released with whatever they require, as their last releases show.

use std::collections::{BTreeMap, BTreeSet};

use super::comments::one_line;
use super::looked::looked;
use super::package::Package;
use crate::manifest::RequirementPlace;
use crate::manifest::requirement::exact_version;
use crate::model::{RegistryName, RepoPath};
use crate::snapshot::{Discovery, TagPrefix};

/// Fewer releases are no habit.
const FEW: usize = 5;

/// A package, and the manifest that requires or names it.
type Manifests<'a> = BTreeMap<&'a RepoPath, &'a Package>;

/// Returns the line of the policy, if nearly each release of a package was one of each package that requires it, too, on the same commit.
pub(super) fn always(packages: &[Package], heads: &[TagPrefix], discovery: &Discovery) -> Option<String> {
    let Followed { followed, total, example } = followed(packages, heads, discovery, |_| true);
    let example = example.filter(|_| total >= FEW && followed * 10 >= total * 9)?;
    Some(format!(
        "policy = \"always\"   # {followed} of {total} releases of what is required were releases of what requires it, such as {}; else: out-of-range, never",
        one_line(&example)
    ))
}

/// Returns how often releases of packages were those of what requires them, in words, if that was mostly not so. What requires one version
/// exactly follows in any case.
pub(super) fn seldom(packages: &[Package], heads: &[TagPrefix], discovery: &Discovery) -> Option<String> {
    let is_loose = |place: &RequirementPlace| exact_version(place.notation, &place.scalar.text).is_none();
    let Followed { followed, total, .. } = followed(packages, heads, discovery, is_loose);
    let is_seldom = total >= FEW && followed * 2 < total;
    is_seldom.then(|| format!("{followed} of {total} releases of what is required were releases of what requires it"))
}

/// How often the release of a package was one of a package that requires it.
struct Followed {
    followed: usize,
    total: usize,
    example: Option<String>,
}

fn followed(
    packages: &[Package],
    heads: &[TagPrefix],
    discovery: &Discovery,
    counts: impl Fn(&RequirementPlace) -> bool,
) -> Followed {
    let manifests: Manifests<'_> =
        packages.iter().flat_map(|package| package.entries().map(move |entry| (&entry.path, package))).collect();
    let mut owners: BTreeMap<&RegistryName, &Package> = BTreeMap::new();
    for manifest in &discovery.manifests {
        let name = manifest.found.as_ref().and_then(|found| found.name.as_ref());
        owners.extend(name.zip(manifests.get(&manifest.path).copied()));
    }
    let used: BTreeSet<usize> = packages.iter().filter_map(|package| package.head).collect();
    let used = || used.iter().filter_map(|head| Some((*head, heads.get(*head)?)));
    let commits_of = |head| looked(head, &discovery.past).into_iter().map(|tag| tag.commit.as_str()).collect();
    let looked: BTreeMap<usize, Vec<&str>> = used().map(|(index, head)| (index, commits_of(head))).collect();
    let released: BTreeMap<usize, BTreeSet<&str>> = used().map(|(index, head)| (index, commits(head))).collect();
    let (mut followed, mut total, mut example) = (0, 0, None);
    for manifest in &discovery.manifests {
        let Some(dependent) = manifests.get(&manifest.path) else { continue };
        let Some(released) = dependent.head.and_then(|head| released.get(&head)) else { continue };
        for place in manifest.found.iter().flat_map(|found| &found.requirements).filter(|place| counts(place)) {
            let owner = owners.get(&place.on).filter(|owner| is_apart(owner, dependent));
            let commits = owner.and_then(|owner| looked.get(&owner.head?)).map_or(&[][..], Vec::as_slice);
            for moved in moves(&manifest.path, commits, released, discovery) {
                total += 1;
                followed += usize::from(moved);
                example = example.or(owner.map(|owner| format!("{} with {}", dependent.id, owner.id)));
            }
        }
    }
    Followed { followed, total, example }
}

/// Returns `true` if two packages are not released as one.
fn is_apart(one: &Package, other: &Package) -> bool {
    one.head.is_some() && one.head != other.head && one.version() != other.version()
}

/// The commits of a form of tags.
fn commits(head: &TagPrefix) -> BTreeSet<&str> {
    head.tags.iter().map(|tag| tag.commit.as_str()).collect()
}

/// For each of some releases but the oldest, whether a manifest had another version than at the one before, and was released with it: what is
/// released often has another version each time, too.
fn moves(path: &RepoPath, commits: &[&str], released: &BTreeSet<&str>, discovery: &Discovery) -> Vec<bool> {
    let held: Vec<_> =
        commits.iter().map_while(|commit| Some((commit, discovery.past.version_at(commit, path)?))).collect();
    let before = held.iter().skip(1);
    held.iter().zip(before).map(|((commit, new), (_, old))| new != old && released.contains(*commit)).collect()
}
