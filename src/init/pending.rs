//! Notes on changes that were written for another tool, and are not released yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::changelog::is_fragment;
use super::tools::{ToolSettings, Tools};
use crate::config::PathGlob;
use crate::model::{RepoPath, Tool};
use crate::text::list_truncated;

/// How many of them are named.
const NAMED: usize = 3;

/// Returns the folder in which a tool collects notes, with their ending.
fn folder(settings: &ToolSettings) -> Option<(RepoPath, &'static str)> {
    let home = settings.files.iter().find_map(|path| settings.tool.home(path))?;
    let (folder, ending) = match settings.tool {
        Tool::Changesets | Tool::Knope | Tool::Monochange => (".changeset", ".md"),
        Tool::Sampo => (".sampo/changesets", ".md"),
        Tool::Covector => (".changes", ".md"),
        Tool::Changepacks => (".changepacks", ".json"),
        Tool::Towncrier => (settings.fragments_folder.as_deref()?, ""),
        _ => return None,
    };
    Some((home.join(folder)?, ending))
}

/// Returns the globs of the files in these folders.
pub(super) fn globs(settings: &ToolSettings) -> Option<PathGlob> {
    PathGlob::new(&format!("{}/*", folder(settings)?.0)).ok()
}

/// Returns a line for each folder with notes that relman would not read.
pub(super) fn pending(tools: &Tools, files: &BTreeMap<RepoPath, Arc<str>>) -> Vec<String> {
    let mut found: BTreeMap<RepoPath, String> = BTreeMap::new();
    for settings in &tools.settings {
        let Some((folder, ending)) = folder(settings) else { continue };
        let is_note = |path: &&RepoPath| {
            let name = path.file_name();
            let is_other = ["README", "CONTRIBUTING", "template", ".", "_"].iter().any(|start| name.starts_with(start));
            let is_in = path.parent().as_ref() == Some(&folder) && !settings.files.contains(path);
            is_in && !is_other && name.ends_with(ending)
        };
        let notes: Vec<&RepoPath> = files.keys().filter(is_note).collect();
        if !notes.is_empty() && !is_read(settings, &notes) {
            found.entry(folder.clone()).or_insert_with(|| line(settings.tool, &folder, &notes));
        }
    }
    found.into_values().collect()
}

/// Returns `true` if relman reads the notes as its own fragments.
fn is_read(settings: &ToolSettings, notes: &[&RepoPath]) -> bool {
    let types: Vec<&str> = settings.changelog.types.iter().map(|(kind, _)| kind.as_str()).collect();
    settings.changelog.fragments.is_some() && notes.iter().all(|path| is_fragment(path.file_name(), &types))
}

fn line(tool: Tool, folder: &RepoPath, notes: &[&RepoPath]) -> String {
    let names: Vec<&str> = notes.iter().map(|path| path.file_name()).collect();
    let (count, verb) = match notes.len() {
        1 => ("1 change".to_owned(), "is"),
        count => (format!("{count} changes"), "are"),
    };
    format!(
        "{count} for {} {verb} pending in {folder} ({}): release with {} once more, or write each as a fragment \
         (`relman changelog add`) and remove its file; relman does not read them",
        tool.name(),
        list_truncated(&names, NAMED),
        tool.name()
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::pending;
    use crate::init::tools::read;
    use crate::model::RepoPath;

    #[test]
    fn notes_that_are_not_read_are_counted() {
        let path = |text: &str| RepoPath::new(text).unwrap();
        let tools = [(".changeset/config.json", "{}"), (".sampo/config.toml", "")];
        let tools = read(&tools.map(|(name, text)| (path(name), Arc::from(text))).into(), None);
        let notes = [".changeset/README.md", ".changeset/b.md", ".changeset/a.md", ".sampo/changesets/x.md", "a.md"];
        let files = notes.map(|name| (path(name), Arc::from(""))).into();
        let lines = pending(&tools, &files);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("2 changes for changesets are pending in .changeset (a.md, b.md): "), "{lines:?}");
        assert!(lines[1].starts_with("1 change for sampo is pending in .sampo/changesets (x.md): "), "{lines:?}");
    }
}
