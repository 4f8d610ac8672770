//! What of releases has arrived, as a table.

use super::table::{Fit, Shrink, Table, plain, styled};
use crate::cli::output::{FAINT, GOOD, LABEL, OLD, WARNING};
use crate::cli::words::Text;
use crate::plan::{ArtifactReport, ArtifactState, VerifyReport};

/// Writes artifacts, a line each, with what to do about them, and a summary.
pub(in crate::cli) fn verify_text(report: &VerifyReport, width: Option<usize>) -> Text {
    let mut out = Text::default();
    if !report.artifacts.is_empty() {
        let mut table = Table::default();
        table.headings(&["ARTIFACT", "VERSION", "STATE", ""]);
        for artifact in &report.artifacts {
            let (word, style) = word(artifact.state);
            let message = artifact.message.as_deref().unwrap_or("");
            table.row(vec![
                styled(artifact.artifact.clone(), LABEL),
                plain(artifact.version.clone()),
                styled(word, style),
                plain(message.lines().next().unwrap_or("").to_owned()),
            ]);
        }
        let fit = width.map(|width| Fit { width, giving: &[1], shrinks: Shrink::Flow(3) });
        out = out.then(&table.text(fit.as_ref()));
    }
    for artifact in &report.artifacts {
        if let Some(help) = &artifact.help {
            out = out.then(
                &Text::default().styled(LABEL, &artifact.artifact).plain(format_args!(": {help}\n")).folded(width),
            );
        }
    }
    for note in &report.notes {
        out = out.then(&Text::default().styled(WARNING, "note").plain(format_args!(": {note}\n")).folded(width));
    }
    out.then(&Text::new(format_args!("{}\n", summary(&report.artifacts))).folded(width))
}

fn word(state: ArtifactState) -> (&'static str, anstyle::Style) {
    match state {
        ArtifactState::Ok => ("ok", GOOD),
        ArtifactState::Pending => ("pending", WARNING),
        ArtifactState::Wrong => ("wrong", OLD),
        ArtifactState::Accepted => ("accepted", FAINT),
        ArtifactState::Unknown => ("unknown", WARNING),
    }
}

/// Counts the states, those that occur.
fn summary(artifacts: &[ArtifactReport]) -> String {
    if artifacts.is_empty() {
        return "no release was found to verify".to_owned();
    }
    let states = [
        ArtifactState::Ok,
        ArtifactState::Accepted,
        ArtifactState::Pending,
        ArtifactState::Wrong,
        ArtifactState::Unknown,
    ];
    let count = |state| artifacts.iter().filter(|artifact| artifact.state == state).count();
    let counts = states.into_iter().map(|state| (count(state), word(state).0)).filter(|(count, _)| *count > 0);
    counts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}
