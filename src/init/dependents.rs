//! The table `[dependents]`: how requirements inside the repository follow, and which manifests of no package have some.

use std::collections::{BTreeMap, BTreeSet};

use super::comments::{array, comment, one_line};
use super::followers::{always, seldom};
use super::package::Package;
use super::skip::Skip;
use super::stated_changes::policy as policy_of_tools;
use super::tools::Tools;
use crate::config::is_glob;
use crate::manifest::requirement::{admits, names_version};
use crate::manifest::{NoVersion, RequirementPlace};
use crate::model::{RegistryName, RepoPath, Version};
use crate::snapshot::{Discovery, FoundManifest, TagPrefix};

/// So few requirements are no habit.
const FEW: usize = 3;

/// From this number of files that differ in one folder, a glob is written.
const GLOB_FROM: usize = 3;

/// The packages by the names in their manifests, with their versions; `None` for a name that several have.
type Names<'a> = BTreeMap<&'a RegistryName, Option<&'a Version>>;

/// Writes the table.
pub(super) fn dependents(
    (packages, heads): (&[Package], &[TagPrefix]),
    discovery: &Discovery,
    skip: &Skip<'_>,
    tools: &Tools,
) -> String {
    let (names, of_packages) = names(packages, discovery);
    let seen = || always(packages, heads, discovery).or_else(|| policy(discovery, &names, skip));
    // What a tool's file says of all releases, these may contradict.
    let always = policy_of_tools(tools).filter(|(policy, _)| *policy == "always");
    let contradiction = always.and_then(|(_, origin)| Some((origin, seldom(packages, heads, discovery)?)));
    let policy = stated(tools).filter(|_| contradiction.is_none()).or_else(seen);
    let contradiction = contradiction.map_or(String::new(), |(origin, seldom)| {
        comment(&format!("By {origin}, dependents always follow, but only {seldom}."))
    });
    let others = others(discovery, &names, &of_packages, skip);
    let others = match others.is_empty() {
        true => String::new(),
        false => format!(
            "manifests = {}   # no packages; their requirements follow\n",
            array(others.iter().map(String::as_str))
        ),
    };
    let opening = match &policy {
        Some(_) => "# What happens to packages that require a released one:",
        None => "# What happens to packages that require a released one. These are the defaults, written out:",
    };
    let policy = policy.unwrap_or_else(|| {
        "policy = \"out-of-range\"   # a requirement changes only where it no longer admits the new version; else: always, never".to_owned()
    });
    format!(
        "
{contradiction}{opening}
[dependents]
{policy}
{others}level = \"patch\"           # a package whose requirement changed is released by this level; \"none\": it is not
# kinds = {{ dev = \"never\" }}   # a policy of its own for normal, build, dev, peer or optional requirements
"
    )
}

/// The line of a policy that another tool's file states, unless it is the default.
fn stated(tools: &Tools) -> Option<String> {
    let (policy, origin) = policy_of_tools(tools).filter(|(policy, _)| *policy != "out-of-range")?;
    Some(format!("policy = \"{policy}\"   # as in {}; else: out-of-range, never", one_line(&origin)))
}

/// The names of the packages, and their manifests.
fn names<'a>(packages: &'a [Package], discovery: &'a Discovery) -> (Names<'a>, BTreeSet<&'a RepoPath>) {
    let units = packages.iter().flat_map(|package| &package.units);
    let entries = units.flat_map(|unit| unit.entries.iter().map(|entry| (&entry.path, &unit.version)));
    let versions: BTreeMap<&RepoPath, &Version> = entries.collect();
    let mut names = Names::new();
    for manifest in &discovery.manifests {
        let name = manifest.found.as_ref().and_then(|found| found.name.as_ref());
        if let (Some(name), Some(version)) = (name, version_of(manifest, &versions)) {
            names.entry(name).and_modify(|known| *known = None).or_insert(Some(version));
        }
    }
    (names, versions.into_keys().collect())
}

/// Returns the version of a manifest: its own, or that of the workspace that it inherits it from.
fn version_of<'a>(manifest: &FoundManifest, versions: &BTreeMap<&RepoPath, &'a Version>) -> Option<&'a Version> {
    let found = manifest.found.as_ref()?;
    if found.no_version != Some(NoVersion::Inherited) {
        return versions.get(&manifest.path).copied();
    }
    let name = manifest.path.file_name();
    let roots = manifest.path.ancestors().filter_map(|folder| folder.join(name));
    roots.filter(|root| *root != manifest.path).find_map(|root| versions.get(&root).copied())
}

/// The requirements of a manifest on packages, and the versions of these.
fn required<'a>(
    manifest: &'a FoundManifest,
    names: &'a Names<'a>,
) -> impl Iterator<Item = (&'a RequirementPlace, &'a Version)> {
    let places = manifest.found.iter().flat_map(|found| &found.requirements);
    places.filter_map(|place| Some((place, (*names.get(&place.on)?)?)))
}

/// The line of the policy, if most requirements name the versions of the packages; `None` for the default.
fn policy(discovery: &Discovery, names: &Names<'_>, skip: &Skip<'_>) -> Option<String> {
    let home = |manifest: &FoundManifest| manifest.path.parent().unwrap_or_else(RepoPath::root);
    let ours = discovery.manifests.iter().filter(|manifest| skip.reason(&home(manifest)).is_none());
    let all: Vec<(&RepoPath, &RequirementPlace, &Version)> = ours
        .flat_map(|manifest| required(manifest, names).map(move |(place, version)| (&manifest.path, place, version)))
        .collect();
    let in_step = |(_, place, version): &&(&RepoPath, &RequirementPlace, &Version)| {
        names_version(place.notation, &place.scalar.text, version)
    };
    let (count, total) = (all.iter().filter(in_step).count(), all.len());
    let (path, place, _) = all.iter().find(in_step)?;
    let example = format!("`{}` in {path}", place.scalar.text);
    (count >= FEW && count * 2 > total).then(|| {
        format!(
            "policy = \"in-step\"   # {count} of {total} requirements name the version that they require, as {}; else: out-of-range, always, never",
            one_line(&example)
        )
    })
}

/// The manifests of no package whose requirements on packages have been kept up, as paths or globs. Those above packages follow anyway.
fn others(discovery: &Discovery, names: &Names<'_>, of_packages: &BTreeSet<&RepoPath>, skip: &Skip<'_>) -> Vec<String> {
    let above: BTreeSet<RepoPath> = of_packages.iter().flat_map(|path| path.ancestors()).collect();
    let is_other = |manifest: &&FoundManifest| {
        let home = manifest.path.parent().unwrap_or_else(RepoPath::root);
        let inherits = manifest.found.as_ref().is_some_and(|found| found.no_version == Some(NoVersion::Inherited));
        !of_packages.contains(&manifest.path) && !above.contains(&home) && !inherits && skip.reason(&home).is_none()
    };
    let is_kept_up = |manifest: &&FoundManifest| {
        let admitted = |(place, version): (&RequirementPlace, &Version)| {
            admits(place.notation, &place.scalar.text, version) == Ok(true)
        };
        required(manifest, names).all(admitted)
    };
    let requires = |manifest: &&FoundManifest| required(manifest, names).next().is_some();
    let mut by_folder: BTreeMap<(RepoPath, &str), Vec<&FoundManifest>> = BTreeMap::new();
    for manifest in discovery.manifests.iter().filter(is_other).filter(requires) {
        let around = manifest.path.parent().and_then(|home| home.parent()).unwrap_or_else(RepoPath::root);
        by_folder.entry((around, manifest.path.file_name())).or_default().push(manifest);
    }
    let mut written = Vec::new();
    for ((around, name), manifests) in by_folder {
        let kept_up: Vec<&FoundManifest> = manifests.iter().copied().filter(is_kept_up).collect();
        let glob = format!("{around}/*/{name}");
        if kept_up.len() >= GLOB_FROM
            && kept_up.len() == manifests.len()
            && !around.is_root()
            && !is_glob(around.as_str())
        {
            written.push(glob);
        } else {
            // A path that reads as a glob would mean other files.
            written.extend(kept_up.iter().map(|m| m.path.to_string()).filter(|path| !is_glob(path)));
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::dependents;
    use crate::init::skip::Skip;
    use crate::init::tools::Tools;
    use crate::snapshot::Discovery;

    #[test]
    fn the_defaults_are_written_out() {
        let discovery = Discovery::default();
        let text = dependents((&[], &[]), &discovery, &Skip::new(&[], &discovery.nested), &Tools::default());
        let config: toml_edit::DocumentMut = text.parse().unwrap();
        let keys: Vec<&str> = config["dependents"].as_table().unwrap().iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["policy", "level"]);
    }
}
