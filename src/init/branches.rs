//! From which branches releases are cut.

use std::collections::BTreeSet;

use super::comments::{array, comment, one_line};
use super::package::Package;
use crate::snapshot::{Discovery, TagPrefix};

/// What the names of branches for releases begin with.
const RELEASE: [&str; 6] = ["release", "releases", "stable", "maint", "maintenance", "support"];

/// Returns the line `branches`: the default branch, if HEAD is on it and tags are in its history, and the release branches that have tags
/// of their own. Without them, the line is a comment; `base` is the branch that another tool's file names.
pub(super) fn branches(packages: &[Package], heads: &[TagPrefix], discovery: &Discovery, base: Option<&str>) -> String {
    let Discovery { branches, unreached, .. } = discovery;
    let default = branches.default.as_ref().or(branches.head.as_ref());
    let release: Vec<(String, &String)> =
        branches.tagged.iter().filter_map(|name| Some((release_glob(name)?, name))).collect();
    let globs: BTreeSet<&String> = release.iter().map(|(glob, _)| glob).collect();
    let named = default.into_iter().chain(globs.iter().copied().filter(|glob| Some(*glob) != default));
    let list = array(named.map(String::as_str));
    let newest = packages.iter().filter_map(|package| heads.get(package.head?)?.last());
    let tag = newest.into_iter().find(|tag| !unreached.contains(&tag.name));
    let on_default = branches.head.is_some() && branches.head.as_ref() == default;
    match (tag, release.first()) {
        (_, Some((_, name))) if on_default => {
            format!("branches = {list}   # {} has tags that this branch does not have\n", one_line(name))
        }
        (Some(tag), None) if on_default => format!("branches = {list}   # {} is in its history\n", one_line(&tag.name)),
        _ => {
            let list = if default.is_some() { list } else { array([base.unwrap_or("main")].into_iter()) };
            comment(&format!(
                "branches = {list}   # releases are cut only from these branches; without this line, from any"
            ))
        }
    }
}

/// Returns the glob of release branches that one of them belongs to, with a star for its version; `None` for other branches.
fn release_glob(name: &str) -> Option<String> {
    let is_version = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'x' | 'X');
    let start = name.find(|c: char| c.is_ascii_digit())?;
    let before = name.get(..start)?;
    let end = name.rfind(is_version)? + 1;
    let word = before.split(['/', '-', '_', '.']).next().unwrap_or("");
    let is_release = RELEASE.contains(&word) || ["", "v"].contains(&before);
    let after = name.get(end..)?;
    let is_whole = after.is_empty() || RELEASE.contains(&after.trim_start_matches(['-', '/', '_', '.']));
    // Without a word before it, a star would take any branch.
    let any = if ["", "v"].contains(&before) { "[0-9]*" } else { "*" };
    (is_release && is_whole).then(|| format!("{before}{any}{after}"))
}

#[cfg(test)]
mod tests {
    use super::release_glob;

    #[test]
    fn release_branches_have_a_common_form() {
        for (name, expected) in [
            ("release/1.2.0", Some("release/*")),
            ("release-v1.28.x", Some("release-v*")),
            ("v1", Some("v[0-9]*")),
            ("2.x", Some("[0-9]*")),
            ("v2-10-stable", Some("v[0-9]*-stable")),
            ("fix/issue-12", None),
            ("main", None),
            ("v2-prototype", None),
        ] {
            assert_eq!(release_glob(name).as_deref(), expected, "{name}");
        }
    }
}
