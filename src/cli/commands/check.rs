//! `relman check`.

use std::collections::BTreeSet;

use clap::Args;

use crate::apply;
use crate::capture::{Needs, Place, Reach, Request};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{findings, json, plural};
use crate::cli::session;
use crate::model::RepoPath;
use crate::plan::{Checked, Finding, Plan, check, not_written_out};
use crate::snapshot::Snapshot;

/// Check that all places that hold a version agree
///
/// Manifests, lock files, fixed groups and requirements between packages are held against each other. Whatever disagrees is printed
/// with file, line and column, and the exit code is 3.
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// Check what the next commit would hold, for hooks
    #[arg(long)]
    staged: bool,
    /// Write the package's version where a place differs, and mend requirements
    #[arg(long)]
    fix: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let place = if self.fix { session::open_to_write(global)? } else { session::open(global, output)? };
        let needs = Needs { reach: Reach::Above, ..Needs::default() };
        let snapshot = session::read(&place, Request { needs, staged: self.staged }, output)?;
        let checked = check(&snapshot);
        let left =
            if self.fix { self.mend(&place, &snapshot, &checked, output)? } else { checked.report.findings.clone() };
        let exit = if left.is_empty() { Exit::Done } else { Exit::Findings };
        let mut report = checked.report;
        report.findings = left;
        if self.json {
            output.copy(&json(&report)?);
        } else if report.findings.is_empty() {
            output.say(format_args!("{} in sync", plural(snapshot.workspace.packages.len(), "package")));
        } else {
            output.result(findings(&report.findings));
            let mendable = checked.undecided.len() < report.findings.len();
            let remedy = if mendable && !self.fix { "; `relman check --fix` mends what needs no decision" } else { "" };
            output.say(format_args!("{}{remedy}", plural(report.findings.len(), "finding")));
        }
        Ok(exit)
    }

    /// Writes the repairs and returns the findings that are left.
    fn mend(
        &self,
        place: &Place,
        snapshot: &Snapshot,
        checked: &Checked,
        output: &mut Output,
    ) -> Result<Vec<Finding>, CliError> {
        if checked.repairs.is_empty() {
            return Ok(checked.undecided.clone());
        }
        if let Some(refusal) = not_written_out(snapshot, &checked.repairs) {
            return Err(CliError::Refused(vec![refusal]));
        }
        if self.staged {
            // The work tree may differ from the index: it gets its own repairs.
            let request = Request { needs: Needs::default(), staged: false };
            let work = session::read(place, request, output)?;
            let of_work = Plan::of_files(check(&work).repairs);
            apply::write_and_stage(&of_work, &staged_texts(snapshot, checked)?, &place.git, &place.root)?;
        } else {
            apply::write_texts(&Plan::of_files(checked.repairs.clone()), &place.git, &place.root)?;
        }
        let files: BTreeSet<&RepoPath> = checked.repairs.iter().map(|file| &file.path).collect();
        let mended = checked.report.findings.len() - checked.undecided.len();
        output.say(format_args!("mended {} in {}", plural(mended, "place"), plural(files.len(), "file")));
        Ok(checked.undecided.clone())
    }
}

/// The new texts for the index, which are the repairs of what is in it.
fn staged_texts(snapshot: &Snapshot, checked: &Checked) -> Result<Vec<(RepoPath, String)>, CliError> {
    let mut texts = Vec::new();
    for file in &checked.repairs {
        let old = snapshot.workspace.files.get(&file.path).map(|file| file.text.clone()).unwrap_or_default();
        let new =
            file.edits.apply(&old).map_err(|error| CliError::failed(Exit::Failed, error.to_string(), "report this"))?;
        texts.push((file.path.clone(), new));
    }
    Ok(texts)
}
