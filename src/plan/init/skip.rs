//! [`Skip`]: folders whose manifests are nobody's packages.

use std::collections::BTreeSet;

use globset::GlobMatcher;

use crate::config::PathGlob;
use crate::model::RepoPath;

/// Folders of code that somebody else wrote: never ours.
const FOREIGN: [&str; 7] =
    ["node_modules", "vendor", "vendored", "third_party", "third-party", "site-packages", "bower_components"];

/// Folders of samples and test inputs: ours only where a workspace names them.
const SAMPLES: [&str; 17] = [
    "fixtures",
    "fixture",
    "__fixtures__",
    "testdata",
    "test-data",
    "test_data",
    "examples",
    "example",
    "samples",
    "demo",
    "tests",
    "test",
    "__tests__",
    "e2e",
    "fuzz",
    "benches",
    "templates",
];

/// Tells whether a folder seems to hold code of others, samples or tests, so that no tool needs to be asked about it.
#[must_use]
pub fn is_sample(folder: &RepoPath) -> bool {
    Skip::new(&[], &BTreeSet::new()).reason(folder).is_some()
}

/// Tells which folders are left out.
pub(super) struct Skip<'a> {
    members: Vec<GlobMatcher>,
    nested: &'a BTreeSet<RepoPath>,
}

impl<'a> Skip<'a> {
    /// Takes what workspaces name as members, and the other repositories inside of this one.
    pub(super) fn new(members: &[String], nested: &'a BTreeSet<RepoPath>) -> Self {
        let members = members.iter().filter_map(|text| PathGlob::new(text).ok()).map(|glob| glob.matcher()).collect();
        Self { members, nested }
    }

    /// Returns why the manifests of a folder are no packages; nothing where they may be.
    pub(super) fn reason(&self, folder: &RepoPath) -> Option<String> {
        let text = folder.as_str();
        let above = std::iter::once(folder.clone()).chain(folder.ancestors());
        if let Some(other) = above.into_iter().find(|above| self.nested.contains(above)) {
            return Some(format!("{other} is a repository of its own"));
        }
        let part = |known: &[&str]| text.split('/').find(|part| known.contains(part)).map(str::to_owned);
        if let Some(part) = part(&FOREIGN) {
            return Some(format!("`{part}` holds the code of others"));
        }
        if text.contains(['{', '}', '*', '?', '[', ']']) {
            return Some("its path looks like a template".to_owned());
        }
        let hidden = text.split('/').find(|part| part.starts_with('.')).map(str::to_owned);
        let sample = hidden.or_else(|| part(&SAMPLES))?;
        let named = self.members.iter().any(|glob| glob.is_match(text));
        (!named).then(|| format!("`{sample}` seems to hold samples or tests"))
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
