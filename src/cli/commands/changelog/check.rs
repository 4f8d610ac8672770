//! `relman changelog check`.

use clap::Args;

use crate::capture::{CaptureNeeds, CaptureOptions, branch_changes, read_configuration};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{findings, json, plural};
use crate::io;
use crate::plan::{keeps_changelogs, missing_fragments};
use crate::process::Session;

/// Check that this branch brings a fragment for each package that it changes
///
/// Considers the commits since the branch left REF, and the work tree. Prints each missing fragment with the command to add it; the exit
/// code is
/// 3. Packages without a changelog (one at least must have one), what a release commit holds, and branches that `exempt` in [changelog]
/// names need none. Where commits are among its `sources`, a commit that is an entry is enough.
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// The target of the branch: a branch, a tag, a commit. Default: origin/HEAD, else origin/main, else the first of `branches`
    #[arg(long, value_name = "REF")]
    since: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open(global.opening(), output)?;
        // Where commits are entries, they need no fragment.
        let history = session.place.file.is_some() && read_configuration(&session.place)?.takes_commits();
        let needs = CaptureNeeds { history, ..CaptureNeeds::default() };
        let snapshot = session.read(CaptureOptions { needs, staged: false }, output)?;
        keeps_changelogs(&snapshot)?;
        let changes = branch_changes(&session.place, self.since.as_deref(), &snapshot.config)?;
        let branch = snapshot.git.branch.clone().or_else(branch_of_ci);
        let report = missing_fragments(&snapshot, &changes, branch.as_deref());
        if self.json {
            output.copy(&json(&report)?);
        } else if report.findings.is_empty() {
            let changed = plural(report.packages.len(), "package");
            let without = || report.packages.iter().filter(|package| package.fragments.is_empty());
            let words = match (without().any(|package| package.exempt), without().any(|p| !p.commits.is_empty())) {
                (true, false) => "exempt, or with a fragment",
                (true, true) => "exempt, or with a fragment or a commit that is an entry",
                (false, true) => "each with a fragment or a commit that is an entry",
                (false, false) => "each with a fragment",
            };
            match report.packages.as_slice() {
                [] => output.say(format_args!("no package with a changelog changed since {}", report.since)),
                _ => output.say(format_args!("{changed} changed since {}, {words}", report.since)),
            }
        } else {
            output.result(findings(&report.findings, output.width()));
            output.say(plural(report.findings.len(), "finding"));
        }
        Ok(if report.findings.is_empty() { Exit::Done } else { Exit::Findings })
    }
}

/// The branch that CI checks a request of: it checks out a commit.
fn branch_of_ci() -> Option<String> {
    let names = ["GITHUB_HEAD_REF", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"];
    names.into_iter().filter_map(io::variable).find(|branch| !branch.is_empty())
}
