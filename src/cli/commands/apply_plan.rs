//! `relman apply`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::commands::bump::{carry_out, unconfirmed};
use crate::cli::confirm::{Answer, ask, assumed, can_ask};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::plan_text;
use crate::cli::session;
use crate::io;
use crate::plan::{Plan, SCHEMA};
use crate::snapshot::Changelogs;

/// The largest plan that is read.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Carry out a plan that `relman plan -o` wrote
///
/// Refused when HEAD or one of its files has changed since.
#[derive(Debug, Args)]
pub(in crate::cli) struct Apply {
    /// The file that `relman plan -o` wrote
    #[arg(value_name = "PLAN.json")]
    plan: PathBuf,
    /// Do not ask for confirmation
    #[arg(short, long)]
    yes: bool,
    /// Print the plan as one JSON object
    #[arg(long)]
    json: bool,
}

impl Apply {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let place = session::open_to_write(global)?;
        let path = global.directory.join(&self.plan);
        let wrong =
            |message: String| CliError::failed(Exit::Usage, message, "make the plan again with `relman plan -o FILE`");
        let text = io::read_text_argument(&path, LARGEST).map_err(|error| wrong(error.to_string()))?;
        let plan: Plan = serde_json::from_str(&text)
            .map_err(|error| wrong(format!("{} is not a plan file: {error}", path.display())))?;
        if plan.schema != SCHEMA {
            return Err(wrong(format!("the plan has schema {}, and this relman reads schema {SCHEMA}", plan.schema)));
        }
        if !self.yes && !assumed() {
            if !can_ask() {
                return carry_out(unconfirmed(plan), &place, self.json, output);
            }
            output.result(plan_text(&plan, &Changelogs::default()));
            if ask(output) != Answer::Accept {
                output.say("nothing was written");
                return Ok(Exit::Refused);
            }
        }
        carry_out(plan, &place, self.json, output)
    }
}
