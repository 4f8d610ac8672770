//! `relman status`.

use std::mem::ManuallyDrop;

use clap::Args;

use crate::capture::{CaptureNeeds, CaptureOptions};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{diagnostics, diff_text, explain_text, json, status_line, status_markdown, status_table};
use crate::plan::{BumpRequest, BumpSpec, bump, explain, indices, lacking, pins, status, tags_elsewhere, with_members};
use crate::process::{Session, ask_upstreams};
use crate::snapshot::Snapshot;

/// Show the changes of every package since its last tag, and its next version
///
/// Prints a row per package: its version, the last tag that HEAD reaches, the commits since then that touch it, the version that
/// `relman bump --all auto` would give it and why, its group, and whether all its places hold its version.
#[derive(Debug, Args)]
pub(in crate::cli) struct Status {
    /// Show these packages only; a group means its members
    #[arg(value_name = "PACKAGE | GROUP")]
    packages: Vec<String>,
    /// Print one JSON object
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Print a line per package with this template: {name} {version} {scheme} {tag} {group} {commits} {fragments} {suggested} {next}
    /// {next-tag} {in-sync}; or `markdown` for a table, as in the summary of a CI job
    #[arg(long, value_name = "TEMPLATE")]
    format: Option<String>,
    /// Do not walk the history: tags that HEAD does not reach count as well
    #[arg(long)]
    no_history: bool,
    /// Print a tree of reasons for each package: its commits and their levels, requirements to update, groups
    #[arg(long, conflicts_with_all = ["json", "format", "no_history"])]
    explain: bool,
    /// Also show the edits of `relman bump --all auto` as a diff: versions, changelogs, fragments
    #[arg(long, conflicts_with_all = ["json", "format", "no_history", "explain"])]
    diff: bool,
    /// Fetch the history and the tags that a shallow clone lacks, and ask the upstreams of pins for their newest tags
    #[arg(long, conflicts_with = "no_history")]
    fetch: bool,
}

impl Status {
    pub(super) fn run(mut self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let mut session = Session::open(global.opening(), output)?;
        let needs = CaptureNeeds {
            history: !self.no_history,
            changelogs: self.diff,
            sections: self.diff,
            ..CaptureNeeds::default()
        };
        let wish = CaptureOptions { needs, staged: false };
        let mut snapshot = session.read(wish, output)?;
        self.packages = with_members(&snapshot, &self.packages);
        if self.fetch {
            let lacking = |snapshot: &Snapshot| lacking(snapshot, &self.packages);
            let read = ManuallyDrop::into_inner(snapshot);
            snapshot = ManuallyDrop::new(session.fetch_missing(wish, read, output, &lacking)?);
        }
        if self.explain {
            output.result(explain_text(&explain(&snapshot, &self.packages)?));
            return Ok(Exit::Done);
        }
        let mut report = status(&snapshot, &self.packages)?;
        if self.fetch {
            report.pins = pins(&snapshot, &ask_upstreams(&session, &snapshot));
        }
        let named = indices(&snapshot, &self.packages)?;
        let of_named = named.iter().map(|index| &snapshot.workspace.packages[*index]);
        if let Some(words) = tags_elsewhere(&snapshot, of_named) {
            output.say(words);
        }
        if !report.problems.is_empty() {
            output.write_err(diagnostics(&report.problems, output.width()));
            output.warn("so the next versions cannot be computed");
        }
        match self.format.as_deref() {
            Some("markdown") => output.copy(&status_markdown(&report)),
            Some(template) => {
                let lines = report.packages.iter().map(|p| status_line(template, p));
                output.copy(&lines.collect::<Result<String, _>>()?);
            }
            None if self.json => output.copy(&json(&report)?),
            None => output.result(status_table(&report, output.width())),
        }
        if self.diff {
            let proposal = bump(&snapshot, &self.next_releases())?;
            output.result("\n");
            output.result(diff_text(&proposal.plan().files, &snapshot.texts()));
        }
        Ok(Exit::Done)
    }

    /// The release that the table predicts.
    fn next_releases(&self) -> BumpRequest {
        BumpRequest {
            packages: self.packages.iter().map(|name| (name.clone(), None)).collect(),
            all: self.packages.is_empty(),
            ask: Some(BumpSpec::Auto(None)),
            ..BumpRequest::default()
        }
    }
}
