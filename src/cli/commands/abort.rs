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
/// resume` then. Where only the branch was pushed, `--tags` deletes the tags that never left, and keeps the commit.
#[derive(Debug, Args)]
pub(in crate::cli) struct Abort {
    /// Delete the tags of a run of which only the branch was pushed, and keep its commit
    #[arg(long)]
    tags: bool,
}

impl Abort {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let place = Place::find(&global.directory, global.config.as_deref())?;
        let services = Services::new(&place.git, &place.root);
        let (ended, word) =
            if self.tags { (apply::abort_tags(&services)?, "kept") } else { (apply::abort(&services)?, "undone") };
        match ended {
            Some(receipt) => {
                if !receipt.words.is_empty() {
                    output.say(&receipt.words);
                }
                output.result(receipt_text(word, &receipt));
            }
            None => output.say("no run was interrupted here"),
        }
        Ok(Exit::Done)
    }
}
