//! Findings: `file:line:column`, what is wrong, what was expected.

use crate::cli::output::{ERROR, FAINT, GOOD, OLD};
use crate::cli::words::Text;
use crate::model::RepoPath;
use crate::plan::{FileChanges, Finding, SlotChange};
use crate::text::visible_line;

/// Writes every finding, a line each, with the remedy below where there is one; findings with the same remedy share it.
pub(in crate::cli) fn findings(findings: &[Finding], width: Option<usize>) -> Text {
    let mut all = findings.iter().peekable();
    let mut out = Text::default();
    while let Some(one) = all.next() {
        out = out.then(&finding(one));
        let is_said_below = all.peek().is_some_and(|next| next.help == one.help);
        if let Some(help) = one.help.as_ref().filter(|_| !is_said_below) {
            out = out.plain("  ").styled(FAINT, format_args!("help: {help}")).plain("\n");
        }
    }
    out.folded(width)
}

fn finding(finding: &Finding) -> Text {
    let place = match (&finding.path, finding.line, finding.column) {
        (Some(path), Some(line), Some(column)) => format!("{}:{line}:{column}: ", visible_line(path.as_str())),
        (Some(path), _, _) => format!("{}: ", visible_line(path.as_str())),
        (None, _, _) => String::new(),
    };
    let code = finding.code.name();
    let mut out = Text::new(place).styled(ERROR, code).plain(format_args!(": {}", finding.message));
    // A message that names the package needs no prefix.
    let package = finding.package.as_ref().map(|id| format!("`{id}`"));
    if let Some(package) = package.filter(|package| !finding.message.contains(package)) {
        out = out.plain(format_args!(" ({package})"));
    }
    if let Some(expected) = &finding.expected {
        out = out.plain(", expected ").styled(GOOD, expected);
    }
    out.plain("\n")
}

/// Writes every place that `--fix` changes, with its old and its new text.
pub(in crate::cli) fn repairs(files: &FileChanges) -> Text {
    let place = |path: &RepoPath, slot: &SlotChange| {
        let start = Text::new(format_args!("{}:{}: ", visible_line(path.as_str()), slot.line));
        start.styled(OLD, &slot.from).plain(" -> ").styled(GOOD, &slot.to).plain("\n")
    };
    files.iter().flat_map(|(path, change)| change.slots().iter().map(move |slot| place(path, slot))).collect()
}
