//! Fragments: their folders, their content, and their packages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::listing::{Entry, EntryKind};
use super::tree::{Tree, Unresolved};
use crate::changelog::{Fragment, FragmentRules, is_ignored_file};
use crate::config::{Config, FRAGMENTS};
use crate::model::{Diagnostic, IndexVec, PackageId, PackageIx, ProblemCode, RepoPath, did_you_mean};
use crate::snapshot::{BrokenFragment, Fragments};
use crate::workspace::{Package, Workspace};

/// A file in a folder of fragments, and the fragment, or why it is not one.
type Read = (RepoPath, Result<Fragment, Diagnostic>);

/// Where a folder is when symbolic links are followed.
type Resolved = Result<RepoPath, Unresolved>;

/// Who uses a folder of fragments.
#[derive(Default)]
struct Users {
    /// The packages, by index, in their order.
    packages: Vec<PackageIx>,
    /// The types of changes that any of their changelogs has a group for.
    types: BTreeSet<String>,
    /// Whether one of them keeps a changelog: only then every file in the folder is meant to be a fragment.
    is_kept: bool,
    /// Whether one of their changelogs does not allow headings in fragments.
    refuses_headings: bool,
}

/// Reads the fragments of all packages, each folder and each file once.
pub(super) fn read(config: &Config, workspace: &Workspace, tree: &dyn Tree) -> Fragments {
    let written: Vec<(RepoPath, Users)> = folders(config, workspace).into_iter().collect();
    let resolved: Vec<Resolved> = written.par_iter().map(|(folder, _)| tree.resolve(folder)).collect();
    let of_packages = of_packages(&written, &resolved, workspace);
    let (folders, mut broken) = followed(written, resolved);
    let folders: Vec<(RepoPath, Users)> = folders.into_iter().collect();
    let listed: Vec<Vec<Read>> =
        folders.par_iter().map(|(folder, users)| in_folder(config, tree, folder, users)).collect();
    let mut fragments = Vec::new();
    for ((_, users), found) in folders.iter().zip(listed) {
        for (path, read) in found {
            match read.and_then(|fragment| owners(workspace, users, &fragment).map(|owners| (fragment, owners))) {
                Ok(owned) => fragments.push(owned),
                Err(problem) if users.is_kept => {
                    broken.push(BrokenFragment { path, users: users.packages.clone(), problem });
                }
                // A folder without a changelog was never announced as a folder of fragments: other files in it are left alone.
                Err(_) => {}
            }
        }
    }
    // Ignored files are local to this machine, such as an editor's leftovers.
    if !broken.is_empty() {
        let paths: Vec<RepoPath> = broken.iter().map(|fault: &BrokenFragment| fault.path.clone()).collect();
        let ignored = tree.ignored(&paths);
        broken.retain(|fault| !ignored.contains(&fault.path));
    }
    Fragments::new(of_packages, fragments, broken)
}

/// Returns the folder of each package, links followed; one that does not exist yet is where relman.toml puts it.
fn of_packages(
    written: &[(RepoPath, Users)],
    resolved: &[Resolved],
    workspace: &Workspace,
) -> IndexVec<PackageIx, Option<RepoPath>> {
    let mut folders: IndexVec<PackageIx, Option<RepoPath>> = workspace.packages.iter().map(|_| None).collect();
    for ((path, users), resolved) in written.iter().zip(resolved) {
        let folder = match resolved {
            Ok(folder) => Some(folder.clone()),
            Err(Unresolved::Missing) => Some(path.clone()),
            Err(Unresolved::Leaves(_)) => None,
        };
        for user in &users.packages {
            folders[*user].clone_from(&folder);
        }
    }
    folders
}

/// Merges what symbolic links make one folder, and leaves missing ones out. Returns the folders, and links that lead out of the repository.
fn followed(
    written: Vec<(RepoPath, Users)>,
    resolved: Vec<Resolved>,
) -> (BTreeMap<RepoPath, Users>, Vec<BrokenFragment>) {
    let mut folders: BTreeMap<RepoPath, Users> = BTreeMap::new();
    let mut broken = Vec::new();
    for ((path, users), resolved) in written.into_iter().zip(resolved) {
        match resolved {
            Ok(folder) => {
                let known = folders.entry(folder).or_default();
                known.packages.extend(users.packages);
                known.packages.sort_unstable();
                known.types.extend(users.types);
                known.is_kept |= users.is_kept;
                known.refuses_headings |= users.refuses_headings;
            }
            Err(Unresolved::Leaves(target)) if users.is_kept => {
                let message = format!("{path} leaves the repository: it leads to {target}");
                let problem = Diagnostic::new(ProblemCode::Outside, message)
                    .in_file(&path)
                    .help("fragments must be inside the repository");
                broken.push(BrokenFragment { path, users: users.packages, problem });
            }
            Err(_) => {}
        }
    }
    (folders, broken)
}

/// Returns the folder of each package's fragments with its users, symbolic links not followed.
fn folders(config: &Config, workspace: &Workspace) -> BTreeMap<RepoPath, Users> {
    let mut folders: BTreeMap<RepoPath, Users> = BTreeMap::new();
    for (index, package) in workspace.packages.entries() {
        let kept = config.changelog_of(&package.id);
        let home = home(config, package);
        let folder = match kept {
            // An unusable folder was reported with the changelogs.
            Some(changelog) => changelog.folder(&home).ok().flatten(),
            None => Some(home.child(FRAGMENTS)),
        };
        let Some(folder) = folder else { continue };
        let users = folders.entry(folder).or_default();
        users.packages.push(index);
        users.types.extend(kept.iter().flat_map(|changelog| &changelog.types).map(|(kind, _)| kind.clone()));
        users.is_kept |= kept.is_some();
        users.refuses_headings |= kept.is_some_and(|changelog| !changelog.keeps_headings());
    }
    folders
}

/// Returns the folder of a package; relman.toml's own if it has none.
pub(super) fn home(config: &Config, package: &Package) -> RepoPath {
    let found = || package.folders.first().cloned();
    let folder =
        config.package(&package.id).map_or_else(found, |spec| spec.path.as_ref().map(|path| path.value.clone()));
    folder.unwrap_or_else(RepoPath::root)
}

/// Reads every file of a folder.
fn in_folder(config: &Config, tree: &dyn Tree, folder: &RepoPath, users: &Users) -> Vec<Read> {
    let levels = config.fragments.levels.names();
    let types: BTreeSet<&str> = levels.chain(users.types.iter().map(String::as_str)).collect();
    let types: Vec<&str> = types.into_iter().collect();
    let rules = FragmentRules { types: &types, keeps_headings: !users.refuses_headings };
    let entries = tree.list(folder);
    let entries: Vec<&Entry> = entries.iter().filter(|entry| !is_ignored_file(&entry.name)).collect();
    let read = |entry: &Entry| {
        let path = folder.child(&entry.name);
        let what = match entry.kind {
            EntryKind::File => {
                let text = tree.read(&path).map(Arc::from);
                let fragment = text.and_then(|text| Fragment::read(&path, &text, rules));
                return (path, fragment);
            }
            EntryKind::Folder => "a folder",
            EntryKind::Link => "a symbolic link",
        };
        let message = format!("{path} is {what}, and not a fragment");
        let problem = Diagnostic::new(ProblemCode::Fragment, message)
            .in_file(&path)
            .help("move it elsewhere; fragments are plain files");
        (path, Err(problem))
    };
    entries.into_par_iter().map(read).collect()
}

/// Returns the packages that a fragment belongs to: those of its front matter, else all that use its folder.
fn owners(workspace: &Workspace, users: &Users, fragment: &Fragment) -> Result<Vec<PackageIx>, Diagnostic> {
    let Some(named) = fragment.packages() else { return Ok(users.packages.clone()) };
    let mut owners = BTreeSet::new();
    for (name, span) in named {
        match workspace.index_of(&PackageId::new(name)) {
            Some(index) => owners.insert(index),
            None => {
                let known: Vec<&str> = workspace.packages.iter().map(|package| package.id.as_str()).collect();
                let help = did_you_mean(name, &known, || "use the names in relman.toml or in manifests".to_owned());
                return Err(fragment.diagnostic(span, format!("package `{name}` not found")).help(help));
            }
        };
    }
    Ok(owners.into_iter().collect())
}
