//! Commits of a run that are on no branch here: the remote's branches take them. Each is made from a tree that was computed before.

use super::error::Failure;
use super::run_context::RunContext;
use crate::io::Input;
use crate::model::CommitId;
use crate::plan::{BranchCommit, MergePlan};

/// Makes the merge commit and returns its id; a fast-forward needs none, its commit is there.
pub(super) fn make(work: &RunContext, merge: &MergePlan) -> Result<String, Failure> {
    if let Some(commit) = merge.fast_forward() {
        return Ok(commit.as_str().to_owned());
    }
    commit_tree(work, &merge.parents, &merge.tree, (&merge.message, merge.sign))
}

/// Makes the commit for a branch of the remote and returns its id.
pub(super) fn for_branch(work: &RunContext, commit: &BranchCommit) -> Result<String, Failure> {
    commit_tree(work, &commit.parents, &commit.tree, (&commit.message, commit.sign))
}

fn commit_tree(
    work: &RunContext,
    parents: &[CommitId],
    tree: &str,
    (message, sign): (&str, bool),
) -> Result<String, Failure> {
    let message = work.spool("message", message.as_bytes())?.display().to_string();
    let mut args = vec!["commit-tree"];
    for parent in parents {
        args.extend(["-p", parent.as_str()]);
    }
    args.extend(["-F", &message]);
    if sign || work.git.config_is_true("commit.gpgsign")? {
        args.push("-S");
    }
    args.push(tree);
    let run = work.git.try_write(&args, Input::Nothing)?;
    if !run.is_success() {
        return Err(Failure::NoCommit { stderr: run.stderr });
    }
    Ok(String::from_utf8_lossy(&run.stdout).trim().to_owned())
}
