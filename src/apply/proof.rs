//! [`Proof`]: does a commit that a hook had a hand in still say what was planned?

use std::collections::BTreeSet;

use super::error::Failure;
use super::journal::Journal;
use super::run_context::RunContext;
use super::tree;
use crate::io::{Git, Input};
use crate::model::RepoPath;
use crate::plan::PackageBump;

/// Reads the packages anew from the index of the given git, and returns what does not agree with the versions that were planned, in
/// words; `None` if all of it does. The files of the release that a hook changed are given, too.
pub type Proof<'a> = &'a dyn Fn(&Git, &[PackageBump], &[&RepoPath]) -> Option<String>;

/// Accepts a commit that is exactly the planned one, and no other.
pub(super) fn exact(_: &Git, _: &[PackageBump], _: &[&RepoPath]) -> Option<String> {
    Some("it differs from what was planned".to_owned())
}

/// Has the proof read a commit in which these paths, from the top, are not as planned.
pub(super) fn read(
    work: &RunContext,
    journal: &Journal,
    commit: &str,
    changed: &BTreeSet<String>,
    proof: Proof<'_>,
) -> Result<Option<String>, Failure> {
    let git = tree::private(work);
    git.try_write(&["-c", "core.fsmonitor=false", "read-tree", "--reset", commit], Input::Nothing)?.ok()?;
    let changed: Vec<&RepoPath> = journal.paths().filter(|path| changed.contains(&work.in_repository(path))).collect();
    Ok(proof(&git, &journal.bumps, &changed))
}
