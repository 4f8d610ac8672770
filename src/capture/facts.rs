//! The state of git in the repository.

use super::sparse::Sparse;
use crate::io::{self, CommitLog, Git, GitError, Head, IndexEntry, Status, TagTarget};
use crate::model::{CommitId, RepoPath, WorkspacePrefix};
use crate::snapshot::{ChangedFile, GitFacts, PushTarget, Tags, TrackedFiles};
use crate::workspace::Package;

/// What a command needs from git; each item costs a process.
#[derive(Clone, Copy, Debug, Default)]
pub struct CaptureNeeds {
    /// Which tracked files differ from HEAD.
    pub changes: bool,
    /// Which tags HEAD reaches.
    pub reach: Reach,
    /// Where a push would go.
    pub push: bool,
    /// The changes of each package since its last tag; this includes which tags HEAD reaches.
    pub history: bool,
    /// The texts of the changelogs, which do not come from git.
    pub changelogs: bool,
    /// What plugins of the role `check` find.
    pub findings: bool,
    /// The content of their next sections; the history, if commits fill them.
    pub sections: bool,
}

/// Whether it matters which tags HEAD reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// It does not: every tag counts, unless the version of a package is that of its last tag.
    #[default]
    Any,
    /// Only a tag above its package's version matters. If none is, which is nearly always the case, git does not have to walk through
    /// history.
    Above,
}

/// The state of git, and the commits of the tags if the history needs them.
pub(super) struct Answers {
    pub(super) facts: GitFacts,
    /// The tags with their commits, sorted by name; empty unless the history is requested.
    pub(super) tagged: Vec<TagTarget>,
    /// The history from HEAD, if it is requested and the tags' call told its commit: git reads commits while files are read here.
    pub(super) log: Option<CommitLog>,
    /// The files that the index marks as left out of the work tree, if the index was listed.
    pub(super) sparse: Sparse,
}

/// Asks git. `prefix` is the folder of relman.toml below the top of the work tree.
pub(super) fn facts(git: &Git, prefix: &WorkspacePrefix, needs: CaptureNeeds) -> Result<Answers, GitError> {
    let (refs, head, facts, sparse) = if needs.changes {
        // The tags are read in parallel with the rest.
        let (refs, seen) = io::both(|| refs(git, needs.history), || work_tree(git, prefix));
        let (head, facts, sparse) = seen?;
        (refs?, head, facts, sparse)
    } else {
        let (head, refs) = head_and_refs(git, needs.history)?;
        (refs, head, GitFacts::default(), Sparse::default())
    };
    let Refs { tags, log } = refs;
    let names = tags.iter().map(|(name, _)| name.clone()).collect();
    let facts = of_head(git, head, needs, GitFacts { tags: Tags::new(names, None), ..facts })?;
    Ok(Answers { facts, tagged: if needs.history { tags } else { Vec::new() }, log, sparse })
}

/// What the refs say.
struct Refs {
    /// Where they point to is known only if the history is requested.
    tags: Vec<TagTarget>,
    log: Option<CommitLog>,
}

impl Refs {
    fn without_targets(names: Vec<String>) -> Self {
        Self { tags: names.into_iter().map(|name| (name, None)).collect(), log: None }
    }

    /// Starts to read the history from HEAD's commit.
    fn with_log(git: &Git, tags: Vec<TagTarget>, commit: Option<&str>) -> Result<Self, GitError> {
        Ok(Self { tags, log: commit.map(|commit| git.log(commit)).transpose()? })
    }
}

fn refs(git: &Git, for_history: bool) -> Result<Refs, GitError> {
    if !for_history {
        return Ok(Refs::without_targets(git.tags()?));
    }
    let (commit, tags) = git.tag_targets_and_commit()?;
    Refs::with_log(git, tags, commit.as_deref())
}

fn head_and_refs(git: &Git, for_history: bool) -> Result<(Head, Refs), GitError> {
    if for_history {
        let (head, tags) = git.head_and_tag_targets()?;
        let refs = Refs::with_log(git, tags, head.commit.as_deref())?;
        return Ok((head, refs));
    }
    let (head, names) = git.head_and_tags()?;
    Ok((head, Refs::without_targets(names)))
}

/// Asks git which of the tags HEAD reaches, if that matters, and adds `more` of them. [`Reach::Above`]: if a tag is above its package's
/// version, or the history is cut off, so that an existing tag may be unreachable.
pub(super) fn ask_reach(
    git: &Git,
    facts: &mut GitFacts,
    reach: Reach,
    packages: &[Package],
    more: impl FnOnce() -> Result<Vec<String>, GitError>,
) -> Result<(), GitError> {
    let is_below = |package: &Package| match (package.version(), facts.tags.last(package)) {
        (Some(version), Some((_, tagged))) => *version < tagged,
        _ => false,
    };
    let is_tagged = |package: &Package| package.from_tag.is_some() && facts.tags.last(package).is_some();
    let matters = match reach {
        Reach::Any => packages.iter().any(is_tagged),
        Reach::Above => facts.shallow || packages.iter().any(|package| is_below(package) || is_tagged(package)),
    };
    if let Some(commit) = facts.commit.as_ref().filter(|_| matters) {
        let mut reachable = git.tags_merged(commit.as_str())?;
        reachable.extend(more()?);
        facts.tags = std::mem::take(&mut facts.tags).reached(reachable);
    }
    Ok(())
}

/// Returns HEAD, what differs from it, and which files are tracked.
fn work_tree(git: &Git, prefix: &WorkspacePrefix) -> Result<(Head, GitFacts, Sparse), GitError> {
    // The status waits for the settings, so they are asked for before anything else is.
    let settings = git.work_tree_settings()?;
    let (status, entries) = io::both(|| git.status_under(&settings), || git.index_entries());
    let (Status { head, changed }, entries) = (status?, entries?);
    let mut facts = GitFacts {
        ignores_case: settings.ignores_case,
        tracked: Some(tracked(&entries, prefix)),
        index_locked: io::kind(&git.index_lock()).is_ok_and(|kind| kind == io::Kind::File),
        ..GitFacts::default()
    };
    for file in changed {
        match changed_file(prefix, file.path) {
            ChangedFile::Inside(path) if file.filtered && !file.staged => drop(facts.filtered.insert(path)),
            ChangedFile::Outside(_) if file.filtered && !file.staged => {}
            changed => facts.changed.push(changed),
        }
    }
    Ok((head, facts, Sparse::of(&entries)))
}

/// Adds what HEAD says.
fn of_head(git: &Git, head: Head, needs: CaptureNeeds, facts: GitFacts) -> Result<GitFacts, GitError> {
    let branch = head.branch.name().map(str::to_owned);
    Ok(GitFacts {
        head_elsewhere: if branch.is_none() { git.symbolic_head()? } else { None },
        in_progress: git.in_progress()?,
        push: if needs.push { push_target(git, branch.as_deref())? } else { None },
        commit: head.commit.map(CommitId::new),
        branch,
        shallow: git.is_shallow(),
        ..facts
    })
}

/// Every tracked file below the folder of relman.toml, in the order of the index, which is that of bytes.
fn tracked(entries: &[IndexEntry], prefix: &WorkspacePrefix) -> TrackedFiles {
    let inside = |entry: &IndexEntry| prefix.strip(&entry.path).map(str::to_owned);
    let unwatched = entries.iter().filter(|entry| entry.is_unwatched).filter_map(inside).collect();
    TrackedFiles::new(entries.iter().filter_map(inside).collect(), unwatched)
}

fn changed_file(prefix: &WorkspacePrefix, path: String) -> ChangedFile {
    match prefix.strip(&path).and_then(|inside| RepoPath::new(inside).ok()) {
        Some(path) => ChangedFile::Inside(path),
        None => ChangedFile::Outside(path),
    }
}

/// The remote and the branch that `git push` would take.
fn push_target(git: &Git, branch: Option<&str>) -> Result<Option<PushTarget>, GitError> {
    let defaults = git.push_defaults(branch)?;
    Ok(defaults.push_remote().map(|remote| {
        let upstream = defaults.branch_merge.as_deref().filter(|_| defaults.branch_remote.as_deref() == Some(remote));
        PushTarget { branch: upstream.or(branch).map(str::to_owned), remote: remote.to_owned() }
    }))
}
