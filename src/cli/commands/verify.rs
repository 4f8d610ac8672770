//! `relman verify`.

use std::time::Duration;

use clap::Args;

use crate::cli::commands::gate_args::{PatienceArgs, duration};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{json, verify_text};
use crate::plan::{ArtifactState, VerifyReport, VerifyRequest};
use crate::process::{Session, VerifyOptions, Wait, verify};

/// What `relman verify --help` ends with.
const EXAMPLES: &str = "\
Examples:
  relman verify                                 the newest release of each package
  relman verify v0.7.0 --wait 20m               one release; waits up to 20 minutes for it
  relman verify --only image:ghcr.io/acme/api   one artifact";

/// Check that releases have arrived: tags, images, packages, the release on the forge
///
/// Asks the remote, the forge and the registries for everything that relman.toml says a release puts there. An artifact is `ok`,
/// `pending` while it may still come, `wrong` if it differs or did not come, `accepted` where relman.toml says so, and `unknown` if it
/// could not be looked at. Exits with 3 if something is wrong, with 7 if something is pending, with 1 if something is unknown.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Verify {
    /// The tags of the releases; without one, the newest release of each package
    #[arg(value_name = "TAG")]
    tags: Vec<String>,
    /// Wait so long for what has not arrived, as in 20m [default: `wait` of [verify] in relman.toml]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    wait: Option<Duration>,
    /// Look at this artifact only, as in pypi:acme-api
    #[arg(long, value_name = "ARTIFACT")]
    only: Vec<String>,
    /// Run the command that tells people about the release, if all of it has arrived
    #[arg(long)]
    announce: bool,
    #[command(flatten)]
    patience: PatienceArgs,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open(global.opening(), output)?;
        let options = VerifyOptions {
            request: VerifyRequest { tags: self.tags, only: self.only },
            wait: self.wait.map_or(Wait::Configured, Wait::For),
            announces: self.announce,
            patience: self.patience.patience()?,
        };
        let report = verify(&session, &options, output)?;
        if self.json {
            output.copy(&json(&report)?);
        } else {
            output.result(verify_text(&report, output.width()));
        }
        Ok(exit_of(&report))
    }
}

/// Returns the exit code of what was found: what is wrong counts before what may still come.
pub(super) fn exit_of(report: &VerifyReport) -> Exit {
    if report.has(ArtifactState::Wrong) {
        Exit::Findings
    } else if report.has(ArtifactState::Pending) {
        Exit::Pending
    } else if report.is_incomplete() {
        Exit::Failed
    } else {
        Exit::Done
    }
}
