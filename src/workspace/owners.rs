//! [`Owners`]: which packages a file belongs to.

use std::collections::BTreeMap;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::Package;
use crate::model::RepoPath;

/// Answers for every path which packages it belongs to, by `paths` or by the innermost folder.
#[derive(Debug)]
pub struct Owners {
    folders: BTreeMap<String, Vec<usize>>,
    patterns: Vec<(usize, Gitignore)>,
}

impl Owners {
    /// Prepares the answer for these packages; the answers are indices into them.
    #[must_use]
    pub fn new(packages: &[Package]) -> Self {
        let mut folders: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut patterns = Vec::new();
        for (index, package) in packages.iter().enumerate() {
            match &package.paths {
                Some(globs) => patterns.push((index, matcher(globs))),
                None => {
                    for folder in &package.folders {
                        folders.entry(folder.as_str().to_owned()).or_default().push(index);
                    }
                }
            }
        }
        Self { folders, patterns }
    }

    /// Returns the indices of the packages that the path belongs to, sorted.
    #[must_use]
    pub fn of(&self, path: &RepoPath) -> Vec<usize> {
        let innermost = path.ancestors().find_map(|folder| self.folders.get(folder.as_str()));
        let mut owners = innermost.cloned().unwrap_or_default();
        // In a list of patterns a match means "belongs", and `!` takes it back; the last pattern that matches decides.
        let by_pattern = self.patterns.iter().filter(|(_, m)| m.matched(path.as_str(), false).is_ignore());
        owners.extend(by_pattern.map(|(index, _)| *index));
        owners.sort_unstable();
        owners.dedup();
        owners
    }
}

fn matcher(globs: &[String]) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for glob in globs {
        // The patterns were tried when relman.toml was read; one that the builder refuses matches nothing.
        let _ = builder.add_line(None, glob);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
