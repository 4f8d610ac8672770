//! The next sections of changelogs, for people.

use crate::cli::output::{FAINT, LABEL};
use crate::plan::PreviewReport;

/// Writes the sections as they would stand in their files; where there are several, with a line above each that says whose it is.
pub(in crate::cli) fn preview_text(report: &PreviewReport) -> String {
    let texts = report.packages.iter().map(|section| {
        if report.packages.len() == 1 {
            return section.text.clone();
        }
        let names: Vec<&str> = section.packages.iter().map(|package| package.0.as_str()).collect();
        let (names, path) = (names.join(", "), &section.path);
        format!("{LABEL}{names}{LABEL:#}  {FAINT}{path}{FAINT:#}\n\n{}", section.text)
    });
    texts.collect::<Vec<_>>().join("\n")
}
