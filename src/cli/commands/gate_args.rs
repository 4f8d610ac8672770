//! [`GateArgs`]: how gates are looked at, and how long the forge is waited for.

use std::time::Duration;

use clap::Args;

use crate::cli::error::{CliError, Exit};
use crate::config::parse_duration;

/// The options of commands that look at gates.
#[derive(Debug, Args)]
pub(super) struct GateArgs {
    /// Skip this gate of relman.toml
    #[arg(
        help_heading = "Guards",
        long = "skip-gate",
        value_name = "NAME",
        env = "RELMAN_SKIP_GATES",
        value_delimiter = ','
    )]
    pub(super) skip: Vec<String>,
}

/// How long a forge that asks for patience is waited for.
#[derive(Debug, Args)]
pub(super) struct PatienceArgs {
    /// Wait up to this long for a forge that is overloaded or unreachable, as in 30s or 5m
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    patience: String,
}

impl GateArgs {
    /// Returns the names of the gates that are skipped.
    pub(super) fn skipped(&self) -> Vec<String> {
        self.skip.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    }
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
