//! [`Selection`]: the options that say what to release, and how far.

use clap::Args;

use crate::cli::error::CliError;
use crate::plan::{BumpRequest, BumpSpec};

/// What to release, and how far.
#[derive(Debug, Args)]
pub(super) struct Selection {
    /// Release this package, perhaps with a level, a stage or a version of its own
    #[arg(help_heading = "Selection", short, long = "package", value_name = "NAME[=LEVEL[:STAGE]]")]
    packages: Vec<String>,
    /// Release this group
    #[arg(help_heading = "Selection", short, long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// Release every package
    #[arg(help_heading = "Selection", long)]
    all: bool,
    /// Packages or groups, and how far: major, minor, patch or auto; a stage (alpha, beta, rc), or both; release; or a version
    #[arg(value_name = "NAME | LEVEL | STAGE")]
    words: Vec<String>,
}

impl Selection {
    /// Returns the request in the planner's words.
    ///
    /// # Errors
    /// A level, a stage or a version that is not valid.
    pub(super) fn request(&self) -> Result<BumpRequest, CliError> {
        let usage = CliError::usage;
        let packages = self.packages.iter().map(|text| package(text).map_err(usage)).collect::<Result<_, _>>()?;
        Ok(BumpRequest {
            words: self.words.clone(),
            packages,
            groups: self.groups.clone(),
            all: self.all,
            ..BumpRequest::default()
        })
    }

    /// Returns `true` if something is to be released.
    pub(super) fn is_given(&self) -> bool {
        self.all || !self.words.is_empty() || !self.packages.is_empty() || !self.groups.is_empty()
    }
}

/// Reads `NAME`, `NAME=LEVEL`, `NAME=LEVEL:STAGE` or `NAME=VERSION`. A name may hold anything but `=`.
fn package(text: &str) -> Result<(String, Option<BumpSpec>), String> {
    let Some((name, ask)) = text.split_once('=') else { return Ok((text.to_owned(), None)) };
    let (level, stage) = ask.split_once(':').map_or((ask, None), |(level, stage)| (level, Some(stage)));
    if level.is_empty() {
        return Err(format!("`{text}` has no level after `=`; leave the `=` out, or write one"));
    }
    Ok((name.to_owned(), Some(BumpSpec::parse(level, stage)?)))
}
