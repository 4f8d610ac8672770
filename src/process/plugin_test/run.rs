//! [`test_plugins`]: builds plugins, and tests them.

use super::asker::Verdict;
use super::checks::{Check, checks};
use super::find::Start;
use super::report::{CheckState, PluginCheck, PluginTestReport, TestedPlugin};
use super::subject::Subject;
use crate::config::PluginFile;
use crate::io::{CommandEnd, CommandError, Ending, Invocation, OwnCommand, in_parallel, run_command};
use crate::model::Diagnostic;
use crate::process::error::ProcessError;
use crate::process::own_command::environment;
use crate::process::prompt::Prompt;
use crate::process::session::Opening;

/// So many checks run at once.
const AT_ONCE: usize = 4;

/// Tests the plugins with these names or in these folders; without names, all below `plugins`. Neither trust nor a repository is needed.
///
/// # Errors
/// One of them was not found, a plugin.toml or case.toml is not valid, or relman is asked to end.
pub fn test_plugins(
    opening: &Opening,
    names: &[String],
    prompt: &mut dyn Prompt,
) -> Result<PluginTestReport, ProcessError> {
    let start = Start::find(opening)?;
    let mut subjects = Vec::new();
    let mut problems: Vec<Diagnostic> = Vec::new();
    for folder in start.folders(names)? {
        match Subject::read(&start, folder) {
            Ok(subject) => subjects.push(subject),
            Err(wrong) => problems.extend(wrong),
        }
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let plugins = subjects.iter().map(|subject| tested(subject, prompt)).collect::<Result<_, _>>()?;
    Ok(PluginTestReport { schema: 1, plugins })
}

fn tested(subject: &Subject, prompt: &mut dyn Prompt) -> Result<TestedPlugin, ProcessError> {
    let mut found = Vec::new();
    let words = subject.file.build_in(&subject.folder.display().to_string());
    if !words.is_empty() {
        found.push(outcome("build".to_owned(), build(subject, words, prompt)?));
    }
    // A program that was not built cannot be tested.
    if found.iter().all(|check| check.state == CheckState::Passed) {
        let checks = checks(subject);
        let verdicts = in_parallel(&checks, AT_ONCE, |check: &Check<'_>| (check.test)());
        found.extend(checks.into_iter().zip(verdicts).map(|(check, verdict)| outcome(check.name, verdict)));
    }
    for (plugin, line) in subject.take_said() {
        prompt.command_line(plugin.as_str(), &line);
    }
    let PluginFile { name, version, description, .. } = subject.file.clone();
    Ok(TestedPlugin { name, version, description, folder: subject.shown.clone(), checks: found })
}

fn outcome(name: String, verdict: Verdict) -> PluginCheck {
    let state = if verdict.is_ok() { CheckState::Passed } else { CheckState::Failed };
    PluginCheck { name, state, message: verdict.err() }
}

fn build(subject: &Subject, words: Vec<String>, prompt: &mut dyn Prompt) -> Result<Verdict, ProcessError> {
    let shown = words.join(" ");
    let (command, environment) = (OwnCommand::Program(words), environment(&[], None));
    let run =
        Invocation { command: &command, dir: &subject.folder, environment: &environment, input: &[], limit: None };
    let name = subject.file.name.as_str();
    let ended = run_command(&run, &mut |line| prompt.command_line(name, line));
    Ok(match ended {
        Ok(end) if end.ending == Ending::Exit(0) => Ok(()),
        Ok(CommandEnd { ending: Ending::Exit(code), .. }) => Err(format!("`{shown}` exited with {code}")),
        Ok(_) => Err(format!("`{shown}` was ended by a signal")),
        Err(CommandError::Interrupted(signal)) => return Err(ProcessError::Signalled(signal)),
        Err(error) => Err(error.to_string()),
    })
}
