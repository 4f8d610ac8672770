//! [`missing_fragments`]: finds packages that a branch changes without a fragment

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::finding::{Finding, FindingCode};
use super::release_plan::SCHEMA;
use super::release_request::is_release_branch;
use crate::config::ChangelogConfig;
use crate::history::Commit;
use crate::model::{CommitId, PackageId, PackageIx, RepoPath};
use crate::snapshot::{BranchChanges, RangeChanges, Snapshot};
use crate::text::list_truncated;
use crate::workspace::Owners;

/// The result of `changelog check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FragmentReport {
    /// The version of this format: 1.
    pub schema: u32,
    /// The ref that the branch was compared with.
    pub since: String,
    /// The commit at which it left that ref.
    pub base: String,
    /// The branch; `None` if HEAD is detached.
    pub branch: Option<String>,
    /// The packages with a changelog that the branch changes.
    pub packages: Vec<PackageFragments>,
    /// A finding for each of them without a fragment, and for each file that was meant as a fragment but is not one.
    pub findings: Vec<Finding>,
}

/// A package that a branch changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PackageFragments {
    /// The package.
    pub package: PackageId,
    /// Whether the branch is exempt from fragments for it.
    pub exempt: bool,
    /// Its files that changed.
    pub files: Vec<RepoPath>,
    /// Its fragments that were added or changed.
    pub fragments: Vec<RepoPath>,
    /// The ids of its commits that are entries, if commits fill its sections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commits: Vec<CommitId>,
}

/// How many files a finding names.
const NAMED: usize = 3;

/// Finds the packages that a branch changes without a fragment, or a commit that is an entry where commits are a source. Everything up to a release commit of the branch is
/// released and documented. Pure.
#[must_use]
pub fn missing_fragments(snapshot: &Snapshot, changes: &BranchChanges, branch: Option<&str>) -> FragmentReport {
    let owners = Owners::new(&snapshot.workspace.packages);
    let told_in = told_in(snapshot);
    let mut packages = Vec::new();
    let mut files_of: BTreeMap<usize, Vec<Vec<PackageIx>>> = BTreeMap::new();
    for (at, range) in changes.ranges.iter().enumerate() {
        files_of.insert(at, range.changed.iter().map(|path| owners.of(path.as_str())).collect());
    }
    for (index, package) in snapshot.workspace.packages.entries() {
        // Who keeps no changelog needs no fragment.
        let Some(config) = snapshot.config.changelog_of(&package.id) else { continue };
        if snapshot.fragments.folder(index).is_none() {
            continue;
        }
        let releases = |range: &RangeChanges| match package.is_never_tagged() {
            true => range.names.iter().any(|name| name == package.id.as_str()),
            false => range.releases.iter().any(|tag| package.tagged(tag).is_some()),
        };
        let newest = changes.ranges.iter().rposition(releases).unwrap_or(0);
        // Without a range nothing was compared.
        let (Some(range), Some(owned)) = (changes.ranges.get(newest), files_of.get(&newest)) else { continue };
        // What a merge brings in after a release is not a change of this branch.
        let of_branch = |path: &RepoPath| newest == 0 || changed(changes, path);
        let mine = range.changed.iter().zip(owned).filter(|(path, owners)| owners.contains(&index) && of_branch(path));
        let files: Vec<RepoPath> = mine.map(|(path, _)| path).filter(|path| !told_in.holds(path)).cloned().collect();
        if files.is_empty() {
            continue;
        }
        let fragments = snapshot.fragments.of(index).map(|fragment| &fragment.path);
        let fragments = fragments.filter(|path| range.present.contains(*path)).cloned().collect();
        // What a release request changes was described by fragments that it takes out.
        let exempt = branch.is_some_and(|branch| config.exempts(branch) || is_release_branch(snapshot, branch));
        let commits = entries(snapshot, index, config, range);
        packages.push(PackageFragments { package: package.id.clone(), exempt, files, fragments, commits });
    }
    let is_missing = |package: &&PackageFragments| package.fragments.is_empty() && package.commits.is_empty();
    let missing = packages.iter().filter(|package| !package.exempt).filter(is_missing);
    let mut findings: Vec<Finding> = missing.map(|package| finding(snapshot, package, &changes.since)).collect();
    findings.extend(super::check::broken_fragments(snapshot));
    FragmentReport {
        schema: SCHEMA,
        since: changes.since.clone(),
        base: changes.base.clone(),
        branch: branch.map(str::to_owned),
        packages,
        findings,
    }
}

/// The commits of a package in a range that are entries of its next section, the newest first.
fn entries(snapshot: &Snapshot, index: PackageIx, config: &ChangelogConfig, range: &RangeChanges) -> Vec<CommitId> {
    // Only then is a commit an entry.
    let Some(history) = snapshot.history.as_ref().filter(|_| config.takes_commits()) else { return Vec::new() };
    let told = history.packages[index].told().0;
    let of_range = told.into_iter().map(|at| &history.commits[at]).filter(|c| range.commits.contains(c.id.as_str()));
    let is_entry = |commit: &&Commit| {
        commit.message.changes.iter().any(|change| config.commits.kind(&change.kind, change.breaking).is_some())
    };
    of_range.filter(is_entry).map(|commit| commit.id.clone()).collect()
}

/// Returns `true` if the branch as a whole changes the file.
fn changed(changes: &BranchChanges, path: &RepoPath) -> bool {
    changes.ranges.first().is_some_and(|range| range.changed.binary_search(path).is_ok())
}

/// Files that describe changes: they do not count as changes themselves.
struct ToldIn {
    changelogs: BTreeSet<RepoPath>,
    folders: BTreeSet<RepoPath>,
}

impl ToldIn {
    fn holds(&self, path: &RepoPath) -> bool {
        self.changelogs.contains(path) || path.ancestors().any(|folder| self.folders.contains(&folder))
    }
}

fn told_in(snapshot: &Snapshot) -> ToldIn {
    let packages = snapshot.workspace.packages.entries();
    let kept = packages.filter(|(_, package)| snapshot.config.changelog_of(&package.id).is_some());
    let kept: Vec<PackageIx> = kept.map(|(index, _)| index).collect();
    ToldIn {
        changelogs: kept.iter().filter_map(|index| snapshot.changelogs.of(*index).cloned()).collect(),
        folders: kept.iter().filter_map(|index| snapshot.fragments.folder(*index).cloned()).collect(),
    }
}

fn finding(snapshot: &Snapshot, package: &PackageFragments, since: &str) -> Finding {
    let files = list_truncated(&package.files, NAMED);
    let takes_commits = snapshot.config.changelog_of(&package.package).is_some_and(ChangelogConfig::takes_commits);
    let or_commit = if takes_commits { " or a commit that is an entry" } else { "" };
    Finding {
        path: None,
        line: None,
        column: None,
        code: FindingCode::NoFragment,
        package: Some(package.package.clone()),
        found: Some(files.clone()),
        expected: None,
        message: format!("`{}` changed since {since} without a fragment{or_commit}: {files}", package.package),
        help: Some(format!("relman changelog add -p {}", package.package)),
    }
}
