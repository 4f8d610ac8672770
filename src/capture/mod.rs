//! Capture: reads everything that a plan needs into a [`Snapshot`], in parallel, without writing anything.
//!
//! A [`Place`] is where relman works: the folder of relman.toml in a git repository. The files come from a `Tree`, which is the work
//! tree or, for hooks, the index. This module finds the files (globs, folders, Cargo workspaces, locks above); what they
//! mean is the business of `manifest` and `workspace`. A manifest that cannot be read is not an error yet: it becomes part of the snapshot,
//! so that `check` can report all of them at once.

mod branch_changes;
mod changelogs;
mod discovery;
mod expand;
mod facts;
mod followed;
mod fragments;
mod history;
mod index_tree;
mod inheritance;
mod listing;
mod messages;
mod named_releases;
mod nearby;
mod other_manifests;
mod outside;
mod packages;
mod past;
mod pins;
mod plugins;
mod production;
mod progress;
mod reader;
mod recent;
mod release_branches;
mod released;
mod sparse;
mod texts;
mod tool_files;
mod tree;
mod tree_look;
mod work_tree;
mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use branch_changes::branch_changes;
pub use discovery::{NamedFiles, ask_cargo, discover};
pub use facts::{CaptureNeeds, Reach};
pub use outside::{
    MergeQuestion, RemoteQuestion, asset_files, merge_look, rebased_releases, remembered_remote, remote_look,
};
pub use plugins::{Plugins, ask_places, call_of, untrue_places};
pub use progress::Progress;
pub use sparse::Sparse;
pub use texts::of_texts;

use crate::config::{Config, PluginSpec, Prereleases};
use crate::history::History;
use crate::io::{self, Git, GitError};
use crate::model::{Diagnostic, PackageId, PackageIx, PluginRole, ProblemCode, RepoPath, Version, WorkspacePrefix};
use crate::plugin::{Host, Trust};
use crate::snapshot::{Changelogs, Fragments, GitFacts, Look, PluginFacts, PluginLeftOut, Snapshot};
use crate::text::escaped;
use crate::workspace::{Package, Workspace};
use facts::Answers;
use index_tree::IndexTree;
use production::Production;
use sparse::SparseTree;
use tree::{Tree, Unresolved, leaves, missing};
use work_tree::WorkTree;

/// The name of the configuration file.
pub const FILE: &str = "relman.toml";

/// A repository, and the configuration that was found in it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The folder of relman.toml, symbolic links followed; the top of the work tree where there is none.
    pub root: PathBuf,
    /// The name of relman.toml in that folder; `None` if there is none.
    pub file: Option<String>,
    /// The repository.
    pub git: Git,
    /// The root, from the top of the work tree.
    pub prefix: WorkspacePrefix,
    /// The tracked files that are not written out.
    pub sparse: Arc<Sparse>,
    /// The packages of which the remote has no tag, if it was asked. In a shallow clone, nothing else shows that a package was
    /// never released.
    pub untagged: BTreeSet<PackageId>,
    /// Starts the plugins of relman.toml. By default, none.
    pub plugins: Arc<Host>,
    /// The text used if relman.toml does not exist: what `init` would write.
    pub proposal: Option<String>,
}

/// What is read, and from where.
#[derive(Clone, Copy, Debug, Default)]
pub struct CaptureOptions {
    /// What is needed from git.
    pub needs: CaptureNeeds,
    /// Whether files are read from the index instead of the work tree.
    pub staged: bool,
}

/// Why the capture failed.
#[derive(Debug)]
pub enum CaptureError {
    /// Git failed, or no repository was found.
    Git(GitError),
    /// The configuration or a file is wrong.
    Wrong(Vec<Diagnostic>),
}

impl From<GitError> for CaptureError {
    fn from(error: GitError) -> Self {
        Self::Git(error)
    }
}

impl From<Vec<Diagnostic>> for CaptureError {
    fn from(problems: Vec<Diagnostic>) -> Self {
        Self::Wrong(problems)
    }
}

impl Place {
    /// Finds the repository of a folder, and relman.toml in it or above it, or takes the file that is given.
    ///
    /// # Errors
    /// Returns an error if the folder is not in a repository, or the given file does not exist in it.
    pub fn find(dir: &Path, config: Option<&Path>) -> Result<Self, CaptureError> {
        let wrong = |message: String| CaptureError::Wrong(vec![Diagnostic::new(ProblemCode::Missing, message)]);
        if let Some(file) = config {
            let file = dir.join(file);
            let found = |path: &Path| {
                io::canonical(path).map_err(|error| {
                    let help = "`--config FILE` is relative to the current folder, or to that of `-C`";
                    CaptureError::Wrong(vec![Diagnostic::new(ProblemCode::Missing, error.to_string()).help(help)])
                })
            };
            let path = found(&file)?;
            let (Some(home), Some(root), Some(name)) =
                (file.parent(), path.parent(), path.file_name().and_then(|n| n.to_str()))
            else {
                return Err(wrong(format!("{} is not a file", file.display())));
            };
            let git = Git::discover(&found(home)?)?;
            if !path.starts_with(git.toplevel()) {
                let (file, path) = (file.display(), path.display());
                return Err(wrong(format!("{file} leaves the repository: it leads to {path}")));
            }
            let git = Git::discover(root)?;
            let sparse = Sparse::read(&git)?;
            return Self::at(git, sparse, root.to_owned(), Some(name.to_owned()));
        }
        // The threads that read files start while git looks for the repository.
        let git = Git::discover_while(dir, &|| rayon::spawn(|| ()))?;
        let sparse = Sparse::read(&git)?;
        let start = io::canonical(dir).map_err(|error| wrong(error.to_string()))?;
        let top = git.toplevel().to_owned();
        let above = start.ancestors().take_while(|folder| folder.starts_with(&top));
        let is_left_out = |folder: &Path| {
            let seen_from_top =
                folder.strip_prefix(&top).ok().and_then(|below| below.join(FILE).to_str().map(str::to_owned));
            seen_from_top.is_some_and(|path| sparse.holds(&path))
        };
        let is_there = |folder: &Path| io::kind(&folder.join(FILE)).is_ok_and(|kind| kind != io::Kind::Missing);
        let found = above.map(Path::to_owned).find(|folder| is_there(folder) || is_left_out(folder));
        match found {
            Some(root) => Self::at(git, sparse, root, Some(FILE.to_owned())),
            None => Self::at(git, sparse, top, None),
        }
    }

    /// Returns the place of the relman.toml that the next commit would have, where the work tree has none: in this folder, or the nearest
    /// one above it.
    ///
    /// # Errors
    /// Returns an error if git fails, or the folder cannot be named.
    pub fn staged(&self, dir: &Path) -> Result<Option<Self>, CaptureError> {
        let start = io::canonical(dir).ok().and_then(|start| self.git.prefix_of(&start));
        // A folder that is not in the work tree has no files in the index.
        let Some(start) = start else { return Ok(None) };
        let listing = self.git.index_listing()?;
        let is_staged = |folder: &RepoPath| listing.iter().any(|entry| entry.path == folder.child(FILE).as_str());
        let start = RepoPath::new(&start.join("")).unwrap_or_else(|_| RepoPath::root());
        let Some(folder) = start.child(FILE).ancestors().find(is_staged) else { return Ok(None) };
        let root = io::below(self.git.toplevel(), folder.as_str());
        let place = Self::at(self.git.clone(), Sparse::read(&self.git)?, root, Some(FILE.to_owned()))?;
        Ok(Some(Self { plugins: Arc::clone(&self.plugins), ..place }))
    }

    fn at(git: Git, sparse: Sparse, root: PathBuf, file: Option<String>) -> Result<Self, CaptureError> {
        if root.to_str().is_none() {
            let folder = escaped(root.as_os_str().as_encoded_bytes());
            let problem = Diagnostic::new(
                ProblemCode::Unreadable,
                format!("relman.toml is located in {folder}, which is not UTF-8"),
            );
            return Err(vec![problem.help("rename that folder")].into());
        }
        let prefix = git.prefix_of(&root).ok_or_else(|| {
            CaptureError::Wrong(vec![Diagnostic::new(
                ProblemCode::Outside,
                format!("{} is not in the work tree of its repository", root.display()),
            )])
        })?;
        let plugins = Arc::new(Host::new(Trust::Off, root.clone(), git.toplevel().to_owned()));
        let (sparse, untagged) = (Arc::new(sparse), BTreeSet::new());
        Ok(Self { root, file, git, prefix, sparse, untagged, plugins, proposal: None })
    }

    /// Returns the files of the work tree, or those of the index.
    fn tree(&self, staged: bool) -> Result<Box<dyn Tree>, GitError> {
        if staged { Ok(Box::new(IndexTree::read(&self.git, &self.prefix)?)) } else { self.on_disk(&self.sparse) }
    }

    /// Returns the files of the work tree, and those that it leaves out.
    fn on_disk(&self, sparse: &Sparse) -> Result<Box<dyn Tree>, GitError> {
        let disk = self.disk();
        if sparse.is_empty() {
            return Ok(Box::new(disk));
        }
        Ok(Box::new(SparseTree::new(disk, sparse, &self.git, &self.prefix)?))
    }

    fn disk(&self) -> WorkTree {
        WorkTree::new(self.root.clone(), self.git.clone(), self.prefix.clone())
    }
}

/// The files of a workspace.
struct Files {
    workspace: Workspace,
    /// The plugins that were not asked.
    left_out: Vec<PluginLeftOut>,
    changelogs: Changelogs,
    fragments: Fragments,
}

impl Files {
    fn read(
        config: &Config,
        tree: &dyn Tree,
        needs: CaptureNeeds,
        plugins: Option<Plugins<'_>>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let read = || {
            let (workspace, left_out) = workspace::read(config, tree, plugins)?;
            let changelogs = changelogs::read(config, &workspace, tree, needs.changelogs)?;
            let fragments = fragments::read(config, &workspace, tree);
            Ok(Self { workspace, left_out, changelogs, fragments })
        };
        let files = read();
        match tree.problems() {
            problems if problems.is_empty() => files,
            // Other problems may only be consequences of these.
            problems => Err(problems),
        }
    }
}

/// Reads everything that the request needs.
///
/// # Errors
/// Returns an error if git fails or the configuration is wrong. Broken manifests are not an error here: the snapshot contains them.
pub fn capture(place: &Place, request: CaptureOptions, progress: &Progress<'_>) -> Result<Snapshot, CaptureError> {
    let tree = place.tree(request.staged)?;
    let config = configuration(place, tree.as_ref(), request.staged)?;
    let needs = with_history(&config, request.needs);
    let plugins = Plugins { config: &config, host: &place.plugins };
    let (Answers { facts: mut git, tagged, log, .. }, files) = look(place, request, needs, tree.as_ref(), plugins)?;
    let Files { mut workspace, left_out, changelogs, fragments } = files;
    let production = Production::read(&place.git, &config, &git, needs)?;
    let history = match &git.commit {
        Some(head) if needs.history => {
            let finals = if needs.sections { finals(&config, &workspace) } else { BTreeSet::new() };
            let ask = history::BumpSpec {
                git: &place.git,
                prefix: &place.prefix,
                head: head.as_str(),
                config: &config,
                packages: &workspace.packages,
                files: &workspace.files,
                tags: &tagged,
                production: &production,
                finals: &finals,
                untagged: &place.untagged,
                progress,
            };
            Some(history::read(&ask, log)?)
        }
        _ => None,
    };
    let fragments = match &history {
        Some(history) => {
            take_reached(&mut git, history);
            released::mark(&place.git, &place.prefix, history, fragments)?
        }
        None => {
            let packages = workspace.packages.as_slice();
            let of_production = || production.tags(&place.git, packages);
            facts::ask_reach(&place.git, &mut git, needs.reach, packages, of_production)?;
            fragments
        }
    };
    for (index, version) in last_versions(&workspace, &git, history.as_ref()) {
        workspace.packages[index].take_released(version);
    }
    let plugins = plugin_facts(plugins, &workspace, left_out, history.as_ref(), needs)?;
    let (today, time) = day_and_time()?;
    Ok(Snapshot {
        configured: place.file.is_some(),
        config,
        workspace,
        changelogs,
        fragments,
        git,
        history,
        milestone_items: Look::NotAsked,
        plugins,
        today,
        time,
    })
}

/// Asks git, and reads the files meanwhile.
fn look(
    place: &Place,
    request: CaptureOptions,
    needs: CaptureNeeds,
    tree: &dyn Tree,
    plugins: Plugins<'_>,
) -> Result<(Answers, Files), CaptureError> {
    // One of the threads that share the files runs it all: to hand them each part from here would wake them again and again.
    let files = |tree: &dyn Tree| rayon::scope(|_| Files::read(plugins.config, tree, request.needs, Some(plugins)));
    let (answers, read) = io::both(|| facts::facts(&place.git, &place.prefix, needs), || files(tree));
    let mut answers = answers?;
    // Only a listing of the index shows that single files were left out by hand.
    let is_news = place.sparse.is_empty() && !answers.sparse.is_empty();
    let sparse = if is_news { &answers.sparse } else { place.sparse.as_ref() };
    let read = if is_news && !request.staged { files(place.on_disk(sparse)?.as_ref()) } else { read };
    let files = read?;
    complete(&mut answers.facts, place, plugins.config, sparse)?;
    Ok((answers, files))
}

/// Adds which tags HEAD reaches: those of the packages' last releases, as far as that matters.
fn take_reached(git: &mut GitFacts, history: &History) {
    let last = history.packages.iter().filter_map(|gathered| Some(gathered.last.as_ref()?.name.clone()));
    git.tags = std::mem::take(&mut git.tags).reached(last.collect());
}

/// The versions of the packages' last releases: of their last tags, or of release commits above them.
fn last_versions(workspace: &Workspace, git: &GitFacts, history: Option<&History>) -> Vec<(PackageIx, Version)> {
    let last = |(index, package): (PackageIx, &Package)| {
        let untagged = history.and_then(|history| history.packages[index].untagged.as_ref());
        let untagged = untagged.map(|untagged| untagged.version.clone());
        Some((index, untagged.max(git.tags.last(package).map(|(_, version)| version))?))
    };
    workspace.packages.entries().filter_map(last).collect()
}

/// Adds to the state of git what follows from relman.toml and from what the work tree leaves out.
fn complete(git: &mut GitFacts, place: &Place, config: &Config, sparse: &Sparse) -> Result<(), GitError> {
    git.left_out = sparse.left_out(&place.disk(), &place.git, &place.prefix)?;
    git.untagged.clone_from(&place.untagged);
    git.is_hotfix = git.branch.as_ref().is_some_and(|branch| config.is_hotfix(branch, git.tags.names()));
    Ok(())
}

/// Asks plugins of the roles `check` and `notes`, if their answers are needed.
fn plugin_facts(
    plugins: Plugins<'_>,
    workspace: &Workspace,
    left_out: Vec<PluginLeftOut>,
    history: Option<&History>,
    needs: CaptureNeeds,
) -> Result<PluginFacts, CaptureError> {
    let asks_checks = needs.findings || (needs.sections && plugins.config.gates.is_some());
    let checks = if asks_checks { plugins.checks(workspace, &left_out) } else { Vec::new() };
    let entries = if needs.sections { plugins.entries(workspace, &left_out, history)? } else { BTreeMap::new() };
    Ok(PluginFacts { left_out, checks, entries })
}

/// Today, or the day of SOURCE_DATE_EPOCH, and that variable.
fn day_and_time() -> Result<(String, Option<i64>), CaptureError> {
    let clock =
        |error: io::ClockError| CaptureError::Wrong(vec![Diagnostic::new(ProblemCode::Environment, error.to_string())]);
    Ok((io::today().map_err(clock)?.to_string(), io::source_date_epoch().map_err(clock)?))
}

/// A section that commits fill needs the history in any case, and one that the milestone fills the time of the last release.
fn with_history(config: &Config, needs: CaptureNeeds) -> CaptureNeeds {
    let notes = |spec: &PluginSpec| spec.roles.contains(&PluginRole::Notes);
    let fills = config.takes_commits() || config.takes_milestone() || config.plugins.iter().any(notes);
    // A version that no file holds is that of a tag, or of a release commit that has no tag yet.
    let is_computed = config.packages.iter().any(|package| package.from_tag.is_some()) && needs.reach == Reach::Above;
    CaptureNeeds { history: needs.history || (needs.sections && fills) || is_computed, ..needs }
}

/// The packages whose next section lists all commits since their last stable release.
fn finals(config: &Config, workspace: &Workspace) -> BTreeSet<PackageIx> {
    let is_told = |id: &PackageId| {
        config
            .changelog_of(id)
            .is_some_and(|c| (c.takes_commits() || c.takes_milestone()) && c.prereleases == Prereleases::Keep)
    };
    workspace.packages.entries().filter(|(_, package)| is_told(&package.id)).map(|(index, _)| index).collect()
}

/// Reads relman.toml of the work tree, and nothing else.
///
/// # Errors
/// Returns what is wrong in it.
pub fn read_configuration(place: &Place) -> Result<Config, CaptureError> {
    configuration(place, place.tree(false)?.as_ref(), false)
}

/// Reads relman.toml; if it does not exist, uses what `init` would write.
fn configuration(place: &Place, tree: &dyn Tree, staged: bool) -> Result<Config, CaptureError> {
    let path = RepoPath::new(place.file.as_deref().unwrap_or(FILE)).unwrap_or_else(|_| RepoPath::root());
    let text = match &place.file {
        Some(name) if staged => config_text(tree, name, true).map_err(|problem| vec![problem])?,
        Some(name) => {
            let top =
                Place { root: place.git.toplevel().to_owned(), prefix: WorkspacePrefix::default(), ..place.clone() };
            config_text(top.tree(false)?.as_ref(), &place.prefix.join(name), false).map_err(|problem| vec![problem])?
        }
        None => place.proposal.clone().unwrap_or_default(),
    };
    Ok(Config::parse(&path, &Arc::from(text))?)
}

/// Reads the configuration file. It may be a symbolic link to anywhere in the repository.
fn config_text(tree: &dyn Tree, name: &str, staged: bool) -> Result<String, Diagnostic> {
    let path =
        RepoPath::new(name).map_err(|error| Diagnostic::new(ProblemCode::ConfigValue, format!("{name}: {error}")))?;
    match tree.resolve(&path) {
        Ok(target) => tree.read(&target),
        Err(Unresolved::Leaves(target)) => Err(leaves(&path, &target)),
        Err(Unresolved::Missing) if staged => {
            let message = format!("{name} is not staged: the next commit would not contain it");
            Err(Diagnostic::new(ProblemCode::Missing, message).help(format!("git add {name}")))
        }
        Err(Unresolved::Missing) => Err(missing(&path)),
    }
}
