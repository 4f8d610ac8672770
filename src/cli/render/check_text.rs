//! Findings: `file:line:column`, what is wrong, what is expected.

use crate::cli::output::{ERROR, FAINT, GOOD};
use crate::plan::Finding;

/// Writes every finding, a line each, with the remedy below where there is one.
pub(in crate::cli) fn findings(findings: &[Finding]) -> String {
    findings.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> String {
    let place = match (&finding.path, finding.line, finding.column) {
        (Some(path), Some(line), Some(column)) => format!("{path}:{line}:{column}: "),
        (Some(path), _, _) => format!("{path}: "),
        (None, _, _) => String::new(),
    };
    let code = finding.code.name();
    let expected = finding.expected.as_ref().map(|text| format!(", expected {GOOD}{text}{GOOD:#}")).unwrap_or_default();
    let help = finding.help.as_ref().map(|help| format!("  {FAINT}help: {help}{FAINT:#}\n")).unwrap_or_default();
    format!("{place}{ERROR}{code}{ERROR:#}: {}{expected}\n{help}", finding.message)
}
