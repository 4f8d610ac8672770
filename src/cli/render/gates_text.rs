//! Gates as a table, and what `doctor` found.

use super::table::{Fit, Shrink, Table, plain, styled};
use crate::cli::output::{FAINT, GOOD, LABEL, OLD, WARNING};
use crate::cli::words::Text;
use crate::plan::{Gate, GateState};
use crate::process::DoctorReport;

/// Writes gates, a line each.
pub(super) fn gates_text(gates: &[Gate], width: Option<usize>) -> Text {
    if gates.is_empty() {
        return Text::default();
    }
    let mut table = Table::default();
    table.headings(&["GATE", "STATE", ""]);
    for gate in gates {
        let (word, style) = match gate.state {
            GateState::Passed => ("passed", GOOD),
            GateState::Failed => ("failed", OLD),
            GateState::Skipped => ("skipped", WARNING),
            GateState::Unknown if gate.is_later => ("later", FAINT),
            GateState::Unknown => ("unknown", WARNING),
        };
        let first = gate.message.lines().next().unwrap_or("");
        table.row(vec![styled(gate.name.clone(), LABEL), styled(word, style), plain(first)]);
    }
    table.text(width.map(|width| Fit { width, giving: &[], shrinks: Shrink::Flow(2) }).as_ref())
}

/// Writes what `doctor` found: gates, the token, the variables of CI, and notes.
pub(in crate::cli) fn doctor_text(report: &DoctorReport, width: Option<usize>) -> Text {
    let mut out = gates_text(&report.gates, width);
    for gate in report.gates.iter().filter(|gate| gate.help.is_some() && gate.state != GateState::Passed) {
        let help = gate.help.as_deref().unwrap_or("");
        out = out.then(&Text::default().styled(LABEL, &gate.name).plain(format_args!(": {help}\n")).folded(width));
    }
    if let Some(token) = &report.token {
        let user = token.user.as_ref().map_or(String::new(), |user| format!(" of {user}"));
        let scopes =
            if token.scopes.is_empty() { String::new() } else { format!(", scopes {}", token.scopes.join(", ")) };
        let end = token.expires.as_ref().map_or(String::new(), |end| format!(", until {end}"));
        let line = Text::default().styled(LABEL, "token");
        let line = line.plain(format_args!("  {}{user}{scopes}{end}\n", token.kind));
        let cannot = |what: &String| Text::new(format_args!("       cannot {what}\n"));
        let token = line.then(&token.cannot.iter().map(cannot).collect());
        out = out.plain("\n").then(&token.folded(width));
    }
    if !report.variables.is_empty() {
        let mut table = Table::default();
        table.headings(&["CI VARIABLE", "THERE", "MASKED", "PROTECTED"]);
        let word = |value: Option<bool>| match value {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        };
        for variable in &report.variables {
            table.row(vec![
                styled(variable.name.clone(), LABEL),
                plain(word(variable.there)),
                plain(word(variable.masked)),
                plain(word(variable.protected)),
            ]);
        }
        let fit = width.map(|width| Fit { width, giving: &[], shrinks: Shrink::Cut(0) });
        out = out.plain("\n").then(&table.text(fit.as_ref()));
    }
    for note in &report.notes {
        out = out.then(&Text::default().styled(WARNING, "note").plain(format_args!(": {note}\n")).folded(width));
    }
    out
}
