//! What a delivery needs to know from outside: the remote's refs, the merge that would be, the files that are attached.

use std::collections::BTreeMap;

use crate::config::PathGlob;
use crate::history::{release_trailer, released_tag};
use crate::io::{self, Git, GitError, MergedTree};
use crate::model::{CommitId, ProblemCode, RepoPath};
use crate::snapshot::{AssetFile, BranchLook, Look, MergeLook, MergeOutcome, RemoteLook, TagLook, UpstreamLook};
use crate::text::{Fingerprint, list_truncated};

use super::{CaptureError, Place};

/// How many commits of production that integration lacks are listed.
const LISTED: usize = 6;

/// The branches that a look at a remote is about.
#[derive(Clone, Copy, Debug)]
pub struct RemoteQuestion<'a> {
    /// The name of the remote.
    pub remote: &'a str,
    /// The branch of HEAD.
    pub branch: Option<&'a str>,
    /// The branch of the remote that it is pushed to.
    pub target: Option<&'a str>,
    /// The branches that are fetched where the remote's commits are not here yet, so that they can be compared.
    pub fetch: &'a [&'a str],
    /// Whether the tags on their commits come along.
    pub tags: bool,
}

/// Asks the remote for its branches and tags, and compares HEAD with the branch that it follows. The remote-tracking branches are
/// fetched; nothing in the work tree changes.
#[must_use]
pub fn remote_look(git: &Git, question: RemoteQuestion<'_>) -> Look<RemoteLook> {
    let failed = |error| absent(git, question.remote).unwrap_or_else(|| unknown(error));
    look_at_remote(git, question).map_or_else(failed, Look::Found)
}

/// A remote that this repository does not have: an address needs no name.
fn absent<T>(git: &Git, remote: &str) -> Option<Look<T>> {
    let remotes = git.push_defaults(None).ok()?.remotes;
    if remote.contains(['/', ':', '\\']) || remotes.iter().any(|known| known == remote) {
        return None;
    }
    let help = match remotes.is_empty() {
        true => format!("add it with `git remote add {remote} URL`"),
        false => format!("set `remote` in [forge]; the remotes are {}", list_truncated(&remotes, 8)),
    };
    Some(Look::Unknown { message: format!("the remote `{remote}` does not exist"), help: Some(help) })
}

fn unknown<T>(error: GitError) -> Look<T> {
    let help = "is the remote there, and may you read it? `git ls-remote` shows the same".to_owned();
    Look::Unknown { message: error.to_string(), help: Some(help) }
}

fn look_at_remote(git: &Git, question: RemoteQuestion<'_>) -> Result<RemoteLook, GitError> {
    let refs = git.all_remote_refs(question.remote)?;
    let mut found = RemoteLook { name: question.remote.to_owned(), ..RemoteLook::default() };
    for (name, oid) in &refs {
        if let Some(branch) = name.strip_prefix("refs/heads/") {
            found.branches.insert(branch.to_owned(), CommitId::new(oid.clone()));
        }
    }
    found.tags = tag_looks(&refs);
    found.local_tags =
        git.tag_objects()?.into_iter().map(|(name, object, commit)| (name, TagLook { object, commit })).collect();
    let mut wanted = Vec::new();
    for branch in question.fetch {
        let is_known = found.branches.get(*branch).map(|id| git.has_commit(id.as_str())).transpose()?;
        wanted.extend((is_known == Some(false)).then_some(*branch));
    }
    if !wanted.is_empty() {
        git.fetch_branches(question.remote, &wanted, question.tags)?;
    }
    found.upstream = upstream(git, question, &found)?;
    found.branch = branch(git, question, &found)?;
    Ok(found)
}

/// Returns what is known of a remote without asking it: the branches that were fetched last, and as its tags those that were not made here
/// since: they are on its branches, or on no branch of this repository. A tag on HEAD may have been made a moment ago.
#[must_use]
pub fn remembered_remote(git: &Git, question: RemoteQuestion<'_>) -> Look<RemoteLook> {
    let remembered = || -> Result<RemoteLook, GitError> {
        let folder = format!("refs/remotes/{}/", question.remote);
        let mut found = RemoteLook { name: question.remote.to_owned(), is_remembered: true, ..RemoteLook::default() };
        for branch in git.refs(&[folder.trim_end_matches('/')])? {
            if let Some(name) = branch.name.strip_prefix(&folder).filter(|name| *name != "HEAD") {
                found.branches.insert(name.to_owned(), CommitId::new(branch.oid));
            }
        }
        let tags = git.tag_objects()?.into_iter();
        found.local_tags = tags.map(|(name, object, commit)| (name, TagLook { object, commit })).collect();
        let head = git.commit_of_ref("HEAD")?;
        if let Some(head) = head.filter(|_| !found.branches.is_empty()) {
            let made_here = git.commits_of_branches_beyond(&head, question.remote)?;
            let is_sent = |look: &TagLook| head != look.commit && !made_here.contains(&look.commit);
            found.tags = found.local_tags.clone();
            found.tags.retain(|_, look| is_sent(look));
            // What a rebase left behind is on no branch any more.
            let there = question.target.and_then(|target| found.branches.get(target));
            let new = there.map(|there| git.commits_saying(&release_trailer(""), &head, there.as_str())).transpose()?;
            for tag in new.iter().flatten().flat_map(|(_, message)| message.lines().filter_map(released_tag)) {
                found.tags.remove(tag);
            }
        }
        found.upstream = upstream(git, question, &found)?;
        found.branch = branch(git, question, &found)?;
        Ok(found)
    };
    remembered().map_or_else(unknown, Look::Found)
}

/// An annotated tag is listed twice: itself, and what it leads to.
fn tag_looks(refs: &[(String, String)]) -> BTreeMap<String, TagLook> {
    let mut tags: BTreeMap<String, TagLook> = BTreeMap::new();
    for (name, oid) in refs {
        let Some(name) = name.strip_prefix("refs/tags/") else { continue };
        match name.strip_suffix("^{}") {
            None => drop(tags.insert(name.to_owned(), TagLook { object: oid.clone(), commit: oid.clone() })),
            Some(name) => {
                if let Some(look) = tags.get_mut(name) {
                    look.commit.clone_from(oid);
                }
            }
        }
    }
    tags
}

fn upstream(git: &Git, question: RemoteQuestion<'_>, found: &RemoteLook) -> Result<Option<UpstreamLook>, GitError> {
    let (Some(branch), Some(head)) = (question.branch, git.head()?.commit) else { return Ok(None) };
    let merge = git.push_defaults(Some(branch))?.branch_merge;
    let there = merge.as_deref().unwrap_or(branch);
    let Some(at) = found.branches.get(there) else { return Ok(None) };
    let (ahead, behind) = git.ahead_behind(&head, at.as_str())?;
    Ok(Some(UpstreamLook { name: format!("{}/{there}", question.remote), ahead, behind }))
}

/// Finds what the branch that HEAD's branch is pushed to lacks. Without that branch it lacks what all others lack.
fn branch(git: &Git, question: RemoteQuestion<'_>, found: &RemoteLook) -> Result<Option<BranchLook>, GitError> {
    let (Some(_), Some(name), Some(head)) = (question.branch, question.target, git.head()?.commit) else {
        return Ok(None);
    };
    let mut look = BranchLook { name: name.to_owned(), ..BranchLook::default() };
    let there = found.branches.get(name).map(CommitId::as_str);
    if there != Some(head.as_str()) {
        let lacks = there.map(|there| git.commits_lacking(&head, there)).transpose()?;
        // What is all there needs no second look.
        if lacks.as_ref().is_none_or(|lacks| !lacks.is_empty()) {
            let nowhere = git.commits_on_no_branch_of(&head, question.remote)?;
            look.nowhere = lacks.as_ref().map_or_else(|| nowhere.clone(), |lacks| lacks & &nowhere);
            look.lacks = lacks.unwrap_or(nowhere);
        }
    }
    Ok(Some(look))
}

/// Finds the commits of `head` that say they release what a tag beside it does: a rebase, or a squash, left the tag behind.
///
/// # Errors
/// Returns an error if git fails.
pub fn rebased_releases<'a>(
    git: &Git,
    head: &CommitId,
    tags: impl Iterator<Item = (&'a str, &'a CommitId)>,
) -> Result<BTreeMap<String, CommitId>, GitError> {
    let mut found = BTreeMap::new();
    for (tag, commit) in tags {
        if git.holds(head.as_str(), commit.as_str())? {
            continue;
        }
        let saying = git.commits_saying(&release_trailer(tag), head.as_str(), commit.as_str())?;
        let releases = |message: &str| message.lines().any(|line| released_tag(line) == Some(tag));
        let copy = saying.into_iter().find(|(_, message)| releases(message));
        found.extend(copy.map(|(id, _)| (tag.to_owned(), CommitId::new(id))));
    }
    Ok(found)
}

/// A merge into a branch of the remote.
#[derive(Clone, Copy, Debug)]
pub struct MergeQuestion<'a> {
    /// The branch that is merged.
    pub from: &'a str,
    /// The commit that is merged.
    pub commit: &'a CommitId,
    /// The branch that takes it.
    pub into: &'a str,
    /// Whether the branch is only to be moved forward.
    pub only_ff: bool,
}

/// Computes the merge of a commit into a branch of the remote, without a checkout.
#[must_use]
pub fn merge_look(git: &Git, question: MergeQuestion<'_>, remote: &RemoteLook) -> Look<MergeLook> {
    match look_at_merge(git, question, remote) {
        Ok(look) => Look::Found(look),
        Err(GitError::Failed { stderr, .. }) if stderr.contains("usage: git merge-tree") => Look::Unknown {
            message: "this git cannot compute a merge without a checkout".to_owned(),
            help: Some("install git 2.38 or newer".to_owned()),
        },
        Err(_) if git.is_shallow() => Look::Unknown {
            message: format!(
                "a shallow clone lacks the commits that the merge of {} into {} is made from",
                question.from, question.into
            ),
            help: Some("run `git fetch --unshallow`, in CI check out with `fetch-depth: 0`".to_owned()),
        },
        Err(error) => unknown(error),
    }
}

fn look_at_merge(git: &Git, question: MergeQuestion<'_>, remote: &RemoteLook) -> Result<MergeLook, GitError> {
    let MergeQuestion { from, commit, into, only_ff } = question;
    let base = remote.branches.get(into).cloned();
    let (mut missing, tree) = (Vec::new(), git.tree_of(commit.as_str())?);
    let outcome = match &base {
        None => MergeOutcome::FastForward { tree },
        Some(base) => match git.merged_by(base.as_str(), commit.as_str())? {
            Some(by) if git.holds(base.as_str(), commit.as_str())? => {
                let tree = git.tree_of(&by)?;
                MergeOutcome::Held { by: CommitId::new(by), tree }
            }
            _ => {
                missing = git.commits_missing(base.as_str(), commit.as_str(), LISTED)?;
                if only_ff && git.holds(commit.as_str(), base.as_str())? {
                    MergeOutcome::FastForward { tree }
                } else if only_ff {
                    MergeOutcome::Conflict { paths: vec![format!("{into} has moved on, and `merge` is \"ff-only\"")] }
                } else {
                    match git.merged_tree(base.as_str(), commit.as_str())? {
                        MergedTree::Clean(tree) => MergeOutcome::Merged { tree },
                        MergedTree::Conflict(paths) => MergeOutcome::Conflict { paths },
                    }
                }
            }
        },
    };
    let missing = missing.into_iter().map(|(id, subject)| (CommitId::new(id), subject)).collect();
    Ok(MergeLook { from: from.to_owned(), commit: commit.clone(), into: into.to_owned(), base, outcome, missing })
}

/// Finds the files of the work tree that the globs name, tracked or not.
///
/// # Errors
/// Returns an error if a folder or a file cannot be read.
pub fn asset_files(place: &Place, globs: &[PathGlob]) -> Result<Vec<AssetFile>, CaptureError> {
    if globs.is_empty() {
        return Ok(Vec::new());
    }
    let matchers: Vec<_> = globs.iter().map(PathGlob::matcher).collect();
    let mut found = BTreeMap::new();
    let mut folders: Vec<RepoPath> = globs.iter().map(PathGlob::folder).collect();
    while let Some(folder) = folders.pop() {
        let entries = match io::read_dir(&place.root.join(folder.as_str())) {
            Ok(entries) => entries,
            // What the globs name may not be built yet; that no file is there is seen in the plan.
            Err(error) if error.is_missing() => continue,
            Err(error) => return Err(wrong(error)),
        };
        for entry in entries {
            let path = folder.child(&entry.name);
            if entry.kind == io::Kind::Directory && entry.name != ".git" {
                folders.push(path);
            } else if entry.kind == io::Kind::File && matchers.iter().any(|matcher| matcher.is_match(path.as_str())) {
                let bytes = io::read_file(&place.root.join(path.as_str()), u64::MAX).map_err(wrong)?;
                let (size, sha256) = (bytes.len() as u64, Fingerprint::of(&bytes).to_string());
                found.insert(path.clone(), AssetFile { path, size, sha256 });
            }
        }
    }
    Ok(found.into_values().collect())
}

fn wrong(error: io::FileError) -> CaptureError {
    CaptureError::Wrong(vec![crate::model::Diagnostic::new(ProblemCode::Unreadable, error.to_string())])
}
