//! `relman prepare`.

use clap::Args;

use crate::cli::commands::confirmation::Confirmation;
use crate::cli::commands::gate_args::GateArgs;
use crate::cli::commands::outcome::{print_outcome, print_proposal};
use crate::cli::confirm::assumed;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::json;
use crate::plan::{BumpRequest, BumpSpec, PlanReport, ReleasePlan};
use crate::process::{Outcome, PrepareOptions, Prepared, ReleaseOptions, Session, prepare};

/// Prepare a release: bring the branch up to date, write versions and notes, commit
///
/// On the integration branch of relman.toml: fetches and fast-forwards it, takes the version from the milestone or the level, looks at the
/// gates, lets you edit the notes, and makes the release commit. `relman release` tags it later, on the branch that ships.
#[derive(Debug, Args)]
pub(in crate::cli) struct Prepare {
    /// Packages or groups, and how far: auto (the default), major, minor or patch; a stage (alpha, beta, rc), or both; release; or a
    /// version
    #[arg(value_name = "NAME | LEVEL | STAGE")]
    words: Vec<String>,
    /// Prepare the version of this milestone, by its title or number
    #[arg(long, value_name = "MILESTONE")]
    milestone: Option<String>,
    /// Prepare this package
    #[arg(help_heading = "Selection", short, long = "package", value_name = "PACKAGE")]
    packages: Vec<String>,
    /// Prepare this group
    #[arg(help_heading = "Selection", short, long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    #[command(flatten)]
    confirmation: Confirmation,
    /// Push the branch
    #[arg(long)]
    push: bool,
    /// Use the notes as they are, without an editor
    #[arg(long)]
    no_edit: bool,
    /// Edit the notes with this command
    #[arg(long, value_name = "COMMAND", conflicts_with = "no_edit")]
    editor: Option<String>,
    #[command(flatten)]
    gates: GateArgs,
    /// Print the plan as one JSON object
    #[arg(long)]
    json: bool,
}

impl Prepare {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let is_dry = self.confirmation.dry_run;
        let mut session = Session::open_for(!is_dry, global.opening(), output)?;
        session.needs_configuration()?;
        let options = self.options()?;
        match prepare(&mut session, options, output)? {
            Prepared::Proposed(snapshot, proposal) => print_proposal(&proposal, &snapshot, self.json, output),
            Prepared::Already(plan) => {
                self.report(&plan, "is prepared already", output)?;
                Ok(Exit::Nothing)
            }
            Prepared::Pushed(plan) => {
                self.report(&plan, "was prepared already; it is pushed now", output)?;
                Ok(Exit::Done)
            }
            Prepared::Ended(outcome) => {
                let is_done = matches!(outcome, Outcome::Done(..));
                let exit = print_outcome(outcome, self.json, output)?;
                if is_done {
                    output.say(format_args!("next: {}", self.next()));
                }
                Ok(exit)
            }
        }
    }

    fn report(&self, plan: &ReleasePlan, what: &str, output: &mut Output) -> Result<(), CliError> {
        if self.json {
            output.copy(&json(&PlanReport::new(plan.clone(), Vec::new()))?);
        }
        for bump in &plan.bumps {
            output.say(format_args!("{} {} {what}", bump.package, bump.to));
        }
        output.say(format_args!("next: {}", self.next()));
        Ok(())
    }

    /// The command that comes next, as it can be typed.
    fn next(&self) -> String {
        self.milestone
            .as_ref()
            .map_or("relman release".to_owned(), |title| format!("relman release --milestone {title}"))
    }

    fn options(&self) -> Result<PrepareOptions, CliError> {
        let request = BumpRequest {
            words: self.words.clone(),
            packages: self.packages.iter().map(|name| (name.clone(), None)).collect(),
            groups: self.groups.clone(),
            ask: self.milestone.is_none().then_some(BumpSpec::Auto(None)),
            push: self.push,
            ..BumpRequest::default()
        };
        let is_dry = self.confirmation.dry_run;
        let gates = self.gates.options(is_dry, self.milestone.clone())?;
        let asks = !is_dry && !self.confirmation.yes && !assumed();
        let release = ReleaseOptions { request, asks, gates, ..ReleaseOptions::default() };
        Ok(PrepareOptions { release, edits: !self.no_edit, editor: self.editor.clone(), plans_only: is_dry })
    }
}
