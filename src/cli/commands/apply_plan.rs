//! `relman apply`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use crate::capture::Place;
use crate::cli::commands::outcome::print_outcome;
use crate::cli::confirm::assumed;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::io;
use crate::model::RepoPath;
use crate::plan::{PLAN_SCHEMA, PlanReport, Proposal, ReleasePlan};
use crate::process::{Outcome, Session, carry_out, confirm};

/// The largest plan file that is read.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Carry out a plan that `relman plan -o` wrote
///
/// Refused when HEAD or one of its files has changed since.
#[derive(Debug, Args)]
pub(in crate::cli) struct Apply {
    /// The file written by `relman plan -o`
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
        let place = Session::open_to_write(global.opening())?.place;
        let path = global.directory.join(&self.plan);
        let text = io::read_text_argument(&path, LARGEST).map_err(|error| wrong(error.to_string()))?;
        let proposal = read(&text).map_err(|why| wrong(format!("{} {why}", path.display())))?;
        let proposal = if self.yes || assumed() {
            Some(proposal)
        } else {
            let texts = texts(proposal.plan(), &place);
            let texts = texts.iter().map(|(path, text)| (path, text.as_str())).collect();
            confirm("Carry out this plan?", proposal, &texts, output)
        };
        let outcome = proposal.map_or(Ok(Outcome::Declined), |proposal| carry_out(proposal, &place, output))?;
        print_outcome(outcome, self.json, output)
    }
}

fn wrong(message: String) -> CliError {
    CliError::failed(Exit::Usage, message, "make the plan again with `relman plan -o FILE`")
}

/// The number of a plan's format, which is read before the rest: another format has other keys.
#[derive(Deserialize)]
struct Format {
    schema: u32,
}

fn read(text: &str) -> Result<Proposal, String> {
    let no_plan = |error: serde_json::Error| format!("is not a plan file: {error}");
    let Format { schema } = serde_json::from_str(text).map_err(no_plan)?;
    if schema != PLAN_SCHEMA {
        return Err(format!("is a plan file of schema {schema}, and this relman reads schema {PLAN_SCHEMA}"));
    }
    let report: PlanReport = serde_json::from_str(text).map_err(no_plan)?;
    Proposal::try_from(report).map_err(|error| format!("is not a plan file: {error}"))
}

/// Returns the files of a plan as they are now, so that its diff can show what is around a change. One that is not as the plan has it
/// is shown without.
fn texts(plan: &ReleasePlan, place: &Place) -> BTreeMap<RepoPath, String> {
    let read = |path: &RepoPath| io::read_text(&place.root.join(path.as_str()), LARGEST).ok();
    plan.files.paths().filter_map(|path| Some((path.clone(), read(path)?))).collect()
}
