//! The state of git in the repository.

use super::sparse::Sparse;
use crate::io::{self, Git, GitError, Head, IndexEntry, Status, TagTarget};
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
    /// The files that the index marks as left out of the work tree, if the index was listed.
    pub(super) sparse: Sparse,
}

/// Asks git. `prefix` is the folder of relman.toml below the top of the work tree.
pub(super) fn facts(git: &Git, prefix: &WorkspacePrefix, needs: CaptureNeeds) -> Result<Answers, GitError> {
    // The tags are read in parallel with the rest.
    let (tags, facts) = io::both(|| tags(git, needs), || of_head(git, prefix, needs));
    let ((names, tagged), (facts, sparse)) = (tags?, facts?);
    Ok(Answers { facts: GitFacts { tags: Tags::new(names, None), ..facts }, tagged, sparse })
}

type NamedTags = (Vec<String>, Vec<TagTarget>);

fn tags(git: &Git, needs: CaptureNeeds) -> Result<NamedTags, GitError> {
    if !needs.history {
        return Ok((git.tags()?, Vec::new()));
    }
    let tagged = git.tag_targets()?;
    Ok((tagged.iter().map(|(name, _)| name.clone()).collect(), tagged))
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

/// All but the tags.
fn of_head(git: &Git, prefix: &WorkspacePrefix, needs: CaptureNeeds) -> Result<(GitFacts, Sparse), GitError> {
    let mut facts = GitFacts::default();
    let mut sparse = Sparse::default();
    let head = if needs.changes {
        // The status waits for the settings, so they are asked for before anything else is.
        let settings = git.work_tree_settings()?;
        facts.ignores_case = settings.ignores_case;
        let (status, entries) = io::both(|| git.status_under(&settings), || git.index_entries());
        let entries = entries?;
        facts.tracked = Some(tracked(&entries, prefix));
        sparse = Sparse::of(&entries);
        let Status { head, changed } = status?;
        for file in changed {
            match changed_file(prefix, file.path) {
                ChangedFile::Inside(path) if file.filtered && !file.staged => drop(facts.filtered.insert(path)),
                ChangedFile::Outside(_) if file.filtered && !file.staged => {}
                changed => facts.changed.push(changed),
            }
        }
        head
    } else {
        git.head()?
    };
    let Head { commit, branch } = head;
    let branch = branch.name().map(str::to_owned);
    let facts = GitFacts {
        head_elsewhere: if branch.is_none() { git.symbolic_head()? } else { None },
        in_progress: git.in_progress()?,
        push: if needs.push { push_target(git, branch.as_deref())? } else { None },
        commit: commit.map(CommitId::new),
        branch,
        shallow: git.is_shallow(),
        index_locked: needs.changes && io::kind(&git.index_lock()).is_ok_and(|k| k == io::Kind::File),
        ..facts
    };
    Ok((facts, sparse))
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
