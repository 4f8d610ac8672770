//! Local tags, and refs on remotes.

use std::collections::{BTreeMap, BTreeSet};

use super::git::Git;
use super::git_process::{GitError, Input};

/// The short name of a tag, and the commit that it points to.
pub type TagTarget = (String, Option<String>);

const TARGET_FORMAT: &str = "--format=%(refname)%09%(objecttype)%09%(objectname)%09%(*objecttype)%09%(*objectname)";

/// A ref on a remote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RemoteRef {
    /// The full name, such as `refs/tags/v1.0.0`.
    pub name: String,
    /// The object id in hexadecimal; for an annotated tag, that of the tag object.
    pub oid: String,
}

impl Git {
    /// Returns the short names of all tags, sorted by their bytes.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn tags(&self) -> Result<Vec<String>, GitError> {
        self.list_tags(&["for-each-ref", "--format=%(refname)", "refs/tags"])
    }

    /// Does the same, and returns the commit of a branch, by its full name; `None` if it has none that can be read.
    pub(super) fn tags_beside(&self, branch: &str) -> Result<(Option<String>, Vec<String>), GitError> {
        let output = self.read(&["for-each-ref", "--format=%(refname)%09%(objectname)", "refs/tags", branch])?;
        let found: Vec<(&str, &str)> = text_lines(&output).filter_map(|line| line.split_once('\t')).collect();
        let commit = found.iter().find(|(name, _)| *name == branch).map(|(_, id)| (*id).to_owned());
        Ok((commit, short_names(found.iter().map(|(name, _)| *name))))
    }

    /// Returns the short names of the tags that are reachable from the commit, sorted by their bytes.
    ///
    /// # Errors
    /// Returns an error if git fails, or the commit does not exist.
    pub fn tags_merged(&self, commit: &str) -> Result<Vec<String>, GitError> {
        let merged = format!("--merged={commit}");
        self.list_tags(&["for-each-ref", &merged, "--format=%(refname)", "refs/tags"])
    }

    /// Returns the short names of all tags with the commits that they point to, sorted by name. Tags that point to
    /// something else, or to nothing, are left out.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn tag_targets(&self) -> Result<Vec<TagTarget>, GitError> {
        self.targets(&["for-each-ref", TARGET_FORMAT, "refs/tags"]).map(|(_, targets)| targets)
    }

    /// Does the same, and returns the commit of a branch, by its full name; `None` if it has none that can be read.
    pub(super) fn tag_targets_beside(&self, branch: &str) -> Result<(Option<String>, Vec<TagTarget>), GitError> {
        let (answer, targets) = self.targets(&["for-each-ref", TARGET_FORMAT, "refs/tags", branch])?;
        let of_branch =
            |line: &str| line.strip_prefix(branch)?.strip_prefix("\tcommit\t")?.split('\t').next().map(str::to_owned);
        Ok((text_lines(&answer).find_map(of_branch), targets))
    }

    /// Returns git's answer, and the tags in it.
    fn targets(&self, args: &[&str]) -> Result<(Vec<u8>, Vec<TagTarget>), GitError> {
        let run = self.try_read(args, Input::Nothing)?;
        // Git gives up at a tag whose object is missing; then each tag is looked up by itself, which is slower.
        let targets = run.is_success().then(|| read_targets(&run.stdout)).flatten();
        let mut targets = targets.map_or_else(|| self.resolved_tags(), Ok)?;
        targets.sort();
        Ok((run.stdout, targets))
    }

    /// The same, looking up each tag's commit, through any number of nested tags.
    fn resolved_tags(&self) -> Result<Vec<TagTarget>, GitError> {
        let names = self.tags()?;
        let asked: String = names.iter().map(|name| format!("refs/tags/{name}^{{commit}}\n")).collect();
        let run = self.try_read(&["cat-file", "--batch-check=%(objectname)"], Input::Bytes(asked.as_bytes()))?;
        let output = String::from_utf8_lossy(&run.ok()?).into_owned();
        let is_id = |line: &str| line.bytes().all(|byte| byte.is_ascii_hexdigit());
        let found = names.into_iter().zip(output.lines());
        Ok(found.map(|(name, line)| (name, is_id(line).then(|| line.to_owned()))).collect())
    }

    fn list_tags(&self, args: &[&str]) -> Result<Vec<String>, GitError> {
        Ok(short_names(text_lines(&self.read(args)?)))
    }

    /// Returns the refs of the repository whose full names are given, or lie below a given name, with their object ids.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn refs(&self, patterns: &[&str]) -> Result<Vec<RemoteRef>, GitError> {
        let mut args = vec!["for-each-ref", "--format=%(objectname)\t%(refname)"];
        args.extend(patterns);
        Ok(read_refs(&self.read(&args)?))
    }

    /// Returns the refs of the remote, by its name, that match the patterns. This uses the network, so git may ask for
    /// credentials as in any other call of the user's git.
    ///
    /// # Errors
    /// Returns an error if the remote cannot be reached.
    pub fn remote_refs(&self, remote: &str, patterns: &[&str]) -> Result<Vec<RemoteRef>, GitError> {
        let mut args = vec!["ls-remote", "--refs", "--", remote];
        args.extend(patterns);
        Ok(read_refs(&self.try_write(&args, Input::Nothing)?.ok()?))
    }

    /// Returns the branches and tags of the remote with their objects, with one request over the network. An annotated tag is listed
    /// twice: itself, and with `^{}` behind its name what it leads to.
    ///
    /// # Errors
    /// Returns an error if the remote cannot be reached.
    pub fn all_remote_refs(&self, remote: &str) -> Result<Vec<(String, String)>, GitError> {
        let output = self.try_write(&["ls-remote", "--heads", "--tags", "--", remote], Input::Nothing)?.ok()?;
        Ok(read_refs(&output).into_iter().map(|found| (found.name, found.oid)).collect())
    }

    /// Returns the short names of all tags that lead to a commit, with the object of the ref and the commit.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn tag_objects(&self) -> Result<Vec<(String, String, String)>, GitError> {
        let objects = self.refs(&["refs/tags"])?;
        let commits: BTreeMap<String, Option<String>> = self.tag_targets()?.into_iter().collect();
        let tag = |found: RemoteRef| {
            let name = found.name.strip_prefix("refs/tags/")?.to_owned();
            let commit = commits.get(&name)?.clone()?;
            Some((name, found.oid, commit))
        };
        Ok(objects.into_iter().filter_map(tag).collect())
    }

    /// Returns when the tags of this repository were made, by their short names, in seconds since 1970; of a lightweight tag, when its
    /// commit was made.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn tag_times(&self) -> Result<BTreeMap<String, i64>, GitError> {
        let output = self.read(&["for-each-ref", "--format=%(creatordate:unix)\t%(refname)", "refs/tags"])?;
        let read = |line: &[u8]| {
            let (time, name) = std::str::from_utf8(line).ok()?.split_once('\t')?;
            Some((name.strip_prefix("refs/tags/")?.to_owned(), time.parse().ok()?))
        };
        Ok(output.split(|byte| *byte == b'\n').filter_map(read).collect())
    }

    /// Returns the tags of the remote with the commits that they point to, with one request over the network. A tag on something
    /// other than a commit has the id of that.
    ///
    /// # Errors
    /// Returns an error if the remote cannot be reached.
    pub fn remote_tags(&self, remote: &str) -> Result<BTreeMap<String, String>, GitError> {
        let output = self.try_write(&["ls-remote", "--tags", "--", remote], Input::Nothing)?.ok()?;
        let mut tags = BTreeMap::new();
        for RemoteRef { name, oid } in read_refs(&output) {
            let Some(name) = name.strip_prefix("refs/tags/") else { continue };
            // An annotated tag is listed twice: itself, and what it points to.
            tags.insert(name.strip_suffix("^{}").unwrap_or(name).to_owned(), oid);
        }
        Ok(tags)
    }

    /// Returns the commits that are reachable from these and not from `base`, each with its parents.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn commits_beyond(&self, commits: &[&str], base: &str) -> Result<BTreeMap<String, Vec<String>>, GitError> {
        let not = format!("^{base}");
        let args = [&["rev-list", "--parents", "--end-of-options"], commits, &[not.as_str(), "--"]].concat();
        let output = self.read(&args)?;
        let text = String::from_utf8_lossy(&output);
        let commit = |line: &str| {
            let mut ids = line.split_ascii_whitespace().map(str::to_owned);
            Some((ids.next()?, ids.collect()))
        };
        Ok(text.lines().filter_map(commit).collect())
    }

    /// Returns the ids of all commits that are reachable from the commit with the local objects.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn reachable(&self, commit: &str) -> Result<BTreeSet<String>, GitError> {
        self.commit_ids(&["--end-of-options", commit])
    }
}

/// Returns the lines that are UTF-8.
fn text_lines(output: &[u8]) -> impl Iterator<Item = &str> {
    output.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok())
}

/// Returns the short names of those refs that are tags, sorted by their bytes.
fn short_names<'a>(refs: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = refs.filter_map(|name| name.strip_prefix("refs/tags/")).map(str::to_owned).collect();
    names.sort();
    names
}

/// Reads the commits of tags; `None` if a tag points to another tag, which older versions of git do not resolve.
fn read_targets(output: &[u8]) -> Option<Vec<TagTarget>> {
    let mut targets = Vec::new();
    for line in text_lines(output) {
        let mut parts = line.split('\t');
        let Some(name) = parts.next().and_then(|name| name.strip_prefix("refs/tags/")) else { continue };
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("commit"), Some(id), ..) | (Some("tag"), _, Some("commit"), Some(id)) => {
                targets.push((name.to_owned(), Some(id.to_owned())));
            }
            (Some("tag"), _, Some("tag"), _) => return None,
            _ => targets.push((name.to_owned(), None)),
        }
    }
    Some(targets)
}

fn read_refs(output: &[u8]) -> Vec<RemoteRef> {
    let text = String::from_utf8_lossy(output);
    let pairs = text.lines().filter_map(|line| line.split_once('\t'));
    pairs.map(|(oid, name)| RemoteRef { name: name.to_owned(), oid: oid.to_owned() }).collect()
}
