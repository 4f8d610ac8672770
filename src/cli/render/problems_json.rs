//! [`ProblemReport`]: an error, for programs.

use serde::Serialize;

use super::json;
use crate::cli::error::CliError;
use crate::cli::problem::{Code, Problem};
use crate::plan::{ReportedStep, SCHEMA};

/// What `--json` prints if a command has nothing else to print: why it could not do what was asked.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::cli) struct ProblemReport {
    /// The version of this format: 1.
    schema: u32,
    /// Everything that is wrong.
    problems: Vec<ReportedProblem>,
    /// The outward steps with their ends, of a run that stopped at one of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outward: Vec<ReportedStep>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Problem")]
struct ReportedProblem {
    /// What kind of problem it is.
    code: Code,
    /// The file, relative to the folder of relman.toml; null if no file is meant.
    path: Option<String>,
    /// The line, from 1.
    line: Option<usize>,
    /// The column in characters, from 1.
    column: Option<usize>,
    /// What was found and what was expected.
    message: String,
    /// What to do about it.
    help: Option<String>,
}

/// Returns an error as one JSON object.
///
/// # Errors
/// If it cannot be written as JSON.
pub(in crate::cli) fn problems_json(error: &CliError) -> Result<String, CliError> {
    let problems = error.problems.iter().map(ReportedProblem::from).collect();
    json(&ProblemReport { schema: SCHEMA, problems, outward: error.steps.clone() })
}

impl From<&Problem> for ReportedProblem {
    fn from(problem: &Problem) -> Self {
        let place = problem.place.as_ref();
        // A file that could not be read as text has no lines.
        let position = place.filter(|place| place.text.is_some()).map(|place| place.position());
        Self {
            code: problem.code,
            path: place.map(|place| place.path.to_string()),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            message: problem.message.clone(),
            help: problem.help.clone(),
        }
    }
}
