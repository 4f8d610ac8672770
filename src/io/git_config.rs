//! The configuration of the user's git.

use super::git::Git;
use super::git_filters::Filters;
use super::git_process::{GitError, Input};

/// What the configuration says of the work tree.
#[derive(Debug)]
pub struct WorkTreeSettings {
    /// Whether the file system ignores case, as git found when it created the repository.
    pub ignores_case: bool,
    pub(super) filters: Filters,
}

/// Where a push would go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushDefaults {
    /// The names of all remotes that have a url, sorted.
    pub remotes: Vec<String>,
    /// `remote.pushDefault`.
    pub push_default: Option<String>,
    /// `branch.NAME.pushRemote`, of the requested branch.
    pub branch_push_remote: Option<String>,
    /// `branch.NAME.remote`.
    pub branch_remote: Option<String>,
    /// `branch.NAME.merge` without `refs/heads/`.
    pub branch_merge: Option<String>,
}

impl PushDefaults {
    /// Returns the remote that `git push` would take: the branch's own, else the default one, else `origin` or the only one.
    #[must_use]
    pub fn push_remote(&self) -> Option<&str> {
        let of_pushes = self.branch_push_remote.as_deref().or(self.push_default.as_deref());
        of_pushes.or(self.branch_remote.as_deref()).or_else(|| self.usual_remote())
    }

    /// Returns the remote that `git fetch` would take: the branch's own, else `origin` or the only one.
    #[must_use]
    pub fn fetch_remote(&self) -> Option<&str> {
        // A branch that follows another branch of the same repository has the remote `.`.
        self.branch_remote.as_deref().filter(|name| *name != ".").or_else(|| self.usual_remote())
    }

    fn usual_remote(&self) -> Option<&str> {
        match self.remotes.as_slice() {
            [only] => Some(only),
            several => several.iter().map(String::as_str).find(|name| *name == "origin"),
        }
    }
}

/// A name, an e-mail address and a time, as git writes them into commits and tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitIdentity(pub String);

impl Git {
    /// Returns the values whose keys match a pattern, with one call: pairs of key and value in git's order, the key with its
    /// section and name in lower case. A key without a value is `true`.
    ///
    /// # Errors
    /// Returns an error if git fails. Finding no match is not a failure.
    pub fn config(&self, pattern: &str) -> Result<Vec<(String, String)>, GitError> {
        let run = self.try_read(&["config", "-z", "--get-regexp", pattern], Input::Nothing)?;
        let output = if run.code == Some(1) { run.stdout } else { run.ok()? };
        let text = String::from_utf8_lossy(&output);
        let records = text.split('\0').filter(|record| !record.is_empty());
        let pair = |record: &str| match record.split_once('\n') {
            Some((key, value)) => (key.to_owned(), value.to_owned()),
            None => (record.to_owned(), "true".to_owned()),
        };
        Ok(records.map(pair).collect())
    }

    /// Returns what the configuration says of the work tree, with one call.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn work_tree_settings(&self) -> Result<WorkTreeSettings, GitError> {
        let args = ["config", "-z", "--get-regexp", r"^(filter\..*|core\.ignorecase)$"];
        let run = self.try_read(&args, Input::Nothing)?;
        // Exit code 1 means that nothing matches.
        let output = if run.code == Some(1) { run.stdout } else { run.ok()? };
        // Names of filters may be in any encoding. A key is on one line, and a key without a value is the whole record.
        let records = output.split(|byte| *byte == 0).filter(|record| !record.is_empty());
        let records: Vec<(&[u8], &[u8])> = records
            .map(|record| {
                match record.iter().position(|byte| *byte == b'\n').and_then(|at| record.split_at_checked(at)) {
                    Some((key, value)) => (key, value),
                    None => (record, &b"true"[..]),
                }
            })
            .collect();
        let ignores_case = records.iter().rev().find(|(key, _)| *key == b"core.ignorecase");
        Ok(WorkTreeSettings {
            ignores_case: ignores_case.is_some_and(|(_, value)| is_true(&String::from_utf8_lossy(value))),
            filters: Filters::among(records.iter().map(|(key, _)| *key)),
        })
    }

    /// Returns `true` if a setting is switched on, as git reads booleans.
    ///
    /// # Errors
    /// Returns an error if git cannot be started.
    pub fn config_is_true(&self, key: &str) -> Result<bool, GitError> {
        let run = self.try_read(&["config", "--type=bool", "--get", key], Input::Nothing)?;
        Ok(run.is_success() && run.stdout.starts_with(b"true"))
    }

    /// Returns where pushes of a branch go, with one call.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn push_defaults(&self, branch: Option<&str>) -> Result<PushDefaults, GitError> {
        let mut found = PushDefaults::default();
        let of_branch = branch.map(|name| format!("branch.{name}."));
        for (key, value) in
            self.config(r"^(remote\..*\.(url|pushurl)|remote\.pushdefault|branch\..*\.(remote|pushremote|merge))$")?
        {
            let key_of_branch = of_branch.as_ref().and_then(|prefix| key.strip_prefix(prefix.as_str()));
            if key == "remote.pushdefault" {
                found.push_default = Some(value);
            } else if let Some(remote) = key.strip_prefix("remote.").and_then(|rest| rest.rsplit_once('.')) {
                found.remotes.push(remote.0.to_owned());
            } else {
                match key_of_branch {
                    Some("remote") => found.branch_remote = Some(value),
                    Some("pushremote") => found.branch_push_remote = Some(value),
                    Some("merge") => found.branch_merge = Some(value.trim_start_matches("refs/heads/").to_owned()),
                    _ => {}
                }
            }
        }
        found.remotes.sort();
        found.remotes.dedup();
        Ok(found)
    }

    /// Returns the command line of the editor that the user's git opens.
    ///
    /// # Errors
    /// Returns an error if git has no editor configured.
    pub fn editor(&self) -> Result<String, GitError> {
        // Calls that read have the editor disabled, so this one runs like a call that writes.
        let output = self.try_write(&["var", "GIT_EDITOR"], Input::Nothing)?.ok()?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// Returns name, address and time of a commit or tag made now (`Name <mail> seconds zone`).
    ///
    /// # Errors
    /// Returns an error if git has no identity configured.
    pub fn identity(&self) -> Result<GitIdentity, GitError> {
        let output = self.read(&["var", "GIT_COMMITTER_IDENT"])?;
        Ok(GitIdentity(String::from_utf8_lossy(&output).trim_end_matches('\n').to_owned()))
    }
}

/// Reads a boolean as git-config(1) does.
#[must_use]
pub fn is_true(value: &str) -> bool {
    let value = value.trim();
    ["true", "yes", "on"].iter().any(|word| value.eq_ignore_ascii_case(word))
        || value.parse::<i64>().is_ok_and(|number| number != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_are_those_of_git() {
        for yes in ["true", "Yes", "on", "1"] {
            assert!(is_true(yes), "{yes}");
        }
        for no in ["false", "no", "off", "0", ""] {
            assert!(!is_true(no), "{no}");
        }
    }

    #[test]
    fn the_remote_is_the_one_that_git_would_take() {
        let cases: &[(&[&str], Option<&str>, Option<&str>)] = &[
            (&[], None, None),
            (&["up"], None, Some("up")),
            (&["origin", "up"], None, Some("origin")),
            (&["origin", "up"], Some("up"), Some("up")),
            (&["origin", "up"], Some("."), Some("origin")),
            (&["fork", "up"], None, None),
            (&["up"], Some("https://example.com/r"), Some("https://example.com/r")),
        ];
        for (remotes, own, expected) in cases {
            let defaults = PushDefaults {
                remotes: remotes.iter().map(|name| (*name).to_owned()).collect(),
                branch_remote: own.map(str::to_owned),
                ..PushDefaults::default()
            };
            assert_eq!(defaults.fetch_remote(), *expected, "{remotes:?} {own:?}");
            let pushed = if *own == Some(".") { Some(".") } else { *expected };
            assert_eq!(defaults.push_remote(), pushed, "{remotes:?} {own:?}");
        }
    }
}
