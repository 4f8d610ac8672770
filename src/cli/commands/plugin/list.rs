//! `relman plugin list`.

use clap::Args;

use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{json, plugins_text};
use crate::process::{Prompt, Session, list_plugins};

/// List the plugins of relman.toml
///
/// Those that are trusted are started, and say which version they are and what they can do.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open(global.opening(), output)?;
        let report = list_plugins(&session)?;
        for (plugin, line) in session.place.plugins.take_said() {
            output.command_line(plugin.as_str(), &line);
        }
        if self.json {
            output.copy(&json(&report)?);
        } else if report.plugins.is_empty() {
            output.say("relman.toml names no plugins");
        } else {
            output.result(plugins_text(&report));
        }
        Ok(Exit::Done)
    }
}
