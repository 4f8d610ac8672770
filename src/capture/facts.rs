//! What git says of the repository.

use crate::io::{Branch, Git, GitError, Head};
use crate::model::{CommitId, RepoPath};
use crate::snapshot::{ChangedFile, GitFacts, PushTarget, Tags, TrackedFiles};

/// What a command needs to know of git; each costs a process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs {
    /// Which tracked files differ from HEAD.
    pub changes: bool,
    /// Which tags HEAD reaches.
    pub reachable: bool,
    /// Where a push would go.
    pub push: bool,
}

/// Asks git. `prefix` is the folder of relman.toml below the top of the work tree.
pub(super) fn facts(git: &Git, prefix: &str, needs: Needs) -> Result<GitFacts, GitError> {
    let (head, changed, tracked) = if needs.changes {
        let status = git.status()?;
        let changed = status.changed.into_iter().map(|changed| changed_file(prefix, changed.path)).collect();
        (status.head, changed, Some(tracked(git, prefix)?))
    } else {
        (git.head()?, Vec::new(), None)
    };
    let Head { commit, branch } = head;
    let reachable = match &commit {
        Some(commit) if needs.reachable => Some(git.tags_merged(commit)?),
        _ => None,
    };
    let branch = match branch {
        Branch::Attached(name) | Branch::Unborn(name) => Some(name),
        Branch::Detached => None,
    };
    Ok(GitFacts {
        push: if needs.push { push_target(git, branch.as_deref())? } else { None },
        commit: commit.map(CommitId),
        branch,
        changed,
        tracked,
        tags: Tags::new(git.tags()?, reachable),
        shallow: git.is_shallow(),
        index_locked: needs.changes
            && crate::io::kind(&git.git_dir().join("index.lock")).is_ok_and(|k| k == crate::io::Kind::File),
    })
}

/// Every tracked file below the folder of relman.toml, in the order of the index, which is that of bytes.
fn tracked(git: &Git, prefix: &str) -> Result<TrackedFiles, GitError> {
    let entries = git.index_entries()?;
    Ok(TrackedFiles::new(entries.iter().filter_map(|entry| inside(prefix, &entry.path)).map(str::to_owned).collect()))
}

/// The part of a path from the top of the work tree that lies below `prefix`.
fn inside<'a>(prefix: &str, path: &'a str) -> Option<&'a str> {
    if prefix.is_empty() { Some(path) } else { path.strip_prefix(prefix)?.strip_prefix('/') }
}

fn changed_file(prefix: &str, path: String) -> ChangedFile {
    match inside(prefix, &path).and_then(|inside| RepoPath::new(inside).ok()) {
        Some(path) => ChangedFile::Inside(path),
        None => ChangedFile::Outside(path),
    }
}

/// The remote and the branch that `git push` would take: the branch's own remote, else the default one, else `origin` or the only one.
fn push_target(git: &Git, branch: Option<&str>) -> Result<Option<PushTarget>, GitError> {
    let defaults = git.push_defaults(branch)?;
    let only = if defaults.remotes.len() == 1 { defaults.remotes.first().cloned() } else { None };
    let origin = defaults.remotes.iter().find(|remote| *remote == "origin").cloned();
    let fetched = defaults.branch_remote.clone();
    let remote = defaults.branch_push_remote.or(defaults.push_default).or(defaults.branch_remote).or(origin).or(only);
    Ok(remote.map(|remote| {
        let upstream = defaults.branch_merge.filter(|_| fetched.as_ref() == Some(&remote));
        let upstream = upstream.map(|merge| merge.strip_prefix("refs/heads/").unwrap_or(&merge).to_owned());
        PushTarget { branch: upstream.or_else(|| branch.map(str::to_owned)), remote }
    }))
}
