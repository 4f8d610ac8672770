//! [`Requested`]: the options with which `bump` and `plan` select what to release.

use clap::Args;

use crate::capture::{Needs, Place, Reach, Request};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::session;
use crate::io::Date;
use crate::plan::{Ask, BumpRequest, lacking_for};
use crate::snapshot::Snapshot;

/// Returns what has to be read to plan a release.
pub(super) fn needs(request: &BumpRequest) -> Needs {
    Needs {
        changes: true,
        reach: Reach::Above,
        push: request.push,
        history: request.needs_history(),
        changelogs: true,
        sections: true,
    }
}

/// What to release and how.
#[derive(Debug, Args)]
pub(super) struct Requested {
    /// Release this package, optionally with a level, a stage or a version of its own
    #[arg(help_heading = "Selection", short, long = "package", value_name = "NAME[=LEVEL[:STAGE]]")]
    packages: Vec<String>,
    /// Release this group
    #[arg(help_heading = "Selection", short, long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// Release every package
    #[arg(help_heading = "Selection", long)]
    all: bool,
    /// How to bump: major, minor, patch; a stage (alpha, beta, rc); release; or a version
    #[arg(value_name = "LEVEL")]
    level: Option<String>,
    /// The stage that a level starts: alpha, beta, rc
    #[arg(value_name = "STAGE")]
    stage: Option<String>,
    /// Edit the files, but create no commit and no tag
    #[arg(help_heading = "Release", long, conflicts_with = "push")]
    no_commit: bool,
    /// Create no tag
    #[arg(help_heading = "Release", long)]
    no_tag: bool,
    /// Fetch the history and the tags that a shallow clone lacks; does nothing if none is missing
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
    /// Use this day for {date} instead of today
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
}

impl Requested {
    /// Returns the request for the planner.
    pub(super) fn request(&self) -> Result<BumpRequest, CliError> {
        let usage = |message: String| CliError::Failed { exit: Exit::Usage, message, help: None };
        let ask =
            self.level.as_deref().map(|level| Ask::parse(level, self.stage.as_deref()).map_err(usage)).transpose()?;
        let packages = self.packages.iter().map(|text| package(text).map_err(usage)).collect::<Result<_, _>>()?;
        Ok(BumpRequest {
            packages,
            groups: self.groups.clone(),
            all: self.all,
            ask,
            summary: self.summary.clone().filter(|summary| !summary.trim().is_empty()),
            no_commit: self.no_commit,
            no_tag: self.no_tag,
            push: self.push,
            sign: self.sign,
            allow_dirty: self.allow_dirty,
            allow_branch: self.allow_branch,
            allow_downgrade: self.allow_downgrade,
        })
    }

    /// Fetches what a shallow clone lacks for the request, if desired.
    pub(super) fn fetched(
        &self,
        global: &Global,
        (place, wish): (&mut Place, Request),
        snapshot: Snapshot,
        request: &BumpRequest,
        output: &mut Output,
    ) -> Result<Snapshot, CliError> {
        if !self.fetch {
            return Ok(snapshot);
        }
        let lacking = |snapshot: &Snapshot| lacking_for(snapshot, request);
        session::fetch_lacking(global, (place, wish), snapshot, output, &lacking)
    }

    /// Puts the given day into the snapshot.
    pub(super) fn fix_date(&self, snapshot: &mut Snapshot) -> Result<(), CliError> {
        if let Some(date) = &self.date {
            snapshot.today = day(date)?;
        }
        Ok(())
    }
}

/// Reads the day to use as today.
pub(super) fn day(text: &str) -> Result<String, CliError> {
    let wrong = |_| CliError::failed(Exit::Usage, format!("`{text}` is not a valid date"), "write it as 2026-01-31");
    Ok(text.parse::<Date>().map_err(wrong)?.to_string())
}

/// Reads `NAME`, `NAME=LEVEL`, `NAME=LEVEL:STAGE` or `NAME=VERSION`. A name may contain anything but `=`.
fn package(text: &str) -> Result<(String, Option<Ask>), String> {
    let Some((name, ask)) = text.split_once('=') else { return Ok((text.to_owned(), None)) };
    let (level, stage) = ask.split_once(':').map_or((ask, None), |(level, stage)| (level, Some(stage)));
    if level.is_empty() {
        return Err(format!("`{text}` has no level after `=`; remove the `=`, or add one"));
    }
    Ok((name.to_owned(), Some(Ask::parse(level, stage)?)))
}
