//! [`titles()`]: how the titles of a changelog are read.

use crate::changelog::TitleReader;
use crate::config::ChangelogConfig;
use crate::model::RepoPath;
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// Returns how the titles of a changelog are read, by the configuration of one of its packages.
pub(super) fn titles(snapshot: &Snapshot, path: &RepoPath, config: &ChangelogConfig, lead: &Package) -> TitleReader {
    let packages = snapshot.workspace.packages.entries();
    let users = packages.filter(|(index, _)| snapshot.changelogs.of(*index) == Some(path));
    TitleReader::new(&config.heading.value.to_string(), lead.scheme)
        .of_packages(users.map(|(_, package)| package.id.to_string()))
        .keeping_headings(config.keeps_headings())
}

/// Returns how the titles of a changelog are read; `None` if no package keeps it.
pub(in crate::plan) fn titles_of(snapshot: &Snapshot, path: &RepoPath) -> Option<TitleReader> {
    let packages = snapshot.workspace.packages.entries();
    let mut users = packages.filter(|(index, _)| snapshot.changelogs.of(*index) == Some(path));
    let (_, lead) = users.next()?;
    Some(titles(snapshot, path, snapshot.config.changelog_of(&lead.id)?, lead))
}
