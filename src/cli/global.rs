//! [`Global`]: the options that every command takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::io::EnvOverrides;
use crate::plugin::Trust;
use crate::process::Opening;

/// The options that every command takes.
#[derive(Debug, Default, Args)]
pub(super) struct Global {
    /// Run as if relman had been started in DIR
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = HEADING, default_value = ".", hide_default_value = true)]
    pub(super) directory: PathBuf,
    /// Read FILE instead of the nearest relman.toml
    #[arg(long, value_name = "FILE", global = true, help_heading = HEADING)]
    pub(super) config: Option<PathBuf>,
    /// Colour the output: auto, always or never
    #[arg(long, value_name = "WHEN", global = true, help_heading = HEADING, default_value = "auto", hide_default_value = true, hide_possible_values = true)]
    pub(super) color: Colour,
    /// Report progress: auto, json (a line of JSON for each event, on standard error) or none
    #[arg(long, value_name = "HOW", global = true, help_heading = HEADING, default_value = "auto", hide_default_value = true, hide_possible_values = true)]
    pub(super) progress: ProgressMode,
    /// Print results and errors only
    #[arg(short, long, global = true, help_heading = HEADING, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print more, such as folders that are no packages
    #[arg(short, long, global = true, help_heading = HEADING)]
    pub(super) verbose: bool,
    /// Start no plugins; what they would find is left out
    #[arg(long, global = true, help_heading = HEADING)]
    pub(super) no_plugins: bool,
    /// Git variables in addition to the environment, with which `demo` fixes its times.
    #[arg(skip)]
    pub(super) git: EnvOverrides,
}

impl Global {
    /// Returns where to look for the repository.
    pub(super) fn opening(&self) -> Opening {
        let plugins = if self.no_plugins { Trust::Off } else { Trust::OfUser };
        Opening { directory: self.directory.clone(), config: self.config.clone(), git: self.git.clone(), plugins }
    }
}

/// The heading of these options in the help of every command.
const HEADING: &str = "Global options";

/// How the progress of long runs is reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ProgressMode {
    /// By a line on a terminal, which goes again.
    #[default]
    Auto,
    /// By a line of JSON for each event.
    Json,
    /// Not at all.
    None,
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Into files and pipes, too.
    Always,
    /// Nowhere.
    Never,
}
