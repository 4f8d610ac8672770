//! Objects that are made beside the work tree and the index, and the branch that is switched to.

use super::file_writes::{create_new, remove};
use super::git::Git;
use super::git_process::{GitError, Input};
use super::scratch::ScratchFolder;

/// The mode of a plain file in a tree.
const PLAIN: &str = "100644";
/// Whom commits belong to that only a merge is computed from; they are on no branch and are never sent.
const PLACEHOLDER_IDENTITY: [&str; 4] =
    ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"];

/// What a commit holds beside who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitContent {
    /// Its tree.
    pub tree: String,
    /// Its parents.
    pub parents: Vec<String>,
    /// Its message.
    pub message: String,
}

/// What a tree has at a path instead of what another one has; `None` for nothing.
pub type TreeText = (String, Option<String>);

impl Git {
    /// Returns the tree that differs from that of a commit or tree in these paths alone, which are those from the top of the repository.
    /// A file keeps its mode.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn tree_with(&self, of: &str, changes: &[TreeText]) -> Result<String, GitError> {
        let scratch = ScratchFolder::make()?;
        let index = scratch.path().join("index").into_os_string();
        let git = self.with_env(vec![("GIT_INDEX_FILE".into(), Some(index))]);
        let quiet = ["-c", "core.fsmonitor=false"];
        let run = |args: &[&str], input: Input<'_>| git.try_write(&[&quiet, args].concat(), input)?.ok();
        run(&["read-tree", of], Input::Nothing)?;
        // The id of nothing is as long as all others.
        let nothing = "0".repeat(self.tree_of(of)?.len());
        let mut lines = Vec::new();
        for (number, (path, text)) in changes.iter().enumerate() {
            let Some(text) = text else {
                lines.push(format!("0 {nothing}\t{path}\0"));
                continue;
            };
            let file = scratch.path().join(format!("text-{number}"));
            create_new(&file, text.as_bytes(), None)?;
            let blob = word(run(&["hash-object", "-w", "--no-filters", "--stdin"], Input::File(&file))?);
            remove(&file)?;
            let mode = git.mode_of(of, path)?.unwrap_or_else(|| PLAIN.to_owned());
            lines.push(format!("{mode} {blob}\t{path}\0"));
        }
        if !lines.is_empty() {
            let file = scratch.path().join("entries");
            create_new(&file, lines.concat().as_bytes(), None)?;
            run(&["update-index", "-z", "--index-info"], Input::File(&file))?;
        }
        Ok(word(run(&["write-tree"], Input::Nothing)?))
    }

    fn mode_of(&self, tree: &str, path: &str) -> Result<Option<String>, GitError> {
        Ok(self.entry_of(tree, path)?.map(|(mode, _)| mode))
    }

    /// Returns the mode and the object that a commit or tree has at a path; `None` if it has nothing there.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn entry_of(&self, tree: &str, path: &str) -> Result<Option<(String, String)>, GitError> {
        let output = self.read(&["--literal-pathspecs", "ls-tree", "-z", "--full-tree", tree, "--", path])?;
        let text = String::from_utf8_lossy(&output).into_owned();
        let entry = text.split('\t').next().unwrap_or("");
        let mut words = entry.split(' ');
        Ok(words.next().zip(words.nth(1)).map(|(mode, object)| (mode.to_owned(), object.to_owned())))
    }

    /// Returns the text that a commit or tree has at a path; `None` if it has no text there.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn text_of(&self, tree: &str, path: &str) -> Result<Option<String>, GitError> {
        let Some((_, object)) = self.entry_of(tree, path)? else { return Ok(None) };
        Ok(String::from_utf8(self.read(&["cat-file", "blob", &object])?).ok())
    }

    /// Returns what a commit holds.
    ///
    /// # Errors
    /// Returns an error if git fails, or the commit is not there.
    pub fn commit_content(&self, commit: &str) -> Result<CommitContent, GitError> {
        let args = ["log", "-1", "--no-show-signature", "--format=%T%n%P%n%B", "--end-of-options", commit, "--"];
        let output = String::from_utf8_lossy(&self.read(&args)?).into_owned();
        let mut lines = output.splitn(3, '\n');
        let mut next = || lines.next().unwrap_or("").to_owned();
        let (tree, parents, message) = (next(), next(), next());
        Ok(CommitContent { tree, parents: parents.split_whitespace().map(str::to_owned).collect(), message })
    }

    /// Makes a commit of a tree that is on no branch and means nothing to anyone, so that a merge of it can be computed.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn bare_commit(&self, tree: &str, parents: &[&str]) -> Result<String, GitError> {
        let placeholder = PLACEHOLDER_IDENTITY.map(|name| (name.into(), Some("relman".into())));
        let parents = parents.iter().flat_map(|parent| ["-p", parent]);
        let args: Vec<&str> =
            ["-c", "commit.gpgsign=false", "commit-tree", "-m", "merge"].into_iter().chain(parents).collect();
        let run = self.with_env(placeholder.to_vec()).try_write(&[&args[..], &[tree]].concat(), Input::Nothing)?;
        Ok(word(run.ok()?))
    }

    /// Returns the commit that two lines of history have in common; `None` if they have none.
    ///
    /// # Errors
    /// Returns an error if git cannot be started.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, GitError> {
        let run = self.try_read(&["merge-base", "--end-of-options", one, other], Input::Nothing)?;
        Ok(run.is_success().then(|| word(run.stdout)))
    }

    /// Returns the files below these folders that commits of `of` without those of `without` removed, with the objects that they were.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn removed_files(&self, of: &str, without: &str, folders: &[&str]) -> Result<Vec<(String, String)>, GitError> {
        if folders.is_empty() {
            return Ok(Vec::new());
        }
        let range = format!("{without}..{of}");
        let args =
            ["--literal-pathspecs", "log", "-m", "--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=D"];
        let args = [&args[..], &["--no-show-signature", "--format=", &range, "--"], folders].concat();
        let output = String::from_utf8_lossy(&self.read(&args)?).into_owned();
        // A record is `:MODE MODE OLD NEW D`, and behind it the path.
        let mut parts = output.split('\0').map(|part| part.trim_start_matches('\n'));
        let mut removed = Vec::new();
        while let Some(head) = parts.next() {
            if let (Some(old), true) = (head.split(' ').nth(2), head.starts_with(':')) {
                removed.extend(parts.next().map(|path| (path.to_owned(), old.to_owned())));
            }
        }
        Ok(removed)
    }

    /// Creates a branch at a commit, which follows no other one, and switches to it.
    ///
    /// # Errors
    /// Returns an error if the branch exists, or changed files are in the way.
    pub fn start_branch(&self, name: &str, commit: &str) -> Result<(), GitError> {
        self.try_write(&["checkout", "--quiet", "--no-track", "-b", name, commit, "--"], Input::Nothing)?
            .ok()
            .map(|_| ())
    }

    /// Fetches a tag of a remote.
    ///
    /// # Errors
    /// Returns an error if the remote cannot be reached, or has no such tag.
    pub fn fetch_tag(&self, remote: &str, tag: &str) -> Result<(), GitError> {
        let spec = format!("refs/tags/{tag}:refs/tags/{tag}");
        let args =
            ["fetch", "--quiet", "--no-auto-maintenance", "--no-write-fetch-head", "--no-tags", "--", remote, &spec];
        self.try_write(&args, Input::Nothing)?.ok().map(|_| ())
    }
}

fn word(output: Vec<u8>) -> String {
    String::from_utf8_lossy(&output).trim().to_owned()
}
