//! [`run_own`] and [`run_filled`]: commands of relman.toml, with their output behind their names.

use std::path::Path;

use super::error::ProcessError;
use super::prompt::Prompt;
use crate::capture::Place;
use crate::config::{OwnCommand, ReleaseText};
use crate::forge::TOKEN_VARIABLES;
use crate::io::{self, CommandEnd, CommandError, Ending, EnvOverrides, Invocation, ScratchFolder, run_command};
use crate::model::{Event, EventKind, EventState};
use crate::plan::{ReleaseUnit, ReleaseWords, RunLine};
use crate::snapshot::Snapshot;

/// What stands for the folder for what a command writes, until it is made.
const SCRATCH: &str = "{scratch}";

/// What a command is run for.
pub(super) struct OwnRun<'a> {
    pub(super) place: &'a Place,
    pub(super) snapshot: &'a Snapshot,
    pub(super) units: &'a [ReleaseUnit],
    /// The name that its output is printed behind.
    pub(super) name: &'a str,
    /// The digest of the artifact that it looks at; empty if there is none.
    pub(super) digest: &'a str,
    /// What it reads from standard input.
    pub(super) input: &'a [u8],
}

impl<'a> OwnRun<'a> {
    /// Returns a run without a digest and without input.
    pub(super) fn new(place: &'a Place, snapshot: &'a Snapshot, units: &'a [ReleaseUnit], name: &'a str) -> Self {
        Self { place, snapshot, units, name, digest: "", input: &[] }
    }
}

/// A command whose texts are filled in, but for the folder for what it writes.
pub(super) struct FilledRun<'a> {
    /// What is run, one after the other.
    pub(super) lines: &'a [RunLine],
    /// The programs that must be found before anything is run.
    pub(super) needs: &'a [String],
    /// The folder in which it is run.
    pub(super) dir: &'a Path,
    /// Variables that it gets, and those that it does not.
    pub(super) environment: EnvOverrides,
    /// What it reads from standard input.
    pub(super) input: &'a [u8],
    /// Milliseconds after which it is ended.
    pub(super) limit: u64,
}

/// How a command ended.
pub(super) enum CommandResult {
    /// Well.
    Succeeded,
    /// With this exit code, which is not 0.
    Exited {
        /// The code.
        code: i32,
        /// What happened, in words.
        why: String,
    },
    /// Otherwise, or it did not begin.
    Failed(String),
}

impl CommandResult {
    /// Returns why it failed; `None` if it succeeded.
    pub(super) fn failure(self) -> Option<String> {
        match self {
            Self::Succeeded => None,
            Self::Exited { why, .. } | Self::Failed(why) => Some(why),
        }
    }
}

/// Reports that a command begins which is neither a gate nor an outward step.
pub(super) fn report_begun(name: &str, prompt: &mut dyn Prompt) {
    prompt.report(Event::new(EventKind::Command, name, EventState::Begun));
}

/// Reports how such a command ended: why it failed, if it did.
pub(super) fn report_ended(name: &str, failure: Option<&str>, prompt: &mut dyn Prompt) {
    let event = |state| Event::new(EventKind::Command, name, state);
    prompt.report(match failure {
        None => event(EventState::Done),
        Some(why) => event(EventState::Failed).message(why),
    });
}

/// Runs a command, line after line of it. Returns why it failed; `None` if it succeeded.
///
/// # Errors
/// The folder for what it writes cannot be made, or relman was asked to end.
pub(super) fn run_own(
    run: &OwnRun<'_>,
    command: &OwnCommand,
    prompt: &mut dyn Prompt,
) -> Result<Option<String>, ProcessError> {
    let words = ReleaseWords { scratch: SCRATCH, digest: run.digest, ..ReleaseWords::new(run.snapshot, run.units) };
    let fill = |text: &ReleaseText| match run.units.first() {
        Some(lead) => words.fill(text, lead),
        None => text.to_string(),
    };
    let lines: Vec<RunLine> = command.run.iter().map(|line| RunLine::filled(line, fill)).collect();
    let dir = match &command.cwd {
        Some(folder) => run.place.root.join(folder.as_str()),
        None => run.place.root.clone(),
    };
    let lead = run.units.first().map(|lead| {
        let package = &run.snapshot.workspace.packages[lead.package];
        (lead.text.as_str(), lead.tag.as_str(), package.id.as_str())
    });
    let filled = FilledRun {
        lines: &lines,
        needs: &command.needs,
        dir: &dir,
        environment: environment(&command.env, lead),
        input: run.input,
        limit: u64::try_from(command.timeout.as_millis()).unwrap_or(u64::MAX),
    };
    Ok(run_filled(&filled, &mut |line: &str| prompt.command_line(run.name, line))?.failure())
}

/// Runs a command whose texts are filled in, and hands over each line that it prints.
///
/// # Errors
/// The folder for what it writes cannot be made, or relman was asked to end.
pub(super) fn run_filled(run: &FilledRun<'_>, on_line: &mut dyn FnMut(&str)) -> Result<CommandResult, ProcessError> {
    if let Some(program) = run.needs.iter().find(|program| io::find_program(program, run.dir).is_none()) {
        return Ok(CommandResult::Failed(format!("the program `{program}` was not found")));
    }
    // The folder is removed when this function is left.
    let scratch = ScratchFolder::make()?;
    let folder = scratch.path().display().to_string();
    let mut environment = run.environment.clone();
    environment.push(("RELMAN_SCRATCH".into(), Some(folder.clone().into())));
    for line in run.lines {
        let place = |text: &String| text.replace(SCRATCH, &folder);
        let child = match line {
            RunLine::Argv(words) => io::OwnCommand::Program(words.iter().map(place).collect()),
            RunLine::Shell(text) => io::OwnCommand::Shell(place(text)),
        };
        let (dir, input, limit) = (run.dir, run.input, Some(run.limit));
        let invocation = Invocation { command: &child, dir, environment: &environment, input, limit };
        let ended = match run_command(&invocation, on_line) {
            Ok(end) => result(line, &end),
            Err(CommandError::Interrupted(signal)) => return Err(ProcessError::Signalled(signal)),
            Err(error) => CommandResult::Failed(error.to_string()),
        };
        if !matches!(ended, CommandResult::Succeeded) {
            return Ok(ended);
        }
    }
    Ok(CommandResult::Succeeded)
}

/// The user's environment without the tokens that relman knows, but with those that a command keeps, and with what it is run for: version,
/// tag and package.
pub(super) fn environment(kept: &[String], release: Option<(&str, &str, &str)>) -> EnvOverrides {
    let secret = TOKEN_VARIABLES.iter().filter(|name| !kept.iter().any(|kept| kept == *name));
    let mut environment: EnvOverrides = secret.map(|name| ((*name).into(), None)).collect();
    if let Some((version, tag, package)) = release {
        environment.push(("RELMAN_VERSION".into(), Some(version.into())));
        environment.push(("RELMAN_TAG".into(), Some(tag.into())));
        environment.push(("RELMAN_PACKAGE".into(), Some(package.into())));
    }
    environment
}

/// Says how a command ended.
fn result(line: &RunLine, end: &CommandEnd) -> CommandResult {
    let tail = if end.tail.is_empty() { String::new() } else { format!("; its last lines:\n{}", end.tail.join("\n")) };
    match end.ending {
        Ending::Exit(0) => CommandResult::Succeeded,
        Ending::Exit(code) => CommandResult::Exited { code, why: format!("`{line}` exited with {code}{tail}") },
        Ending::Signal(signal) => CommandResult::Failed(format!("`{line}` was killed by signal {signal}{tail}")),
        Ending::TimedOut => CommandResult::Failed(format!("`{line}` was stopped at its time limit{tail}")),
    }
}
