//! The one renderer: values become text for people, or JSON for machines.

mod check_text;
mod diagnostic;
mod diff_text;
mod error_text;
mod explain_text;
mod gates_text;
mod graph;
mod made_plugin_text;
mod man;
mod outward_text;
mod plan_json;
mod plan_text;
mod plugin_test_text;
mod plugins_text;
mod preview_text;
mod problems_json;
mod status_text;
mod table;
mod verify_text;

pub(super) use check_text::{findings, repairs};
pub(super) use diagnostic::{diagnostics, problem_text};
pub(super) use diff_text::diff_text;
pub(super) use error_text::report;
pub(super) use explain_text::explain_text;
pub(super) use gates_text::doctor_text;
pub(super) use graph::{dot, mermaid, svg, tree};
pub(super) use made_plugin_text::made_plugin_text;
pub(super) use man::{ManPage, command_pages, config_page};
pub(super) use outward_text::{out_already, places_text};
pub(super) use plan_json::done_json;
pub(super) use plan_text::{done, notes, plan_text, receipt_text, sections_text, versions};
pub(super) use plugin_test_text::plugin_test_text;
pub(super) use plugins_text::plugins_text;
pub(super) use preview_text::preview_heading;
pub(super) use problems_json::{ProblemReport, problems_json};
pub(super) use status_text::{status_line, status_markdown, status_table};
pub(super) use table::{Fit, Shrink, Table, flow, plain, styled};
pub(super) use verify_text::verify_text;

use serde::Serialize;

use super::error::{CliError, Exit};
use crate::text::escaped_json;

/// Writes a value as one JSON object, indented for people.
pub(super) fn json(value: &impl Serialize) -> Result<String, CliError> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|error| CliError::of(Exit::Failed, error.to_string(), None))?;
    Ok(escaped_json(&text).into_owned() + "\n")
}

/// Writes a number of things: `1 package`, `2 packages`.
pub(super) fn plural(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}
