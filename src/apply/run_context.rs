//! [`RunContext`]: where a run takes place.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::error::{ApplyError, Failure};
use crate::io::{self, Git, GitError, GitRun, Input, Lock, LockError};
use crate::model::{RepoPath, WorkspacePrefix};
use crate::plan::RefusalCode;

/// The variable by which the git children of a run are found again after a kill.
pub(super) const RUN_VARIABLE: &str = "RELMAN_RUN";

/// A repository, the folder of relman.toml in it, and the folder of relman in the git folder.
#[derive(Clone, Debug)]
pub(super) struct RunContext {
    pub(super) git: Git,
    root: PathBuf,
    prefix: WorkspacePrefix,
    folder: PathBuf,
    run: String,
}

/// Returns the folder that relman keeps its lock and its journal in. All work trees share it, as they share refs and configuration.
pub(super) fn folder_of(git: &Git) -> PathBuf {
    git.common_dir().join("relman")
}

/// Returns the git folder of the work tree, relative to the one that all work trees share.
pub(super) fn worktree_of(git: &Git) -> String {
    let own = git.git_dir().strip_prefix(git.common_dir()).unwrap_or(git.git_dir());
    own.to_string_lossy().into_owned()
}

/// Takes the lock of the repository.
pub(super) fn lock(git: &Git) -> Result<Lock, ApplyError> {
    Lock::take(&folder_of(git).join("lock")).map_err(|error| match error {
        LockError::Busy => ApplyError::refused(
            RefusalCode::Locked,
            "another relman is at work in this repository",
            "wait until it has ended, then run the command again",
        ),
        LockError::File(error) => error.into(),
    })
}

impl RunContext {
    /// The workplace whose relman.toml lies in `prefix`, relative to the top of the work tree.
    pub(super) fn new(git: &Git, prefix: &WorkspacePrefix) -> Self {
        let top = git.toplevel();
        let root = if prefix.as_str().is_empty() { top.to_owned() } else { top.join(prefix.as_str()) };
        Self { git: git.clone(), root, prefix: prefix.clone(), folder: folder_of(git), run: String::new() }
    }

    /// This workplace, with git children that carry the number of the run and its time.
    pub(super) fn for_run(mut self, run: &str, time: Option<i64>) -> Self {
        let mut env: Vec<(OsString, Option<OsString>)> = vec![(RUN_VARIABLE.into(), Some(run.into()))];
        if let Some(time) = time {
            let date: OsString = format!("@{time} +0000").into();
            env.push(("GIT_AUTHOR_DATE".into(), Some(date.clone())));
            env.push(("GIT_COMMITTER_DATE".into(), Some(date)));
        }
        self.git = self.git.with_env(env);
        self.run = run.to_owned();
        self
    }

    /// The run that works here; empty before it is journaled.
    pub(super) fn run(&self) -> &str {
        &self.run
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn prefix(&self) -> &WorkspacePrefix {
        &self.prefix
    }

    /// The path of a file in relman's folder in the git folder.
    pub(super) fn own(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn target(&self, path: &RepoPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    /// The path relative to the top of the work tree.
    pub(super) fn in_repository(&self, path: &RepoPath) -> String {
        self.prefix.join(path.as_str())
    }

    /// Writes a file in relman's folder, to be read by a git child. A file and not a pipe: were relman killed while
    /// it feeds a pipe, the child would take the half for the whole.
    pub(super) fn spool(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
        let path = self.own(name);
        io::write_file(&path, bytes)?;
        Ok(path)
    }

    /// Runs a call of git that writes, without hooks: for putting back what was there before.
    pub(super) fn write_quietly(&self, args: &[&str], input: Input<'_>) -> Result<GitRun, GitError> {
        let mut all = vec!["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];
        all.extend(args);
        self.git.try_write(&all, input)
    }
}
