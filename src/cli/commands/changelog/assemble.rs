//! `relman changelog assemble`.

use clap::Args;

use crate::apply;
use crate::capture::{CaptureNeeds, CaptureOptions};
use crate::cli::commands::confirmation::Confirmation;
use crate::cli::confirm::{assumed, can_ask, said_yes};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{diff_text, plural};
use crate::plan::{Refusal, RefusalCode, assemble, not_written_out, with_members};
use crate::process::Session;

/// Move the fragments under [Unreleased] now
///
/// They get the groups and the order of a release, which will use them from there. The fragments are deleted; one that other packages still
/// need only loses these packages from its front matter. Makes no commit and no tag. `auto` no longer counts the levels of the fragments.
#[derive(Debug, Args)]
pub(in crate::cli) struct Assemble {
    /// Only move the fragments of these packages; a group means its members
    #[arg(value_name = "PACKAGE | GROUP")]
    packages: Vec<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

impl Assemble {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open_for(!self.confirmation.dry_run, global.opening(), output)?;
        let needs = CaptureNeeds { changelogs: true, ..CaptureNeeds::default() };
        let snapshot = session.read(CaptureOptions { needs, staged: false }, output)?;
        let assembled = assemble(&snapshot, &with_members(&snapshot, &self.packages))?;
        if assembled.files.is_empty() {
            output.say("no fragments found");
            return Ok(Exit::Nothing);
        }
        if let Some(refusal) = not_written_out(&snapshot, &assembled.files) {
            return Err(CliError::refused(vec![refusal]));
        }
        let asks = !self.confirmation.dry_run && !self.confirmation.yes && !assumed();
        if self.confirmation.dry_run || (asks && can_ask()) {
            output.result(diff_text(&assembled.files, &snapshot.texts()));
        }
        if self.confirmation.dry_run {
            return Ok(Exit::Done);
        }
        if asks && !can_ask() {
            return Err(CliError::refused(vec![unconfirmed()]));
        }
        if asks && !said_yes("Write this?", output) {
            output.say("nothing was written");
            return Ok(Exit::Refused);
        }
        apply::write_files(&assembled.files, &session.place.git, &session.place.root)?;
        let (entries, files) = (assembled.entries, assembled.changelogs);
        let entries = if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
        output.say(format_args!("added {entries} to {}", plural(files, "changelog")));
        Ok(Exit::Done)
    }
}

fn unconfirmed() -> Refusal {
    Refusal {
        code: RefusalCode::NoConfirmation,
        message: "the change was not confirmed, and stdin is not a terminal".to_owned(),
        help: Some("pass --yes, or set RELMAN_ASSUME_YES=1; `--dry-run` shows what would change".to_owned()),
    }
}
