//! [`Changelogs`]: which changelog is whose.

use std::collections::BTreeMap;

use super::changelog::{Kept, StatedFragments, described, is_fragment, kept};
use super::comments::key;
use super::package::Package;
use super::proposal::{Basis, Proposal};
use super::tools::{ToolSettings, Tools};
use crate::config::GroupKind;
use crate::model::RepoPath;
use crate::snapshot::{Discovery, TagPrefix};

/// The usual name of the file.
const USUAL: &str = "CHANGELOG.md";

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
    let find = |package: &Package| {
        let kept =
            of_package(package, is_only, heads, discovery).or_else(|| stated(package, is_only, discovery, tools));
        Some(filled(kept?, discovery, tools))
    };
    let found: Vec<(&Package, Option<Kept>)> = packages.iter().map(|package| (package, find(package))).collect();
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
    let Some(first) = found.iter().find_map(|(_, kept)| kept.as_ref()) else { return result };
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
    result
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

/// The fragments of a tool, if relman can read all of them.
fn filled(kept: Kept, discovery: &Discovery, tools: &Tools) -> Kept {
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
fn of_package(package: &Package, is_only: bool, heads: &[TagPrefix], discovery: &Discovery) -> Option<Kept> {
    let head = package.head.and_then(|head| heads.get(head));
    let version = package.version()?;
    let read = |path: &RepoPath, text: &String| Some(kept(path, text, version, head)?.beside(&discovery.fragments));
    let is_in = |path: &RepoPath, folder: &RepoPath| path.parent().unwrap_or_else(RepoPath::root) == *folder;
    let folders = package.units.iter().map(|unit| &unit.folder);
    let own = folders.flat_map(|folder| discovery.changelogs.iter().filter(move |(path, _)| is_in(path, folder)));
    let at_top = discovery.changelogs.iter().filter(|(path, _)| is_in(path, &RepoPath::root()));
    let at_top = at_top.filter(|_| is_only || package.grouped || head.is_some_and(TagPrefix::is_bare));
    own.chain(at_top).find_map(|(path, text)| read(path, text))
}
