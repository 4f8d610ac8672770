//! The table `[dependents]`: how requirements inside the repository follow, and which manifests of no package have some.

use std::collections::{BTreeMap, BTreeSet};

use super::comments::{array, comment, one_line};
use super::followers::{always, seldom};
use super::in_step::in_step;
use super::package::Package;
use super::required::{Names, Owner, Owners, names, required};
use super::skip::Skip;
use super::stated_changes::policy as policy_of_tools;
use super::tools::Tools;
use crate::config::is_glob;
use crate::manifest::requirement::admits;
use crate::manifest::{NoVersion, RequirementPlace};
use crate::model::RepoPath;
use crate::snapshot::{Discovery, FoundManifest, TagPrefix};

/// From this number of files that differ in one folder, a glob is written.
const GLOB_FROM: usize = 3;

/// Writes the table.
pub(super) fn dependents(
    (packages, heads): (&[Package], &[TagPrefix]),
    discovery: &Discovery,
    skip: &Skip<'_>,
    tools: &Tools,
) -> String {
    let (names, owners) = names(packages, discovery);
    let seen = || always(packages, heads, discovery).or_else(|| in_step((&names, &owners), heads, discovery, skip));
    // What a tool's file says of all releases, these may contradict.
    let always = policy_of_tools(tools).filter(|(policy, _)| *policy == "always");
    let contradiction = always.and_then(|(_, origin)| Some((origin, seldom(packages, heads, discovery)?)));
    let policy = stated(tools).filter(|_| contradiction.is_none()).or_else(seen);
    let contradiction = contradiction.map_or(String::new(), |(origin, seldom)| {
        comment(&format!("By {origin}, dependents always follow, but only {seldom}."))
    });
    let others = others(discovery, &names, &owners, skip);
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

/// The manifests of no package whose requirements on packages have been kept up, as paths or globs. Those above packages follow anyway.
fn others(discovery: &Discovery, names: &Names<'_>, owners: &Owners<'_>, skip: &Skip<'_>) -> Vec<String> {
    let above: BTreeSet<RepoPath> = owners.keys().flat_map(|path| path.ancestors()).collect();
    let is_other = |manifest: &&FoundManifest| {
        let home = manifest.path.parent().unwrap_or_else(RepoPath::root);
        let inherits = manifest.found.as_ref().is_some_and(|found| found.no_version == Some(NoVersion::Inherited));
        !owners.contains_key(&manifest.path) && !above.contains(&home) && !inherits && skip.reason(&home).is_none()
    };
    let is_kept_up = |manifest: &&FoundManifest| {
        let admitted = |(place, owner): (&RequirementPlace, Owner<'_>)| {
            admits(place.notation, &place.scalar.text, owner.version) == Ok(true)
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
