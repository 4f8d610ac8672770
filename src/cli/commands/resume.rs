//! `relman resume`.

use clap::Args;

use crate::capture::Place;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::receipt_text;
use crate::process::resume;

/// Finish a run that was interrupted
///
/// Completes the files, the commit, the tags and the pushes. A file that someone changed meanwhile is not overwritten:
/// relman then does nothing, and names the file.
#[derive(Debug, Args)]
pub(in crate::cli) struct Resume {}

impl Resume {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let place = Place::find(&global.directory, global.config.as_deref())?;
        match resume(&place)? {
            Some(receipt) => output.result(receipt_text("finished", &receipt)),
            None => output.say("no run was interrupted here"),
        }
        Ok(Exit::Done)
    }
}
