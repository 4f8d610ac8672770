//! [`CommandLine`]: the whole command line, for the commands that describe it or run another line of it.

use super::error::{CliError, Exit};
use super::output::Output;
use crate::io::EnvOverrides;

/// The command line as a value: a command is a part of it and cannot name it.
#[derive(Clone, Copy)]
pub(super) struct CommandLine {
    /// Returns the description: every command with its arguments and help.
    pub(super) describe: fn() -> clap::Command,
    /// Runs a line, without the program's name, with the colours of the first one and under other git variables.
    pub(super) run: fn(&[&str], EnvOverrides, &mut Output) -> Result<Exit, CliError>,
}
