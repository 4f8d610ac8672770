//! [`report`]: an error, for people.

use super::{diagnostics, problems_json};
use crate::cli::error::{CliError, Exit};
use crate::cli::output::{ERROR, Output};
use crate::cli::words::Text;
use crate::io::end_by_signal;

/// Prints an error and returns its exit code. Where a program reads along and got no result, it gets the error as JSON.
pub(in crate::cli) fn report(error: CliError, output: &mut Output) -> Exit {
    if output.owes_json() {
        match problems_json(&error) {
            Ok(text) => output.copy(&text),
            Err(why) => drop(report(why, output)),
        }
    }
    match error {
        CliError::Wrong(problems) => {
            output.write_err(diagnostics(&problems));
            Exit::Usage
        }
        CliError::Refused(refusals) => {
            for refusal in &refusals {
                output.write_err(problem("refused", &refusal.message, refusal.help.as_deref()));
            }
            Exit::Refused
        }
        CliError::Signalled(signal) => {
            output.write_err(problem("error", &format!("ended by signal {signal}"), None));
            end_by_signal(signal);
            Exit::Failed
        }
        CliError::Stopped { message, help, .. } => {
            output.write_err(problem("error", &message, help.as_deref()));
            Exit::Interrupted
        }
        CliError::Failed { exit, message, help } => {
            output.write_err(problem("error", &message, help.as_deref()));
            exit
        }
    }
}

fn problem(label: &str, message: &str, help: Option<&str>) -> Text {
    let help = help.map(|help| format!("  help: {help}\n")).unwrap_or_default();
    Text::default().styled(ERROR, label).plain(format_args!(": {message}\n{help}"))
}
