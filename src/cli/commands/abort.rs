//! `relman abort`.

use clap::Args;

use crate::apply::{self, Services};
use crate::capture::Place;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::receipt_text;

/// Undo an interrupted run
///
/// Afterwards files, index, commit and tags are as they were before the run. Not possible after a push: use `relman
/// resume` then.
#[derive(Debug, Args)]
pub(in crate::cli) struct Abort {}

impl Abort {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let place = Place::find(&global.directory, global.config.as_deref())?;
        match apply::abort(&Services::new(&place.git, &place.root))? {
            Some(receipt) => {
                if !receipt.words.is_empty() {
                    output.say(&receipt.words);
                }
                output.result(receipt_text("undone", &receipt));
            }
            None => output.say("no run was interrupted here"),
        }
        Ok(Exit::Done)
    }
}
