//! [`other_manifests`]: manifests of no package, whose requirements follow: samples, private apps.

use super::expand::{Wanted, expand};
use super::packages::resolved;
use super::tree::Tree;
use crate::config::{Config, ManifestPath, Spanned};
use crate::manifest::ManifestType;
use crate::model::{Diagnostic, ProblemCode, RepoPath};

/// Finds the files of `[dependents] manifests`. Those that turn out to be manifests of packages are among them.
///
/// # Errors
/// Every path that leads to no manifest.
pub(super) fn other_manifests(
    config: &Config,
    tree: &dyn Tree,
) -> Result<Vec<(RepoPath, ManifestType)>, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for path in &config.dependents.manifests {
        match of_path(config, path, tree) {
            Ok(manifests) => found.extend(manifests),
            Err(problem) => problems.push(problem),
        }
    }
    found.sort();
    found.dedup();
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

fn of_path(
    config: &Config,
    path: &Spanned<ManifestPath>,
    tree: &dyn Tree,
) -> Result<Vec<(RepoPath, ManifestType)>, Diagnostic> {
    let known = |file: RepoPath| {
        let kind = ManifestType::of_packages().find(|(_, name)| *name == file.file_name())?.0;
        Some(resolved(config, path.span, &file, tree).map(|file| (file, kind)))
    };
    let files = match &path.value {
        ManifestPath::File(file) => vec![file.clone()],
        ManifestPath::Glob(glob) => expand(tree, glob, Wanted::Files),
    };
    let manifests = files.into_iter().filter_map(known).collect::<Result<Vec<_>, _>>()?;
    if manifests.is_empty() {
        let message = format!("`{}` matches no manifest", path.value.as_str());
        let help = "paths are relative to relman.toml's folder";
        return Err(config.diagnostic(ProblemCode::Missing, path.span, message).help(help));
    }
    Ok(manifests)
}
