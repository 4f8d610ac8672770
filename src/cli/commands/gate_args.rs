//! [`GateArgs`]: how gates are looked at, and how long the forge is waited for.

use std::time::Duration;

use clap::Args;

use crate::cli::error::{CliError, Exit};
use crate::config::parse_duration;
use crate::process::GateOptions;

/// The options of commands that look at gates.
#[derive(Debug, Args)]
pub(super) struct GateArgs {
    /// Skip this gate of relman.toml
    #[arg(
        help_heading = "Guards",
        long = "skip-gate",
        value_name = "GATE",
        env = "RELMAN_SKIP_GATES",
        value_delimiter = ','
    )]
    skip: Vec<String>,
    /// Ask the remote and the forge also in a dry run
    #[arg(help_heading = "Guards", long = "gates")]
    asks_outside: bool,
    #[command(flatten)]
    patience: PatienceArgs,
}

/// How long a forge that asks for patience is waited for.
#[derive(Debug, Args)]
pub(super) struct PatienceArgs {
    /// Wait up to this long for a forge that is overloaded or unreachable, as in 30s or 5m
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    patience: String,
}

impl GateArgs {
    /// Returns how gates are looked at by a command that is a dry run or not, for a milestone if one is named.
    pub(super) fn options(&self, is_dry: bool, milestone: Option<String>) -> Result<GateOptions, CliError> {
        let (skip, is_online) = (self.skipped(), self.asks_outside || !is_dry);
        Ok(GateOptions { skip, is_online, patience: self.patience.patience()?, milestone })
    }

    /// Returns how long a forge that is overloaded is waited for.
    pub(super) fn patience(&self) -> Result<Duration, CliError> {
        self.patience.patience()
    }

    /// Returns the names of the gates that are skipped.
    pub(super) fn skipped(&self) -> Vec<String> {
        self.skip.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    }
}

/// Reads a time, as in 20m.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|_| "write it as 30s, 5m or 1h".to_owned())
}

impl PatienceArgs {
    /// Returns the time.
    pub(super) fn patience(&self) -> Result<Duration, CliError> {
        let wrong = |_| {
            let message = format!("`{}` is not a valid duration", self.patience);
            CliError::failed(Exit::Usage, message, "write it as 30s, 5m or 1h")
        };
        parse_duration(&self.patience).map_err(wrong)
    }
}
