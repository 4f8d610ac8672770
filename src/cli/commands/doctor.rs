//! `relman doctor`.

use clap::Args;

use crate::cli::commands::gate_args::PatienceArgs;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{doctor_text, json};
use crate::plan::{BumpRequest, GateState};
use crate::process::{DoctorOptions, GateOptions, Session, doctor};

/// Check everything that a release needs, without releasing
///
/// Looks at all gates of relman.toml as a release would, runs those that are commands, and reports whose token is used and what it cannot
/// do, whether CI has its variables, and whether tags are protected. Exits with 3 if a gate would refuse, or a variable of CI is missing
/// or differs from what relman.toml says of it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Doctor {
    /// Look at these gates only
    #[arg(value_name = "GATE")]
    gates: Vec<String>,
    /// Look at them for a release of this level, stage or version, as `bump` takes it: also "minor alpha", or "api minor" for one package
    #[arg(long = "as", value_name = "LEVEL", default_value = "auto", num_args = 1..=2)]
    level: Vec<String>,
    /// Look at them for a release of this package
    #[arg(short, long = "package", value_name = "PACKAGE")]
    packages: Vec<String>,
    /// Look at them for a release of this group
    #[arg(short, long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// Do not run the gates that are commands
    #[arg(long)]
    no_run: bool,
    #[command(flatten)]
    patience: PatienceArgs,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open(global.opening(), output)?;
        let request = BumpRequest {
            // Several words may come as one.
            words: self.level.iter().flat_map(|word| word.split_whitespace()).map(str::to_owned).collect(),
            packages: self.packages.iter().map(|name| (name.clone(), None)).collect(),
            groups: self.groups.clone(),
            ..BumpRequest::default()
        };
        let gates =
            GateOptions { skip: Vec::new(), is_online: true, patience: self.patience.patience()?, milestone: None };
        let options = DoctorOptions { only: self.gates, request, runs: !self.no_run, gates };
        let report = doctor(&session, &options, output)?;
        if self.json {
            output.copy(&json(&report)?);
        } else {
            output.result(doctor_text(&report, output.width()));
        }
        let refuses = report.gates.iter().any(|gate| match gate.state {
            GateState::Failed => true,
            GateState::Unknown => !gate.is_later,
            GateState::Passed | GateState::Skipped => false,
        });
        let lacks = report.variables.iter().any(|variable| !variable.is_right);
        Ok(if refuses || lacks { Exit::Findings } else { Exit::Done })
    }
}
