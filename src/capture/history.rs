//! Reading of the history: one walk for all packages.
//!
//! Two git programs share the work. `git log`, which begins while files are still read (`facts`), tells commits, parents and messages,
//! newest first, and is stopped as soon as everything that it has not printed precedes every package's last tag: it needs no bound, which
//! would cost a walk of its own. Then the trees of only those commits that some package needs are compared (`tree_look`), in as many
//! processes as there are cores; if that is not conclusive, `git diff-tree` lists their paths. A package without a tag begins where its
//! manifest was added, which only that can tell; then both steps take turns until it is found.

mod borders;
mod gathered;
mod last_release;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::messages::read_message;
use super::named_releases::NamedReleases;
use super::production::Production;
use super::progress::Progress;
use super::tree_look::{Look, TreePair};
use crate::config::{Config, HistoryMode};
use crate::history::{Cover, Graph, History, Message};
use crate::io::{CommitLog, CommitPair, Git, GitError, TagTarget};
use crate::model::{GraphIx, IndexVec, PackageId, PackageIx, RepoPath, Version, WorkspacePrefix};
use crate::workspace::{Owners, Package, SourceFile};

/// How many commits are read before the first check whether that is enough; then twice as many, and so on. Reading a
/// message is cheap compared with its paths.
const FIRST_READ: usize = 512;
/// So many messages are handed to another thread at once.
const MESSAGES_IN_A_PART: usize = 128;
/// The last question about a manifest: whether it exists.
const LARGEST_MANIFEST: u64 = 64 * 1024 * 1024;
/// Fewer commits are not worth a process.
const FEWEST_IN_A_PROCESS: usize = 128;

/// Where the history is read, and for whom.
pub(super) struct BumpSpec<'a> {
    /// The repository.
    pub(super) git: &'a Git,
    /// The folder of relman.toml.
    pub(super) prefix: &'a WorkspacePrefix,
    /// HEAD's commit.
    pub(super) head: &'a str,
    /// Which commits count, and whether it matters when the last releases were made.
    pub(super) config: &'a Config,
    /// The packages.
    pub(super) packages: &'a IndexVec<PackageIx, Package>,
    /// Their files.
    pub(super) files: &'a BTreeMap<RepoPath, SourceFile>,
    /// Every tag with its commit.
    pub(super) tags: &'a [TagTarget],
    /// The releases that are only on the production branch.
    pub(super) production: &'a Production,
    /// The packages, by index, whose changes since their last stable release are requested, too.
    pub(super) finals: &'a BTreeSet<PackageIx>,
    /// The packages of which the remote is known to have no tag.
    pub(super) untagged: &'a BTreeSet<PackageId>,
    /// Receives how many of the commits were visited.
    pub(super) progress: &'a Progress<'a>,
}

/// A commit that changed the version of a package, and the version since then.
type VersionChange = (String, Version);

/// What is known about a package before its history is read.
struct Wanted<'a> {
    /// The package, by index.
    package: PackageIx,
    /// Whether only stable releases count, and its prereleases are skipped.
    is_final: bool,
    /// Its tags, the highest version first.
    tags: Vec<(Version, &'a str, &'a str)>,
    /// Where its primary manifest lies, from the top of the work tree.
    manifest: Option<String>,
    /// Whether it has never been in a commit: it has no tag, and HEAD does not have its manifest.
    is_new: bool,
    /// Whether the remote is known to have no tag of it.
    is_untagged: bool,
    /// Whether it is never tagged.
    is_never_tagged: bool,
    /// The newest commit that changed its version, if it is never tagged.
    changed: Option<VersionChange>,
}

impl Wanted<'_> {
    /// Returns `true` if it begins where its manifest was added, as far as is known.
    fn begins_with_manifest(&self) -> bool {
        self.tags.is_empty() && !self.is_new && self.changed.is_none()
    }
}

/// Reads the changes of every package since its last tag. `log` is the history from HEAD, where it was started already.
pub(super) fn read(ask: &BumpSpec<'_>, log: Option<CommitLog>) -> Result<History, GitError> {
    let mut wanted = ask.requested_ranges()?;
    ask.find_version_changes(&mut wanted)?;
    let mut walk = Walk::start(ask, log, &wanted)?;
    let mut goal = FIRST_READ;
    let cover = loop {
        walk.read_to(goal)?;
        if walk.ended {
            // Only now is it known whether HEAD reaches any tag of a package.
            let elsewhere = |wanted: &&mut Wanted<'_>| !wanted.tags.is_empty() && walk.last_tag(wanted).is_none();
            ask.find_new(wanted.iter_mut().filter(elsewhere).collect())?;
            break Cover::new(&walk.graph, walk.borders(&wanted));
        }
        goal *= 2;
        if walk.is_unnamed(&wanted) {
            // A release commit further back may name a package that is never tagged.
            continue;
        }
        let seeks_manifests = wanted.iter().any(Wanted::begins_with_manifest);
        let borders = walk.borders(&wanted);
        if borders.lack_one() && !seeks_manifests {
            continue;
        }
        let cover = Cover::new(&walk.graph, borders);
        if cover.is_complete() {
            break cover;
        }
        if seeks_manifests {
            walk.look_at_paths(&cover)?;
            let cover = cover.renewed(&walk.graph, walk.borders(&wanted));
            if cover.is_complete() {
                break cover;
            }
        }
    };
    walk.look_at_paths(&cover)?;
    walk.seek_more(&wanted)?;
    let released: BTreeSet<&str> = wanted.iter().flat_map(|wanted| walk.released(wanted)).collect();
    let times = if ask.config.takes_milestone() { ask.git.commit_times(&released)? } else { BTreeMap::new() };
    let cover = cover.renewed(&walk.graph, walk.borders(&wanted));
    Ok(walk.gathered(&wanted, &cover, &times))
}

struct Walk<'a> {
    ask: &'a BumpSpec<'a>,
    owners: Owners,
    log: CommitLog,
    ended: bool,
    /// Commits whose parents a shallow clone does not have.
    cut: BTreeSet<String>,
    graph: Graph,
    /// The root tree of every commit that was read.
    trees: BTreeMap<GraphIx, String>,
    messages: BTreeMap<GraphIx, Message>,
    /// The releases found in messages.
    releases: NamedReleases<'a>,
    /// The packages that each visited commit touches.
    touched: BTreeMap<GraphIx, Vec<PackageIx>>,
    /// The primary manifests, and the newest commit that is known to have added each.
    manifests: BTreeMap<String, Option<GraphIx>>,
    /// Those of them that are needed: of packages without a tag to begin at.
    sought: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn start(ask: &'a BumpSpec<'a>, log: Option<CommitLog>, wanted: &[Wanted<'_>]) -> Result<Self, GitError> {
        // HEAD may have moved since.
        let log = log.filter(|log| log.is_from(ask.head));
        Ok(Self {
            owners: Owners::new(ask.packages),
            log: log.map_or_else(|| ask.git.log(ask.head), Ok)?,
            ended: false,
            cut: ask.git.shallow_commits()?,
            graph: Graph::default(),
            trees: BTreeMap::new(),
            messages: BTreeMap::new(),
            releases: NamedReleases::new(ask.packages),
            touched: BTreeMap::new(),
            manifests: wanted.iter().filter_map(|wanted| Some((wanted.manifest.clone()?, None))).collect(),
            sought: wanted.iter().filter(|w| w.begins_with_manifest()).filter_map(|w| w.manifest.clone()).collect(),
            ask,
        })
    }

    /// Reads commits and messages up to this number, or to the end. What messages mean is found out while git prints the next ones.
    fn read_to(&mut self, goal: usize) -> Result<(), GitError> {
        let (config, understood) = (self.ask.config, Mutex::new(Vec::new()));
        rayon::in_place_scope(|scope| -> Result<(), GitError> {
            for at in 0.. {
                let part = self.read_part(goal)?;
                if part.is_empty() {
                    break;
                }
                let understood = &understood;
                scope.spawn(move |_| {
                    let read = |(number, text): (GraphIx, Vec<u8>)| (number, read_message(&text, config));
                    let messages: Vec<(GraphIx, Message)> = part.into_iter().map(read).collect();
                    // A panic elsewhere is raised again at the end of the scope.
                    understood.lock().unwrap_or_else(PoisonError::into_inner).push((at, messages));
                });
            }
            Ok(())
        })?;
        let mut parts = understood.into_inner().unwrap_or_else(PoisonError::into_inner);
        parts.sort_by_key(|(at, _)| *at);
        for (number, message) in parts.into_iter().flat_map(|(_, messages)| messages) {
            self.releases.add(number, &message);
            self.messages.insert(number, message);
        }
        Ok(())
    }

    /// Reads the next commits, and returns their messages.
    fn read_part(&mut self, goal: usize) -> Result<Vec<(GraphIx, Vec<u8>)>, GitError> {
        let mut read = Vec::new();
        while read.len() < MESSAGES_IN_A_PART && self.graph.read().len() < goal && !self.ended {
            let Some(mut commit) = self.log.next_commit()? else {
                self.ended = true;
                break;
            };
            if self.cut.contains(&commit.id) {
                // A placeholder for the missing parents, which will never be read.
                commit.parents.push(format!("below {}", commit.id));
            }
            let number = self.graph.add(&commit.id, &commit.parents);
            self.trees.insert(number, commit.tree);
            read.push((number, commit.message));
        }
        Ok(read)
    }

    /// Returns `true` if a release commit further back may be the last release of a package that is never tagged.
    fn is_unnamed(&self, wanted: &[Wanted<'_>]) -> bool {
        let is_unnamed =
            |wanted: &Wanted<'_>| wanted.is_never_tagged && !wanted.is_new && self.untagged(wanted).is_empty();
        wanted.iter().any(is_unnamed)
    }

    /// The commits that released a package above its last tag, and their versions.
    fn untagged(&self, wanted: &Wanted<'_>) -> Vec<(GraphIx, &Version)> {
        let last = self.last_tag(wanted).map(|(version, ..)| version);
        let is_above = |version: &Version| last.is_none_or(|last| version > last);
        let counts = |version: &Version| is_above(version) && !(wanted.is_final && version.is_prerelease());
        let is_computed = self.ask.packages[wanted.package].from_tag.is_some();
        let of_package = self.releases.of(wanted.package).iter();
        let counted =
            of_package.filter(|(commit, version)| counts(version) && !(is_computed && self.is_reverted(*commit)));
        counted.map(|(commit, version)| (*commit, version)).collect()
    }

    /// Whether a later commit takes this one back. Where manifests hold the version, they tell.
    fn is_reverted(&self, commit: GraphIx) -> bool {
        let id = self.graph.id(commit);
        self.messages.values().flat_map(|message| &message.reverts).any(|reverted| id.starts_with(&reverted.id))
    }

    /// The last commits of HEAD's history that the last tag contains.
    fn released<'b>(&'b self, wanted: &'b Wanted<'_>) -> Vec<&'b str> {
        let commit = self.last_tag(wanted).map(|(_, _, commit)| *commit);
        let of_production = commit.and_then(|commit| self.ask.production.border(commit));
        of_production.unwrap_or_else(|| commit.into_iter().collect())
    }

    /// The highest tag that HEAD reaches, or production for it. Until all commits are read, this is known only of the highest tag.
    fn last_tag<'b>(&self, wanted: &'b Wanted<'_>) -> Option<&'b (Version, &'b str, &'b str)> {
        let asked = if self.ended { wanted.tags.len() } else { 1 };
        let is_reached = |commit| self.graph.find(commit).is_some() || self.ask.production.counts(commit);
        wanted.tags.iter().take(asked).find(|(_, _, commit)| is_reached(commit))
    }

    /// Finds the packages touched by each commit that counts and that some package needs.
    fn look_at_paths(&mut self, cover: &Cover) -> Result<(), GitError> {
        let numbers = self.to_look_at(cover);
        let done = AtomicUsize::new(0);
        let on_commit = || (self.ask.progress)(done.fetch_add(1, Ordering::Relaxed).min(numbers.len()), numbers.len());
        let (looked, by_name) = self.compare_trees(&numbers, &on_commit)?;
        let listed = self.list_paths(&by_name, &on_commit)?;
        // Commits visited earlier are newer, and so are the first ones of these.
        let newest_first: BTreeMap<GraphIx, usize> = numbers.iter().copied().zip(0..).collect();
        let mut added: Vec<(String, GraphIx)> = looked.added.into_iter().chain(listed.added).collect();
        added.sort_by_key(|(_, number)| newest_first.get(number).copied());
        for (path, number) in added {
            self.manifests.entry(path).and_modify(|newest| *newest = newest.or(Some(number)));
        }
        self.touched.extend(looked.touched.into_iter().chain(listed.touched));
        Ok(())
    }

    /// Compares folders, and also returns the commits for which that is not conclusive.
    fn compare_trees(
        &self,
        numbers: &[GraphIx],
        on_commit: &(dyn Fn() + Sync),
    ) -> Result<(TreeDiff, Vec<GraphIx>), GitError> {
        let parent = |number: &GraphIx| self.graph.parents(*number).first();
        // The tree of an unread parent is unknown.
        let (known, mut by_name): (Vec<GraphIx>, Vec<GraphIx>) =
            numbers.iter().partition(|number| parent(number).is_none_or(|parent| self.trees.contains_key(parent)));
        let pair = |number: &GraphIx| TreePair {
            old: parent(number).and_then(|parent| self.trees.get(parent).cloned()),
            new: self.trees.get(number).cloned().unwrap_or_default(),
        };
        let pairs: Vec<TreePair> = known.iter().map(pair).collect();
        let look = Look { git: self.ask.git, owners: &self.owners, prefix: self.ask.prefix, sought: &self.sought };
        let Ok(found) = look.at(&pairs, on_commit) else {
            // Git reports what is wrong with the trees.
            return Ok((TreeDiff::default(), numbers.to_vec()));
        };
        let mut looked = TreeDiff::default();
        for (at, (number, packages)) in known.iter().zip(found.packages).enumerate() {
            if found.by_name.contains(&at) {
                by_name.push(*number);
            } else {
                looked.touched.push((*number, packages.into_iter().collect()));
            }
        }
        let number = |(path, at): (String, usize)| Some((path, *known.get(at)?));
        looked.added = found.added.into_iter().filter_map(number).collect();
        Ok((looked, by_name))
    }

    /// Lets git list the paths of these commits.
    fn list_paths(&self, numbers: &[GraphIx], on_commit: &(dyn Fn() + Sync)) -> Result<TreeDiff, GitError> {
        let pair = |number: &GraphIx| CommitPair {
            commit: self.graph.id(*number).to_owned(),
            parent: self.graph.parents(*number).first().map(|parent| self.graph.id(*parent).to_owned()),
        };
        let pairs: Vec<CommitPair> = numbers.iter().map(pair).collect();
        let size = pairs.len().div_ceil(rayon::current_num_threads()).max(FEWEST_IN_A_PROCESS);
        let parts: Vec<Part<'_>> =
            pairs.chunks(size).zip(numbers.chunks(size)).map(|(pairs, numbers)| Part { pairs, numbers }).collect();
        let looked: Vec<TreeDiff> =
            parts.par_iter().map(|part| self.look_at(part, on_commit)).collect::<Result<_, _>>()?;
        let mut all = TreeDiff::default();
        for part in looked {
            all.touched.extend(part.touched);
            all.added.extend(part.added);
        }
        Ok(all)
    }

    /// If HEAD reaches no tag of a package, it begins like a package without tags; this is known only now.
    fn seek_more(&mut self, wanted: &[Wanted<'_>]) -> Result<(), GitError> {
        let is_lost = |wanted: &&Wanted<'_>| !wanted.tags.is_empty() && self.last_tag(wanted).is_none();
        let lost: Vec<String> = wanted.iter().filter(is_lost).filter_map(|wanted| wanted.manifest.clone()).collect();
        if lost.is_empty() {
            return Ok(());
        }
        self.sought.extend(lost);
        self.touched.clear();
        let cover = Cover::new(&self.graph, self.borders(wanted));
        self.look_at_paths(&cover)
    }

    fn to_look_at(&self, cover: &Cover) -> Vec<GraphIx> {
        let of_mode = match self.ask.config.commits.history {
            HistoryMode::Full => {
                self.graph.read().iter().copied().filter(|n| self.graph.parents(*n).len() < 2).collect()
            }
            HistoryMode::FirstParent => self.graph.first_parents(),
        };
        let is_release = |number: &GraphIx| self.messages.get(number).is_some_and(|message| message.is_release);
        let is_needed = |number: &GraphIx| {
            !cover.is_behind_all(*number)
                && !self.touched.contains_key(number)
                && !self.cut.contains(self.graph.id(*number))
                && !is_release(number)
        };
        of_mode.into_iter().filter(is_needed).collect()
    }

    fn look_at(&self, part: &Part<'_>, on_commit: &dyn Fn()) -> Result<TreeDiff, GitError> {
        let mut touched = vec![Vec::new(); part.numbers.len()];
        let mut added = Vec::new();
        let mut current = None;
        self.ask.git.changed_paths(part.pairs, |at, changed| {
            if current != Some(at) {
                current = Some(at);
                on_commit();
            }
            let path = String::from_utf8_lossy(changed.path);
            if changed.added
                && self.sought.contains(path.as_ref())
                && let Some(number) = part.numbers.get(at)
            {
                added.push((path.clone().into_owned(), *number));
            }
            if let (Some(inside), Some(touched)) = (self.ask.prefix.strip(&path), touched.get_mut(at)) {
                touched.extend(self.owners.of(inside));
            }
        })?;
        for packages in &mut touched {
            packages.sort_unstable();
            packages.dedup();
        }
        Ok(TreeDiff { touched: part.numbers.iter().copied().zip(touched).collect(), added })
    }
}

/// The commits that one process compares.
struct Part<'a> {
    pairs: &'a [CommitPair],
    numbers: &'a [GraphIx],
}

/// The result.
#[derive(Default)]
struct TreeDiff {
    touched: Vec<(GraphIx, Vec<PackageIx>)>,
    added: Vec<(String, GraphIx)>,
}
