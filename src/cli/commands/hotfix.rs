//! `relman hotfix`.

use clap::{Args, Subcommand};

use crate::cli::commands::confirmation::Confirmation;
use crate::cli::commands::gate_args::PatienceArgs;
use crate::cli::commands::outcome::{print_outcome, print_proposal, print_settled};
use crate::cli::confirm::assumed;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{notes, places_text, receipt_text};
use crate::config::{HotfixBy, HotfixRelease};
use crate::plan::{HotfixRequest, ReleasePlan};
use crate::process::{
    FinishOptions, Outcome, Session, StartOptions, Started, finish_hotfix, propose_finish, start_hotfix,
};

/// What `relman hotfix --help` ends with.
const EXAMPLES: &str = "\
Examples:
  relman hotfix start v0.6.0 --name leak   a branch for a fix of this release
  relman hotfix start api                  a branch for a fix of the newest final of a package
  relman bump patch && relman release      on that branch, once the fix is committed
  relman hotfix finish                     bring it back to the branches that go on";

/// Fix a released version on a branch of its own, and bring the fix back
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Hotfix {
    #[command(subcommand)]
    command: HotfixCommand,
}

#[derive(Debug, Subcommand)]
enum HotfixCommand {
    Start(Start),
    Finish(Finish),
}

/// Create the branch of a hotfix and switch to it
///
/// It starts at the tag, or at production with from = "production" in [hotfix] of relman.toml. On it `relman bump` makes a patch unless
/// told otherwise, and stays on the line of the tag.
#[derive(Debug, Args)]
struct Start {
    /// The tag that is fixed, or a package, whose newest final is meant
    #[arg(value_name = "TAG | PACKAGE")]
    of: String,
    /// What it is about, for the name of the branch
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Print what would be done, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    patience: PatienceArgs,
}

/// Bring a hotfix back to the branches that go on
///
/// By requests where there is a forge, else by merges that are pushed; [hotfix] of relman.toml says which branches. The section of the
/// changelog goes where its version belongs, fragments that went into it are removed, and versions stay where they are higher.
#[derive(Debug, Args)]
struct Finish {
    #[command(flatten)]
    confirmation: Confirmation,
    /// Ask the remote and the forge in a dry run, too
    #[arg(long, requires = "dry_run")]
    gates: bool,
    #[command(flatten)]
    patience: PatienceArgs,
    /// Print the plan as one JSON object
    #[arg(long)]
    json: bool,
}

impl Hotfix {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        match self.command {
            HotfixCommand::Start(start) => start.run(global, output),
            HotfixCommand::Finish(finish) => finish.run(global, output),
        }
    }
}

impl Start {
    fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open_for(!self.dry_run, global.opening(), output)?;
        session.needs_configuration()?;
        let request = HotfixRequest { of: self.of.clone(), name: self.name.clone() };
        let options = StartOptions { request, plans_only: self.dry_run, patience: self.patience.patience()? };
        let started = start_hotfix(&session, &options, output)?;
        let Started { branch, tag, at, commit, named, release } = started;
        let short: String = commit.chars().take(9).collect();
        output.result(format!("{branch}\n"));
        let switched = if self.dry_run { "would be created at" } else { "starts at" };
        output.say(format_args!("{branch} {switched} {at} ({short}) and fixes {tag}"));
        let next = match release {
            HotfixRelease::Branch => {
                let named = named.map_or(String::new(), |named| format!("{named} "));
                format!("commit the fix, then relman bump {named}patch && relman release, then relman hotfix finish")
            }
            HotfixRelease::Back => "commit the fix, then relman hotfix finish".to_owned(),
        };
        if !self.dry_run {
            output.say(format_args!("next: {next}"));
        }
        Ok(Exit::Done)
    }
}

impl Finish {
    fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let is_dry = self.confirmation.dry_run;
        let session = Session::open_for(!is_dry, global.opening(), output)?;
        session.needs_configuration()?;
        let asks = !is_dry && !self.confirmation.yes && !assumed();
        let options = FinishOptions { asks, is_online: !is_dry || self.gates, patience: self.patience.patience()? };
        if is_dry {
            let finished = propose_finish(&session, &options, output)?;
            let plan = finished.proposal.plan();
            if plan.is_empty() && !finished.proposal.is_refused() {
                return self.nothing(plan, output);
            }
            return print_proposal(&finished.proposal, &finished.snapshot, self.json, output);
        }
        let (outcome, by, release) = finish_hotfix(&session, &options, output)?;
        match outcome {
            Outcome::Nothing(plan) => self.nothing(&plan, output),
            Outcome::Done(plan, receipt) if !self.json => {
                output.result(receipt_text("brought back", &receipt).then(&places_text(&receipt)));
                output.write_err(notes(&plan));
                output.say(format_args!("next: {}", next(by, release)));
                Ok(Exit::Done)
            }
            outcome => print_outcome(outcome, self.json, output),
        }
    }

    /// Every branch has it already.
    fn nothing(&self, plan: &ReleasePlan, output: &mut Output) -> Result<Exit, CliError> {
        print_settled(plan, self.json, "nothing is left to bring back", output)
    }
}

/// What comes next, as it can be typed.
fn next(by: HotfixBy, release: HotfixRelease) -> &'static str {
    match (by, release) {
        (HotfixBy::Request, HotfixRelease::Branch) => "merge the requests",
        (HotfixBy::Request, HotfixRelease::Back) => {
            "merge the request, then on its branch git pull, relman bump patch && relman release"
        }
        (HotfixBy::Merge, HotfixRelease::Branch) => "git switch to one of these branches, and git pull --ff-only",
        (HotfixBy::Merge, HotfixRelease::Back) => {
            "git switch to that branch, git pull --ff-only, relman bump patch && relman release"
        }
    }
}
