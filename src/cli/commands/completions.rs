//! `relman completions`.

use clap::Args;
use clap_complete::Shell;

use crate::cli::completion::registration;
use crate::cli::error::{CliError, Exit};
use crate::cli::output::Output;

/// Print the script with which a shell completes commands, packages, groups, levels, stages and tags
///
/// The shell reads it when it starts: `source <(relman completions bash)` in ~/.bashrc, `source <(relman completions zsh)` behind compinit in
/// ~/.zshrc, `relman completions fish | source` in config.fish. The script asks relman for the words, which only reads the repository.
#[derive(Debug, Args)]
pub(in crate::cli) struct Completions {
    /// Complete for this shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, output: &mut Output) -> Result<Exit, CliError> {
        let script = registration(&self.shell.to_string())
            .map_err(|error| CliError::failed(Exit::Failed, error.to_string(), "report this"))?;
        output.copy(&script);
        Ok(Exit::Done)
    }
}
