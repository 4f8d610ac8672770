//! Where HEAD is, and what differs from it.

use super::git::Git;
use super::git_config::WorkTreeSettings;
use super::git_process::GitError;
use super::git_refs::TagTarget;

/// What HEAD points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Branch {
    /// A branch, by its name after `refs/heads/`.
    Attached(String),
    /// No branch: a commit, or a ref that is not a branch ([`Git::symbolic_head`]).
    Detached,
    /// A branch without a commit yet.
    Unborn(String),
}

impl Branch {
    /// Returns the name; `None` if HEAD is on no branch.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Attached(name) | Self::Unborn(name) => Some(name),
            Self::Detached => None,
        }
    }
}

/// The commit and the branch of HEAD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The object id in hexadecimal; `None` before the first commit.
    pub commit: Option<String>,
    /// The branch.
    pub branch: Branch,
}

/// A tracked path that differs from HEAD or from the index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Changed {
    /// The path relative to the top of the work tree. Bytes that are not UTF-8 are replaced, so that such a path is
    /// reported but never mistaken for one of ours.
    pub path: String,
    /// Whether the index differs from HEAD.
    pub staged: bool,
    /// Whether the work tree differs from the index.
    pub unstaged: bool,
    /// Whether the file is missing from the work tree.
    pub deleted: bool,
    /// Whether git reads the file through a filter, so that only the filter could decide whether the work tree really differs.
    pub filtered: bool,
}

/// HEAD and the tracked paths that differ from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where HEAD is.
    pub head: Head,
    /// What differs, sorted: both paths of a rename, unmerged paths, and submodules at another commit, too.
    pub changed: Vec<Changed>,
}

const STATUS: [&str; 8] = [
    "status",
    "--porcelain=v2",
    "--branch",
    "-z",
    "--untracked-files=no",
    "--no-ahead-behind",
    "--no-renames",
    // Git would run in the submodule, with the programs that the configuration there names.
    "--ignore-submodules=dirty",
];

/// HEAD holds the name of a ref, or an id.
const HEAD_LIMIT: u64 = 1 << 16;
/// The branch that the file of HEAD names where the refs are stored in tables (gitrepository-layout(5), "reftable").
const OF_TABLES: &str = ".invalid";

impl Git {
    /// Returns HEAD and all tracked paths that differ from it. Untracked files do not count. A file that git reads through a filter is
    /// compared without the filter, so it may differ only seemingly.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn status(&self) -> Result<Status, GitError> {
        self.status_under(&self.work_tree_settings()?)
    }

    /// As [`Git::status`], where the configuration was read before.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn status_under(&self, WorkTreeSettings { filters, .. }: &WorkTreeSettings) -> Result<Status, GitError> {
        let output = filters.neutralised(self).read(&STATUS)?;
        let mut status = read_status(&output).ok_or_else(|| GitError::Unexpected {
            args: STATUS.join(" "),
            answer: String::from_utf8_lossy(&output).chars().take(200).collect(),
        })?;
        let seeming: Vec<&str> = status.changed.iter().filter(|c| c.filtered).map(|c| c.path.as_str()).collect();
        let filtered = filters.filtered(self, &seeming)?;
        for changed in &mut status.changed {
            changed.filtered &= filtered.contains(&changed.path);
        }
        if let Branch::Attached(name) | Branch::Unborn(name) = &status.head.branch
            && (name.starts_with('(') || name.starts_with("refs/"))
        {
            // Git writes `(null)`, `(unknown)` or a whole `refs/...` if HEAD is not on a branch, but a branch may have that name, too.
            status.head.branch = match self.symbolic_head()?.as_deref().map(|name| name.strip_prefix("refs/heads/")) {
                Some(Some(name)) if status.head.commit.is_some() => Branch::Attached(name.to_owned()),
                Some(Some(name)) => Branch::Unborn(name.to_owned()),
                _ => Branch::Detached,
            };
        }
        Ok(status)
    }

    /// Returns HEAD alone, with one call that does not look at files.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn head(&self) -> Result<Head, GitError> {
        const ARGS: [&str; 4] = ["rev-parse", "HEAD", "--symbolic-full-name", "HEAD"];
        let run = self.try_read(&ARGS, super::Input::Nothing)?;
        let text = String::from_utf8_lossy(&run.stdout).into_owned();
        if !run.is_success() {
            // Without a commit, or with a broken HEAD, the slower call has to answer.
            return self.status().map(|status| status.head);
        }
        let mut lines = text.lines();
        let (Some(commit), Some(name)) = (lines.next(), lines.next()) else {
            return self.status().map(|status| status.head);
        };
        let branch = match name.strip_prefix("refs/heads/") {
            Some(name) => Branch::Attached(name.to_owned()),
            None => Branch::Detached,
        };
        Ok(Head { commit: Some(commit.to_owned()), branch })
    }

    /// Returns the name of the branch that HEAD is on, be there a commit on it or not; `None` if it is on no branch. The file that
    /// holds HEAD answers, without a process, unless refs are stored in tables.
    ///
    /// # Errors
    /// Returns an error if git fails, or the branch that HEAD names is damaged.
    pub fn current_branch(&self) -> Result<Option<String>, GitError> {
        if let Some(name) = self.branch_of_file() {
            return Ok(Some(name));
        }
        Ok(self.symbolic_head()?.and_then(|name| Some(name.strip_prefix("refs/heads/")?.to_owned())))
    }

    /// Returns the name of the branch that the file of HEAD names, be there a commit on it or not.
    fn branch_of_file(&self) -> Option<String> {
        let text = super::read_text(&self.git_dir().join("HEAD"), HEAD_LIMIT).ok()?;
        let name = text.strip_prefix("ref: refs/heads/")?.trim_end();
        (name != OF_TABLES).then(|| name.to_owned())
    }

    /// Returns HEAD and the short names of all tags, sorted by their bytes, with one call if HEAD is on a branch.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn head_and_tags(&self) -> Result<(Head, Vec<String>), GitError> {
        self.head_and(|branch| self.tags_beside(branch), || self.tags())
    }

    /// Returns HEAD and what [`Git::tag_targets`] does, with one call if HEAD is on a branch.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn head_and_tag_targets(&self) -> Result<(Head, Vec<TagTarget>), GitError> {
        self.head_and(|branch| self.tag_targets_beside(branch), || self.tag_targets())
    }

    /// Returns what [`Git::tag_targets`] does, and HEAD's commit if the same call can tell it: where a file names the branch.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn tag_targets_and_commit(&self) -> Result<(Option<String>, Vec<TagTarget>), GitError> {
        match self.branch_of_file() {
            Some(name) => self.tag_targets_beside(&format!("refs/heads/{name}")),
            None => Ok((None, self.tag_targets()?)),
        }
    }

    /// Returns HEAD, and what one of two questions answers: the first also asks for the commit of a branch, by its full name.
    fn head_and<T: Send>(
        &self,
        beside: impl FnOnce(&str) -> Result<(Option<String>, T), GitError>,
        alone: impl FnOnce() -> Result<T, GitError> + Send,
    ) -> Result<(Head, T), GitError> {
        let Some(name) = self.current_branch()? else {
            let (answer, head) = super::both(alone, || self.head());
            return Ok((head?, answer?));
        };
        let (commit, answer) = beside(&format!("refs/heads/{name}"))?;
        let head = match commit {
            Some(_) => Head { commit, branch: Branch::Attached(name) },
            // Git lists a damaged branch no more than one without a commit.
            None => self.head()?,
        };
        Ok((head, answer))
    }
}

/// Reads the answer. Every file that differs only in its content counts as filtered until the filters are checked.
fn read_status(output: &[u8]) -> Option<Status> {
    let mut commit = None;
    let mut name = None;
    let mut changed = Vec::new();
    let mut records = output.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    while let Some(record) = records.next() {
        if let Some(text) = record.strip_prefix("# branch.oid ") {
            commit = Some(text.to_owned()).filter(|text| text != "(initial)");
        } else if let Some(text) = record.strip_prefix("# branch.head ") {
            name = Some(text.to_owned());
        } else if let Some(rest) = record.strip_prefix("1 ") {
            changed.push(entry(rest, 7)?);
        } else if let Some(rest) = record.strip_prefix("2 ") {
            let new = entry(rest, 8)?;
            let old = records.next()?.into_owned();
            changed.push(Changed { path: old, ..new.clone() });
            changed.push(new);
        } else if let Some(rest) = record.strip_prefix("u ") {
            changed.push(Changed { staged: true, unstaged: true, deleted: false, filtered: false, ..entry(rest, 9)? });
        }
    }
    changed.sort();
    let branch = match (name?.as_str(), &commit) {
        ("(detached)", _) => Branch::Detached,
        (name, Some(_)) => Branch::Attached(name.to_owned()),
        (name, None) => Branch::Unborn(name.to_owned()),
    };
    Some(Status { head: Head { commit, branch }, changed })
}

/// Reads `XY … path` with `fields` fields before the path.
fn entry(rest: &str, fields: usize) -> Option<Changed> {
    let parts: Vec<&str> = rest.splitn(fields + 1, ' ').collect();
    let [states, _, _, in_index, in_work_tree, .., path] = parts.as_slice() else { return None };
    let mut states = states.chars();
    let (staged, unstaged) = (states.next()?, states.next()?);
    Some(Changed {
        path: (*path).to_owned(),
        staged: staged != '.',
        unstaged: unstaged != '.',
        deleted: unstaged == 'D',
        filtered: unstaged == 'M' && in_index == in_work_tree,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_kind_of_record() {
        let z = "0".repeat(40);
        let output = format!(
            "# branch.oid {z}\0# branch.head main\0\
             1 .M N... 100644 100644 100644 {z} {z} a file\0\
             1 M. S.M. 160000 160000 160000 {z} {z} sub\0\
             2 R. N... 100644 100644 100644 {z} {z} R100 new name\0old name\0\
             1 .M N... 100644 100644 100755 {z} {z} mode\0\
             1 .D N... 100644 100644 000000 {z} {z} gone\0\
             u UU N... 100644 100644 100644 100644 {z} {z} {z} torn\0"
        );
        let status = read_status(output.as_bytes()).unwrap();
        assert_eq!(status.head.branch, Branch::Attached("main".to_owned()));
        let paths: Vec<_> = status.changed.iter().map(|c| (c.path.as_str(), c.staged, c.unstaged)).collect();
        assert_eq!(
            paths,
            [
                ("a file", false, true),
                ("gone", false, true),
                ("mode", false, true),
                ("new name", true, false),
                ("old name", true, false),
                ("sub", true, false),
                ("torn", true, true),
            ]
        );
        let of = |is: fn(&Changed) -> bool| -> Vec<&str> {
            status.changed.iter().filter(|c| is(c)).map(|c| c.path.as_str()).collect()
        };
        assert_eq!(of(|c| c.filtered), ["a file"]);
        assert_eq!(of(|c| c.deleted), ["gone"]);
    }

    #[test]
    fn a_repository_may_have_no_commit_or_no_branch() {
        let unborn = read_status(b"# branch.oid (initial)\0# branch.head main\0").unwrap();
        assert_eq!(unborn.head, Head { commit: None, branch: Branch::Unborn("main".to_owned()) });
        let detached = read_status(b"# branch.oid 12\0# branch.head (detached)\0").unwrap();
        assert_eq!(detached.head.branch, Branch::Detached);
        assert!(read_status(b"rubbish\0").is_none());
    }
}
