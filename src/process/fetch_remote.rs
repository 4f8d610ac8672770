//! [`FetchRemote`]: the part of the history that a shallow clone lacks, on the user's word.
//!
//! Only the git folder changes: objects, tags that are needed, and the list of commits at which the history ends. No branch moves, no
//! tag is overwritten, nothing is pruned.

use std::collections::BTreeSet;

use crate::io::{Git, GitError, GitRun, Input};
use crate::plan::{FetchStep, RemoteTag};

/// A remote to fetch from.
#[derive(Debug)]
pub(super) struct FetchRemote {
    remote: String,
    /// What is asked for where the remote gives nothing by its id: the branch that HEAD follows.
    branch: String,
    /// Its tags, sorted by name.
    tags: Vec<RemoteTag>,
}

/// Asks nothing and changes nothing but what is named.
const OPTIONS: [&str; 8] = [
    "--quiet",
    "--no-tags",
    "--no-prune",
    "--no-recurse-submodules",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--refmap=",
    "--stdin",
];

impl FetchRemote {
    /// Asks the remote of the branch for its tags, with one request over the network; `None` without a remote.
    ///
    /// # Errors
    /// Returns an error if git fails, or the remote cannot be reached.
    pub(super) fn ask(git: &Git, branch: Option<&str>) -> Result<Option<Self>, GitError> {
        let defaults = git.push_defaults(branch)?;
        // Without a remote the caller says so.
        let Some(remote) = defaults.fetch_remote().map(str::to_owned) else { return Ok(None) };
        let tags = git.remote_tags(&remote)?.into_iter().map(|(name, commit)| RemoteTag { name, commit }).collect();
        let branch = defaults.branch_merge.as_deref().or(branch).map(|name| format!("refs/heads/{name}"));
        Ok(Some(Self { remote, branch: branch.unwrap_or_else(|| "HEAD".to_owned()), tags }))
    }

    /// Returns the name of the remote.
    pub(super) fn remote(&self) -> &str {
        &self.remote
    }

    /// Returns its tags, sorted by name.
    pub(super) fn tags(&self) -> &[RemoteTag] {
        &self.tags
    }

    /// Fetches. Returns `true` if there was anything to fetch: if HEAD's history is here back to its beginning, it cannot be deepened.
    ///
    /// # Errors
    /// Returns an error if the remote cannot be reached, or git fails.
    pub(super) fn fetch(&self, git: &Git, head: &str, step: &FetchStep) -> Result<bool, GitError> {
        let run = match step {
            FetchStep::Tags(names) => {
                let specs: String = names.iter().map(|name| format!("refs/tags/{name}:refs/tags/{name}\n")).collect();
                Some(self.run(git, None, &specs)?)
            }
            FetchStep::Deepen(by) => self.deepen(git, head, &format!("--deepen={by}"))?,
            FetchStep::Everything => self.deepen(git, head, "--unshallow")?,
        };
        run.map_or(Ok(false), |run| run.ok().map(|_| true))
    }

    /// Moves the border of HEAD's history down. Does nothing if there is none. The remote is asked for the commits on the border by their
    /// ids, so that nothing comes along but what lies below: neither what the branch has got since, nor what other branches have.
    fn deepen(&self, git: &Git, head: &str, option: &str) -> Result<Option<GitRun>, GitError> {
        let cut = git.shallow_commits()?;
        let borders: BTreeSet<String> = git.reachable(head)?.intersection(&cut).cloned().collect();
        if borders.is_empty() {
            return Ok(None);
        }
        let ids: String = borders.iter().map(|id| format!("{id}\n")).collect();
        let run = self.run(git, Some(option), &ids)?;
        if !run.is_success() && NO_IDS.iter().any(|words| run.stderr.contains(words)) {
            return self.run(git, Some(option), &format!("{}\n", self.branch)).map(Some);
        }
        Ok(Some(run))
    }

    fn run(&self, git: &Git, option: Option<&str>, wanted: &str) -> Result<GitRun, GitError> {
        let mut args = vec!["fetch"];
        args.extend(OPTIONS);
        args.extend(option);
        args.extend(["--", &self.remote]);
        // Its words are read, and nothing is to come that was not asked for.
        let plain =
            git.with_env(vec![("LC_ALL".into(), Some("C".into())), ("GIT_NO_LAZY_FETCH".into(), Some("1".into()))]);
        plain.try_write(&args, Input::Bytes(wanted.as_bytes()))
    }
}

/// What a remote, or git itself, says where commits are given by the names of branches only.
const NO_IDS: [&str; 2] = ["not our ref", "unadvertised object"];
