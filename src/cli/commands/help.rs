//! `relman help`.

use clap::Args;

use crate::cli::command_line::CommandLine;
use crate::cli::error::{CliError, Exit};
use crate::cli::help_columns::fitted;
use crate::cli::output::Output;
use crate::cli::words::Text;
use crate::model::did_you_mean;

/// Print the help of a command
///
/// The same as `--help` after the command.
#[derive(Debug, Args)]
pub(in crate::cli) struct Help {
    /// The command, as in `changelog add`; by default the program
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

impl Help {
    pub(super) fn run(self, line: CommandLine, output: &mut Output) -> Result<Exit, CliError> {
        let mut line = fitted((line.describe)());
        line.build();
        let mut found = &mut line;
        for word in &self.command {
            let known: Vec<String> = found.get_subcommands().map(|command| command.get_name().to_owned()).collect();
            found = found.find_subcommand_mut(word).ok_or_else(|| unknown(&self.command.join(" "), word, &known))?;
        }
        let help = found.render_long_help();
        output.result(Text::of_styled(&help.ansi().to_string()));
        Ok(Exit::Done)
    }
}

fn unknown(typed: &str, word: &str, known: &[String]) -> CliError {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let help = did_you_mean(word, &known, || match known.as_slice() {
        [] => "it has no commands below it".to_owned(),
        known => format!("the commands are {}", known.join(", ")),
    });
    CliError::failed(Exit::Usage, format!("command `{typed}` not found"), help)
}
