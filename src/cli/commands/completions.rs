//! `relman completions`.

use clap::Args;
use clap_complete::{Shell, generate};

use crate::cli::command_line::CommandLine;
use crate::cli::error::{CliError, Exit};
use crate::cli::output::Output;

/// Print the completions for a shell
#[derive(Debug, Args)]
pub(in crate::cli) struct Completions {
    /// Complete for this shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, line: CommandLine, output: &mut Output) -> Result<Exit, CliError> {
        let mut text = Vec::new();
        generate(self.shell, &mut (line.describe)(), "relman", &mut text);
        output.copy(&String::from_utf8_lossy(&text));
        Ok(Exit::Done)
    }
}
