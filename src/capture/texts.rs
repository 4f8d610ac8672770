//! [`of_texts`]: a snapshot of a workspace that lies in memory, without a repository and without a process.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::facts::CaptureNeeds;
use super::listing::{Entry, EntryKind, Listing};
use super::tree::{Tree, Unresolved, missing};
use super::{FILE, Files};
use crate::config::Config;
use crate::model::{Diagnostic, RepoPath};
use crate::snapshot::{GitFacts, Look, PluginFacts, Snapshot};

/// Reads a workspace whose files, relman.toml among them, are these texts. `today` is the day that `{date}` means.
///
/// # Errors
/// What is wrong with relman.toml, also now that the files are seen.
pub fn of_texts(files: BTreeMap<RepoPath, Arc<str>>, git: GitFacts, today: &str) -> Result<Snapshot, Vec<Diagnostic>> {
    let tree = Texts(files);
    let path = RepoPath::root().child(FILE);
    let text = tree.0.get(&path).ok_or_else(|| vec![missing(&path)])?;
    let config = Config::parse(&path, text)?;
    let needs = CaptureNeeds { changelogs: true, sections: true, ..CaptureNeeds::default() };
    let Files { mut workspace, left_out, changelogs, fragments } = Files::read(&config, &tree, needs, None)?;
    for (index, version) in super::last_versions(&workspace, &git, None) {
        workspace.packages[index].take_released(version);
    }
    let today = today.to_owned();
    Ok(Snapshot {
        configured: true,
        config,
        workspace,
        changelogs,
        fragments,
        git,
        history: None,
        milestone_items: Look::NotAsked,
        plugins: PluginFacts { left_out, ..PluginFacts::default() },
        today,
        time: None,
    })
}

/// Files by their paths; folders are what the paths lead through.
struct Texts(BTreeMap<RepoPath, Arc<str>>);

impl Texts {
    fn is_folder(&self, path: &RepoPath) -> bool {
        self.0.keys().any(|file| file != path && file.is_within(path))
    }
}

impl Tree for Texts {
    fn list(&self, folder: &RepoPath) -> Listing {
        let start = if folder.is_root() { String::new() } else { format!("{folder}/") };
        let below = self.0.keys().filter_map(|path| path.as_str().strip_prefix(&start));
        let entries: BTreeMap<&str, EntryKind> = below
            .map(|path| path.split_once('/').map_or((path, EntryKind::File), |(name, _)| (name, EntryKind::Folder)))
            .collect();
        Listing::new(entries.into_iter().map(|(name, kind)| Entry { name: name.to_owned(), kind }).collect())
    }

    fn resolve(&self, path: &RepoPath) -> Result<RepoPath, Unresolved> {
        if self.0.contains_key(path) || self.is_folder(path) { Ok(path.clone()) } else { Err(Unresolved::Missing) }
    }

    fn read(&self, path: &RepoPath) -> Result<String, Diagnostic> {
        self.0.get(path).map(|text| text.as_ref().to_owned()).ok_or_else(|| missing(path))
    }

    fn ignored(&self, _: &[RepoPath]) -> BTreeSet<RepoPath> {
        BTreeSet::new()
    }

    fn below(&self, folder: &RepoPath) -> Vec<RepoPath> {
        self.0.keys().filter(|path| path.is_within(folder)).cloned().collect()
    }
}
