//! [`Owners`]: which packages a file belongs to.

use std::collections::BTreeMap;

use globset::GlobMatcher;

use super::Package;
use crate::config::PathPattern;
use crate::model::RepoPath;

/// Answers for every path which packages it belongs to, by `paths` or by the innermost folder.
#[derive(Debug)]
pub struct Owners {
    folders: BTreeMap<RepoPath, Vec<usize>>,
    patterns: Vec<(usize, Vec<Pattern>)>,
}

#[derive(Debug)]
struct Pattern {
    matcher: GlobMatcher,
    negated: bool,
}

impl Owners {
    /// Prepares the answer for these packages; the answers are indices into them.
    #[must_use]
    pub fn new(packages: &[Package]) -> Self {
        let mut folders: BTreeMap<RepoPath, Vec<usize>> = BTreeMap::new();
        let mut patterns = Vec::new();
        for (index, package) in packages.iter().enumerate() {
            match &package.paths {
                Some(paths) => patterns.push((index, paths.iter().map(pattern).collect())),
                None => {
                    for folder in &package.folders {
                        folders.entry(folder.clone()).or_default().push(index);
                    }
                }
            }
        }
        Self { folders, patterns }
    }

    /// Returns the indices of the packages that the path belongs to, sorted.
    #[must_use]
    pub fn of(&self, path: &RepoPath) -> Vec<usize> {
        let innermost = path.ancestors().find_map(|folder| self.folders.get(&folder));
        let mut owners = innermost.cloned().unwrap_or_default();
        owners
            .extend(self.patterns.iter().filter(|(_, patterns)| decides_for(patterns, path)).map(|(index, _)| *index));
        owners.sort_unstable();
        owners.dedup();
        owners
    }
}

fn pattern(written: &PathPattern) -> Pattern {
    Pattern { matcher: written.glob.matcher(), negated: written.negated }
}

/// The last pattern that matches the path or a folder above it decides.
fn decides_for(patterns: &[Pattern], path: &RepoPath) -> bool {
    let matches = |pattern: &&Pattern| {
        pattern.matcher.is_match(path.as_str())
            || path.ancestors().any(|folder| !folder.is_root() && pattern.matcher.is_match(folder.as_str()))
    };
    patterns.iter().rev().find(matches).is_some_and(|pattern| !pattern.negated)
}
