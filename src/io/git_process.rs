//! How git is called: the environment, the arguments of every call, and what can go wrong.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use super::files::FileError;
use super::git_settled::{settle_read, settle_write};
use super::program::find_everywhere;
use super::signals::{apart, pass_on};

/// Variables for the git children of one [`Git`](super::Git): set, or removed if the value is `None`.
pub type EnvOverrides = Vec<(OsString, Option<OsString>)>;

/// Why a call of git failed.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The git program was not found.
    #[error("git was not found; install git 2.31 or newer and make sure that it is on PATH")]
    Missing,
    /// The folder does not exist.
    #[error("the folder {} does not exist", dir.display())]
    NoSuchFolder {
        /// The folder.
        dir: PathBuf,
    },
    /// Found a file, expected a folder.
    #[error("{} is not a folder; name the folder to start in", dir.display())]
    NoFolder {
        /// The file.
        dir: PathBuf,
    },
    /// The folder is not in a repository.
    #[error("{} is not in a git repository", dir.display())]
    NotARepository {
        /// The folder.
        dir: PathBuf,
    },
    /// A `.git` exists, but git does not accept it as a repository.
    #[error(
        "git does not accept {} as a repository: a file or folder in it is missing, damaged or not readable by this user; its HEAD must read `ref: refs/heads/BRANCH` \
         or a commit id, and `objects` and `refs` must exist (where it is a file, the folder that it names: `git worktree repair`)",
        git_folder.display()
    )]
    Invalid {
        /// The `.git`.
        git_folder: PathBuf,
    },
    /// The branch that HEAD is on does not lead to a commit.
    #[error(
        "the branch that HEAD names is damaged: its file in {0} does not hold a commit id; write the id of its last commit into it \
         (the file of the same name in {1} lists them)",
        refs.display(), logs.display()
    )]
    DamagedBranch {
        /// The folder that holds the branches.
        refs: PathBuf,
        /// The folder that holds their reflogs.
        logs: PathBuf,
    },
    /// The path of the repository is not UTF-8.
    #[error("the repository is located in {folder}, which is not UTF-8; rename that folder")]
    FolderName {
        /// The path, with the bytes that are not UTF-8 escaped.
        folder: String,
    },
    /// The repository has no work tree.
    #[error("{} is in a bare repository; relman needs a work tree", dir.display())]
    Bare {
        /// The folder.
        dir: PathBuf,
    },
    /// The folder is the git folder itself, or below it.
    #[error("{} lies inside the git folder; go to the work tree", dir.display())]
    NoWorkTree {
        /// The folder.
        dir: PathBuf,
    },
    /// The repository belongs to another user, and git refuses to work there.
    #[error("git refuses to work in {}: {stderr}", dir.display())]
    UnsafeOwnership {
        /// The folder.
        dir: PathBuf,
        /// Git's message, with the remedy.
        stderr: String,
    },
    /// Git ended with an error.
    #[error("git {args} failed{}: {stderr}", code.map_or(String::new(), |code| format!(" ({code})")))]
    Failed {
        /// The arguments of the call.
        args: String,
        /// The exit code; `None` if a signal ended git.
        code: Option<i32>,
        /// The message of git, or of a hook.
        stderr: String,
    },
    /// Git could not be started, written to or read from.
    #[error("failed to run git {args}: {source}")]
    Io {
        /// The arguments of the call.
        args: String,
        /// The system's error.
        source: io::Error,
    },
    /// Git's answer does not have the documented form.
    #[error("git {args} gave an unexpected answer: {answer}")]
    Unexpected {
        /// The arguments of the call.
        args: String,
        /// The part that could not be parsed.
        answer: String,
    },
    /// A partial clone lacks the trees that show which paths a commit changes.
    #[error(
        "this is a partial clone without the trees of older commits (`--filter=tree:0`), and only they tell which packages a commit \
         changes; a clone with `--filter=blob:none` has all that is needed (actions/checkout: `filter: blob:none`), and \
         `git fetch --refetch --filter=blob:none {remote}` makes this one such"
    )]
    NoTrees {
        /// The remote that promised them.
        remote: String,
    },
    /// An object is larger than what relman reads.
    #[error("the object {object} has {size} bytes, at most {limit} are read")]
    TooLarge {
        /// The name by which the object was requested.
        object: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A file in the git folder could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The standard input of a git child.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// Nothing.
    Nothing,
    /// These bytes, through a pipe. Only for calls that read: if relman is killed, the child would mistake a part for the whole.
    Bytes(&'a [u8]),
    /// A file. For calls that write.
    File(&'a Path),
}

/// The result of a call that may fail.
#[derive(Clone, Debug)]
pub struct GitRun {
    /// The arguments, for messages.
    pub args: String,
    /// The exit code; `None` if a signal ended git.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error, without trailing blank lines.
    pub stderr: String,
}

impl GitRun {
    /// Returns `true` if git succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.code == Some(0)
    }

    /// Returns standard output.
    ///
    /// # Errors
    /// Returns an error if git failed.
    pub fn ok(self) -> Result<Vec<u8>, GitError> {
        if self.is_success() {
            return Ok(self.stdout);
        }
        Err(GitError::Failed { args: self.args, code: self.code, stderr: self.stderr })
    }
}

/// Builds the command of a call that reads.
pub(super) fn read_command(dir: &Path, extra: &EnvOverrides, args: &[&str]) -> Command {
    command(dir, extra, settle_read, args)
}

/// Builds the command of a call that writes: git as the user has it, except for settings that change what a call means.
pub(super) fn write_command(dir: &Path, extra: &EnvOverrides, args: &[&str]) -> Command {
    command(dir, extra, settle_write, args)
}

fn command(dir: &Path, extra: &EnvOverrides, settle: fn(&mut Command), args: &[&str]) -> Command {
    let mut command = Command::new(program(extra));
    apply_extra(&mut command, extra);
    // The list overrides whatever was set before.
    settle(&mut command);
    apart(&mut command);
    command.args(args).current_dir(dir);
    command
}

/// Returns what is run. It is looked up once: every folder of PATH that is tried in vain takes each process some time.
fn program(extra: &EnvOverrides) -> &'static Path {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = FOUND.get_or_init(|| find_everywhere("git"));
    let is_overridden = extra.iter().any(|(name, _)| name == "PATH");
    found.as_deref().filter(|_| !is_overridden).unwrap_or_else(|| Path::new("git"))
}

fn apply_extra(command: &mut Command, extra: &EnvOverrides) {
    for (name, value) in extra {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
}

/// Runs a command to its end and returns its output.
pub(super) fn run(command: Command, args: &[&str], input: Input<'_>) -> Result<GitRun, GitError> {
    run_while(command, args, input, &|| ())
}

/// As [`run`], and does something else while the command runs.
pub(super) fn run_while(
    mut command: Command,
    args: &[&str],
    input: Input<'_>,
    meanwhile: &dyn Fn(),
) -> Result<GitRun, GitError> {
    let shown = shown(args);
    let io_error = |source: io::Error| GitError::Io { args: shown.clone(), source };
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(match input {
        Input::Nothing => Stdio::null(),
        Input::Bytes(_) => Stdio::piped(),
        Input::File(path) => {
            Stdio::from(fs::File::open(path).map_err(|source| FileError::from_io("read", path, source))?)
        }
    });
    let mut child = command.spawn().map_err(|source| failed(args, source))?;
    let _passed_on = pass_on(child.id());
    meanwhile();
    let (output, fed) = match (child.stdin.take(), input) {
        (Some(pipe), Input::Bytes(bytes)) => std::thread::scope(|scope| {
            let feeder = scope.spawn(move || feed(pipe, bytes));
            let output = child.wait_with_output();
            (output, feeder.join().unwrap_or(Ok(())))
        }),
        _ => (child.wait_with_output(), Ok(())),
    };
    let output = output.map_err(io_error)?;
    fed.map_err(io_error)?;
    Ok(GitRun {
        code: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).trim_end().to_owned(),
        args: shown,
    })
}

/// Runs a command and reads its output while its input is still being written. Returns how it ended, without its output, and the result of
/// `read`; it is up to the caller which of two failures explains more.
pub(super) fn stream<T>(
    mut command: Command,
    args: &[&str],
    input: &[u8],
    read: impl FnOnce(&mut dyn BufRead) -> Result<T, GitError>,
) -> Result<(GitRun, Result<T, GitError>), GitError> {
    let io_error = |source| failed(args, source);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(io_error)?;
    let (Some(stdin), Some(stdout), Some(mut stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(io_error(io::Error::other("the pipes are missing")));
    };
    let (read, fed, words) = std::thread::scope(|scope| {
        let feeder = scope.spawn(move || feed(stdin, input));
        let words = scope.spawn(move || {
            let mut words = Vec::new();
            stderr.read_to_end(&mut words).map(|_| words)
        });
        // The output is closed here, so that the child ends when its reader has given up.
        let read = { read(&mut BufReader::with_capacity(1 << 18, stdout)) };
        (read, feeder.join().unwrap_or(Ok(())), words.join().unwrap_or_else(|_| Ok(Vec::new())))
    });
    let status = child.wait().map_err(io_error)?;
    fed.map_err(io_error)?;
    let stderr = String::from_utf8_lossy(&words.map_err(io_error)?).trim_end().to_owned();
    Ok((GitRun { args: shown(args), code: status.code(), stdout: Vec::new(), stderr }, read))
}

fn feed(mut pipe: ChildStdin, bytes: &[u8]) -> io::Result<()> {
    match pipe.write_all(bytes) {
        // A child that answers or fails early closes the pipe; its output is the answer then.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Reports that git could not be started, written to or read from.
pub(super) fn failed(args: &[&str], source: io::Error) -> GitError {
    match source.kind() {
        io::ErrorKind::NotFound => GitError::Missing,
        _ => GitError::Io { args: shown(args), source },
    }
}

/// Returns the arguments as a user would type them, long ones truncated.
pub(super) fn shown(args: &[&str]) -> String {
    let mut text = args.join(" ");
    if text.len() > 120 {
        text = text.chars().take(120).collect();
        text.push('…');
    }
    text
}
