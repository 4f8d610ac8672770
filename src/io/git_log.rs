//! [`CommitLog`]: the history, a commit at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Stdio};

use super::cat_file::CatFile;
use super::git::Git;
use super::git_process::{GitError, GitRun, failed, read_command, shown};

/// A commit as `git log` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCommit {
    /// The object id in hexadecimal.
    pub id: String,
    /// The id of its tree.
    pub tree: String,
    /// The ids of its parents, the first one first. They already reflect replaced commits, grafts and the border of a shallow clone.
    pub parents: Vec<String>,
    /// The message. Git converts it to UTF-8 if the commit names its encoding; without one, or if it cannot be converted, these
    /// are its bytes.
    pub message: Vec<u8>,
}

/// The commits of a running `git log`.
#[derive(Debug)]
pub struct CommitLog {
    /// The commit that it starts from.
    from: String,
    log: RunningLog,
    git: Git,
    /// Commits as they are stored, for the rare case that needs them.
    stored: Option<CatFile>,
}

/// Every field ends in a NUL, which a message cannot contain.
const ARGS: [&str; 6] = [
    "log",
    "-z",
    "--format=tformat:%H%x00%T%x00%P%x00%e%x00%B",
    "--encoding=UTF-8",
    "--no-show-signature",
    "--no-patch",
];
/// The oldest first, and every commit after its parents.
const OLDEST_FIRST: [&str; 2] = ["--topo-order", "--reverse"];

impl Git {
    /// Starts to read the commits that are reachable from `commit`, newest first as git orders them by default: with skewed clocks, a
    /// parent may come before its child.
    ///
    /// # Errors
    /// Returns an error if git cannot be started.
    pub fn log(&self, commit: &str) -> Result<CommitLog, GitError> {
        self.start_log(commit, &["--end-of-options", commit, "--"])
    }

    /// Starts to read the commits that are reachable from `commit` but not from `base`, the oldest first.
    ///
    /// # Errors
    /// Returns an error if git cannot be started.
    pub fn log_since(&self, base: &str, commit: &str) -> Result<CommitLog, GitError> {
        let not = format!("^{base}");
        self.start_log(commit, &[&OLDEST_FIRST[..], &["--end-of-options", commit, &not, "--"]].concat())
    }

    /// Returns when each of these commits was made, in seconds since 1970.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn commit_times(&self, commits: &BTreeSet<&str>) -> Result<BTreeMap<String, i64>, GitError> {
        if commits.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut args = vec!["log", "--no-walk=unsorted", "--format=%H %ct", "--no-show-signature", "--end-of-options"];
        args.extend(commits);
        args.push("--");
        let output = self.read(&args)?;
        let time = |line: &str| line.split_once(' ').and_then(|(id, time)| Some((id.to_owned(), time.parse().ok()?)));
        Ok(String::from_utf8_lossy(&output).lines().filter_map(time).collect())
    }

    fn start_log(&self, from: &str, more: &[&str]) -> Result<CommitLog, GitError> {
        let log = RunningLog::start(self, &[&ARGS[..], more].concat())?;
        Ok(CommitLog { from: from.to_owned(), log, git: self.clone(), stored: None })
    }
}

impl CommitLog {
    /// Returns `true` if it is the history of this commit.
    #[must_use]
    pub fn is_from(&self, commit: &str) -> bool {
        self.from == commit
    }

    /// Returns the next commit; `None` after the last one.
    ///
    /// # Errors
    /// Returns an error if git fails, for example because a commit is missing from the repository.
    pub fn next_commit(&mut self) -> Result<Option<LoggedCommit>, GitError> {
        let Some(id) = self.log.field()? else { return self.log.end().map(|()| None) };
        let (Some(tree), Some(parents), Some(encoding), Some(message)) =
            (self.log.field()?, self.log.field()?, self.log.field()?, self.log.field()?)
        else {
            // Git ended in the middle of a commit: its own message says why.
            self.log.end()?;
            return Err(GitError::Unexpected { args: shown(&ARGS), answer: String::from_utf8_lossy(&id).into_owned() });
        };
        let parents = text(parents).split_ascii_whitespace().map(str::to_owned).collect();
        let id = text(id);
        let message = if has_nul_bytes(&encoding) { self.stored_message(&id)?.unwrap_or(message) } else { message };
        Ok(Some(LoggedCommit { id, tree: text(tree), parents, message }))
    }

    /// Returns the message as it is stored, after the headers; `None` if the commit is not found.
    fn stored_message(&mut self, id: &str) -> Result<Option<Vec<u8>>, GitError> {
        let stored = match &mut self.stored {
            Some(stored) => stored,
            empty => empty.insert(CatFile::start(&self.git)?),
        };
        let Some(commit) = stored.read(id, u64::MAX)? else { return Ok(None) };
        let end = commit.windows(2).position(|bytes| bytes == b"\n\n");
        Ok(end.and_then(|end| commit.get(end + 2..)).map(<[u8]>::to_vec))
    }
}

/// Returns the bytes as text; those that are not UTF-8 are replaced.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Returns `true` if text of the encoding holds NUL bytes. Git never stores such a message, so a commit that names such an encoding
/// (`i18n.commitEncoding`) really uses another one.
fn has_nul_bytes(encoding: &[u8]) -> bool {
    let name: String =
        encoding.iter().filter(|b| b.is_ascii_alphanumeric()).map(|b| char::from(b.to_ascii_uppercase())).collect();
    ["UTF16", "UTF32", "UCS2", "UCS4"].iter().any(|wide| name.starts_with(wide))
}

/// A running `git log` whose output is fields that end in a NUL. Dropping it ends the process, so that history that is not read costs
/// nothing.
#[derive(Debug)]
pub(super) struct RunningLog {
    args: String,
    child: Child,
    output: BufReader<ChildStdout>,
    ended: bool,
}

impl RunningLog {
    /// Starts git.
    ///
    /// # Errors
    /// Returns an error if git cannot be started.
    pub(super) fn start(git: &Git, args: &[&str]) -> Result<Self, GitError> {
        let mut command = read_command(git.toplevel(), &git.extra, args);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|source| failed(&ARGS, source))?;
        let Some(output) = child.stdout.take() else {
            return Err(failed(&ARGS, std::io::Error::other("the pipe is missing")));
        };
        let output = BufReader::with_capacity(1 << 16, output);
        Ok(Self { args: shown(args), child, output, ended: false })
    }

    /// Returns the next field; `None` after the last one.
    ///
    /// # Errors
    /// Returns an error if the pipe cannot be read.
    pub(super) fn field(&mut self) -> Result<Option<Vec<u8>>, GitError> {
        let mut bytes = Vec::new();
        self.output.read_until(0, &mut bytes).map_err(|source| failed(&ARGS, source))?;
        Ok((bytes.pop() == Some(0)).then_some(bytes))
    }

    /// Waits for git, which has closed its output.
    ///
    /// # Errors
    /// Returns an error if git failed.
    pub(super) fn end(&mut self) -> Result<(), GitError> {
        if self.ended {
            return Ok(());
        }
        self.ended = true;
        let mut words = Vec::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_end(&mut words).map_err(|source| failed(&ARGS, source))?;
        }
        let status = self.child.wait().map_err(|source| failed(&ARGS, source))?;
        let stderr = String::from_utf8_lossy(&words).trim_end().to_owned();
        GitRun { args: self.args.clone(), code: status.code(), stdout: Vec::new(), stderr }.ok().map(drop)
    }
}

impl Drop for RunningLog {
    fn drop(&mut self) {
        if !self.ended {
            // It may have ended by itself meanwhile; a failure could not be reported to anyone any more.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
