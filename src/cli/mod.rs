//! The command line: one file per command, one renderer, one conversion of errors into exit codes.
//!
//! No logic lives here: a command reads a snapshot, asks a planner, prints, asks the user, and hands the plan to `apply`.

mod command_line;
mod commands;
mod completion;
mod confirm;
mod error;
mod exit;
mod foreign_arguments;
mod global;
mod help_columns;
mod messages;
mod output;
mod picker;
mod problem;
mod progress;
mod prompt;
mod render;
mod words;

use std::borrow::Cow;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser};

use crate::io::{self, EnvOverrides};
use crate::model::Event;
use crate::text::escape_controls;
use command_line::CommandLine;
use commands::Command;
use error::{CliError, Exit};
use global::Global;
use output::Output;
use render::{problems_json, report};

/// What `relman --help` ends with.
const AFTER_HELP: &str = "\
Environment:
  RELMAN_ASSUME_YES=1  answers every confirmation with yes, as --yes does
  RELMAN_SUMMARY       the prose that opens the sections of changelogs, as --summary
  RELMAN_SKIP_GATES    the gates that are skipped, as --skip-gate
  RELMAN_TOKEN         the token for the forge; else GITHUB_TOKEN, GH_TOKEN, GITLAB_TOKEN or CI_JOB_TOKEN
  SOURCE_DATE_EPOCH    seconds since 1970: the time of commits and tags, and the day of {date}
  NO_COLOR             no colours, unless --color always

Exit codes:
  0  done, or nothing wrong
  1  failed; what had begun was undone
  2  wrong usage or configuration, or a repository that cannot be read
  3  `check` or `verify` found something
  4  refused; nothing was written
  5  nothing to release
  6  a run was interrupted: `relman resume` finishes it, `relman abort` undoes it
  7  a release has not arrived yet";

/// Version and release the packages of a monorepo that mixes languages
///
/// relman knows every place that holds a version: manifests, lock files, charts, any text. It plans a release completely before it
/// writes the first byte, and writes everything at once: the files, one commit, one annotated tag per package. relman.toml
/// describes the repository.
#[derive(Debug, Parser)]
#[command(name = "relman", version, max_term_width = 100, disable_help_subcommand = true, after_help = AFTER_HELP)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const LINE: CommandLine = CommandLine { describe: Cli::command, run: run_inside };

/// Runs the command that the arguments name, the program's own name first, and returns the exit code of the contract.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(shell) = completion::asking_shell(&args) {
        Output::new(&Global::default(), false).copy(&completion::answer(shell, Cli::command(), &args));
        return Exit::Done.into();
    }
    // Only help and messages need the words of every command, and have to fit the terminal; for them the whole line is asked again.
    let parsed = quick_line(&args).try_get_matches_from(&args).or_else(|error| match error.kind() {
        ErrorKind::DisplayVersion => Err(error),
        _ => help_columns::fitted(Cli::command()).try_get_matches_from(&args),
    });
    let parsed = parsed.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, is_json(&matches))));
    let (cli, is_json) = match parsed {
        Ok(parsed) => parsed,
        Err(mut error) => {
            foreign_arguments::without_advice_about_values(&mut error);
            return refuse_usage(&error, &args).into();
        }
    };
    let mut output = Output::new(&cli.global, is_json);
    let messages = output.messages();
    io::on_signal(move |signal| messages.ended(signal));
    let exit = match cli.command.run(&cli.global, LINE, &mut output) {
        Ok(exit) => exit,
        Err(error) => report(error, &mut output),
    };
    let exit = match output.failure() {
        Some(error) => report(CliError::unprinted(&error), &mut output),
        None => exit,
    };
    output.messages().event(&Event::end(exit as i32));
    exit.into()
}

/// Returns the command line without the commands that are not among the words. It reads every valid line as the whole one does.
fn quick_line(words: &[OsString]) -> clap::Command {
    let line = clap::Command::new("relman").version(env!("CARGO_PKG_VERSION"));
    let line = line.subcommand_required(true).disable_help_subcommand(true);
    Command::augment_named(Global::augment_args(line), words)
}

/// Returns `true` if the innermost command is to print one JSON object.
fn is_json(matches: &ArgMatches) -> bool {
    if let Some((_, inner)) = matches.subcommand() {
        return is_json(inner);
    }
    let by_format =
        |matches: &ArgMatches| matches.try_get_raw("format").ok().flatten()?.next().map(|raw| raw == "json");
    matches.try_get_one("json").ok().flatten() == Some(&true) || by_format(matches) == Some(true)
}

/// Prints why the arguments are not valid, or the help that they ask for.
fn refuse_usage(error: &clap::Error, args: &[OsString]) -> Exit {
    print_usage(error);
    if let Some(tip) = foreign_arguments::tip(error) {
        output::print_words(&format!("\n  tip: {tip}\n"));
    }
    if !error.use_stderr() {
        return Exit::Done;
    }
    if args.iter().any(|arg| arg == "--json") {
        let text = error.to_string();
        let message = text.trim_start_matches("error: ").lines().next().unwrap_or(&text);
        let problem = CliError::usage(message.to_owned());
        // What is wrong with the arguments was printed already.
        if let Ok(text) = problems_json(&problem) {
            Output::new(&Global::default(), true).copy(&text);
        }
    }
    Exit::Usage
}

/// Prints a message about the arguments, which may come from a script and so from an untrusted source.
fn print_usage(error: &clap::Error) {
    let text = error.to_string();
    match escape_controls(&text) {
        // A closed pipe is not our failure.
        Cow::Borrowed(_) => drop(error.print()),
        Cow::Owned(text) if error.use_stderr() => output::print_words(&text),
        Cow::Owned(_) => drop(error.print()),
    }
}

/// Runs a command line inside another one, with the same colours but other git variables. Prints errors.
///
/// # Errors
/// Returns an error if the arguments are no command line.
fn run_inside(args: &[&str], git: EnvOverrides, output: &mut Output) -> Result<Exit, CliError> {
    let words = std::iter::once("relman").chain(args.iter().copied());
    let mut cli =
        Cli::try_parse_from(words).map_err(|error| CliError::failed(Exit::Usage, error.to_string(), "report this"))?;
    cli.global.git = git;
    Ok(match cli.command.run(&cli.global, LINE, output) {
        Ok(exit) => exit,
        Err(error) => report(error, output),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_line_describes_every_command_as_the_whole_line_does() {
        let described = |line: &clap::Command| -> Vec<String> {
            line.get_subcommands().map(|command| format!("{command:#?}")).collect()
        };
        let whole = Cli::command();
        let names: Vec<OsString> = whole.get_subcommands().map(|command| command.get_name().into()).collect();
        let quick = quick_line(&names);
        assert_eq!(described(&quick), described(&whole));
        let options = |line: &clap::Command| -> Vec<String> {
            line.get_arguments().map(|option| format!("{option:#?}")).collect()
        };
        assert_eq!(options(&quick), options(&whole));
        let one = quick_line(&["relman".into(), "-C".into(), "bump".into(), "status".into()]);
        assert_eq!(one.get_subcommands().map(clap::Command::get_name).collect::<Vec<_>>(), ["status", "bump"]);
    }
}
