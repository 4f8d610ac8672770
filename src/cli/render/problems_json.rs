//! [`ProblemReport`]: an error, for programs.

use serde::Serialize;

use super::json;
use crate::cli::error::{CliError, Exit};
use crate::model::{Diagnostic, ProblemCode};
use crate::plan::{Refusal, RefusalCode, ReportedStep, SCHEMA};

/// What `--json` prints if a command has nothing else to print: why it could not do what was asked.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::cli) struct ProblemReport {
    /// The version of this format: 1.
    schema: u32,
    /// Everything that is wrong.
    problems: Vec<Problem>,
    /// The outward steps with their ends, of a run that stopped at one of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outward: Vec<ReportedStep>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Problem {
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

/// What kind of problem it is: wrong input, a refusal, or the exit code of what failed.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
enum Code {
    Input(ProblemCode),
    Refusal(RefusalCode),
    Failure(Exit),
}

/// Returns an error as one JSON object.
///
/// # Errors
/// If it cannot be written as JSON.
pub(in crate::cli) fn problems_json(error: &CliError) -> Result<String, CliError> {
    let problems = match error {
        CliError::Wrong(problems) => problems.iter().map(of_diagnostic).collect(),
        CliError::Refused(refusals) => refusals.iter().map(of_refusal).collect(),
        CliError::Signalled(signal) => {
            vec![without_place(Code::Failure(Exit::Failed), format!("ended by signal {signal}"), None)]
        }
        CliError::Stopped { message, help, .. } => {
            vec![without_place(Code::Failure(Exit::Interrupted), message.clone(), help.clone())]
        }
        CliError::Failed { exit, message, help } => {
            vec![without_place(Code::Failure(*exit), message.clone(), help.clone())]
        }
    };
    let outward = match error {
        CliError::Stopped { steps, .. } => steps.clone(),
        _ => Vec::new(),
    };
    json(&ProblemReport { schema: SCHEMA, problems, outward })
}

fn without_place(code: Code, message: String, help: Option<String>) -> Problem {
    Problem { code, path: None, line: None, column: None, message, help }
}

fn of_diagnostic(diagnostic: &Diagnostic) -> Problem {
    let place = diagnostic.place.as_ref();
    // A file that could not be read as text has no lines.
    let position = place.filter(|place| place.text.is_some()).map(|place| place.position());
    Problem {
        path: place.map(|place| place.path.to_string()),
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
        ..without_place(Code::Input(diagnostic.code), diagnostic.message.clone(), diagnostic.help.clone())
    }
}

fn of_refusal(refusal: &Refusal) -> Problem {
    without_place(Code::Refusal(refusal.code), refusal.message.clone(), refusal.help.clone())
}
