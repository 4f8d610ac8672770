//! `relman bump`.

use clap::Args;

use crate::cli::commands::outcome::{print_outcome, print_proposal};
use crate::cli::commands::release_args::ReleaseArgs;
use crate::cli::confirm::assumed;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::process::{ReleaseOptions, Session, propose, release};

/// What `relman bump --help` ends with.
const EXAMPLES: &str = "\
Examples:
  relman bump minor                           the one package or group that there is
  relman bump scheduler minor                 one package: 0.2.0 becomes 0.3.0
  relman bump -p api=minor -p web=1.0.0-rc.1  a level or a version for each
  relman bump suite minor alpha               a group: 0.2.0 becomes 0.3.0-alpha.1
  relman bump suite alpha                     0.3.0-alpha.1 becomes 0.3.0-alpha.2
  relman bump suite release                   0.3.0-alpha.2 becomes 0.3.0
  relman bump --all auto                      every package, as far as its changes ask for
  relman bump minor --pin oss=v0.5.0          a release that also moves a pin
  relman bump --all patch --dry-run           shows the plan and writes nothing";

/// Release packages: edit the files, commit, tag
///
/// One commit, and one annotated tag per package. The plan is complete, and every new text was read again and compared, before the
/// first byte is written. On a terminal you pick packages and levels from a list where none is named, the plan is shown, and you are asked;
/// elsewhere --yes is needed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Bump {
    #[command(flatten)]
    requested: ReleaseArgs,
    /// Print the plan and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Run the generators of relman.toml also in a dry run
    #[arg(help_heading = "Guards", long, requires = "dry_run")]
    generate: bool,
    /// Do not ask for confirmation, as with RELMAN_ASSUME_YES=1
    #[arg(short, long)]
    yes: bool,
    /// Print the plan as one JSON object
    #[arg(long)]
    json: bool,
}

impl Bump {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let mut session = Session::open_for(!self.dry_run, global.opening(), output)?;
        let asks = !self.dry_run && !self.yes && !assumed();
        let mut options = ReleaseOptions { asks, generates: self.generate, ..self.requested.options(self.dry_run)? };
        if self.dry_run {
            let (snapshot, proposal) = propose(&mut session, &mut options, output)?;
            return print_proposal(&proposal, &snapshot, self.json, output);
        }
        session.needs_configuration()?;
        print_outcome(release(&mut session, options, output)?, self.json, output)
    }
}
