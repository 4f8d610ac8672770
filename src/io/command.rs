//! [`run_command`]: commands of the user's own, as gates, generators and publishers are.
//!
//! Standard input is empty or given, both outputs come line by line, and all processes of the command end with it at the time limit, or
//! when relman is asked to end.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use super::command_group::Group;
use super::git_process::EnvOverrides;
use super::pipe_lines::for_each_line;
use super::program::find_program;
use super::signals::Held;

/// So many lines are kept for the report of a failure.
const KEPT_LINES: usize = 20;
/// A longer line is cut into several.
const LONGEST_LINE: u64 = 16 * 1024;
/// How often the child, the clock and signals are looked at.
const TICK: Duration = Duration::from_millis(20);
/// So long the output of processes that a command left behind is waited for.
const AFTERMATH: Duration = Duration::from_secs(2);
/// So long processes have to end by themselves before they are killed.
const GRACE: Duration = Duration::from_secs(5);

/// What is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnCommand {
    /// A program and its arguments, without a shell.
    Program(Vec<String>),
    /// A line for `sh -c`.
    Shell(String),
}

/// How it is run.
#[derive(Clone, Debug)]
pub struct Invocation<'a> {
    /// What is run.
    pub command: &'a OwnCommand,
    /// The working directory.
    pub dir: &'a Path,
    /// Variables that are set, or removed where the value is `None`; the others are relman's.
    pub environment: &'a EnvOverrides,
    /// What it reads from standard input.
    pub input: &'a [u8],
    /// Milliseconds after which it is ended; `None` for no limit.
    pub limit: Option<u64>,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandEnd {
    /// By itself, by a signal, or by the time limit.
    pub ending: Ending,
    /// Its last lines.
    pub tail: Vec<String>,
}

/// By what a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With this exit code.
    Exit(i32),
    /// By a signal with this number.
    Signal(i32),
    /// It was ended at the time limit.
    TimedOut,
}

/// Why a command did not run to an end of its own.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The program was not found.
    #[error("the program `{0}` was not found")]
    Missing(String),
    /// The command names no program.
    #[error("the command is empty")]
    Empty,
    /// The working directory does not exist.
    #[error("{} is not a folder", .0.display())]
    NoFolder(PathBuf),
    /// It could not be started or read from.
    #[error("failed to run `{program}`: {source}")]
    Io {
        /// The program.
        program: String,
        /// The system's error.
        source: io::Error,
    },
    /// Relman was asked to end by this signal. The command has ended; the caller cleans up and calls
    /// [`end_by_signal`](super::end_by_signal).
    #[error("interrupted by signal {0}")]
    Interrupted(i32),
}

impl OwnCommand {
    /// Returns the name of the program; `None` if the command is empty.
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        match self {
            Self::Program(words) => words.first().map(String::as_str).filter(|name| !name.is_empty()),
            Self::Shell(_) => Some("sh"),
        }
    }

    fn arguments(&self) -> Vec<&str> {
        match self {
            Self::Program(words) => words.iter().skip(1).map(String::as_str).collect(),
            Self::Shell(line) => vec!["-c", line],
        }
    }
}

/// Runs a command to its end, and hands over each line that it prints, without the line end.
///
/// # Errors
/// Returns an error if it cannot be started, or relman is asked to end meanwhile. A failing exit code is an answer.
pub fn run_command(run: &Invocation<'_>, on_line: &mut dyn FnMut(&str)) -> Result<CommandEnd, CommandError> {
    let program = run.command.program().ok_or(CommandError::Empty)?;
    if !run.dir.is_dir() {
        return Err(CommandError::NoFolder(run.dir.to_owned()));
    }
    if find_program(program, run.dir).is_none() {
        return Err(CommandError::Missing(program.to_owned()));
    }
    let failed = |source| CommandError::Io { program: program.to_owned(), source };
    let held = Held::hold();
    let (mut group, lines) = start(run, program).map_err(failed)?;
    let mut watched = Watched { lines: Some(lines), tail: VecDeque::new(), on_line };
    let started = Instant::now();
    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        watched.wait(TICK);
        if let Some((status, at)) = ended
            && (watched.is_closed() || at.elapsed() > AFTERMATH)
        {
            return Ok(CommandEnd { ending: ending(status), tail: watched.tail.into() });
        }
        if ended.is_none() {
            ended = group.try_wait().map_err(failed)?.map(|status| (status, Instant::now()));
        }
        let signal = held.caught();
        let is_late = run.limit.is_some_and(|limit| started.elapsed() > Duration::from_millis(limit));
        if signal.is_some() || (is_late && ended.is_none()) {
            stop(&mut group, &mut watched).map_err(failed)?;
            return match signal {
                Some(signal) => Err(CommandError::Interrupted(signal)),
                None => Ok(CommandEnd { ending: Ending::TimedOut, tail: watched.tail.into() }),
            };
        }
    }
}

fn start(run: &Invocation<'_>, program: &str) -> io::Result<(Group, Receiver<String>)> {
    // One pipe for both outputs keeps their order.
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(program);
    command.args(run.command.arguments()).current_dir(run.dir).stdout(writer.try_clone()?).stderr(writer);
    command.stdin(if run.input.is_empty() { Stdio::null() } else { Stdio::piped() });
    for (name, value) in run.environment {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut group = Group::spawn(&mut command)?;
    // The pipe ends when the last process closes it, so relman must not hold it open.
    drop(command);
    if let Some(mut stdin) = group.take_stdin() {
        let input = run.input.to_vec();
        // A command may well ignore what it is given.
        std::thread::spawn(move || stdin.write_all(&input));
    }
    let (sender, lines) = sync_channel(256);
    // Progress bars overwrite their line; what a terminal would show last is what counts.
    let shown = move |line: &str| sender.send(line.rsplit('\r').next().unwrap_or_default().to_owned()).is_ok();
    std::thread::spawn(move || for_each_line(reader, LONGEST_LINE, shown));
    Ok((group, lines))
}

/// Ends all processes of a command: asked first, killed later.
fn stop(group: &mut Group, watched: &mut Watched<'_>) -> io::Result<()> {
    group.terminate();
    let asked = Instant::now();
    let mut ended = false;
    while asked.elapsed() < GRACE {
        watched.wait(TICK);
        ended = ended || group.try_wait()?.is_some();
        if ended && watched.is_closed() {
            return Ok(());
        }
    }
    group.kill();
    group.wait()?;
    Ok(())
}

/// The output of a command.
struct Watched<'a> {
    lines: Option<Receiver<String>>,
    tail: VecDeque<String>,
    on_line: &'a mut dyn FnMut(&str),
}

impl Watched<'_> {
    /// Waits for a line, at most so long.
    fn wait(&mut self, most: Duration) {
        let Some(lines) = &self.lines else { return std::thread::sleep(most) };
        match lines.recv_timeout(most) {
            Ok(line) => {
                (self.on_line)(&line);
                self.tail.push_back(line);
                if self.tail.len() > KEPT_LINES {
                    self.tail.pop_front();
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.lines = None,
        }
    }

    fn is_closed(&self) -> bool {
        self.lines.is_none()
    }
}

#[cfg(unix)]
pub(super) fn ending(status: ExitStatus) -> Ending {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => Ending::Exit(code),
        (None, signal) => Ending::Signal(signal.unwrap_or_default()),
    }
}

#[cfg(not(unix))]
pub(super) fn ending(status: ExitStatus) -> Ending {
    Ending::Exit(status.code().unwrap_or(-1))
}
