//! Whether packages were released with whatever they require, as their last releases show.

use std::collections::BTreeMap;

use super::comments::one_line;
use super::package::Package;
use crate::model::{RegistryName, RepoPath};
use crate::snapshot::{Discovery, TagPrefix};

/// Fewer releases are no habit.
const FEW: usize = 5;

/// A package, and the manifest that requires or names it.
type Manifests<'a> = BTreeMap<&'a RepoPath, &'a Package>;

/// Returns the line of the policy, if nearly each release of a package came with one of each package that requires it, of another version.
pub(super) fn always(packages: &[Package], heads: &[TagPrefix], discovery: &Discovery) -> Option<String> {
    let manifests: Manifests<'_> =
        packages.iter().flat_map(|package| package.entries().map(move |entry| (&entry.path, package))).collect();
    let mut owners: BTreeMap<&RegistryName, &Package> = BTreeMap::new();
    for manifest in &discovery.manifests {
        let name = manifest.found.as_ref().and_then(|found| found.name.as_ref());
        owners.extend(name.zip(manifests.get(&manifest.path).copied()));
    }
    let (mut followed, mut total, mut example) = (0, 0, None);
    for manifest in &discovery.manifests {
        let Some(dependent) = manifests.get(&manifest.path).filter(|package| package.head.is_some()) else { continue };
        for place in manifest.found.iter().flat_map(|found| &found.requirements) {
            let owner = owners.get(&place.on).filter(|owner| is_apart(owner, dependent));
            for moved in owner.into_iter().flat_map(|owner| moves(owner, &manifest.path, heads, discovery)) {
                total += 1;
                followed += usize::from(moved);
                example = example.or(owner.map(|owner| format!("{} with {}", dependent.id, owner.id)));
            }
        }
    }
    let example = example.filter(|_| total >= FEW && followed * 10 >= total * 9)?;
    Some(format!(
        "policy = \"always\"   # {followed} of {total} releases of what is required were releases of what requires it, such as {}; else: out-of-range, never",
        one_line(&example)
    ))
}

/// Returns `true` if two packages are not released as one.
fn is_apart(one: &Package, other: &Package) -> bool {
    one.head.is_some() && one.head != other.head && one.version() != other.version()
}

/// For each of the last releases of a package but the oldest, whether a manifest had another version than at the one before.
fn moves(package: &Package, path: &RepoPath, heads: &[TagPrefix], discovery: &Discovery) -> Vec<bool> {
    let tags = package.head.and_then(|head| heads.get(head)).map_or_else(Vec::new, |head| head.newest(usize::MAX));
    let held = tags.iter().map_while(|tag| discovery.past.version_at(&tag.commit, path));
    let held: Vec<_> = held.collect();
    held.iter().zip(held.iter().skip(1)).map(|(new, old)| new != old).collect()
}
