//! [`PlanReport`]: a plan as it is printed, stored, and read by `relman apply`.

use serde::{Deserialize, Serialize};

use super::file_changes::FileChanges;
use super::gate::Gate;
use super::outward::{Outward, OutwardStep, Push, StepId, StepsError, check_steps};
use super::pin_bump::PinBump;
use super::proposal::Proposal;
use super::release_plan::{
    BranchCommit, CommitPlan, ExistingTag, MergePlan, PackageBump, PlannedMilestone, Refusal, ReleaseNotes,
    ReleasePlan, TagPlan,
};
use crate::model::{CommitId, ObjectId, PackageId, TagName};

/// The version of the format of plans.
pub const PLAN_SCHEMA: u32 = 2;

/// A plan, what speaks against it, and, once it was carried out, the ids of what was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "Plan")]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PlanReport {
    /// The version of this format: 2.
    pub schema: u32,
    /// The commit that the plan was made on.
    pub base: Option<CommitId>,
    /// The branch that HEAD was on; null if it was detached.
    pub branch: Option<String>,
    /// The versions that change, or are tagged as they are.
    pub bumps: Vec<PackageBump>,
    /// The pins that move.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<PinBump>,
    /// The files that change, sorted by path.
    pub files: FileChanges,
    /// The commit, where one is made.
    pub commit: Option<ReportedCommit>,
    /// The tags, made at once or not at all.
    pub tags: Vec<ReportedTag>,
    /// The sections of changelogs that this release writes, each without its heading.
    pub release_notes: Vec<ReleaseNotes>,
    /// The tags that are there already and go out with this release.
    #[serde(default)]
    pub existing_tags: Vec<ExistingTag>,
    /// The merge into the branch that ships; null where there is none.
    #[serde(default)]
    pub merge: Option<MergePlan>,
    /// The commits that are made for branches of the remote alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branch_commits: Vec<BranchCommit>,
    /// What must hold before the first write.
    #[serde(default)]
    pub gates: Vec<Gate>,
    /// The milestone of the release; null where there is none.
    #[serde(default)]
    pub milestone: Option<PlannedMilestone>,
    /// What leaves the machine, in this order.
    pub outward: Vec<ReportedStep>,
    /// The pushes among that.
    pub pushes: Vec<Push>,
    /// The time of commit and tags in seconds since 1970, where SOURCE_DATE_EPOCH fixes it.
    pub time: Option<i64>,
    /// Notes for the user about the plan.
    pub notes: Vec<String>,
    /// Why the plan must not be carried out; empty where it may.
    pub refusals: Vec<Refusal>,
}

/// The commit of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReportedCommit {
    /// The whole message.
    pub message: String,
    /// Whether it is signed even where the user's git would not.
    pub sign: bool,
    /// The commit, once it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CommitId>,
}

/// One annotated tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReportedTag {
    /// The tag.
    pub name: TagName,
    /// The package, or the first one of a group with one tag.
    pub package: PackageId,
    /// The whole message.
    pub message: String,
    /// Whether it is signed even where the user's git would not.
    pub sign: bool,
    /// The tag object, once it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ObjectId>,
}

/// One outward step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ReportedStep {
    /// Tells it from the other steps.
    pub id: StepId,
    /// The steps that must be done before it.
    pub after: Vec<StepId>,
    /// How far it is.
    pub state: ReportedState,
    /// What is done, for people.
    pub what: String,
    /// The tag that it is about; null for a push, which may take several.
    pub tag: Option<TagName>,
    /// Where it can be looked at, as far as that is known.
    pub url: Option<String>,
    /// The kind, and what belongs to it.
    #[serde(flatten)]
    pub action: Outward,
}

/// How far an outward step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportedState {
    /// It is still to be done.
    Todo,
    /// It is done.
    Done,
    /// It failed.
    Failed,
    /// A step before it failed, so it was not begun.
    NotAttempted,
}

impl ReportedStep {
    /// Notes that it is done, and where it can be looked at.
    pub fn done(&mut self, at: Option<String>) {
        self.state = ReportedState::Done;
        self.url = at.or(self.url.take());
    }
}

impl From<OutwardStep> for ReportedStep {
    fn from(step: OutwardStep) -> Self {
        let what = step.action.to_string();
        let OutwardStep { id, after, tag, is_done, url, action } = step;
        let state = if is_done { ReportedState::Done } else { ReportedState::Todo };
        Self { id, after, state, what, tag, url, action }
    }
}

impl From<ReportedStep> for OutwardStep {
    fn from(step: ReportedStep) -> Self {
        let ReportedStep { id, after, state, tag, url, action, .. } = step;
        Self { id, after, tag, is_done: state == ReportedState::Done, url, action }
    }
}

fn pushes(steps: &[OutwardStep]) -> Vec<Push> {
    let push = |step: &OutwardStep| match &step.action {
        Outward::Push(push) => Some(push.clone()),
        _ => None,
    };
    steps.iter().filter_map(push).collect()
}

impl From<&Proposal> for PlanReport {
    fn from(proposal: &Proposal) -> Self {
        Self::new(proposal.plan().clone(), proposal.refusals().to_vec())
    }
}

impl PlanReport {
    /// Returns a plan with what speaks against it, as it is printed.
    #[must_use]
    pub fn new(plan: ReleasePlan, refusals: Vec<Refusal>) -> Self {
        let commit = |CommitPlan { message, sign }| ReportedCommit { message, sign, id: None };
        let tag = |TagPlan { name, package, message, sign }| ReportedTag { name, package, message, sign, id: None };
        Self {
            schema: PLAN_SCHEMA,
            base: plan.base,
            branch: plan.branch,
            bumps: plan.bumps,
            pins: plan.pins,
            files: plan.files,
            commit: plan.commit.map(commit),
            tags: plan.tags.into_iter().map(tag).collect(),
            release_notes: plan.release_notes,
            pushes: pushes(&plan.outward),
            existing_tags: plan.existing_tags,
            merge: plan.merge,
            branch_commits: plan.branch_commits,
            gates: plan.gates,
            milestone: plan.milestone,
            outward: plan.outward.into_iter().map(ReportedStep::from).collect(),
            time: plan.time,
            notes: plan.notes,
            refusals,
        }
    }
}

/// Why a plan that was read does not fit together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// The outward steps have no order.
    #[error(transparent)]
    Steps(#[from] StepsError),
    /// The same pushes are listed in two places.
    #[error("`pushes` and `outward` do not list the same pushes")]
    Pushes,
}

impl TryFrom<PlanReport> for Proposal {
    type Error = ReportError;

    fn try_from(report: PlanReport) -> Result<Self, ReportError> {
        let outward: Vec<OutwardStep> = report.outward.into_iter().map(OutwardStep::from).collect();
        check_steps(&outward)?;
        if pushes(&outward) != report.pushes {
            return Err(ReportError::Pushes);
        }
        let commit = |ReportedCommit { message, sign, .. }| CommitPlan { message, sign };
        let tag = |ReportedTag { name, package, message, sign, .. }| TagPlan { name, package, message, sign };
        let plan = ReleasePlan {
            base: report.base,
            branch: report.branch,
            bumps: report.bumps,
            pins: report.pins,
            files: report.files,
            commit: report.commit.map(commit),
            tags: report.tags.into_iter().map(tag).collect(),
            release_notes: report.release_notes,
            existing_tags: report.existing_tags,
            merge: report.merge,
            branch_commits: report.branch_commits,
            gates: report.gates,
            milestone: report.milestone,
            outward,
            time: report.time,
            notes: report.notes,
        };
        Ok(Self::new(plan, report.refusals))
    }
}
