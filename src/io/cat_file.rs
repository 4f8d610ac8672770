//! [`CatFile`]: many objects by one git process.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, PoisonError};

use super::git::Git;
use super::git_process::{GitError, read_command};

/// A git process that hands out objects until it is dropped. It may be shared between threads.
#[derive(Debug)]
pub struct CatFile {
    channel: Mutex<Channel>,
}

#[derive(Debug)]
struct Channel {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

const ARGS: [&str; 2] = ["cat-file", "--batch"];

fn failed(source: io::Error) -> GitError {
    GitError::Io { args: ARGS.join(" "), source }
}

impl CatFile {
    /// Starts the process.
    ///
    /// # Errors
    /// Returns an error if git cannot be started.
    pub fn start(git: &Git) -> Result<Self, GitError> {
        let mut command = read_command(git.toplevel(), &git.extra, &ARGS);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(failed)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed(io::Error::other("the pipes are missing")));
        };
        let channel = Channel { child, stdin: Some(stdin), stdout: BufReader::new(stdout) };
        Ok(Self { channel: Mutex::new(channel) })
    }

    /// Returns the bytes of an object, by its id or as `:path` and `COMMIT:path`; `None` if it does not exist.
    ///
    /// # Errors
    /// Returns an error if the object has more than `limit` bytes, or git fails.
    pub fn read(&self, object: &str, limit: u64) -> Result<Option<Vec<u8>>, GitError> {
        if object.contains('\n') {
            return Ok(None);
        }
        let mut channel = self.channel.lock().unwrap_or_else(PoisonError::into_inner);
        channel.ask(object, limit)
    }
}

impl Channel {
    fn ask(&mut self, object: &str, limit: u64) -> Result<Option<Vec<u8>>, GitError> {
        let Some(stdin) = &mut self.stdin else {
            return Err(failed(io::ErrorKind::BrokenPipe.into()));
        };
        stdin.write_all(format!("{object}\n").as_bytes()).map_err(failed)?;
        stdin.flush().map_err(failed)?;
        let mut line = Vec::new();
        self.stdout.read_until(b'\n', &mut line).map_err(failed)?;
        let line = String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned();
        if line.ends_with(" missing") || line.ends_with(" ambiguous") {
            return Ok(None);
        }
        let size: Option<u64> = line.rsplit(' ').next().and_then(|size| size.parse().ok());
        let Some(size) = size else {
            return Err(GitError::Unexpected { args: ARGS.join(" "), answer: line });
        };
        if size > limit {
            // The rest has to be read off the pipe before the next request.
            io::copy(&mut self.stdout.by_ref().take(size + 1), &mut io::sink()).map_err(failed)?;
            return Err(GitError::TooLarge { object: object.to_owned(), size, limit });
        }
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        self.stdout.read_exact(&mut bytes).map_err(failed)?;
        self.stdout.read_exact(&mut [0]).map_err(failed)?;
        Ok(Some(bytes))
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        // Closing its input ends the child; a failure could not be reported to anyone any more.
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}
