//! `relman changelog`: one file for each of its commands.

mod add;
mod check;

use clap::Subcommand;

use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;

/// Tell changes in fragments, and see what becomes of them
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Changelog {
    Add(add::Add),
    Check(check::Check),
}

impl Changelog {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        match self {
            Self::Add(command) => command.run(global, output),
            Self::Check(command) => command.run(global, output),
        }
    }
}
