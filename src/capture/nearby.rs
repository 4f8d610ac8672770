//! What lies where a path or a pattern of relman.toml leads to nothing.

use super::expand::{Wanted, expand};
use super::listing::{Entry, EntryKind};
use super::tree::Tree;
use crate::config::PathGlob;
use crate::model::{RepoPath, nearest};
use crate::text::list_truncated;

/// How many entries of a folder a message lists.
const SHOWN: usize = 8;

/// Returns what to write instead of a path that does not exist: the entry with the nearest name, or all that there is in the innermost
/// folder of the path that exists.
pub(super) fn nearby(tree: &dyn Tree, path: &RepoPath) -> String {
    replaced(tree, path, path.as_str())
}

/// Returns what a glob that matches nothing could have meant.
pub(super) fn near_glob(tree: &dyn Tree, glob: &PathGlob) -> String {
    let folder = glob.folder();
    if entries(tree, &folder).is_empty() {
        return replaced(tree, &folder, glob.as_str());
    }
    relative(&holds(&folder, &entries(tree, &folder)))
}

/// Finds the first part of a path that does not exist, and returns `text`, which begins with that path, with another part in its place.
fn replaced(tree: &dyn Tree, path: &RepoPath, text: &str) -> String {
    let mut missing = path.clone();
    for folder in path.ancestors() {
        let names = entries(tree, &folder);
        if names.is_empty() && !folder.is_root() {
            missing = folder;
            continue;
        }
        let plain: Vec<&str> = names.iter().map(|name| name.trim_end_matches('/')).collect();
        let near = nearest(missing.file_name(), &plain).filter(|near| *near != missing.file_name());
        return match (near, text.strip_prefix(missing.as_str())) {
            (Some(near), Some(rest)) => relative(&format!("did you mean `{}{rest}`?", folder.child(near))),
            _ => relative(&holds(&folder, &names)),
        };
    }
    relative("write it from there")
}

/// Adds what every path of relman.toml is relative to.
fn relative(hint: &str) -> String {
    let gap = if hint.ends_with('?') { "" } else { ";" };
    format!("{hint}{gap} paths are relative to relman.toml's folder")
}

/// Returns `true` if a pattern matches a file or a folder. Nothing is listed for one that matches whatever its folder holds.
pub(super) fn matches_any(tree: &dyn Tree, glob: &PathGlob) -> bool {
    if let Some(path) = glob.literal() {
        return tree.resolve(&path).is_ok();
    }
    let folder = glob.folder();
    if glob.as_str().contains("**") {
        return tree.list(&folder).iter().next().is_some();
    }
    [Wanted::Files, Wanted::Folders].into_iter().any(|wanted| !expand(tree, glob, wanted).is_empty())
}

fn holds(folder: &RepoPath, names: &[String]) -> String {
    let folder = if folder.is_root() { "the folder of relman.toml".to_owned() } else { format!("`{folder}`") };
    match names {
        [] => format!("{folder} is empty"),
        names => format!("{folder} holds {}", list_truncated(names, SHOWN)),
    }
}

/// Returns the names in a folder, folders with a slash after them; hidden ones are left out.
pub(super) fn entries(tree: &dyn Tree, folder: &RepoPath) -> Vec<String> {
    let entries = tree.list(folder);
    let visible = entries.iter().filter(|entry| !entry.name.starts_with('.'));
    visible
        .map(|Entry { name, kind }| if *kind == EntryKind::Folder { format!("{name}/") } else { name.clone() })
        .collect()
}
