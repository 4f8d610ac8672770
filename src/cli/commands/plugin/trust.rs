//! `relman plugin trust`.

use clap::Args;

use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::process::{Session, distrust_plugin, trust_plugin};

/// Let relman start a plugin as it is now
///
/// Its command and its files in this repository are remembered, in your own folder. If one of them changes, it is not trusted any more.
/// In CI, RELMAN_TRUST_PLUGINS=1 trusts all plugins of relman.toml.
#[derive(Debug, Args)]
pub(super) struct TrustPlugin {
    /// The plugins
    #[arg(value_name = "PLUGIN", required = true)]
    names: Vec<String>,
    /// Do not trust them any more
    #[arg(long)]
    remove: bool,
}

impl TrustPlugin {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open(global.opening(), output)?;
        for name in &self.names {
            if self.remove {
                let was_trusted = distrust_plugin(&session, name)?;
                output.say(format_args!("{name} is not trusted{}", if was_trusted { " any more" } else { "" }));
                continue;
            }
            let trusted = trust_plugin(&session, name)?;
            output.say(format_args!("{name} is trusted: {}", trusted.command));
            for file in &trusted.files {
                output.say(format_args!("  {file}"));
            }
        }
        Ok(Exit::Done)
    }
}
