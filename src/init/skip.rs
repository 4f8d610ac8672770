//! [`Skip`]: folders whose manifests are not packages of this repository.

use std::collections::BTreeSet;

use globset::GlobMatcher;

use crate::config::PathGlob;
use crate::model::RepoPath;
use crate::workspace::{folder_of_others, folder_of_samples, is_template};

/// Which folders are left out.
pub(super) struct Skip<'a> {
    members: Vec<GlobMatcher>,
    nested: &'a BTreeSet<RepoPath>,
}

impl<'a> Skip<'a> {
    /// Creates the filter from the members that workspaces name and the other repositories inside this one.
    pub(super) fn new(members: &[String], nested: &'a BTreeSet<RepoPath>) -> Self {
        let members = members.iter().filter_map(|text| PathGlob::new(text).ok()).map(|glob| glob.matcher()).collect();
        Self { members, nested }
    }

    /// Returns why the manifests of a folder are not packages; `None` if they may be.
    pub(super) fn reason(&self, folder: &RepoPath) -> Option<String> {
        let text = folder.as_str();
        let above = std::iter::once(folder.clone()).chain(folder.ancestors());
        if let Some(other) = above.into_iter().find(|above| self.nested.contains(above)) {
            return Some(format!("{other} is a repository of its own"));
        }
        if let Some(part) = folder_of_others(folder) {
            return Some(format!("`{part}` contains third-party code"));
        }
        if is_template(folder) {
            return Some("its path looks like a template".to_owned());
        }
        let sample = folder_of_samples(folder)?;
        let named = self.members.iter().any(|glob| glob.is_match(text));
        (!named).then(|| format!("`{sample}` seems to contain samples or tests"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Skip;
    use crate::model::RepoPath;

    #[test]
    fn samples_are_packages_where_a_workspace_says_so() {
        let nested = BTreeSet::from([RepoPath::new("sub").unwrap()]);
        let skip = Skip::new(&["examples/*".to_owned()], &nested);
        for (path, expected) in [
            (".", true),
            ("packages/api", true),
            ("packages/tests-of-all", true),
            ("examples/a", true),
            ("docs/examples/a", false),
            ("a/tests/b", false),
            ("a/node_modules/b", false),
            ("{{name}}", false),
            (".github/actions/x", false),
            ("sub", false),
            ("sub/a", false),
        ] {
            assert_eq!(skip.reason(&RepoPath::new(path).unwrap()).is_none(), expected, "{path}");
        }
    }
}
