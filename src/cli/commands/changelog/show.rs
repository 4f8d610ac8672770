//! `relman changelog show`.

use clap::Args;

use crate::capture::{CaptureNeeds, CaptureOptions};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::plan::notes;
use crate::process::Session;

/// Print the changelog's section of a released version
///
/// Prints the section without its heading, for a release page or an e-mail. A tag identifies its package; a version alone does if only one
/// package has a section for it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// A version, such as 1.2.3, or a tag, such as api-v1.2.3
    #[arg(value_name = "VERSION|TAG")]
    wanted: String,
    /// Use the changelog of this package
    #[arg(short, long, value_name = "NAME")]
    package: Option<String>,
}

impl Show {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open(global.opening(), output)?;
        let needs = CaptureNeeds { changelogs: true, ..CaptureNeeds::default() };
        let snapshot = session.read(CaptureOptions { needs, staged: false }, output)?;
        let notes = notes(&snapshot, &self.wanted, self.package.as_deref())?;
        if notes.text.is_empty() {
            output.warn(format_args!("the section at {}:{} is empty", notes.path, notes.line));
        }
        output.copy(&notes.text);
        Ok(Exit::Done)
    }
}
