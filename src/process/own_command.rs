//! [`run_own`]: a command of relman.toml, with its output behind its name.

use super::error::ProcessError;
use super::prompt::Prompt;
use crate::capture::Place;
use crate::config::{CommandLine, OwnCommand, ReleaseText};
use crate::forge::TOKEN_VARIABLES;
use crate::io::{self, CommandEnd, CommandError, Ending, Invocation, ScratchFolder, run_command};
use crate::plan::{ReleaseUnit, ReleaseWords};
use crate::snapshot::Snapshot;

/// What a command is run for.
pub(super) struct OwnRun<'a> {
    pub(super) place: &'a Place,
    pub(super) snapshot: &'a Snapshot,
    pub(super) units: &'a [ReleaseUnit],
    /// The name that its output stands behind.
    pub(super) name: &'a str,
}

/// Runs a command, line after line of it. Returns why it failed; `None` if it succeeded.
///
/// # Errors
/// The folder for what it writes cannot be made.
pub(super) fn run_own(
    run: &OwnRun<'_>,
    command: &OwnCommand,
    prompt: &mut dyn Prompt,
) -> Result<Option<String>, ProcessError> {
    let root = &run.place.root;
    if let Some(program) = command.needs.iter().find(|program| io::find_program(program, root).is_none()) {
        return Ok(Some(format!("the program `{program}` was not found")));
    }
    // The folder is removed when this function is left.
    let scratch = ScratchFolder::make()?;
    for line in &command.run {
        if let Some(why) = run_line(run, command, line, scratch.path(), prompt)? {
            return Ok(Some(why));
        }
    }
    Ok(None)
}

fn run_line(
    run: &OwnRun<'_>,
    command: &OwnCommand,
    line: &CommandLine,
    scratch: &std::path::Path,
    prompt: &mut dyn Prompt,
) -> Result<Option<String>, ProcessError> {
    let folder = scratch.display().to_string();
    let words = ReleaseWords { snapshot: run.snapshot, units: run.units, scratch: &folder };
    let fill = |text: &ReleaseText| match run.units.first() {
        Some(lead) => words.fill(text, lead),
        None => text.to_string(),
    };
    let child = match line {
        CommandLine::Argv(texts) => io::OwnCommand::Program(texts.iter().map(fill).collect()),
        CommandLine::Shell(text) => io::OwnCommand::Shell(fill(text)),
    };
    let dir = match &command.cwd {
        Some(folder) => run.place.root.join(folder.as_str()),
        None => run.place.root.clone(),
    };
    let environment = environment(run, command, &folder);
    let limit = u64::try_from(command.timeout.as_millis()).ok();
    let invocation = Invocation { command: &child, dir: &dir, environment: &environment, input: &[], limit };
    match run_command(&invocation, &mut |line: &str| prompt.command_line(run.name, line)) {
        Ok(end) => Ok(why(line, &end)),
        Err(CommandError::Interrupted(signal)) => Err(ProcessError::Signalled(signal)),
        Err(error) => Ok(Some(error.to_string())),
    }
}

/// The user's environment without the tokens that relman knows, but with those that the command names.
fn environment(run: &OwnRun<'_>, command: &OwnCommand, scratch: &str) -> io::EnvOverrides {
    let secret = TOKEN_VARIABLES.iter().filter(|name| !command.env.iter().any(|kept| kept == *name));
    let mut environment: io::EnvOverrides = secret.map(|name| ((*name).into(), None)).collect();
    environment.push(("RELMAN_SCRATCH".into(), Some(scratch.into())));
    if let Some(lead) = run.units.first() {
        let package = &run.snapshot.workspace.packages[lead.package];
        environment.push(("RELMAN_VERSION".into(), Some(lead.text.clone().into())));
        environment.push(("RELMAN_TAG".into(), Some(lead.tag.as_str().into())));
        environment.push(("RELMAN_PACKAGE".into(), Some(package.id.as_str().into())));
    }
    environment
}

/// Says how a command failed; `None` if it succeeded.
fn why(line: &CommandLine, end: &CommandEnd) -> Option<String> {
    let how = match end.ending {
        Ending::Exit(0) => return None,
        Ending::Exit(code) => format!("exited with {code}"),
        Ending::Signal(signal) => format!("was killed by signal {signal}"),
        Ending::TimedOut => "was stopped at its time limit".to_owned(),
    };
    let tail = if end.tail.is_empty() { String::new() } else { format!("; its last lines:\n{}", end.tail.join("\n")) };
    Some(format!("`{line}` {how}{tail}"))
}
