//! [`report`]: an error, for people.

use super::diagnostics;
use crate::cli::error::{CliError, Exit};
use crate::cli::output::{ERROR, Output};
use crate::cli::words::Text;

/// Prints an error and returns its exit code.
pub(in crate::cli) fn report(error: CliError, output: &mut Output) -> Exit {
    match error {
        CliError::Wrong(problems) => {
            output.words(diagnostics(&problems));
            Exit::Usage
        }
        CliError::Refused(refusals) => {
            for refusal in &refusals {
                output.words(problem("refused", &refusal.message, refusal.help.as_deref()));
            }
            Exit::Refused
        }
        CliError::Failed { exit, message, help } => {
            output.words(problem("error", &message, help.as_deref()));
            exit
        }
    }
}

fn problem(label: &str, message: &str, help: Option<&str>) -> Text {
    let help = help.map(|help| format!("  help: {help}\n")).unwrap_or_default();
    Text::default().styled(ERROR, label).plain(format_args!(": {message}\n{help}"))
}
