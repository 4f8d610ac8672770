//! `relman man`.

use clap::Args;
use clap_mangen::Man as Page;

use crate::cli::error::{CliError, Exit};
use crate::cli::output::Output;

/// Print the manual page, in roff
#[derive(Debug, Args)]
pub(in crate::cli) struct Man {}

impl Man {
    pub(super) fn run(self, output: &mut Output) -> Result<Exit, CliError> {
        let mut text = Vec::new();
        let line = crate::cli::command_line();
        let failed = |error: std::io::Error| CliError::failed(Exit::Failed, error.to_string(), "report this");
        Page::new(line.clone()).render(&mut text).map_err(failed)?;
        for command in line.get_subcommands() {
            let name = format!("relman {}", command.get_name());
            let section = Page::new(command.clone().display_name(name.clone()).bin_name(name));
            section.render_description_section(&mut text).map_err(failed)?;
            section.render_options_section(&mut text).map_err(failed)?;
        }
        output.result(&String::from_utf8_lossy(&text));
        Ok(Exit::Done)
    }
}
