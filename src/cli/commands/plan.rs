//! `relman plan`.

use std::path::PathBuf;

use clap::Args;

use crate::apply::write_plan;
use crate::cli::commands::outcome::print_proposal;
use crate::cli::commands::release_args::ReleaseArgs;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::json;
use crate::plan::PlanReport;
use crate::process::{Session, propose};

/// Write down what `bump` would do, to apply it later
///
/// Takes the same arguments as `relman bump`. The plan contains every edit, the commit, the tags and the pushes; `relman apply` carries it
/// out, unless HEAD or one of its files has changed since.
#[derive(Debug, Args)]
pub(in crate::cli) struct Plan {
    #[command(flatten)]
    requested: ReleaseArgs,
    /// Write the plan to FILE, as JSON
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print the plan as one JSON object
    #[arg(long)]
    json: bool,
}

impl Plan {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let mut session = Session::open(global.opening(), output)?;
        let (snapshot, proposal) = propose(&mut session, &mut self.requested.options(true)?, output)?;
        if let Some(file) = &self.output {
            write_plan(&global.directory.join(file), &json(&PlanReport::from(&proposal))?)?;
            output.say(format_args!("plan written to {}; `relman apply` carries it out", file.display()));
        }
        print_proposal(&proposal, &snapshot, self.json, output)
    }
}
