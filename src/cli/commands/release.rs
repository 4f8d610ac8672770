//! `relman release`.

use std::time::Duration;

use clap::Args;

use crate::cli::commands::confirmation::Confirmation;
use crate::cli::commands::gate_args::GateArgs;
use crate::cli::commands::outcome::{print_outcome, print_proposal, print_settled};
use crate::cli::commands::verify::exit_of;
use crate::cli::confirm::assumed;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{out_already, verify_text};
use crate::io;
use crate::plan::{BumpRequest, DeliveryRequest, Outward, OutwardStep, ReleasePlan, VerifyRequest};
use crate::process::{
    DeliveryOptions, Outcome, ReleaseOptions, Session, VerifyOptions, Wait, deliver, propose, propose_delivery, verify,
};

/// What `relman release --help` ends with.
const EXAMPLES: &str = "\
Examples:
  relman release                    tags that the remote lacks, and released versions without a tag
  relman release v0.7.0             one tag; steps that are done already are left alone
  relman release minor              `relman bump minor` first
  relman release api minor          `relman bump api minor` first
  relman release --milestone 0.7    the version of this milestone, prepared before
  relman release --draft            stops before the release on the forge becomes public
  relman release --publish v0.7.0   makes a draft public
  relman release --from-tag --yes   in the CI job of a tag";

/// How long `--wait` waits where relman.toml does not say.
const WAIT: Duration = Duration::from_secs(20 * 60);

/// Returns `true` if the words ask for a bump, and do not name tags: every tag has a version in it.
fn asks_to_bump(words: &[String]) -> bool {
    let has_digit = |word: &String| word.contains(|c: char| c.is_ascii_digit());
    let is_level = |word: &String| matches!(word.as_str(), "major" | "minor" | "patch" | "auto" | "release" | "final");
    words.first().is_some_and(|first| !has_digit(first)) || words.iter().any(is_level)
}

/// The kinds of outward steps.
const KINDS: [&str; 13] = [
    "merge",
    "push",
    "wait",
    "back",
    "run",
    "forge-release",
    "asset",
    "publish",
    "latest",
    "floating",
    "milestone",
    "request",
    "announce",
];

/// Carry releases to the remote and the forge: push, publish, close the milestone
///
/// Merges the integration branch, pushes branch and tags, creates the release on the forge with its section of the changelog, attaches
/// files, publishes it, and closes the milestone, as far as relman.toml asks for it. Each step is looked at first, so a second run does
/// what is left, even on another machine. If it stops on the way, it exits with 6, and `relman resume` continues.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Release {
    /// What to bump first, as for `relman bump`: a level and a stage, packages, groups; or the tags to release
    #[arg(value_name = "NAME | LEVEL | STAGE | TAG")]
    words: Vec<String>,
    #[command(flatten)]
    confirmation: Confirmation,
    /// Release the version of this milestone, by its title or number
    #[arg(long, value_name = "MILESTONE")]
    milestone: Option<String>,
    /// Stop before the release on the forge becomes public
    #[arg(long, conflicts_with = "publish")]
    draft: bool,
    /// Publish drafts, and do the steps after that
    #[arg(long)]
    publish: bool,
    /// Release the tag of this CI job, on the forge only
    #[arg(long, conflicts_with_all = ["words", "milestone", "publish"])]
    from_tag: bool,
    /// Do steps of this kind only
    #[arg(long, value_name = "KIND", value_parser = KINDS)]
    only: Vec<String>,
    /// Take this command of `[[release.run]]` as done
    #[arg(long, value_name = "RUN")]
    done: Vec<String>,
    /// Run this command of `[[release.run]]` again
    #[arg(long, value_name = "RUN", conflicts_with = "done")]
    again: Vec<String>,
    /// Verify afterwards that the release has arrived, and wait for it
    #[arg(long, conflicts_with_all = ["dry_run", "draft"])]
    wait: bool,
    /// Sign tags and merges
    #[arg(long)]
    sign: bool,
    /// Allow any branch, and a detached HEAD
    #[arg(help_heading = "Guards", long)]
    allow_branch: bool,
    #[command(flatten)]
    gates: GateArgs,
    /// Print the plan as one JSON object
    #[arg(long)]
    json: bool,
}

impl Release {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let is_dry = self.confirmation.dry_run;
        let mut session = Session::open_for(!is_dry, global.opening(), output)?;
        session.needs_configuration()?;
        let asks = !is_dry && !self.confirmation.yes && !assumed();
        let mut bump = self.bump(asks)?;
        if let Some(first) = bump.as_mut().filter(|_| is_dry) {
            let (snapshot, proposal) = propose(&mut session, first, output)?;
            let exit = print_proposal(&proposal, &snapshot, self.json, output)?;
            if exit == Exit::Done {
                output.say("what is sent is planned once this is committed: then `relman release --dry-run` shows it");
            }
            return Ok(exit);
        }
        let mut options = DeliveryOptions {
            request: self.request()?,
            bump,
            asks,
            gates: self.gates.options(is_dry, self.milestone.clone())?,
        };
        if is_dry {
            let proposed = propose_delivery(&session, &options, output)?;
            if proposed.proposal.plan().bumps.is_empty() && !proposed.proposal.is_refused() {
                return self.nothing(proposed.proposal.plan(), output);
            }
            return print_proposal(&proposed.proposal, &proposed.snapshot, self.json, output);
        }
        match deliver(&mut session, &mut options, output)? {
            Outcome::Nothing(plan) => {
                self.nothing(&plan, output)?;
                self.verify(&session, tags_of_plan(&plan), output)
            }
            outcome => {
                let next = match &outcome {
                    Outcome::Done(plan, _) => self.next(plan),
                    _ => None,
                };
                let goes_on = !matches!(&outcome, Outcome::Done(_, receipt) if receipt.stopped_by.is_some());
                let tags = tags_of(&outcome);
                let exit = print_outcome(outcome, self.json, output)?;
                if let Some(next) = next {
                    output.say(format_args!("next: {next}"));
                }
                if exit == Exit::Done && goes_on { self.verify(&session, tags, output) } else { Ok(exit) }
            }
        }
    }

    /// Looks whether the release has arrived, where that was asked for.
    fn verify(&self, session: &Session, tags: Vec<String>, output: &mut Output) -> Result<Exit, CliError> {
        if !self.wait {
            return Ok(Exit::Done);
        }
        if tags.is_empty() {
            output.say("nothing to wait for; `relman verify` looks at the newest release");
            return Ok(Exit::Done);
        }
        io::note_left(format!(
            "the release is out; run `relman verify {} --wait 20m` to go on waiting",
            tags.join(" ")
        ));
        let (request, patience) = (VerifyRequest { tags, only: Vec::new() }, self.gates.patience()?);
        let report =
            verify(session, &VerifyOptions { request, wait: Wait::AtLeast(WAIT), announces: false, patience }, output)?;
        output.write_err(verify_text(&report, output.width()));
        Ok(exit_of(&report))
    }

    /// The command that comes next, as it can be typed; `None` if all is done.
    fn next(&self, plan: &ReleasePlan) -> Option<String> {
        let is_request = |step: &&OutwardStep| matches!(step.action, Outward::Request(_));
        if plan.tags.is_empty() && plan.existing_tags.is_empty() && plan.outward.iter().any(|step| is_request(&step)) {
            return Some("relman release (once the request is merged)".to_owned());
        }
        if self.draft {
            let tags: Vec<&str> = plan.release_notes.iter().map(|notes| notes.tag.as_str()).collect();
            return (!tags.is_empty()).then(|| format!("relman release --publish {}", tags.join(" ")));
        }
        let takes_head = |step: &OutwardStep| match &step.action {
            Outward::Back(back) => plan.branch.as_ref() == Some(&back.branch),
            _ => false,
        };
        plan.outward.iter().any(takes_head).then(|| "git pull --ff-only".to_owned())
    }

    /// All that was asked for is true already.
    fn nothing(&self, plan: &ReleasePlan, output: &mut Output) -> Result<Exit, CliError> {
        print_settled(plan, self.json, out_already(plan), output)
    }

    /// What is bumped first, if anything.
    fn bump(&self, asks: bool) -> Result<Option<ReleaseOptions>, CliError> {
        if !asks_to_bump(&self.words) {
            return Ok(None);
        }
        let request = BumpRequest {
            words: self.words.clone(),
            sign: self.sign,
            allow_branch: self.allow_branch,
            ..BumpRequest::default()
        };
        let gates = self.gates.options(self.confirmation.dry_run, None)?;
        Ok(Some(ReleaseOptions { request, asks, gates, no_tag_before_merge: true, ..ReleaseOptions::default() }))
    }

    fn request(&self) -> Result<DeliveryRequest, CliError> {
        let mut tags = if asks_to_bump(&self.words) { Vec::new() } else { self.words.clone() };
        if self.from_tag {
            tags.push(ci_tag()?);
        }
        Ok(DeliveryRequest {
            tags,
            version: None,
            draft: self.draft,
            publish: self.publish,
            from_tag: self.from_tag,
            only: self.only.clone(),
            done: self.done.clone(),
            again: self.again.clone(),
            skip: self.gates.skipped(),
            sign: self.sign,
            allow_branch: self.allow_branch,
        })
    }
}

/// The tags that a release was about.
fn tags_of(outcome: &Outcome) -> Vec<String> {
    match outcome {
        Outcome::Done(plan, _) => tags_of_plan(plan),
        _ => Vec::new(),
    }
}

fn tags_of_plan(plan: &ReleasePlan) -> Vec<String> {
    let made = plan.tags.iter().map(|tag| tag.name.to_string());
    made.chain(plan.existing_tags.iter().map(|tag| tag.name.to_string())).collect()
}

/// The tag that CI runs for.
fn ci_tag() -> Result<String, CliError> {
    let gitlab = io::variable("CI_COMMIT_TAG").filter(|tag| !tag.is_empty());
    let is_tag = io::variable("GITHUB_REF_TYPE").is_some_and(|kind| kind == "tag");
    let github = io::variable("GITHUB_REF_NAME").filter(|tag| is_tag && !tag.is_empty());
    gitlab.or(github).ok_or_else(|| {
        let message = "this is not the CI job of a tag: CI_COMMIT_TAG is not set, and GITHUB_REF_NAME is not a tag";
        CliError::failed(Exit::Usage, message, "run the job for tags only, or name the tag: `relman release TAG`")
    })
}
