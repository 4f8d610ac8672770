//! `relman changelog preview`.

use clap::{Args, ValueEnum};

use crate::capture::{CaptureNeeds, CaptureOptions, Reach};
use crate::cli::commands::release_args::day;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{diagnostics, json, preview_heading};
use crate::plan::{BumpRequest, BumpSpec, PreviewReport, PreviewRequest, preview, read_words, with_members};
use crate::process::Session;

/// Show the next sections of the changelogs, as a release would write them now
///
/// The version is that of `relman bump --all auto`, unless --as names a level or a version. A package that this would
/// not release is shown as [Unreleased] if it has any changes. Reasons to refuse the release are reported, but do not prevent the preview.
#[derive(Debug, Args)]
pub(in crate::cli) struct Preview {
    /// Show the sections of these packages only; a group means its members
    #[arg(value_name = "PACKAGE | GROUP")]
    packages: Vec<String>,
    /// What to print: text, or one JSON object
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    format: Format,
    /// Print one JSON object, as with --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Assume this release: major, minor, patch; a stage (alpha, beta, rc); release; auto; or a version. Words as of `bump`: "api minor"
    /// is that of one package
    #[arg(long = "as", value_name = "LEVEL[:STAGE]")]
    level: Option<String>,
    /// Open the sections with this prose
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, env = "RELMAN_SUMMARY", hide_env_values = true)]
    summary: Option<String>,
    /// Use this day for {date} instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The sections.
    Text,
    /// The sections with all details.
    Json,
}

impl Preview {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let words = self.level.as_deref().map(words_of).unwrap_or_default();
        let mut request = BumpRequest { words, ..BumpRequest::default() };
        // Without a level it is that of the changes.
        let history = request.needs_history() || !request.has_level();
        let session = Session::open(global.opening(), output)?;
        let needs =
            CaptureNeeds { reach: Reach::Above, history, changelogs: true, sections: true, ..CaptureNeeds::default() };
        let mut snapshot = session.read(CaptureOptions { needs, staged: false }, output)?;
        if let Some(date) = &self.date {
            snapshot.today = day(date)?;
        }
        let summary = self.summary.filter(|summary| !summary.trim().is_empty());
        read_words(&snapshot, &mut request)?;
        let named = request.packages.into_iter().map(|(name, _)| name).chain(request.groups).chain(self.packages);
        let packages = with_members(&snapshot, &named.collect::<Vec<_>>());
        let report = preview(&snapshot, &PreviewRequest { packages, ask: request.ask, summary })?;
        if !report.problems.is_empty() {
            output.write_err(diagnostics(&report.problems, output.width()));
            output.warn("so the next versions cannot be computed");
        }
        let is_json = self.json || self.format == Format::Json;
        if is_json {
            output.copy(&json(&report)?);
        } else {
            show(&report, output);
            for refusal in &report.refusals {
                output.warn(format_args!("a release would be refused: {}", refusal.message));
            }
        }
        if report.packages.is_empty() && report.refusals.is_empty() {
            output.say("nothing to release");
            return Ok(Exit::Nothing);
        }
        Ok(Exit::Done)
    }
}

/// Splits what was typed as one word: `scheduler minor alpha`, or `minor:alpha`.
fn words_of(typed: &str) -> Vec<String> {
    let split = |word: &str| match word.split_once(':') {
        Some((level, stage)) if BumpSpec::parse(level, Some(stage)).is_ok() => vec![level.to_owned(), stage.to_owned()],
        _ => vec![word.to_owned()],
    };
    typed.split_whitespace().flat_map(split).collect()
}

/// Shows the sections as they would be in their files; if there are several, a line above each names its package.
fn show(report: &PreviewReport, output: &mut Output) {
    for (at, section) in report.packages.iter().enumerate() {
        if at > 0 {
            output.result("\n");
        }
        if report.packages.len() > 1 {
            output.result(preview_heading(section));
        }
        output.copy(&section.text);
    }
}
