//! [`Skip`]: folders whose manifests are not packages of this repository.

use std::collections::BTreeSet;

use globset::GlobMatcher;

use super::doubt::Doubt;
use crate::config::PathGlob;
use crate::model::RepoPath;
use crate::workspace::{folder_of_others, folder_of_samples, is_template};

/// Which folders are left out.
pub(super) struct Skip<'a> {
    not_members: Vec<GlobMatcher>,
    nested: &'a BTreeSet<RepoPath>,
}

impl<'a> Skip<'a> {
    /// Creates the filter from the folders that workspaces leave out and the other repositories inside this one.
    pub(super) fn new(not_members: &[String], nested: &'a BTreeSet<RepoPath>) -> Self {
        let globs = not_members.iter().filter_map(|text| PathGlob::new(text).ok());
        Self { not_members: globs.map(|glob| glob.matcher()).collect(), nested }
    }

    /// Returns why the manifests of a folder are not packages; `None` if they may be.
    pub(super) fn reason(&self, folder: &RepoPath) -> Option<String> {
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
        None
    }

    /// Returns why the manifests of a folder are packages only if tags say so; `None` if nothing speaks against it.
    pub(super) fn doubt(&self, folder: &RepoPath) -> Option<Doubt> {
        if let Some(sample) = folder_of_samples(folder) {
            return Some(Doubt::Folder(format!("`{sample}` seems to contain samples or tests")));
        }
        let is_left_out = self.not_members.iter().any(|glob| glob.is_match(folder.as_str()));
        is_left_out.then(|| Doubt::Folder("its workspace leaves it out".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Skip;
    use crate::model::RepoPath;

    #[test]
    fn some_folders_are_never_packages_and_others_if_tags_say_so() {
        let nested = BTreeSet::from([RepoPath::new("sub").unwrap()]);
        let skip = Skip::new(&["packages/old-*".to_owned()], &nested);
        for (path, is_skipped, is_doubtful) in [
            (".", false, false),
            ("packages/api", false, false),
            ("packages/old-api", false, true),
            ("packages/tests-of-all", false, false),
            ("examples/a", false, true),
            ("a/tests/b", false, true),
            (".github/actions/x", false, true),
            ("a/node_modules/b", true, false),
            ("{{name}}", true, false),
            ("sub", true, false),
            ("sub/a", true, false),
        ] {
            let path = RepoPath::new(path).unwrap();
            let found = (skip.reason(&path).is_some(), skip.doubt(&path).is_some());
            assert_eq!(found, (is_skipped, is_doubtful), "{path}");
        }
    }
}
