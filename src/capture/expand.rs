//! Globs: the folders and files that a pattern matches.

use globset::GlobMatcher;

use super::listing::{Entry, EntryKind};
use super::tree::Tree;
use crate::config::{PathGlob, is_glob};
use crate::model::{RepoPath, is_dot_git};

/// What a pattern should match.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Folders.
    Folders,
    /// Files, symbolic links to files among them.
    Files,
}

/// Returns the folders or files that match, sorted. Only folders that the pattern can match are listed; symbolic links to folders
/// are not followed, so that nothing is found twice.
pub(super) fn expand(tree: &dyn Tree, glob: &PathGlob, wanted: Wanted) -> Vec<RepoPath> {
    let parts: Vec<&str> = glob.as_str().split('/').filter(|part| !part.is_empty()).collect();
    let crosses = |part: &&str| part.contains("**") || part.contains(['{', '}']);
    let mut found = if parts.iter().any(crosses) { walk(tree, glob, wanted) } else { step(tree, &parts, wanted) };
    found.sort();
    found.dedup();
    found
}

/// Matches part by part.
fn step(tree: &dyn Tree, parts: &[&str], wanted: Wanted) -> Vec<RepoPath> {
    let mut folders = vec![RepoPath::root()];
    let Some((last, inner)) = parts.split_last() else { return folders };
    for part in inner {
        folders = children(tree, &folders, part, Wanted::Folders);
    }
    children(tree, &folders, last, wanted)
}

/// A part of a pattern.
enum Part<'a> {
    /// A name.
    Literal(&'a str),
    /// A star alone, as in `packages/*`: the pattern that nearly everyone writes needs no automaton.
    Star,
    /// Any other pattern.
    Glob(GlobMatcher),
    /// One that may match hidden names, too.
    DottedGlob(GlobMatcher),
}

impl<'a> Part<'a> {
    fn new(text: &'a str) -> Self {
        match PathGlob::new(text).ok().filter(|_| is_glob(text)) {
            None => Self::Literal(text),
            Some(_) if text == "*" => Self::Star,
            Some(glob) if text.starts_with('.') => Self::DottedGlob(glob.matcher()),
            Some(glob) => Self::Glob(glob.matcher()),
        }
    }

    /// Returns `true` if it matches the name. A star does not match hidden folders, as in a shell; a literal name does.
    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Literal(text) => name == *text,
            Self::Star => !name.starts_with('.'),
            Self::Glob(matcher) => !name.starts_with('.') && matcher.is_match(name),
            Self::DottedGlob(matcher) => matcher.is_match(name),
        }
    }
}

fn children(tree: &dyn Tree, folders: &[RepoPath], part: &str, wanted: Wanted) -> Vec<RepoPath> {
    let part = Part::new(part);
    let is_wanted = |entry: &&Entry| match wanted {
        Wanted::Folders => entry.kind == EntryKind::Folder,
        Wanted::Files => entry.kind != EntryKind::Folder,
    };
    let below = |folder: &RepoPath| -> Vec<RepoPath> {
        let entries = tree.list(folder);
        entries
            .iter()
            .filter(|entry| !is_dot_git(&entry.name))
            .filter(|entry| part.matches(&entry.name))
            .filter(is_wanted)
            .map(|entry| folder.child(&entry.name))
            .collect()
    };
    folders.iter().flat_map(below).collect()
}

/// Lists everything below the literal part of the pattern that git does not ignore.
fn walk(tree: &dyn Tree, glob: &PathGlob, wanted: Wanted) -> Vec<RepoPath> {
    let matcher = glob.matcher();
    let files = tree.below(&glob.folder());
    let candidates: Vec<RepoPath> = match wanted {
        Wanted::Files => files,
        Wanted::Folders => files.iter().flat_map(RepoPath::ancestors).collect(),
    };
    candidates.into_iter().filter(|path| matcher.is_match(path.as_str())).collect()
}
