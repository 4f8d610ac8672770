//! [`Changelogs`]: which changelog is whose.

use std::collections::BTreeMap;

use super::changelog::{Kept, StatedFragments, described, is_fragment, kept};
use super::comments::{comment, key};
use super::commit_groups::CommitGroups;
use super::package::Package;
use super::proposal::{Basis, Proposal};
use super::tools::{ToolSettings, Tools};
use super::unreleased;
use crate::config::GroupKind;
use crate::model::RepoPath;
use crate::snapshot::{Discovery, TagPrefix};

/// The usual name of the file.
const USUAL: &str = "CHANGELOG.md";

/// How many changelogs that were left out are named.
const NAMED: usize = 3;

/// The tables of changelogs.
#[derive(Debug, Default)]
pub(super) struct Changelogs {
    /// The table for all packages; may be empty.
    pub(super) shared: String,
    /// The tables of single packages, by their keys.
    pub(super) of_package: BTreeMap<String, String>,
}

/// Finds the changelogs whose newest sections are those of the packages' last releases.
pub(super) fn changelogs(
    packages: &[Package],
    groups: &[Proposal],
    heads: &[TagPrefix],
    discovery: &Discovery,
    tools: &Tools,
) -> Changelogs {
    let is_only = packages.len() == 1;
    let from_commits = unreleased::from_commits(discovery);
    let mut unlike = BTreeMap::new();
    let mut find = |package: &Package| {
        let kept = of_package(package, is_only, (heads, discovery), &mut unlike)
            .or_else(|| stated(package, is_only, discovery, tools));
        Some(filled(kept?, from_commits.as_ref(), discovery, tools))
    };
    let found: Vec<(&Package, Option<Kept>)> = packages.iter().map(|package| (package, find(package))).collect();
    let left_out = || left_out(discovery, &found, &unlike);
    let mut result = Changelogs::default();
    let at_home = |(package, kept): &(&Package, Option<Kept>)| {
        kept.clone().filter(|kept| kept.path == home(package).child(kept.path.file_name()))
    };
    let usual: Vec<Kept> = found.iter().filter_map(at_home).collect();
    let alike = |kept: &Kept| usual.iter().filter(|other| other.is_like(kept)).count();
    // A package without a changelog gets one with its next release, as the others did.
    if let Some(kept) =
        usual.iter().rev().max_by_key(|kept| alike(kept)).filter(|kept| alike(kept) * 2 > packages.len())
    {
        let name = kept.path.file_name();
        let path = if packages.len() == 1 { kept.path.to_string() } else { format!("{{path}}/{name}") };
        result.shared = kept.table("changelog", Some(path.as_str()).filter(|_| name != USUAL));
        return result;
    }
    let Some(first) = found.iter().find_map(|(_, kept)| kept.as_ref()) else {
        result.shared = left_out();
        return result;
    };
    // Only what has one version can share a file, and the file in the folder of one package is that of this package.
    let is_one = |group: &Proposal| group.all && group.kind == GroupKind::Fixed && group.basis != Basis::Guess;
    let is_at_top = first.path.parent().is_none_or(|folder| folder.is_root());
    if packages.len() == 1 || (is_at_top && groups.iter().any(is_one)) {
        result.shared = first.table("changelog", Some(first.path.as_str()));
        return result;
    }
    let count =
        |path: &RepoPath| found.iter().filter(|(_, kept)| kept.as_ref().is_some_and(|k| k.path == *path)).count();
    for (package, kept) in found.iter().filter_map(|(package, kept)| Some((package, kept.as_ref()?))) {
        // A file of two packages would need headings that name them.
        if count(&kept.path) > 1 {
            continue;
        }
        let path = Some(kept.path.as_str()).filter(|_| kept.path != home(package).child(USUAL));
        let table = kept.table(&format!("packages.{}.changelog", key(&package.id)), path);
        result.of_package.insert(package.id.clone(), table);
    }
    result.shared = left_out();
    result
}

/// Names the changelogs of which none is kept, and why; several packages may have read the same.
fn left_out(discovery: &Discovery, found: &[(&Package, Option<Kept>)], unlike: &BTreeMap<RepoPath, String>) -> String {
    let count =
        |path: &RepoPath| found.iter().filter(|(_, kept)| kept.as_ref().is_some_and(|k| k.path == *path)).count();
    let why = |path: &RepoPath| match (count(path), unlike.get(path)) {
        (0, Some(why)) => Some(why.clone()),
        (0, None) if path.parent().is_none_or(|folder| folder.is_root()) => {
            Some("it is in the folder of none of the packages".to_owned())
        }
        (0, None) => None,
        (1, _) => None,
        _ => Some("it is that of several packages; one of them can have it as `changelog`".to_owned()),
    };
    let left = discovery.changelogs.keys().filter_map(|path| Some(format!("{path} was left out: {}.", why(path)?)));
    let left: Vec<String> = left.take(NAMED).map(|text| comment(&text)).collect();
    if left.is_empty() { String::new() } else { format!("\n{}", left.concat()) }
}

/// The changelog of the only package as another tool's file describes it, unless one is there and says otherwise.
fn stated(package: &Package, is_only: bool, discovery: &Discovery, tools: &Tools) -> Option<Kept> {
    let folder = &package.units.first().filter(|_| is_only)?.folder;
    let is_kept = |settings: &&ToolSettings| {
        let changelog = &settings.changelog;
        changelog.path.is_some() && (changelog.is_from_commits || changelog.fragments.is_some())
    };
    let settings = tools.settings.iter().find(is_kept)?;
    let path = folder.join(settings.changelog.path.as_deref()?)?;
    let heading = settings.changelog.heading.as_deref().filter(|heading| heading.contains("{version}"))?;
    (!discovery.changelogs.contains_key(&path)).then(|| described(path, heading, &settings.origin()))
}

/// What fills it: commits, and the fragments of a tool, if relman can read all of them.
fn filled(kept: Kept, from_commits: Option<&String>, discovery: &Discovery, tools: &Tools) -> Kept {
    let groups = tools.settings.iter().filter(|settings| settings.changelog.is_from_commits).find_map(CommitGroups::of);
    let kept = kept.with_commits(from_commits).grouped(groups);
    let with = |settings: &ToolSettings| {
        let folder =
            kept.path.parent().unwrap_or_else(RepoPath::root).join(settings.changelog.fragments.as_deref()?)?;
        Some((folder, settings.clone()))
    };
    let Some((folder, settings)) = tools.settings.iter().find_map(with) else { return kept };
    let types: Vec<&str> = settings.changelog.types.iter().map(|(kind, _)| kind.as_str()).collect();
    let mut files = discovery.named_files.keys().filter(|path| path.parent().as_ref() == Some(&folder));
    let foreign = files.find(|path| !is_fragment(path.file_name(), &types)).cloned();
    let stated = || StatedFragments {
        folder: folder.to_string(),
        types: settings.changelog.types.clone(),
        origin: settings.origin(),
    };
    kept.filled_from(foreign.map_or_else(|| Ok(stated()), Err))
}

/// The folder that `{path}` means.
fn home(package: &Package) -> RepoPath {
    package.home().cloned().unwrap_or_else(RepoPath::root)
}

/// The changelog in a folder of the package, else the one at the top if it is that of the whole repository.
/// Those that are not kept are noted, with the reason.
fn of_package(
    package: &Package,
    is_only: bool,
    (heads, discovery): (&[TagPrefix], &Discovery),
    unlike: &mut BTreeMap<RepoPath, String>,
) -> Option<Kept> {
    let head = package.head.and_then(|head| heads.get(head));
    let version = package.version()?;
    let mut read = |path: &RepoPath, text: &String| match kept(path, text, version, head) {
        Ok(kept) => Some(kept.beside(&discovery.fragments)),
        Err(why) => {
            unlike.insert(path.clone(), why);
            None
        }
    };
    let is_in = |path: &RepoPath, folder: &RepoPath| path.parent().unwrap_or_else(RepoPath::root) == *folder;
    let folders = package.units.iter().map(|unit| &unit.folder);
    let own = folders.flat_map(|folder| discovery.changelogs.iter().filter(move |(path, _)| is_in(path, folder)));
    let at_top = discovery.changelogs.iter().filter(|(path, _)| is_in(path, &RepoPath::root()));
    let at_top = at_top.filter(|_| is_only || package.grouped || head.is_some_and(TagPrefix::is_bare));
    own.chain(at_top).find_map(|(path, text)| read(path, text))
}
