//! The merge commit of a run. It is made from a tree that was computed before, and is on no branch here: the remote's branch takes it.

use super::error::Failure;
use super::run_context::RunContext;
use crate::io::Input;
use crate::plan::MergePlan;

/// Makes the merge commit and returns its id; a fast-forward needs none, its commit is there.
pub(super) fn make(work: &RunContext, merge: &MergePlan) -> Result<String, Failure> {
    if let Some(commit) = merge.fast_forward() {
        return Ok(commit.as_str().to_owned());
    }
    let message = work.spool("message", merge.message.as_bytes())?.display().to_string();
    let mut args = vec!["commit-tree"];
    for parent in &merge.parents {
        args.extend(["-p", parent.as_str()]);
    }
    args.extend(["-F", &message]);
    if merge.sign || work.git.config_is_true("commit.gpgsign")? {
        args.push("-S");
    }
    args.push(&merge.tree);
    let run = work.git.try_write(&args, Input::Nothing)?;
    if !run.is_success() {
        return Err(Failure::NoCommit { stderr: run.stderr });
    }
    Ok(String::from_utf8_lossy(&run.stdout).trim().to_owned())
}
