//! `relman changelog`: one file for each of its commands.

mod add;
mod assemble;
mod check;
mod preview;
mod show;

use clap::{Args, Subcommand};

use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;

/// Show and maintain the changelogs
///
/// `relman bump` writes changelogs from the text under [Unreleased] and from fragments: files with one change each.
#[derive(Debug, Args)]
pub(in crate::cli) struct Changelog {
    #[command(subcommand)]
    command: Command,
}

/// The commands for changelogs.
#[derive(Debug, Subcommand)]
enum Command {
    Add(add::Add),
    Check(check::Check),
    Preview(preview::Preview),
    Show(show::Show),
    Assemble(assemble::Assemble),
}

impl Changelog {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        match self.command {
            Command::Add(command) => command.run(global, output),
            Command::Check(command) => command.run(global, output),
            Command::Preview(command) => command.run(global, output),
            Command::Show(command) => command.run(global, output),
            Command::Assemble(command) => command.run(global, output),
        }
    }
}
