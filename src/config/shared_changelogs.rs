//! [`shared_changelogs`]: packages whose sections are in one file.

use std::collections::BTreeMap;

use super::{Config, GroupKind};
use crate::model::{Diagnostic, GroupIx, PackageId, ProblemCode, RepoPath};
use crate::text::{Span, list_truncated};

/// A package and its changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangelogOwner {
    /// The package.
    pub id: PackageId,
    /// The file.
    pub file: RepoPath,
    /// The group of the package, as a position in [`Config::groups`].
    pub group: Option<GroupIx>,
}

/// Finds packages that share a changelog whose sections could not be told apart: they need `{name}` in `heading`, or to be
/// one fixed group, which has one section for all.
#[must_use]
pub fn shared_changelogs(config: &Config, owners: &[ChangelogOwner]) -> Vec<Diagnostic> {
    let mut by_file: BTreeMap<&RepoPath, Vec<&ChangelogOwner>> = BTreeMap::new();
    for owner in owners {
        by_file.entry(&owner.file).or_default().push(owner);
    }
    by_file.into_iter().filter_map(|(file, owners)| ambiguous_changelog(config, file, &owners)).collect()
}

fn ambiguous_changelog(config: &Config, file: &RepoPath, owners: &[&ChangelogOwner]) -> Option<Diagnostic> {
    let first = owners.first()?;
    let names = |owner: &&&ChangelogOwner| config.changelog_of(&owner.id).is_some_and(|c| c.heading.value.uses("name"));
    let is_fixed = |index: GroupIx| config.groups[index].kind == GroupKind::Fixed;
    let one_group = first.group.is_some_and(is_fixed) && owners.iter().all(|owner| owner.group == first.group);
    if owners.len() < 2 || one_group || owners.iter().all(|owner| names(&owner)) {
        return None;
    }
    let shown = list_truncated(owners.iter().map(|owner| format!("`{}`", owner.id)), 4);
    let message = format!("{shown} share the changelog {file}, and its headings do not say whose section is whose");
    let help = "add {name} to `heading`, give each a `path` of its own, or make them one fixed group";
    let span = owners.iter().filter_map(|owner| config.changelog_of(&owner.id)).map(|c| c.path.span).max();
    let span = span.filter(|span| span.start < span.end).or_else(|| config.changelog_of(&first.id).map(|c| c.span));
    Some(config.diagnostic(ProblemCode::ConfigConflict, span.unwrap_or(Span::new(0, 0)), message).help(help))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::Position;

    fn wrong(text: &str, groups: [Option<usize>; 2]) -> Vec<String> {
        let config = Config::parse(&RepoPath::root(), &Arc::from(text)).unwrap();
        let owner = |(name, group): (&str, Option<usize>)| ChangelogOwner {
            id: PackageId::new(name),
            file: RepoPath::new("C.md").unwrap(),
            group: group.map(GroupIx::new),
        };
        let owners: Vec<_> = ["a", "b"].into_iter().zip(groups).map(owner).collect();
        let told = shared_changelogs(&config, &owners).into_iter();
        told.map(|d| format!("{}: {}", d.place.as_ref().unwrap().position().line, d.message)).collect()
    }

    #[test]
    fn a_shared_changelog_needs_names_or_a_fixed_group() {
        let packages = "packages = { a = { path = 'a' }, b = { path = 'b' } }\n";
        let shared = format!("{packages}[changelog]\npath = 'C.md'\n");
        let message = "3: `a`, `b` share the changelog C.md, and its headings do not say whose section is whose";
        assert_eq!(wrong(&shared, [None, None]), [message]);
        assert_eq!(wrong(&format!("{shared}heading = '## {{name}} {{version}}'"), [None, None]), [""; 0]);
        let fixed = format!("{shared}[groups.g]\nfixed = ['a', 'b']");
        assert_eq!(wrong(&fixed, [Some(0), Some(0)]), [""; 0]);
        assert_eq!(wrong(&format!("{shared}[groups.g]\nlinked = ['a', 'b']"), [Some(0), Some(0)]), [message]);
        assert_eq!(wrong(&format!("{shared}[groups.g]\nfixed = ['a']"), [Some(0), None]), [message]);
    }
}
