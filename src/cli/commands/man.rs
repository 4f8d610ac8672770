//! `relman man`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::apply::write_texts;
use crate::cli::command_line::CommandLine;
use crate::cli::error::{CliError, Exit};
use crate::cli::output::Output;
use crate::cli::render::{ManPage, command_pages, config_page};
use crate::config::key_tables;
use crate::model::did_you_mean;

/// What `relman man --help` ends with.
const EXAMPLES: &str = "\
Examples:
  relman man bump | man -l -              reads the page of a command
  relman man relman.toml | man -l -       every key of relman.toml
  relman man --all ~/.local/share/man     writes all pages, for `man relman-bump`";

/// Print a manual page, in roff, or write all of them
///
/// Every command has a page of its own, `relman-bump(1)` and so on; `relman(1)` lists them, and `relman.toml(5)` describes every key of
/// relman.toml.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Man {
    /// The command, as in `changelog add`, or `relman.toml`; without one, the page of relman itself
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write every page to its place below DIR: DIR/man1/relman.1 and so on
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    all: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self, line: CommandLine, folder: &Path, output: &mut Output) -> Result<Exit, CliError> {
        let line = (line.describe)();
        let version = line.get_version().unwrap_or_default().to_owned();
        let mut pages = command_pages(line);
        pages.push(config_page(&key_tables(), &version));
        if let Some(all) = &self.all {
            let files = pages.iter().map(|page| (page.path(), page.text()));
            write_texts(&folder.join(all), files)?;
            output.say(format_args!("{} pages written to {}", pages.len(), all.display()));
            return Ok(Exit::Done);
        }
        output.copy(self.page(&pages)?.text());
        Ok(Exit::Done)
    }

    fn page<'a>(&self, pages: &'a [ManPage]) -> Result<&'a ManPage, CliError> {
        let command = |page: &'a ManPage| page.name().trim_start_matches("relman-");
        let wanted = if self.command.is_empty() { "relman".to_owned() } else { self.command.join("-") };
        pages.iter().find(|page| command(page) == wanted).ok_or_else(|| {
            let commands: Vec<&str> = pages.iter().map(command).collect();
            let help = did_you_mean(&wanted, &commands, || "`relman --help` lists the commands".to_owned());
            CliError::failed(Exit::Usage, format!("page of `{}` not found", self.command.join(" ")), help)
        })
    }
}
