//! `relman pr`.

use clap::Args;

use crate::cli::commands::confirmation::Confirmation;
use crate::cli::commands::gate_args::PatienceArgs;
use crate::cli::commands::outcome::{print_outcome, print_proposal, print_settled};
use crate::cli::confirm::assumed;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{notes, places_text, receipt_text};
use crate::plan::{BumpRequest, BumpSpec, ReleasePlan};
use crate::process::{Outcome, RequestOptions, Session, keep_request, propose_request};

/// What `relman pr --help` ends with.
const EXAMPLES: &str = "\
Examples:
  relman pr              what the changes since the last releases ask for
  relman pr auto rc      the same, as release candidates
  relman pr api          one package
  relman release         once the request is merged";

/// Keep one pull or merge request that releases what is pending
///
/// The request comes from the branch release/next and goes to the branch of HEAD. It holds the release commit of `relman bump --all auto`,
/// rebuilt at each run, without tags. Nothing in the work tree changes. If nothing is pending, the request is closed. A label
/// `relman:NAME=LEVEL` on it gives a package another level. Once it is merged, `relman release` on the branch does the rest.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Pr {
    /// Packages or groups, and how far: auto (the default), major, minor or patch; a stage (alpha, beta, rc), or both; release; or a
    /// version
    #[arg(value_name = "NAME | LEVEL | STAGE")]
    words: Vec<String>,
    /// Release this package only
    #[arg(help_heading = "Selection", short, long = "package", value_name = "PACKAGE")]
    packages: Vec<String>,
    /// Release this group only
    #[arg(help_heading = "Selection", short, long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    #[command(flatten)]
    confirmation: Confirmation,
    /// Ask the remote and the forge in a dry run, too
    #[arg(long, requires = "dry_run")]
    gates: bool,
    /// Overwrite a commit that somebody else pushed to the request
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    patience: PatienceArgs,
    /// Print the plan as one JSON object
    #[arg(long)]
    json: bool,
}

impl Pr {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let is_dry = self.confirmation.dry_run;
        let session = Session::open_for(!is_dry, global.opening(), output)?;
        session.needs_configuration()?;
        let options = self.options()?;
        if is_dry {
            let proposed = propose_request(&session, &options)?;
            let plan = proposed.proposal.plan();
            if plan.is_empty() && !proposed.proposal.is_refused() {
                return self.nothing(plan, output);
            }
            return print_proposal(&proposed.proposal, &proposed.snapshot, self.json, output);
        }
        match keep_request(&session, &options, output)? {
            Outcome::Nothing(plan) => self.nothing(&plan, output),
            Outcome::Done(plan, receipt) if !self.json => {
                output.result(receipt_text("requested", &receipt).then(&places_text(&receipt)));
                output.write_err(notes(&plan));
                if !plan.bumps.is_empty() {
                    output.say("next: relman release (once the request is merged)");
                }
                Ok(Exit::Done)
            }
            outcome => print_outcome(outcome, self.json, output),
        }
    }

    /// The request is as it should be, or none is needed.
    fn nothing(&self, plan: &ReleasePlan, output: &mut Output) -> Result<Exit, CliError> {
        let url = plan.outward.iter().find_map(|step| step.url.as_ref());
        let words = url.map_or("nothing to request".to_owned(), |url| format!("{url} is up to date"));
        print_settled(plan, self.json, words, output)
    }

    fn options(&self) -> Result<RequestOptions, CliError> {
        let request = BumpRequest {
            words: self.words.clone(),
            packages: self.packages.iter().map(|name| (name.clone(), None)).collect(),
            groups: self.groups.clone(),
            ask: Some(BumpSpec::Auto(None)),
            no_tag: true,
            ..BumpRequest::default()
        };
        let is_dry = self.confirmation.dry_run;
        Ok(RequestOptions {
            request,
            overwrites: self.force,
            asks: !is_dry && !self.confirmation.yes && !assumed(),
            is_online: !is_dry || self.gates,
            patience: self.patience.patience()?,
        })
    }
}
