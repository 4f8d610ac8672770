//! `relman check`.

use clap::Args;

use crate::apply;
use crate::capture::{CaptureNeeds, CaptureOptions, Reach};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{findings, json, plural, repairs};
use crate::model::{Diagnostic, RepoPath};
use crate::plan::{
    CheckReport, Checked, FileChange, SCHEMA, check_packages, check_tag, conflicts_behind, not_written_out,
    with_members,
};
use crate::process::{ProcessError, Session, against_plugins};
use crate::snapshot::Snapshot;
use crate::text::EditError;

/// Check that all places that hold a version agree
///
/// Compares manifests, lock files, fixed groups and requirements between packages. Prints each mismatch
/// with file, line and column; the exit code is then 3.
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// Check these packages only; a group means its members
    #[arg(value_name = "PACKAGE | GROUP")]
    packages: Vec<String>,
    /// Check the content of the next commit, for hooks
    #[arg(long)]
    staged: bool,
    /// Check that everything that is released under this tag has its version: places, the members of its group, the changelog
    ///
    /// For the job that publishes a tag; it needs no history. The name of the tag, as in "$CI_COMMIT_TAG", or of its ref.
    #[arg(long, value_name = "TAG", conflicts_with_all = ["packages", "fix", "staged"])]
    tag: Option<String>,
    /// Write the package's version to places that differ, and update requirements; print each place with its old and new text
    #[arg(long)]
    fix: bool,
    /// Print what --fix would write, but write nothing
    #[arg(short = 'n', long, requires = "fix")]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(mut self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let writes = self.fix && !self.dry_run;
        let session = Session::open_for(writes, global.opening(), output)?;
        let reach = if self.tag.is_some() { Reach::Any } else { Reach::Above };
        let needs = CaptureNeeds { reach, changelogs: true, findings: true, ..CaptureNeeds::default() };
        let snapshot = match session.read(CaptureOptions { needs, staged: self.staged }, output) {
            // A conflict in relman.toml explains why it cannot be read.
            Err(ProcessError::Wrong(problems)) => return self.conflicts(problems, output),
            read => read?,
        };
        self.packages = with_members(&snapshot, &self.packages);
        if let Some(tag) = &self.tag {
            return self.tag(&snapshot, tag, output);
        }
        let checked = check_packages(&snapshot, &self.packages)?;
        if self.fix {
            self.print_repairs(&checked, output);
        }
        let left = if writes {
            self.fix(&session, &snapshot, &checked, output)?;
            checked.undecided.clone()
        } else {
            checked.report.findings.clone()
        };
        let exit = if left.is_empty() { Exit::Done } else { Exit::Findings };
        let mut report = checked.report;
        report.findings = left;
        if self.json {
            output.copy(&json(&report)?);
        } else if report.findings.is_empty() {
            let count = if self.packages.is_empty() { snapshot.workspace.packages.len() } else { self.packages.len() };
            output.say(format_args!("{} in sync", plural(count, "package")));
        } else {
            // What --fix would write is shown already.
            let shown = if self.dry_run { &checked.undecided } else { &report.findings };
            output.result(findings(shown, output.width()));
            let fixable = checked.undecided.len() < report.findings.len();
            let remedy = if fixable && !self.fix { "; `relman check --fix` fixes what needs no decision" } else { "" };
            output.say(format_args!("{}{remedy}", plural(report.findings.len(), "finding")));
        }
        Ok(exit)
    }

    /// Prints the conflicts that keep the workspace from being read, or what else does.
    fn conflicts(&self, problems: Vec<Diagnostic>, output: &mut Output) -> Result<Exit, CliError> {
        let found = conflicts_behind(&problems);
        if found.is_empty() {
            return Err(CliError::wrong(problems));
        }
        self.print(&CheckReport { schema: SCHEMA, findings: found, left_out: Vec::new() }, output)?;
        Ok(Exit::Findings)
    }

    /// Compares the workspace with a tag.
    fn tag(&self, snapshot: &Snapshot, tag: &str, output: &mut Output) -> Result<Exit, CliError> {
        let checked = check_tag(snapshot, tag)?;
        let is_right = checked.report.findings.is_empty();
        if is_right && !self.json {
            output.say(format_args!("{tag}: {} in sync", plural(checked.packages, "package")));
        } else {
            self.print(&checked.report, output)?;
        }
        Ok(if is_right { Exit::Done } else { Exit::Findings })
    }

    fn print(&self, report: &CheckReport, output: &mut Output) -> Result<(), CliError> {
        if self.json {
            output.copy(&json(report)?);
        } else {
            output.result(findings(&report.findings, output.width()));
            output.say(plural(report.findings.len(), "finding"));
        }
        Ok(())
    }

    /// Prints each place that is fixed with its old and its new text.
    fn print_repairs(&self, checked: &Checked, output: &mut Output) {
        let text = repairs(&checked.repairs);
        match self.json {
            true => output.write_err(text),
            false => output.result(text),
        }
    }

    /// Writes the repairs.
    fn fix(
        &self,
        session: &Session,
        snapshot: &Snapshot,
        checked: &Checked,
        output: &mut Output,
    ) -> Result<(), CliError> {
        if checked.repairs.is_empty() {
            return Ok(());
        }
        if let Some(refusal) = not_written_out(snapshot, &checked.repairs) {
            return Err(CliError::refused(vec![refusal]));
        }
        let refusals = against_plugins(&session.place, snapshot, &checked.repairs);
        if !refusals.is_empty() {
            return Err(CliError::refused(refusals));
        }
        if self.staged {
            // The work tree may differ from the index, so it gets its own repairs.
            let needs = CaptureNeeds { reach: Reach::Above, ..CaptureNeeds::default() };
            let work = session.read(CaptureOptions { needs, staged: false }, output)?;
            let of_work = check_packages(&work, &self.packages)?.repairs;
            apply::write_and_stage(
                &of_work,
                &staged_texts(snapshot, checked)?,
                &session.place.git,
                &session.place.root,
            )?;
        } else {
            apply::write_files(&checked.repairs, &session.place.git, &session.place.root)?;
        }
        let places = checked.repairs.iter().map(|(_, change)| change.slots().len()).sum();
        output.say(format_args!("fixed {} in {}", plural(places, "place"), plural(checked.repairs.len(), "file")));
        Ok(())
    }
}

/// The new texts for the index, which are the repairs of what is in it.
fn staged_texts(snapshot: &Snapshot, checked: &Checked) -> Result<Vec<(RepoPath, String)>, CliError> {
    let mut texts = Vec::new();
    for (path, change) in checked.repairs.iter() {
        // A repair is an edit of a file that was read.
        if let (FileChange::Edit { edits, .. }, Some(file)) = (change, snapshot.workspace.files.get(path)) {
            let bug = |error: EditError| CliError::failed(Exit::Failed, error.to_string(), "report this");
            texts.push((path.clone(), edits.apply(&file.text).map_err(bug)?));
        }
    }
    Ok(texts)
}
