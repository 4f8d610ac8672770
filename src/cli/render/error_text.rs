//! [`report`]: an error, for people.

use super::{problem_text, problems_json};
use crate::cli::error::{CliError, Exit};
use crate::cli::output::Output;
use crate::io::{end_by_signal, saw_interrupt, stderr_is_terminal, yield_to_signal};
use crate::model::Event;

/// Prints an error and returns its exit code. Where a program reads along and got no result, it gets the error as JSON.
pub(in crate::cli) fn report(error: CliError, output: &mut Output) -> Exit {
    yield_to_signal();
    if output.owes_json() {
        match problems_json(&error) {
            Ok(text) => output.copy(&text),
            Err(why) => drop(report(why, output)),
        }
    }
    if saw_interrupt() && stderr_is_terminal() && !error.problems.is_empty() {
        // The terminal has shown `^C`, and is still in that line.
        output.write_err("\n");
    }
    for problem in &error.problems {
        output.write_err(problem_text(problem, output.width()));
    }
    if let Some(signal) = error.signal {
        output.messages().event(&Event::end(128 + signal));
        end_by_signal(signal);
    }
    error.exit
}
