//! [`ReleaseArgs`]: the options of `bump` and `plan` that say what to release.

use clap::Args;

use crate::cli::commands::gate_args::GateArgs;
use crate::cli::commands::selection::Selection;
use crate::cli::error::{CliError, Exit};
use crate::io::Date;
use crate::plan::{BumpRequest, PinRequest};
use crate::process::ReleaseOptions;

/// What to release and how.
#[derive(Debug, Args)]
pub(super) struct ReleaseArgs {
    #[command(flatten)]
    selection: Selection,
    /// Write this tag of the upstream of a pin, or its newest one, into the places of the pin
    #[arg(help_heading = "Selection", long = "pin", value_name = "PIN[=TAG]")]
    pins: Vec<String>,
    /// Edit the files, but make no commit and no tag
    #[arg(help_heading = "Release", long, conflicts_with = "push")]
    no_commit: bool,
    /// Make no tag
    #[arg(help_heading = "Release", long)]
    no_tag: bool,
    /// Fetch what a shallow clone lacks of the history and the tags; does nothing if none is missing
    #[arg(help_heading = "Release", long)]
    fetch: bool,
    /// Push the branch and the tags
    #[arg(help_heading = "Release", long)]
    push: bool,
    /// Open the sections of the changelogs with this prose
    #[arg(
        help_heading = "Release",
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        env = "RELMAN_SUMMARY",
        hide_env_values = true
    )]
    summary: Option<String>,
    /// Take this day for {date} instead of today
    #[arg(help_heading = "Release", long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// Allow uncommitted changes in files that the release does not touch
    #[arg(help_heading = "Guards", long)]
    allow_dirty: bool,
    /// Allow any branch, and a detached HEAD
    #[arg(help_heading = "Guards", long)]
    allow_branch: bool,
    /// Allow a version that is lower than the current one
    #[arg(help_heading = "Guards", long)]
    allow_downgrade: bool,
    /// Sign the commit and the tags
    #[arg(help_heading = "Release", long)]
    sign: bool,
    /// Release the version of this milestone of the forge, by its title or number
    #[arg(help_heading = "Release", long, value_name = "MILESTONE")]
    milestone: Option<String>,
    #[command(flatten)]
    gates: GateArgs,
}

impl ReleaseArgs {
    /// Returns what is to be released, and how; no question is asked, and a dry run asks neither the remote nor the forge.
    pub(super) fn options(&self, is_dry: bool) -> Result<ReleaseOptions, CliError> {
        let date = self.date.as_deref().map(day).transpose()?;
        let gates = self.gates.options(is_dry, self.milestone.clone())?;
        Ok(ReleaseOptions { request: self.request()?, date, fetch: self.fetch, gates, ..ReleaseOptions::default() })
    }

    /// Returns the request in the planner's words.
    fn request(&self) -> Result<BumpRequest, CliError> {
        Ok(BumpRequest {
            pins: self.pins.iter().map(|text| pin(text).map_err(CliError::usage)).collect::<Result<_, _>>()?,
            summary: self.summary.clone().filter(|summary| !summary.trim().is_empty()),
            no_commit: self.no_commit,
            no_tag: self.no_tag,
            push: self.push,
            sign: self.sign,
            allow_dirty: self.allow_dirty,
            allow_branch: self.allow_branch,
            allow_downgrade: self.allow_downgrade,
            ..self.selection.request()?
        })
    }
}

/// Reads the day that is to stand for today.
pub(super) fn day(text: &str) -> Result<String, CliError> {
    let wrong = |_| CliError::failed(Exit::Usage, format!("`{text}` is not a valid date"), "write it as 2026-01-31");
    Ok(text.parse::<Date>().map_err(wrong)?.to_string())
}

/// Reads `NAME` or `NAME=TAG`.
fn pin(text: &str) -> Result<PinRequest, String> {
    let (name, tag) = text.split_once('=').map_or((text, None), |(name, tag)| (name, Some(tag)));
    if tag == Some("") {
        return Err(format!("`{text}` has no tag after `=`; leave the `=` out for the newest one"));
    }
    Ok(PinRequest { name: name.to_owned(), tag: tag.map(str::to_owned), ..PinRequest::default() })
}
