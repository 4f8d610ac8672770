//! [`ask_program`]: a program that is asked, and whose answer is all that is wanted of it.
//!
//! It gets an environment of its own, writes in one folder alone, and ends, with all that it started, at the limit of its time or of its output.

use std::io::{self, PipeReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::command::{CommandError, Ending, ending};
use super::command_group::Group;
use super::pipe_lines::for_each_line;
use super::sandbox::{TreeState, spawn_without_writing, tree_state};
use super::signals::Held;

/// How often the child, the clock and signals are looked at.
const TICK: Duration = Duration::from_millis(20);
/// So long the output that is under way is waited for after the end.
const AFTERMATH: Duration = Duration::from_millis(500);
/// So long a line on standard error may be.
const LONGEST_LINE: u64 = 4 * 1024;

/// What is asked, of which program.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The program: a path.
    pub program: &'a Path,
    /// Its arguments.
    pub arguments: &'a [String],
    /// The working directory.
    pub dir: &'a Path,
    /// Its whole environment.
    pub environment: &'a [(String, String)],
    /// What it reads from standard input.
    pub input: &'a [u8],
    /// How long it may take.
    pub limit: Duration,
    /// How many bytes it may answer.
    pub most: u64,
    /// The only folder in which it may write.
    pub writable: &'a Path,
    /// The tree that it must leave alone.
    pub tree: &'a Path,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How it ended; `None` if it was ended because it answered too much.
    pub ending: Option<Ending>,
    /// What it wrote to standard output.
    pub output: Vec<u8>,
    /// A path of the tree that it wrote to.
    pub written: Option<PathBuf>,
}

enum Heard {
    Output(Vec<u8>),
    Line(String),
}

/// Asks a program, and hands over each line that it writes to standard error.
///
/// # Errors
/// It cannot be started, or relman is asked to end meanwhile.
pub fn ask_program(question: &Question<'_>, on_line: &mut dyn FnMut(&str)) -> Result<Asked, CommandError> {
    ask_by(spawn_without_writing, question, on_line)
}

/// Starts a child that can write in one folder alone; `None` where the system cannot see to that.
type Isolate = fn(&mut Command, &Path) -> io::Result<Option<Group>>;

fn ask_by(isolate: Isolate, question: &Question<'_>, on_line: &mut dyn FnMut(&str)) -> Result<Asked, CommandError> {
    let program = question.program.display().to_string();
    let failed = |source| CommandError::Io { program: program.clone(), source };
    let held = Held::hold();
    let Started { mut group, heard, before } = start(isolate, question).map_err(failed)?;
    let begun = Instant::now();
    let (mut output, mut ended, mut is_open) = (Vec::new(), None, true);
    let end = loop {
        match heard.recv_timeout(TICK) {
            Ok(Heard::Output(bytes)) => output.extend(bytes),
            Ok(Heard::Line(line)) => on_line(&line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                is_open = false;
                std::thread::sleep(if ended.is_some() { Duration::ZERO } else { TICK });
            }
        }
        if let Some(signal) = held.caught() {
            group.kill();
            group.wait().map_err(failed)?;
            return Err(CommandError::Interrupted(signal));
        }
        if output.len() as u64 > question.most {
            break None;
        }
        if ended.is_none() {
            ended = group.try_wait().map_err(failed)?.map(|status| (ending(status), Instant::now()));
        }
        match ended {
            // What it started has no say after its end.
            Some((ending, at)) if !is_open || at.elapsed() > AFTERMATH => break Some(ending),
            None if begun.elapsed() > question.limit => break Some(Ending::TimedOut),
            _ => {}
        }
    };
    group.kill();
    group.wait().map_err(failed)?;
    let written = before.and_then(|before| before.first_difference(&tree_state(question.tree)).map(Path::to_owned));
    Ok(Asked { ending: end, output, written })
}

struct Started {
    group: Group,
    heard: Receiver<Heard>,
    /// The tree as it was, where the system does not keep the program from writing.
    before: Option<TreeState>,
}

fn start(isolate: Isolate, question: &Question<'_>) -> io::Result<Started> {
    let (out, out_writer) = io::pipe()?;
    let (err, err_writer) = io::pipe()?;
    let mut command = Command::new(question.program);
    command.args(question.arguments).current_dir(question.dir).env_clear();
    command.envs(question.environment.iter().map(|(name, value)| (name, value)));
    command.stdin(if question.input.is_empty() { Stdio::null() } else { Stdio::piped() });
    command.stdout(out_writer).stderr(err_writer);
    let (mut group, before) = match isolate(&mut command, question.writable)? {
        Some(group) => (group, None),
        None => {
            let before = tree_state(question.tree);
            (Group::spawn(&mut command)?, Some(before))
        }
    };
    // The pipes end when the last process closes them, so relman must not hold them open.
    drop(command);
    if let Some(mut stdin) = group.take_stdin() {
        let input = question.input.to_vec();
        // A program may well answer before it has read everything.
        std::thread::spawn(move || stdin.write_all(&input));
    }
    let (sender, heard) = sync_channel(64);
    let of_lines = sender.clone();
    std::thread::spawn(move || read_output(out, &sender));
    std::thread::spawn(move || {
        for_each_line(err, LONGEST_LINE, |line| of_lines.send(Heard::Line(line.to_owned())).is_ok());
    });
    Ok(Started { group, heard, before })
}

fn read_output(mut reader: PipeReader, sender: &SyncSender<Heard>) {
    let mut buffer = vec![0; 64 * 1024];
    // A pipe that cannot be read any more has ended.
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        if sender.send(Heard::Output(buffer.get(..count).unwrap_or(&[]).to_vec())).is_err() {
            return;
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn ask(line: &str, input: &str, limit: u64, most: u64) -> (Asked, Vec<String>) {
        ask_isolated(spawn_without_writing, line, input, limit, most)
    }

    fn ask_isolated(isolate: Isolate, line: &str, input: &str, limit: u64, most: u64) -> (Asked, Vec<String>) {
        let (tree, own) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(tree.path().join("kept"), "as it was").unwrap();
        let arguments = ["-c".to_owned(), line.to_owned()];
        let question = Question {
            program: Path::new("/bin/sh"),
            arguments: &arguments,
            dir: tree.path(),
            environment: &[("PATH".to_owned(), "/usr/bin:/bin".to_owned())],
            input: input.as_bytes(),
            limit: Duration::from_millis(limit),
            most,
            writable: own.path(),
            tree: tree.path(),
        };
        let mut lines = Vec::new();
        let asked = ask_by(isolate, &question, &mut |line| lines.push(line.to_owned())).unwrap();
        (asked, lines)
    }

    #[test]
    fn where_the_system_does_not_help_what_was_written_is_found() {
        let compares: Isolate = |_, _| Ok(None);
        for (line, name) in [("echo x > kept", Some("kept")), ("rm kept", Some("kept")), ("cat kept", None)] {
            let (asked, _) = ask_isolated(compares, line, "", 60_000, 1_000);
            let written = asked.written.as_ref().and_then(|path| path.file_name()).and_then(|name| name.to_str());
            assert!(written == name || (name.is_some() && written.is_some()), "{line}: {written:?}");
        }
        assert!(ask_isolated(compares, "echo x > new", "", 60_000, 10).0.written.is_some());
    }

    #[test]
    fn what_is_written_is_told_apart_by_its_stream() {
        let (asked, lines) = ask("cat; echo oh >&2; env | grep -c RELMAN; exit 3", "in\n", 20_000, 1_000);
        assert_eq!((asked.ending, lines), (Some(Ending::Exit(3)), vec!["oh".to_owned()]));
        assert_eq!(String::from_utf8(asked.output).unwrap(), "in\n0\n");
    }

    #[test]
    fn limits_end_a_program_with_all_that_it_started() {
        assert_eq!(ask("sleep 60 & sleep 60", "", 100, 10).0.ending, Some(Ending::TimedOut));
        assert_eq!(ask("yes", "", 60_000, 100_000).0.ending, None);
        let begun = Instant::now();
        let (asked, _) = ask("sleep 60 & echo done", "", 60_000, 10);
        assert_eq!((asked.ending, asked.output), (Some(Ending::Exit(0)), b"done\n".to_vec()));
        assert!(begun.elapsed() < Duration::from_secs(30), "the child that lives on was not waited for");
        assert_eq!(ask("kill -9 $$", "", 60_000, 10).0.ending, Some(Ending::Signal(9)));
    }
}
