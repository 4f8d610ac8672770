//! `relman plugin test`.

use clap::Args;

use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{json, plugin_test_text};
use crate::process::test_plugins;

/// Test a plugin: its own cases, and what the protocol asks of every plugin
///
/// The plugin is the folder of a plugin.toml. Its cases are in `cases`, each a folder with case.toml. relman makes the edits itself,
/// compares every byte, and asks again; then it asks what only other people's files would: CRLF, 5 MB, many files, a role that does not
/// exist. The plugin is started without being trusted. Exits with 3 if something is not as expected.
#[derive(Debug, Args)]
pub(super) struct TestPlugins {
    /// Folders with plugin.toml, or names in `plugins` or relman.toml [default: all in `plugins`]
    #[arg(value_name = "PLUGIN|DIR")]
    plugins: Vec<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl TestPlugins {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        if global.no_plugins {
            return Err(CliError::usage("`--no-plugins` and `plugin test` exclude each other".to_owned()));
        }
        let report = test_plugins(&global.opening(), &self.plugins, output)?;
        if self.json {
            output.copy(&json(&report)?);
        } else {
            output.result(plugin_test_text(&report));
        }
        Ok(if report.is_passed() { Exit::Done } else { Exit::Findings })
    }
}
