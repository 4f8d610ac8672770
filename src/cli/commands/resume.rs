//! `relman resume`.

use clap::Args;

use crate::cli::commands::gate_args::PatienceArgs;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{places_text, receipt_text};
use crate::process::{Decisions, find_place, resume};

/// Finish a run that was interrupted
///
/// Completes the files, the commit, the tags, the pushes, and what goes to the forge: each step is looked at first. A file that
/// someone changed meanwhile is not overwritten: relman then does nothing, and names the file.
#[derive(Debug, Args)]
pub(in crate::cli) struct Resume {
    /// Do not ask for confirmation; what was interrupted was confirmed before
    #[arg(short, long)]
    yes: bool,
    /// Take this command of `[[release.run]]` as done
    #[arg(long, value_name = "RUN")]
    done: Vec<String>,
    /// Run this command of `[[release.run]]` again
    #[arg(long, value_name = "RUN", conflicts_with = "done")]
    again: Vec<String>,
    #[command(flatten)]
    patience: PatienceArgs,
}

impl Resume {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let place = find_place(&global.opening())?;
        let decisions = Decisions { again: self.again, done: self.done };
        match resume(&place, self.patience.patience()?, &decisions, output)? {
            Some(receipt) => output.result(receipt_text("finished", &receipt).then(&places_text(&receipt))),
            None => output.say("no run was interrupted here"),
        }
        Ok(Exit::Done)
    }
}
