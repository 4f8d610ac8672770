//! [`Snapshot`]: everything that was read, immutable.

mod artifacts;
mod branch_changes;
mod discovery;
mod left_out;
mod look;
mod outside;
mod past;
mod plugins;
mod tag_look;
mod tag_prefix;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use artifacts::{ArtifactFacts, ArtifactLook, ImageLook};
pub use branch_changes::{BranchChanges, RangeChanges};
pub use discovery::{Branches, Discovery, FollowedFile, FoundManifest, FoundTag, NEWEST_RELEASES, RecentCommit};
pub use left_out::{BringBack, LeftOut};
pub use look::Look;
pub use outside::{
    AssetFile, BranchLook, ForgeLook, MergeLook, MergeOutcome, Outside, RemoteLook, RunLook, UpTo, UpstreamLook,
};
pub use past::{Past, PastManifest, PastRequirement};
pub use plugins::{NotedEntry, PluginFacts, PluginLeftOut, PluginReport};
pub use tag_look::TagLook;
pub use tag_prefix::{TagPrefix, Tagged, tag_prefixes};

use crate::changelog::Fragment;
use crate::config::Config;
use crate::history::History;
use crate::model::{
    CommitId, Diagnostic, FragmentIx, GitOperation, IndexVec, PackageId, PackageIx, RepoPath, Version, WorkItem,
};
use crate::workspace::{Package, Workspace};

/// The whole input of a plan.
#[derive(Debug)]
pub struct Snapshot {
    /// relman.toml.
    pub config: Config,
    /// Whether a relman.toml exists; otherwise the configuration is what `init` would write.
    pub configured: bool,
    /// The packages and their files.
    pub workspace: Workspace,
    /// The changelogs.
    pub changelogs: Changelogs,
    /// The fragments of all packages.
    pub fragments: Fragments,
    /// The state of git.
    pub git: GitFacts,
    /// The changes of each package since its last tag, if requested and if there is a commit.
    pub history: Option<History>,
    /// What was merged and closed for the milestone of the release; where no milestone is meant, since the last releases.
    pub milestone_items: Look<Vec<WorkItem>>,
    /// What plugins were asked, and which were not.
    pub plugins: PluginFacts,
    /// Today, or the day of SOURCE_DATE_EPOCH, or the day that the user gave: `YYYY-MM-DD`, in UTC.
    pub today: String,
    /// SOURCE_DATE_EPOCH, in seconds since 1970.
    pub time: Option<i64>,
}

/// The changelogs of the packages.
#[derive(Debug)]
pub struct Changelogs {
    /// The file of each package, symbolic links followed; `None` if it does not keep one.
    pub of_package: IndexVec<PackageIx, Option<RepoPath>>,
    /// The texts, if requested, or why one cannot be read; a file without an entry does not exist yet.
    pub files: BTreeMap<RepoPath, Result<Arc<str>, Diagnostic>>,
}

impl Changelogs {
    /// Returns the changelog of a package, by its index; `None` if it does not keep one.
    #[must_use]
    pub fn of(&self, package: PackageIx) -> Option<&RepoPath> {
        self.of_package[package].as_ref()
    }
}

/// The fragments that lie in the folders of the packages.
#[derive(Debug)]
pub struct Fragments {
    all: IndexVec<FragmentIx, Fragment>,
    /// The packages that each of them belongs to.
    owners: IndexVec<FragmentIx, Vec<PackageIx>>,
    of_package: IndexVec<PackageIx, Vec<Claim>>,
    folders: IndexVec<PackageIx, Option<RepoPath>>,
    /// Files in such a folder that are not fragments, sorted by path.
    pub broken: Vec<BrokenFragment>,
}

/// A fragment of one package.
#[derive(Clone, Copy, Debug)]
struct Claim {
    fragment: FragmentIx,
    /// Whether the package has yet to release it.
    is_new: bool,
}

/// A file among fragments that is not a fragment.
#[derive(Clone, Debug)]
pub struct BrokenFragment {
    /// The file.
    pub path: RepoPath,
    /// The packages whose folder it lies in, by index.
    pub users: Vec<PackageIx>,
    /// The problem.
    pub problem: Diagnostic,
}

impl Fragments {
    /// Takes the folder of each package's fragments, whether or not it is there yet, the fragments with the packages that each belongs
    /// to, and the files that are not fragments.
    #[must_use]
    pub fn new(
        folders: IndexVec<PackageIx, Option<RepoPath>>,
        mut owned: Vec<(Fragment, Vec<PackageIx>)>,
        mut broken: Vec<BrokenFragment>,
    ) -> Self {
        // Changes are listed in the order of the names within a folder.
        owned.sort_by(|a, b| a.0.path.cmp(&b.0.path));
        broken.sort_by(|a, b| a.path.cmp(&b.path));
        let mut of_package: IndexVec<PackageIx, Vec<Claim>> = folders.iter().map(|_| Vec::new()).collect();
        let (all, owners): (Vec<Fragment>, Vec<Vec<PackageIx>>) = owned.into_iter().unzip();
        let owners: IndexVec<FragmentIx, Vec<PackageIx>> = owners.into();
        for (fragment, owners) in owners.entries() {
            for owner in owners {
                of_package[*owner].push(Claim { fragment, is_new: true });
            }
        }
        Self { all: all.into(), owners, of_package, folders, broken }
    }

    /// Returns the folder of a package's fragments, symbolic links followed; `None` if it has none.
    #[must_use]
    pub fn folder(&self, package: PackageIx) -> Option<&RepoPath> {
        self.folders[package].as_ref()
    }

    /// Returns the packages, by index, that use this folder.
    pub fn users<'a>(&'a self, folder: &'a RepoPath) -> impl Iterator<Item = PackageIx> + 'a {
        self.folders.entries().filter(move |(_, known)| known.as_ref() == Some(folder)).map(|(package, _)| package)
    }

    /// Returns the fragments of a package, by its index, in the order of their paths. Whether the package has released them
    /// already does not matter here.
    pub fn of(&self, package: PackageIx) -> impl Iterator<Item = &Fragment> {
        self.of_package[package].iter().map(|claim| &self.all[claim.fragment])
    }

    /// Returns the fragments of a package that it has not released yet.
    pub fn new_of(&self, package: PackageIx) -> impl Iterator<Item = &Fragment> {
        self.of_package[package].iter().filter(|claim| claim.is_new).map(|claim| &self.all[claim.fragment])
    }

    /// Marks the fragments that a package has released: the tree of its last tag contains them with the same bytes.
    #[must_use]
    pub fn released(mut self, package: PackageIx, is_released: impl Fn(&Fragment) -> bool) -> Self {
        for claim in &mut self.of_package[package] {
            claim.is_new &= !is_released(&self.all[claim.fragment]);
        }
        self
    }

    /// Returns every fragment with the indices of the packages that it belongs to, in the order of their paths.
    pub fn owned(&self) -> impl Iterator<Item = (&Fragment, &[PackageIx])> {
        self.all.iter().zip(self.owners.iter().map(Vec::as_slice))
    }

    /// Returns every fragment, in the order of their paths.
    #[must_use]
    pub fn all(&self) -> &[Fragment] {
        self.all.as_slice()
    }
}

impl Snapshot {
    /// Returns the texts of all manifests, changelogs and fragments that were read.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<&RepoPath, &str> {
        let manifests = self.workspace.files.iter().map(|(path, file)| (path, file.text.as_ref()));
        let changelogs = self.changelogs.files.iter().filter_map(|(path, text)| Some((path, text.as_deref().ok()?)));
        let fragments = self.fragments.all().iter().map(|fragment| (&fragment.path, fragment.text.as_ref()));
        manifests.chain(changelogs).chain(fragments).collect()
    }
}

/// The state of git in the repository.
#[derive(Debug, Default)]
pub struct GitFacts {
    /// HEAD's commit; `None` if there is none yet.
    pub commit: Option<CommitId>,
    /// The branch that HEAD is on; `None` if it is detached.
    pub branch: Option<String>,
    /// Whether that is the branch of a hotfix.
    pub is_hotfix: bool,
    /// The full name of what HEAD points to, if that is not a branch: `refs/remotes/origin/main`, `refs/tags/v1`.
    pub head_elsewhere: Option<String>,
    /// The operation that git has in progress.
    pub in_progress: Option<GitOperation>,
    /// The tracked files that are not written out.
    pub left_out: LeftOut,
    /// The tracked files that differ from HEAD or the index, if requested.
    pub changed: Vec<ChangedFile>,
    /// The files below the folder of relman.toml that may differ from HEAD; only a filter could tell.
    pub filtered: BTreeSet<RepoPath>,
    /// The tracked files, if requested.
    pub tracked: Option<TrackedFiles>,
    /// Every tag.
    pub tags: Tags,
    /// Whether the file system ignores case (`core.ignorecase`), if changes were requested.
    pub ignores_case: bool,
    /// Where a push would go, if requested.
    pub push: Option<PushTarget>,
    /// Whether the clone is shallow.
    pub shallow: bool,
    /// The packages without a tag on the remote, if it was asked.
    pub untagged: BTreeSet<PackageId>,
    /// Whether another git process holds the index.
    pub index_locked: bool,
}

/// A tracked file that differs from HEAD or from the index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangedFile {
    /// A file below the folder of relman.toml.
    Inside(RepoPath),
    /// A file elsewhere in the repository, by its path from the top.
    Outside(String),
}

/// The tracked files below the folder of relman.toml.
#[derive(Debug)]
pub struct TrackedFiles {
    paths: Vec<String>,
    unwatched: BTreeSet<String>,
}

impl TrackedFiles {
    /// Takes the paths relative to the folder of relman.toml, with `/`, and those whose changes git was told to ignore.
    #[must_use]
    pub fn new(mut paths: Vec<String>, unwatched: BTreeSet<String>) -> Self {
        paths.sort_unstable();
        Self { paths, unwatched }
    }

    /// Returns `true` if git was told to ignore changes of the file, so that it may be dirty unnoticed.
    #[must_use]
    pub fn is_unwatched(&self, path: &RepoPath) -> bool {
        self.unwatched.contains(path.as_str())
    }

    /// Returns the tracked files below a folder.
    pub fn below(&self, folder: &RepoPath) -> impl Iterator<Item = &str> {
        let start = if folder.is_root() { String::new() } else { format!("{folder}/") };
        let from = self.paths.partition_point(|path| *path < start);
        let behind = self.paths.get(from..).unwrap_or(&[]);
        behind.iter().map(String::as_str).take_while(move |path| path.starts_with(&start))
    }

    /// Returns `true` if git tracks the file.
    #[must_use]
    pub fn contains(&self, path: &RepoPath) -> bool {
        self.paths.binary_search_by(|known| known.as_str().cmp(path.as_str())).is_ok()
    }
}

/// Where a push goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushTarget {
    /// The name of the remote.
    pub remote: String,
    /// The branch there; `None` if HEAD is detached.
    pub branch: Option<String>,
}

/// The tags of a repository.
#[derive(Clone, Debug, Default)]
pub struct Tags {
    names: Vec<Arc<str>>,
    reachable: Option<BTreeSet<Arc<str>>>,
}

impl Tags {
    /// Takes the short names of all tags, and of those that HEAD reaches, if requested.
    #[must_use]
    pub fn new(names: Vec<String>, reachable: Option<Vec<String>>) -> Self {
        let mut names: Vec<Arc<str>> = names.into_iter().map(Arc::from).collect();
        names.sort();
        Self { names, reachable: reachable.map(|tags| tags.into_iter().map(Arc::from).collect()) }
    }

    /// Returns the same tags with these as the ones that HEAD reaches.
    #[must_use]
    pub fn reached(self, reachable: Vec<String>) -> Self {
        Self { reachable: Some(reachable.into_iter().map(Arc::from).collect()), ..self }
    }

    /// Returns the short names of all tags, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }

    /// Returns `true` if a tag of this name exists.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.names.binary_search_by(|known| known.as_ref().cmp(name)).is_ok()
    }

    /// Returns the tags of a package with their versions, in the order of their names.
    pub fn of<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = (&'a str, Version)> {
        let prefix = package.tag.prefix();
        let start = self.names.partition_point(|name| name.as_ref() < prefix);
        let behind = self.names.get(start..).unwrap_or(&[]);
        let near = behind.iter().take_while(move |name| name.starts_with(prefix));
        near.filter_map(|name| Some((name.as_ref(), package.tagged(name)?)))
    }

    /// Returns the package's last tag: the highest version among its tags that HEAD reaches, or where it shares them the one of its own last
    /// release. If reachability was not requested, every tag counts.
    #[must_use]
    pub fn last<'a>(&'a self, package: &'a Package) -> Option<(&'a str, Version)> {
        package.last_of(self.reached_of(package))
    }

    /// Returns the highest of the package's tags that HEAD reaches; where it shares them, that may be one of a release without it.
    #[must_use]
    pub fn highest<'a>(&'a self, package: &'a Package) -> Option<(&'a str, Version)> {
        self.reached_of(package).max_by(|a, b| a.1.cmp(&b.1))
    }

    fn reached_of<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = (&'a str, Version)> {
        let is_reached = |name: &str| self.reachable.as_ref().is_none_or(|tags| tags.contains(name));
        self.of(package).filter(move |(name, _)| is_reached(name))
    }

    /// Returns the package's highest tag if it is above all that HEAD reaches: it is reported, but does not count.
    #[must_use]
    pub fn unreachable_tag<'a>(&'a self, package: &'a Package) -> Option<&'a str> {
        let (highest, version) = self.of(package).max_by(|a, b| a.1.cmp(&b.1))?;
        self.highest(package).is_none_or(|(_, reached)| version > reached).then_some(highest)
    }

    /// Returns the tag that occupies this version of the package, in whatever spelling.
    #[must_use]
    pub fn tag_for_version<'a>(&'a self, package: &'a Package, version: &Version) -> Option<&'a str> {
        self.of(package).find(|(_, tagged)| tagged == version).map(|(name, _)| name)
    }
}
