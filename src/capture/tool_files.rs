//! The files of other tools.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use globset::GlobMatcher;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::tree::Tree;
use crate::config::PathGlob;
use crate::model::{RepoPath, Tool};
use crate::snapshot::FoundManifest;
use crate::workspace::is_sample;

/// Reads the files of other tools that are about the top folder or about a folder with manifests.
pub(super) fn tool_files(
    tree: &dyn Tree,
    files: &[RepoPath],
    manifests: &[FoundManifest],
) -> BTreeMap<RepoPath, Arc<str>> {
    let home = |path: &RepoPath| path.parent().unwrap_or_else(RepoPath::root);
    let homes = manifests.iter().map(|manifest| home(&manifest.path)).chain([RepoPath::root()]);
    let homes: BTreeSet<RepoPath> = homes.filter(|home| !is_sample(home)).collect();
    let read = |path: &RepoPath| {
        let tools: Vec<Tool> = Tool::ALL.iter().copied().filter(|tool| is_of(*tool, path, &homes)).collect();
        let text = if tools.is_empty() { None } else { tree.read(path).ok() }?;
        tools.iter().any(|tool| tool.is_in(path, &text)).then(|| (path.clone(), Arc::from(text)))
    };
    files.par_iter().filter_map(read).collect::<Vec<_>>().into_iter().collect()
}

/// Reads the files that some globs match.
pub(super) fn named_files(tree: &dyn Tree, files: &[RepoPath], globs: &[PathGlob]) -> BTreeMap<RepoPath, Arc<str>> {
    let exact: BTreeSet<RepoPath> = globs.iter().filter_map(PathGlob::literal).collect();
    let globs: Vec<GlobMatcher> = globs.iter().filter(|glob| glob.literal().is_none()).map(PathGlob::matcher).collect();
    let is_named = |path: &&RepoPath| exact.contains(*path) || globs.iter().any(|glob| glob.is_match(path.as_str()));
    let read = |path: &RepoPath| Some((path.clone(), Arc::from(tree.read(path).ok()?)));
    files.par_iter().filter(is_named).filter_map(read).collect::<Vec<_>>().into_iter().collect()
}

fn is_of(tool: Tool, path: &RepoPath, homes: &BTreeSet<RepoPath>) -> bool {
    tool.home(path).is_some_and(|home| homes.contains(&home))
}
