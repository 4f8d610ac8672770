//! `relman plugin`.

mod list;
mod new;
mod test;
mod trust;

use clap::{Args, Subcommand};

use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;

/// What `relman plugin --help` ends with.
const EXAMPLES: &str = "\
Examples:
  relman plugin list           the plugins of relman.toml, and which of them are trusted
  relman plugin trust gradle   let relman start this one, as it is now
  relman plugin new boards     write one that works, in plugins/boards
  relman plugin test gradle    run its cases, and what every plugin must do";

/// Extend relman by programs of your own
///
/// A plugin finds versions in files of a kind that relman does not know, checks the workspace, makes entries of changelogs, or publishes
/// and announces releases. relman.toml names it; relman starts it only after you said that you trust it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Plugin {
    #[command(subcommand)]
    command: PluginCommand,
}

#[derive(Debug, Subcommand)]
enum PluginCommand {
    List(list::List),
    New(new::NewPlugin),
    Test(test::TestPlugins),
    Trust(trust::TrustPlugin),
}

impl Plugin {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        match self.command {
            PluginCommand::List(command) => command.run(global, output),
            PluginCommand::New(command) => command.run(global, output),
            PluginCommand::Test(command) => command.run(global, output),
            PluginCommand::Trust(command) => command.run(global, output),
        }
    }
}
