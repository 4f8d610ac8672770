//! Tags here and refs on remotes.

use super::git::Git;
use super::git_process::{GitError, Input};

/// A ref on a remote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RemoteRef {
    /// The full name, such as `refs/tags/v1.0.0`.
    pub name: String,
    /// The object id in hexadecimal; of an annotated tag that of the tag object.
    pub oid: String,
}

impl Git {
    /// Returns the short names of all tags, sorted by their bytes.
    ///
    /// # Errors
    /// Where git fails.
    pub fn tags(&self) -> Result<Vec<String>, GitError> {
        self.list_tags(&["for-each-ref", "--format=%(refname)", "refs/tags"])
    }

    /// Returns the short names of the tags that are reachable from the commit, sorted by their bytes.
    ///
    /// # Errors
    /// Where git fails, or the commit does not exist.
    pub fn tags_merged(&self, commit: &str) -> Result<Vec<String>, GitError> {
        let merged = format!("--merged={commit}");
        self.list_tags(&["for-each-ref", &merged, "--format=%(refname)", "refs/tags"])
    }

    /// Returns the short names of all tags with the objects that they stand on, sorted by their names.
    ///
    /// # Errors
    /// Where git fails.
    pub fn tag_targets(&self) -> Result<Vec<(String, String)>, GitError> {
        let output = self.read(&["for-each-ref", "--format=%(refname)\t%(objectname)\t%(*objectname)", "refs/tags"])?;
        let text = String::from_utf8_lossy(&output);
        let target = |line: &str| {
            let mut parts = line.strip_prefix("refs/tags/")?.split('\t');
            let (name, object, peeled) = (parts.next()?, parts.next()?, parts.next().unwrap_or(""));
            Some((name.to_owned(), if peeled.is_empty() { object } else { peeled }.to_owned()))
        };
        let mut targets: Vec<(String, String)> = text.lines().filter_map(target).collect();
        targets.sort();
        Ok(targets)
    }

    fn list_tags(&self, args: &[&str]) -> Result<Vec<String>, GitError> {
        let output = self.read(args)?;
        let lines = output.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
        let mut names: Vec<String> =
            lines.filter_map(|line| line.strip_prefix("refs/tags/")).map(str::to_owned).collect();
        names.sort();
        Ok(names)
    }

    /// Returns the refs of the repository whose full names are given or lie below them, with their object ids.
    ///
    /// # Errors
    /// Where git fails.
    pub fn refs(&self, patterns: &[&str]) -> Result<Vec<RemoteRef>, GitError> {
        let mut args = vec!["for-each-ref", "--format=%(objectname)\t%(refname)"];
        args.extend(patterns);
        Ok(read_refs(&self.read(&args)?))
    }

    /// Returns the refs of the remote, by its name, that match the patterns. It asks the network, so credentials may
    /// be asked for as by any other call of the user's git.
    ///
    /// # Errors
    /// Where the remote cannot be reached.
    pub fn remote_refs(&self, remote: &str, patterns: &[&str]) -> Result<Vec<RemoteRef>, GitError> {
        let mut args = vec!["ls-remote", "--refs", "--", remote];
        args.extend(patterns);
        Ok(read_refs(&self.try_write(&args, Input::Nothing)?.ok()?))
    }
}

fn read_refs(output: &[u8]) -> Vec<RemoteRef> {
    let text = String::from_utf8_lossy(output);
    let pairs = text.lines().filter_map(|line| line.split_once('\t'));
    pairs.map(|(oid, name)| RemoteRef { name: name.to_owned(), oid: oid.to_owned() }).collect()
}
