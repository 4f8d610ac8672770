//! The files of changelogs, for commands that write sections.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::fragments::home;
use super::tree::{Tree, Unresolved, leaves};
use crate::config::{ChangelogConfig, ChangelogOwner, Config, shared_changelogs};
use crate::model::{Diagnostic, ProblemCode, RepoPath};
use crate::snapshot::Changelogs;
use crate::workspace::{Package, Workspace};

/// Finds the changelog of each package, and reads all of them if requested, each once.
///
/// # Errors
/// Returns an error if packages share one and their sections could not be told apart.
pub(super) fn read(
    config: &Config,
    workspace: &Workspace,
    tree: &dyn Tree,
    texts: bool,
) -> Result<Changelogs, Vec<Diagnostic>> {
    let mut of_package = Vec::with_capacity(workspace.packages.len());
    let mut unusable = Vec::new();
    for package in &workspace.packages {
        match config.changelog_of(&package.id).map(|changelog| place(config, package, changelog)) {
            Some(Err(problem)) => unusable.push(problem),
            Some(Ok(file)) => of_package.push(Some(file)),
            None => of_package.push(None),
        }
    }
    if !unusable.is_empty() {
        return Err(unusable);
    }
    let owners = workspace.packages.iter().zip(&of_package).filter_map(|(package, file)| {
        Some(ChangelogOwner { id: package.id.clone(), file: file.clone()?, group: package.group })
    });
    let wrong = shared_changelogs(config, &owners.collect::<Vec<_>>());
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut files: BTreeMap<RepoPath, Result<Arc<str>, Diagnostic>> = BTreeMap::new();
    let mut links = BTreeMap::new();
    if texts {
        let written: BTreeSet<RepoPath> = of_package.iter().flatten().cloned().collect();
        let read = |path: RepoPath| match tree.resolve(&path) {
            Ok(target) => Some((path, target.clone(), tree.read(&target).map(Arc::from))),
            Err(Unresolved::Missing) => None,
            Err(Unresolved::Leaves(target)) => Some((path.clone(), path.clone(), Err(leaves(&path, &target)))),
        };
        let read: Vec<_> = written.into_par_iter().filter_map(read).collect();
        for (path, target, text) in read {
            if path != target {
                links.insert(path, target.clone());
            }
            files.insert(target, text);
        }
    }
    let followed = |path: RepoPath| links.get(&path).cloned().unwrap_or(path);
    Ok(Changelogs { of_package: of_package.into_iter().map(|path| path.map(followed)).collect(), files })
}

/// Returns the changelog of a package, where that and the folder of its fragments are paths that can be used.
fn place(config: &Config, package: &Package, changelog: &ChangelogConfig) -> Result<RepoPath, Diagnostic> {
    let home = home(config, package);
    let file = changelog.file(&home).and_then(|file| changelog.folder(&home).map(|_| file));
    file.map_err(|error| {
        let written = changelog.path.span;
        let span = if written.start < written.end { written } else { changelog.span };
        let message = format!("`path` or `fragments` is not a valid path for `{}` in {home}: {error}", package.id);
        config
            .diagnostic(ProblemCode::ConfigValue, span, message)
            .help("let `{path}` be a whole part of the path, as in `{path}/CHANGELOG.md`")
    })
}
