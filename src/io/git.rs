//! [`Git`]: the git program in one repository.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::files::FileError;
use super::git_process::{EnvOverrides, GitError, GitRun, Input, read_command, run, run_while, write_command};
use crate::model::WorkspacePrefix;
use crate::text::escaped;

/// A git repository with a work tree, and the way in which git is called there.
#[derive(Clone, Debug)]
pub struct Git {
    pub(super) extra: EnvOverrides,
    toplevel: PathBuf,
    git_dir: PathBuf,
    common_dir: PathBuf,
    prefix: String,
    shallow: bool,
}

/// The list of commits at which a shallow clone is cut off has a line for each.
const SHALLOW_LIMIT: u64 = 64 * 1024 * 1024;

const DISCOVER: [&str; 7] = [
    "rev-parse",
    "--path-format=absolute",
    "--is-bare-repository",
    "--is-shallow-repository",
    "--absolute-git-dir",
    "--git-common-dir",
    "--show-toplevel",
];
/// The first of the arguments that git answers with a line.
const FIRST_QUESTION: usize = 2;

impl Git {
    /// Finds the repository that holds the folder `dir`, by one call of git.
    ///
    /// # Errors
    /// Returns an error if git is not installed, or no repository with a work tree was found.
    pub fn discover(dir: &Path) -> Result<Self, GitError> {
        Self::discover_with(dir, Vec::new())
    }

    /// As [`Git::discover`], with variables that all children get in addition to those of the process.
    ///
    /// # Errors
    /// As [`Git::discover`].
    pub fn discover_with(dir: &Path, extra: EnvOverrides) -> Result<Self, GitError> {
        Self::discovered(dir, extra, &|| ())
    }

    /// As [`Git::discover`], and does something else while git looks.
    ///
    /// # Errors
    /// As [`Git::discover`].
    pub fn discover_while(dir: &Path, meanwhile: &dyn Fn()) -> Result<Self, GitError> {
        Self::discovered(dir, Vec::new(), meanwhile)
    }

    fn discovered(dir: &Path, extra: EnvOverrides, meanwhile: &dyn Fn()) -> Result<Self, GitError> {
        let dir = match super::canonical(dir) {
            Err(FileError::Missing { path, .. }) => return Err(GitError::NoSuchFolder { dir: path }),
            found => found?,
        };
        if super::kind(&dir)? != super::Kind::Directory {
            return Err(GitError::NoFolder { dir });
        }
        // In a hook of a linked work tree git sets GIT_DIR and treats the working directory as the top of the work
        // tree, so it must not run in a folder below.
        let asked = if value_of(&extra, "GIT_DIR").is_some() && value_of(&extra, "GIT_WORK_TREE").is_none() {
            super::current_dir().ok().filter(|top| dir.starts_with(top)).unwrap_or_else(|| dir.clone())
        } else {
            dir.clone()
        };
        let answer = run_while(read_command(&asked, &extra, &DISCOVER), &DISCOVER, Input::Nothing, meanwhile)?;
        let mut found = Self::read_answer(&asked, &dir, extra, answer)?;
        found.make_absolute(&asked);
        if let Ok(below) = dir.strip_prefix(&found.toplevel) {
            found.prefix = slashed(below);
        }
        Ok(found)
    }

    /// All further calls run at the top, where relative paths of the environment would lead elsewhere.
    fn make_absolute(&mut self, asked: &Path) {
        if asked == self.toplevel {
            return;
        }
        for (name, path) in [("GIT_DIR", self.git_dir.clone()), ("GIT_WORK_TREE", self.toplevel.clone())] {
            if value_of(&self.extra, name).is_some_and(|value| Path::new(&value).is_relative()) {
                self.extra.push((name.into(), Some(path.into())));
            }
        }
    }

    fn read_answer(asked: &Path, dir: &Path, extra: EnvOverrides, answer: GitRun) -> Result<Self, GitError> {
        let mut lines = lines(&answer.stdout);
        let dir = dir.to_owned();
        if lines.first().is_some_and(|line| line == b"true") {
            return Err(GitError::Bare { dir });
        }
        if !answer.is_success() {
            let stderr = answer.stderr.clone();
            return Err(if stderr.contains("not a git repository") || stderr.contains("invalid gitfile format") {
                match git_folder_above(&dir) {
                    Some(git_folder) => GitError::Invalid { git_folder },
                    None => GitError::NotARepository { dir },
                }
            } else if stderr.contains("dubious ownership") {
                GitError::UnsafeOwnership { dir, stderr }
            } else if stderr.contains("cannot use bare repository") {
                GitError::Bare { dir }
            } else if stderr.contains("must be run in a work tree") {
                GitError::NoWorkTree { dir }
            } else {
                GitError::Failed { args: answer.args, code: answer.code, stderr }
            });
        }
        if lines.len() > DISCOVER.len() - FIRST_QUESTION {
            // A folder has a line feed in its name: asking one question at a time keeps the answers apart.
            lines = DISCOVER
                .iter()
                .skip(FIRST_QUESTION)
                .map(|question| ask(asked, &extra, question))
                .collect::<Result<_, _>>()?;
        }
        let [_, shallow, git_dir, common_dir, toplevel] = lines.as_slice() else {
            return Err(GitError::Unexpected { args: answer.args, answer: escaped(&answer.stdout) });
        };
        Ok(Self {
            extra,
            toplevel: super::canonical(&folder(toplevel)?)?,
            git_dir: folder(git_dir)?,
            common_dir: folder(common_dir)?,
            prefix: String::new(),
            shallow: shallow == b"true",
        })
    }

    /// Returns the top folder of the work tree, symbolic links followed.
    #[must_use]
    pub fn toplevel(&self) -> &Path {
        &self.toplevel
    }

    /// Returns the git folder of this work tree; a linked work tree has one of its own.
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// Returns the git folder that all work trees of the repository share.
    #[must_use]
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// Returns the folder in which the search for the repository started, relative to the top, with `/`; empty for the top.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns `true` if the history is cut off.
    #[must_use]
    pub fn is_shallow(&self) -> bool {
        self.shallow
    }

    /// Returns the commits at which the history is cut off: their parents are missing.
    ///
    /// # Errors
    /// Returns an error if git's list of them cannot be read.
    pub fn shallow_commits(&self) -> Result<BTreeSet<String>, GitError> {
        if !self.shallow {
            return Ok(BTreeSet::new());
        }
        let file = self.common_dir.join("shallow");
        if super::kind(&file)? == super::Kind::Missing {
            // The rest was fetched since the repository was found.
            return Ok(BTreeSet::new());
        }
        let text = super::read_text(&file, SHALLOW_LIMIT)?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Returns the folder `root` relative to the top of the work tree, with `/`, empty for the top itself; `None`
    /// if it lies elsewhere or does not exist.
    #[must_use]
    pub fn prefix_of(&self, root: &Path) -> Option<WorkspacePrefix> {
        let root = super::canonical(root).ok()?;
        root.strip_prefix(&self.toplevel).ok().map(slashed).map(WorkspacePrefix::new)
    }

    /// Returns the file that holds the index: the one named by the environment (in hooks), else that of the work tree.
    #[must_use]
    pub fn index_file(&self) -> PathBuf {
        match value_of(&self.extra, "GIT_INDEX_FILE") {
            Some(path) => self.toplevel.join(path),
            None => self.git_dir.join("index"),
        }
    }

    /// Returns the lock of the index, which is there while a git program writes it.
    #[must_use]
    pub fn index_lock(&self) -> PathBuf {
        let mut path = self.index_file().into_os_string();
        path.push(".lock");
        path.into()
    }

    /// Returns this repository, with further variables for its git children.
    #[must_use]
    pub fn with_env(&self, more: EnvOverrides) -> Self {
        let mut git = self.clone();
        git.extra.extend(more);
        git
    }

    /// Returns the value of a variable as git gets it; `None` if it is not set, or empty.
    pub(super) fn variable(&self, name: &str) -> Option<OsString> {
        os_value_of(&self.extra, name)
    }

    /// Runs a call of git that only reads and returns its output. It runs at the top of the work tree.
    ///
    /// # Errors
    /// Returns an error if git ends with an error.
    pub fn read(&self, args: &[&str]) -> Result<Vec<u8>, GitError> {
        self.try_read(args, Input::Nothing)?.ok()
    }

    /// Runs a call of git that only reads. A failing exit code is an answer, too.
    ///
    /// # Errors
    /// Returns an error if git cannot be run.
    pub fn try_read(&self, args: &[&str], input: Input<'_>) -> Result<GitRun, GitError> {
        run(read_command(&self.toplevel, &self.extra, args), args, input)
    }

    /// Runs a call of git that writes, in the environment that the user's git has. For `apply` only.
    ///
    /// # Errors
    /// Returns an error if git cannot be run. A failing exit code is an answer.
    pub fn try_write(&self, args: &[&str], input: Input<'_>) -> Result<GitRun, GitError> {
        run(write_command(&self.toplevel, &self.extra, args), args, input)
    }
}

/// Returns the lines of an answer without their ends.
fn lines(answer: &[u8]) -> Vec<Vec<u8>> {
    let answer = answer.strip_suffix(b"\n").unwrap_or(answer);
    answer.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// Asks one question about the repository and returns the whole answer.
fn ask(dir: &Path, extra: &EnvOverrides, question: &str) -> Result<Vec<u8>, GitError> {
    let args = ["rev-parse", "--path-format=absolute", question];
    let mut answer = run(read_command(dir, extra, &args), &args, Input::Nothing)?.ok()?;
    answer.pop();
    Ok(answer)
}

/// Reads the path of a folder as text, which arguments of git calls have to be.
fn folder(path: &[u8]) -> Result<PathBuf, GitError> {
    match std::str::from_utf8(path) {
        Ok(path) => Ok(path.into()),
        Err(_) => Err(GitError::FolderName { folder: escaped(path) }),
    }
}

/// Returns the nearest `.git` at or above a folder: if git still finds no repository, that one is broken.
fn git_folder_above(dir: &Path) -> Option<PathBuf> {
    let candidates = dir.ancestors().map(|folder| folder.join(".git"));
    candidates.into_iter().find(|path| super::kind(path).is_ok_and(|kind| kind != super::Kind::Missing))
}

fn value_of(extra: &EnvOverrides, name: &str) -> Option<String> {
    os_value_of(extra, name)?.into_string().ok()
}

/// Returns the value of a variable as git gets it; `None` if it is not set, or empty.
fn os_value_of(extra: &EnvOverrides, name: &str) -> Option<OsString> {
    match extra.iter().rev().find(|(key, _)| key.to_str() == Some(name)) {
        Some((_, value)) => value.clone(),
        None => std::env::var_os(name),
    }
    .filter(|value| !value.is_empty())
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.join("/")
}
