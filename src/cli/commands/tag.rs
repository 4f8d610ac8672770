//! `relman tag`.

use clap::Args;

use crate::capture::{Needs, Reach, Request};
use crate::cli::commands::bump::{carry_out, show, unconfirmed};
use crate::cli::commands::confirmation::Confirmation;
use crate::cli::confirm::{Answer, ask, assumed, can_ask};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{json, notes, plan_text};
use crate::cli::session;
use crate::plan::{BumpRequest, PlanReport, tag};

/// Tag versions that HEAD already contains
///
/// For release commits made with `bump --no-tag` and since merged, squashed or rebased: tags each package whose version is above
/// its last tag and was written by such a commit, or the named packages, whoever wrote their versions. No file
/// changes. If everything is tagged already, relman says so and exits with 0.
#[derive(Debug, Args)]
pub(in crate::cli) struct Tag {
    /// Tag these packages, even if no release commit wrote their versions
    #[arg(value_name = "PACKAGE")]
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
        let place =
            if self.confirmation.dry_run { session::open(global, output)? } else { session::open_to_write(global)? };
        if place.file.is_none() && !self.confirmation.dry_run {
            let help = "`relman init` writes one; `--dry-run` works without";
            return Err(CliError::failed(
                Exit::Usage,
                "relman.toml not found in this folder or any parent folder",
                help,
            ));
        }
        let needs = Needs { changes: true, reach: Reach::Above, push: self.push, history: true, ..Needs::default() };
        let snapshot = session::read(&place, Request { needs, staged: false }, output)?;
        let proposal = tag(&snapshot, &self.request())?;
        let plan = proposal.plan();
        if plan.bumps.is_empty() && !proposal.is_refused() {
            if self.json {
                output.copy(&json(&PlanReport::from(&proposal))?);
            }
            output.words(notes(plan));
            output.say("nothing to tag: every released version in HEAD has a tag");
            return Ok(Exit::Done);
        }
        if self.confirmation.dry_run {
            return show(&proposal, &snapshot, self.json, output);
        }
        if self.confirmation.yes || assumed() || proposal.is_refused() {
            output.words(notes(plan));
            return carry_out(proposal, &place, self.json, output);
        }
        if !can_ask() {
            return carry_out(unconfirmed(proposal), &place, self.json, output);
        }
        output.result(plan_text(plan, &snapshot.texts()));
        if ask(output) != Answer::Accept {
            output.say("nothing was written");
            return Ok(Exit::Refused);
        }
        carry_out(proposal, &place, self.json, output)
    }

    fn request(&self) -> BumpRequest {
        BumpRequest {
            packages: self.packages.iter().map(|name| (name.clone(), None)).collect(),
            push: self.push,
            sign: self.sign,
            allow_branch: self.allow_branch,
            // Other differences are not tagged, since the tag is on HEAD.
            allow_dirty: true,
            ..BumpRequest::default()
        }
    }
}
