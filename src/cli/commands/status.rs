//! `relman status`.

use clap::Args;

use crate::capture::{Needs, Reach, Request};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{json, status_line, status_table};
use crate::cli::session;
use crate::plan::{status, tags_elsewhere};
use crate::workspace::Package;

/// Show the version and the last tag of every package
///
/// A row per package: its version, the last tag that HEAD reaches, its group, and whether all its places hold that version.
#[derive(Debug, Args)]
pub(in crate::cli) struct Status {
    /// Show these packages only
    #[arg(value_name = "PACKAGE")]
    packages: Vec<String>,
    /// Print one JSON object
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Print a line per package by this template: {name} {version} {tag} {scheme} {group} {in-sync}
    #[arg(long, value_name = "TEMPLATE")]
    format: Option<String>,
    /// Do not walk the history: a tag that HEAD does not reach counts as well
    #[arg(long)]
    no_history: bool,
}

impl Status {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let place = session::open(global, output)?;
        let reach = if self.no_history { Reach::Any } else { Reach::Always };
        let needs = Needs { reach, ..Needs::default() };
        let snapshot = session::read(&place, Request { needs, staged: false }, output)?;
        let report = status(&snapshot, &self.packages, !self.no_history)?;
        let of_named = |p: &&Package| self.packages.is_empty() || self.packages.contains(&p.id.0);
        if let Some(words) = tags_elsewhere(&snapshot, snapshot.workspace.packages.iter().filter(of_named)) {
            output.say(words);
        }
        let text = match &self.format {
            Some(template) => {
                report.packages.iter().map(|p| status_line(template, p)).collect::<Result<String, _>>()?
            }
            None if self.json => json(&report)?,
            None => status_table(&report),
        };
        output.result(&text);
        Ok(Exit::Done)
    }
}
