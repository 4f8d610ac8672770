//! Findings: `file:line:column`, what is wrong, what is expected.

use crate::cli::output::{ERROR, FAINT, GOOD};
use crate::cli::words::Text;
use crate::plan::Finding;
use crate::text::visible_line;

/// Writes every finding, a line each, with the remedy below where there is one.
pub(in crate::cli) fn findings(findings: &[Finding]) -> Text {
    findings.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> Text {
    let place = match (&finding.path, finding.line, finding.column) {
        (Some(path), Some(line), Some(column)) => format!("{}:{line}:{column}: ", visible_line(path.as_str())),
        (Some(path), _, _) => format!("{}: ", visible_line(path.as_str())),
        (None, _, _) => String::new(),
    };
    let code = finding.code.name();
    let mut out = Text::new(place).styled(ERROR, code).plain(format_args!(": {}", finding.message));
    if let Some(expected) = &finding.expected {
        out = out.plain(", expected ").styled(GOOD, expected);
    }
    out = out.plain("\n");
    match &finding.help {
        Some(help) => out.plain("  ").styled(FAINT, format_args!("help: {help}")).plain("\n"),
        None => out,
    }
}
