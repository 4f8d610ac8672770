//! Which commits hold which others, and what a merge of two would be. Nothing is checked out, and no branch moves.

use std::collections::BTreeSet;

use super::git::Git;
use super::git_process::{GitError, Input};

/// What a merge of two commits comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergedTree {
    /// The tree of the result.
    Clean(String),
    /// The paths that a person would have to decide, sorted.
    Conflict(Vec<String>),
}

impl Git {
    /// Returns `true` if `commit` is `of` or one of its ancestors.
    ///
    /// # Errors
    /// Returns an error if git fails, or one of them is not there.
    pub fn holds(&self, of: &str, commit: &str) -> Result<bool, GitError> {
        let run = self.try_read(&["merge-base", "--is-ancestor", commit, of], Input::Nothing)?;
        match run.code {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => run.ok().map(|_| false),
        }
    }

    /// As [`Git::holds`], where the head of a remote's branch may not be here yet: then it is fetched, without moving any ref.
    ///
    /// # Errors
    /// Returns an error if git fails, or the remote cannot be reached.
    pub fn fetched_holds(&self, remote: &str, name: &str, head: &str, commit: &str) -> Result<bool, GitError> {
        if !self.has_commit(head)? {
            let args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--", remote, name];
            self.try_write(&args, Input::Nothing)?.ok()?;
        }
        // Where the branch moved again between the question and the fetch, the next look finds out.
        Ok(self.has_commit(head)? && self.holds(head, commit)?)
    }

    /// Returns `true` if the commit is in the object store.
    ///
    /// # Errors
    /// Returns an error if git cannot be started.
    pub fn has_commit(&self, id: &str) -> Result<bool, GitError> {
        let object = format!("{id}^{{commit}}");
        Ok(self.try_read(&["cat-file", "-e", "--end-of-options", &object], Input::Nothing)?.is_success())
    }

    /// Returns how many commits `left` has that `right` has not, and the other way round.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn ahead_behind(&self, left: &str, right: &str) -> Result<(u64, u64), GitError> {
        let range = format!("{left}...{right}");
        let args = ["rev-list", "--left-right", "--count", "--end-of-options", &range, "--"];
        let output = String::from_utf8_lossy(&self.read(&args)?).into_owned();
        let counts = output.trim().split_once('\t').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        counts.ok_or_else(|| GitError::Unexpected { args: args.join(" "), answer: output })
    }

    /// Returns the commits that `of` has and `without` has not, newest first: their ids and subjects, at most `limit`.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn commits_missing(&self, of: &str, without: &str, limit: usize) -> Result<Vec<(String, String)>, GitError> {
        let (count, without) = (format!("--max-count={limit}"), format!("^{without}"));
        let args = [
            "log",
            "--no-merges",
            "--no-show-signature",
            &count,
            "--format=%H %s",
            "--end-of-options",
            of,
            &without,
            "--",
        ];
        let output = String::from_utf8_lossy(&self.read(&args)?).into_owned();
        Ok(output
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(id, s)| (id.to_owned(), s.to_owned()))
            .collect())
    }

    /// Returns the commits that `head` has and `there` has not.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn commits_lacking(&self, head: &str, there: &str) -> Result<BTreeSet<String>, GitError> {
        let not = format!("^{there}");
        self.commit_ids(&["--end-of-options", head, &not])
    }

    /// Returns the commits that `head` has and no branch of the remote, as they were fetched last.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn commits_on_no_branch_of(&self, head: &str, remote: &str) -> Result<BTreeSet<String>, GitError> {
        let branches = format!("--remotes={remote}");
        self.commit_ids(&["--not", &branches, "--not", "--end-of-options", head])
    }

    /// Returns the commits that `head` and the branches have and no branch of the remote, as they were fetched last.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn commits_of_branches_beyond(&self, head: &str, remote: &str) -> Result<BTreeSet<String>, GitError> {
        let branches = format!("--remotes={remote}");
        self.commit_ids(&["--branches", "--not", &branches, "--not", "--end-of-options", head])
    }

    /// Returns the commits that these arguments of `git rev-list` mean.
    pub(super) fn commit_ids(&self, wanted: &[&str]) -> Result<BTreeSet<String>, GitError> {
        let output = self.read(&[&["rev-list"], wanted, &["--"]].concat())?;
        Ok(String::from_utf8_lossy(&output).lines().map(str::to_owned).collect())
    }

    /// Returns the commits that `of` has and `without` has not, and whose messages hold a text: their ids and messages, newest first.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn commits_saying(&self, text: &str, of: &str, without: &str) -> Result<Vec<(String, String)>, GitError> {
        let (grep, not) = (format!("--grep={text}"), format!("^{without}"));
        let args = [
            "log",
            "--no-show-signature",
            "--fixed-strings",
            &grep,
            "--format=%H%n%B%x00",
            "--end-of-options",
            of,
            &not,
            "--",
        ];
        let output = String::from_utf8_lossy(&self.read(&args)?).into_owned();
        let commits = output.split('\0').filter_map(|commit| commit.trim_start().split_once('\n'));
        Ok(commits.map(|(id, message)| (id.to_owned(), message.to_owned())).collect())
    }

    /// Returns the first commit on the first-parent line of `of` that holds `commit`: the merge by which it came in.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn merged_by(&self, of: &str, commit: &str) -> Result<Option<String>, GitError> {
        if of == commit {
            return Ok(Some(of.to_owned()));
        }
        let without = format!("^{commit}");
        let args = ["rev-list", "--first-parent", "--ancestry-path", "--end-of-options", of, &without, "--"];
        let output = String::from_utf8_lossy(&self.read(&args)?).into_owned();
        let oldest = output.lines().last().map(str::to_owned);
        match oldest {
            None => Ok(None),
            // On the first-parent line itself the commit needed no merge.
            Some(oldest) => {
                let first = format!("{oldest}^1");
                let run =
                    self.try_read(&["rev-parse", "--verify", "--quiet", "--end-of-options", &first], Input::Nothing)?;
                let parent = String::from_utf8_lossy(&run.stdout).trim().to_owned();
                Ok(Some(if parent == commit { commit.to_owned() } else { oldest }))
            }
        }
    }

    /// Computes the merge of `theirs` into `ours` without a checkout.
    ///
    /// # Errors
    /// Returns an error if git fails; versions before 2.38 cannot do this.
    pub fn merged_tree(&self, ours: &str, theirs: &str) -> Result<MergedTree, GitError> {
        let args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs];
        let run = self.try_write(&args, Input::Nothing)?;
        let output = String::from_utf8_lossy(&run.stdout).into_owned();
        let mut parts = output.split('\0').filter(|part| !part.is_empty());
        let tree = parts.next().unwrap_or("").trim().to_owned();
        match run.code {
            Some(0) => Ok(MergedTree::Clean(tree)),
            Some(1) => Ok(MergedTree::Conflict(parts.map(str::to_owned).collect())),
            _ => run.ok().map(|_| MergedTree::Clean(tree)),
        }
    }

    /// Returns the tree of a commit.
    ///
    /// # Errors
    /// Returns an error if git fails, or the commit is not there.
    pub fn tree_of(&self, commit: &str) -> Result<String, GitError> {
        let object = format!("{commit}^{{tree}}");
        let output = self.read(&["rev-parse", "--verify", "--quiet", "--end-of-options", &object])?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// Returns the commit that a ref is at, by its full name; `None` if there is none.
    ///
    /// # Errors
    /// Returns an error if git cannot be started.
    pub fn commit_of_ref(&self, name: &str) -> Result<Option<String>, GitError> {
        let object = format!("{name}^{{commit}}");
        let run = self.try_read(&["rev-parse", "--verify", "--quiet", "--end-of-options", &object], Input::Nothing)?;
        Ok(run.is_success().then(|| String::from_utf8_lossy(&run.stdout).trim().to_owned()))
    }

    /// Moves the branch of HEAD, and the work tree, forward to a ref.
    ///
    /// # Errors
    /// Returns an error if that is not a fast-forward, or changed files are in the way.
    pub fn fast_forward(&self, name: &str) -> Result<(), GitError> {
        self.try_write(&["merge", "--ff-only", "--quiet", "--no-stat", "--", name], Input::Nothing)?.ok().map(|_| ())
    }

    /// Fetches branches of a remote into its remote-tracking branches; with `tags`, also the tags on their commits.
    ///
    /// # Errors
    /// Returns an error if the remote cannot be reached, or a branch is not there.
    pub fn fetch_branches(&self, remote: &str, branches: &[&str], tags: bool) -> Result<(), GitError> {
        let specs: Vec<String> =
            branches.iter().map(|branch| format!("+refs/heads/{branch}:refs/remotes/{remote}/{branch}")).collect();
        let mut args = vec!["fetch", "--quiet", "--no-auto-maintenance", "--no-write-fetch-head"];
        args.extend((!tags).then_some("--no-tags"));
        args.extend(["--", remote]);
        args.extend(specs.iter().map(String::as_str));
        self.try_write(&args, Input::Nothing)?.ok().map(|_| ())
    }
}
