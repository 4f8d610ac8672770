//! `relman schema`.

use clap::{Args, ValueEnum};

use crate::cli::error::CliError;
use crate::cli::error::Exit;
use crate::cli::output::Output;
use crate::cli::render::{ProblemReport, json};
use crate::config;
use crate::model::Event;
use crate::plan::{CheckReport, FragmentReport, PlanReport, PreviewReport, StatusReport, VerifyReport};
use crate::plugin::protocol::Line;
use crate::process::{DoctorReport, PluginTestReport};

/// Print the JSON Schema of relman.toml, or of what a command prints
///
/// With its schema, many editors offer completion for relman.toml.
#[derive(Debug, Args)]
pub(in crate::cli) struct Schema {
    /// What to describe
    #[arg(long, value_name = "WHAT", default_value = "config")]
    of: Of,
}

/// The subject of a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    /// relman.toml
    Config,
    /// `status --json`
    Status,
    /// `plan` and `bump --json`
    Plan,
    /// `release --json`: the plan with the ends of its steps
    Release,
    /// `doctor --json`
    Doctor,
    /// `verify --json`
    Verify,
    /// A line of `--progress json`
    Progress,
    /// `check --json`
    Check,
    /// `changelog preview --format json`
    Preview,
    /// `changelog check --json`
    ChangelogCheck,
    /// The lines that plugins and relman exchange
    Plugin,
    /// plugin.toml, which describes a plugin
    PluginFile,
    /// `plugin test --json`
    PluginTest,
    /// What any of them prints with --json if it could not do what was asked
    Problems,
}

impl Schema {
    pub(super) fn run(self, output: &mut Output) -> Result<Exit, CliError> {
        let text = match self.of {
            Of::Config => json(&config::schema())?,
            Of::Status => json(&schemars::schema_for!(StatusReport))?,
            Of::Doctor => json(&schemars::schema_for!(DoctorReport))?,
            Of::Verify => json(&schemars::schema_for!(VerifyReport))?,
            Of::Progress => json(&schemars::schema_for!(Event))?,
            Of::Plan | Of::Release => json(&schemars::schema_for!(PlanReport))?,
            Of::Preview => json(&schemars::schema_for!(PreviewReport))?,
            Of::Check => json(&schemars::schema_for!(CheckReport))?,
            Of::Plugin => json(&schemars::schema_for!(Line<'_>))?,
            Of::PluginFile => json(&config::plugin_file_schema())?,
            Of::PluginTest => json(&schemars::schema_for!(PluginTestReport))?,
            Of::Problems => json(&schemars::schema_for!(ProblemReport))?,
            Of::ChangelogCheck => json(&schemars::schema_for!(FragmentReport))?,
        };
        output.copy(&text);
        Ok(Exit::Done)
    }
}
