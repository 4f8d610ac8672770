//! [`Confirmation`]: how a command that writes is held back, or let go on without a question.

use clap::Args;

/// The flags of a command that shows its plan, asks, and writes.
#[derive(Debug, Args)]
pub(super) struct Confirmation {
    /// Print the plan and write nothing
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    /// Do not ask for confirmation, as with RELMAN_ASSUME_YES=1
    #[arg(short, long)]
    pub(super) yes: bool,
}
