//! The command line: one file per command, one renderer, one conversion of errors into exit codes.
//!
//! No logic lives here: a command reads a snapshot, asks a planner, prints, asks the user, and hands the plan to `apply`.

mod command_line;
mod commands;
mod confirm;
mod demo;
mod error;
mod global;
mod output;
mod progress;
mod proof;
mod render;
mod session;
mod words;

use std::borrow::Cow;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::io::Extra;
use crate::text::visible;
use command_line::CommandLine;
use commands::Command;
use error::{CliError, Exit};
use global::Global;
use output::Output;
use render::report;

/// What `relman --help` ends with.
const EXIT_CODES: &str = "\
Exit codes:
  0  done, or nothing wrong
  1  failed; what had begun was undone
  2  wrong usage or configuration, or a repository that cannot be read
  3  `check` found something
  4  refused; nothing was written
  5  nothing to release
  6  a run was interrupted: `relman resume` finishes it, `relman abort` undoes it";

/// Version and release the packages of a monorepo that mixes languages
///
/// relman knows every place where a version stands: manifests, lock files, charts, any text. It plans a release completely before it
/// writes the first byte, and writes all places at once: the files, one commit, one annotated tag per package. What it knows of a
/// repository stands in relman.toml.
#[derive(Debug, Parser)]
#[command(name = "relman", version, max_term_width = 100, disable_help_subcommand = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const LINE: CommandLine = CommandLine { describe: Cli::command, run: run_inside };

/// Runs the command that the arguments name, the program's own name first, and returns the exit code of the contract.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            print_usage(&error);
            return code.into();
        }
    };
    let mut output = Output::new(&cli.global);
    let exit = match cli.command.run(&cli.global, LINE, &mut output) {
        Ok(exit) => exit,
        Err(error) => report(error, &mut output),
    };
    match output.failure() {
        Some(error) => report(CliError::unprinted(&error), &mut output).into(),
        None => exit.into(),
    }
}

/// Prints what is said of the arguments. They come from a script at times, which took them from elsewhere.
fn print_usage(error: &clap::Error) {
    let text = error.to_string();
    match visible(&text) {
        // A closed pipe is not our failure.
        Cow::Borrowed(_) => drop(error.print()),
        Cow::Owned(text) if error.use_stderr() => output::print_words(&text),
        Cow::Owned(_) => drop(error.print()),
    }
}

/// Runs a command line inside of another one, with the colours of the first and under other git variables. An error is printed.
///
/// # Errors
/// Returns an error if the arguments are no command line.
fn run_inside(args: &[&str], git: Extra, output: &mut Output) -> Result<Exit, CliError> {
    let words = std::iter::once("relman").chain(args.iter().copied());
    let mut cli =
        Cli::try_parse_from(words).map_err(|error| CliError::failed(Exit::Usage, error.to_string(), "report this"))?;
    cli.global.git = git;
    Ok(match cli.command.run(&cli.global, LINE, output) {
        Ok(exit) => exit,
        Err(error) => report(error, output),
    })
}
