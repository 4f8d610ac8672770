//! `relman tag`.

use clap::Args;

use crate::capture::{CaptureNeeds, CaptureOptions, Reach};
use crate::cli::commands::confirmation::Confirmation;
use crate::cli::commands::outcome::{print_outcome, print_proposal};
use crate::cli::confirm::assumed;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{json, notes};
use crate::plan::{BumpRequest, PlanReport, tag, with_members};
use crate::process::{Outcome, Session, carry_out, confirm};
use crate::snapshot::Snapshot;

/// Tag versions that HEAD already contains
///
/// For release commits made with `bump --no-tag` and since merged, squashed or rebased: tags each package whose version is above
/// its last tag and was written by such a commit, or the named packages, whoever wrote their versions. No file
/// changes. If everything is tagged already, relman says so and exits with 0.
#[derive(Debug, Args)]
pub(in crate::cli) struct Tag {
    /// Tag these packages, even if no release commit wrote their versions; a group means its members
    #[arg(value_name = "PACKAGE | GROUP")]
    packages: Vec<String>,
    #[command(flatten)]
    confirmation: Confirmation,
    /// Push the branch and the tags
    #[arg(long)]
    push: bool,
    /// Allow any branch, and a detached HEAD
    #[arg(long)]
    allow_branch: bool,
    /// Sign the tags
    #[arg(long)]
    sign: bool,
    /// Print the plan as one JSON object
    #[arg(long)]
    json: bool,
}

impl Tag {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open_for(!self.confirmation.dry_run, global.opening(), output)?;
        if !self.confirmation.dry_run {
            session.needs_configuration()?;
        }
        let needs = CaptureNeeds {
            changes: true,
            reach: Reach::Above,
            push: self.push,
            history: true,
            changelogs: true,
            ..CaptureNeeds::default()
        };
        let snapshot = session.read_to_release(CaptureOptions { needs, staged: false }, output)?;
        let proposal = tag(&snapshot, &self.request(&snapshot))?;
        let plan = proposal.plan();
        if plan.bumps.is_empty() && !proposal.is_refused() {
            if self.json {
                output.copy(&json(&PlanReport::from(&proposal))?);
            }
            output.write_err(notes(plan));
            output.say("nothing to tag: every released version in HEAD has a tag");
            return Ok(Exit::Done);
        }
        if self.confirmation.dry_run {
            return print_proposal(&proposal, &snapshot, self.json, output);
        }
        let proposal = if self.confirmation.yes || assumed() {
            output.write_err(notes(plan));
            Some(proposal)
        } else {
            confirm("Make these tags?", proposal, &snapshot.texts(), output)
        };
        let outcome = proposal.map_or(Ok(Outcome::Declined), |proposal| carry_out(proposal, &session.place, output))?;
        print_outcome(outcome, self.json, output)
    }

    fn request(&self, snapshot: &Snapshot) -> BumpRequest {
        BumpRequest {
            packages: with_members(snapshot, &self.packages).into_iter().map(|name| (name, None)).collect(),
            push: self.push,
            sign: self.sign,
            allow_branch: self.allow_branch,
            // Other differences are not tagged, since the tag is on HEAD.
            allow_dirty: true,
            ..BumpRequest::default()
        }
    }
}
