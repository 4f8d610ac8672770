//! [`ReleasePlan`]: all that a release does, as a value that can be shown, stored and carried out.

use serde::{Deserialize, Serialize};

use super::file_changes::FileChanges;
use super::gate::Gate;
use super::outward::OutwardStep;
use super::pin_bump::PinBump;
use super::reason::BumpReason;
use crate::model::{CommitId, Level, ObjectId, PackageId, TagName};

/// The version of the format of reports: of status, check and the others. Plans have one of their own.
pub const SCHEMA: u32 = 1;

/// All that a release does. Made by a pure function, carried out by `apply` alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleasePlan {
    /// The commit that the plan was made on.
    pub base: Option<CommitId>,
    /// The branch that HEAD was on; `None` if it was detached.
    pub branch: Option<String>,
    /// The versions that change, or are tagged as they are.
    pub bumps: Vec<PackageBump>,
    /// The pins that move.
    pub pins: Vec<PinBump>,
    /// The files that change.
    pub files: FileChanges,
    /// The commit, where one is made.
    pub commit: Option<CommitPlan>,
    /// The tags, made at once or not at all.
    pub tags: Vec<TagPlan>,
    /// The sections of changelogs that it writes.
    pub release_notes: Vec<ReleaseNotes>,
    /// The tags that are there already and go out with this release.
    pub existing_tags: Vec<ExistingTag>,
    /// The merge into the branch that ships, where one is made.
    pub merge: Option<MergePlan>,
    /// The commits that are made for branches of the remote alone.
    pub branch_commits: Vec<BranchCommit>,
    /// What must hold before the first write.
    pub gates: Vec<Gate>,
    /// The milestone of the release.
    pub milestone: Option<PlannedMilestone>,
    /// What leaves the machine, in this order.
    pub outward: Vec<OutwardStep>,
    /// The time of commit and tags in seconds since 1970, where SOURCE_DATE_EPOCH fixes it.
    pub time: Option<i64>,
    /// Notes for the user about the plan.
    pub notes: Vec<String>,
}

/// A package's step from one version to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PackageBump {
    /// The package.
    pub package: PackageId,
    /// Its version, in the package's spelling.
    pub from: String,
    /// Its next version, in the package's spelling.
    pub to: String,
    /// Why it is released.
    pub reason: BumpReason,
    /// The level that its changes require, where they are the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

/// The commit of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CommitPlan {
    /// The whole message.
    pub message: String,
    /// Whether it is signed even where the user's git would not.
    pub sign: bool,
}

/// One annotated tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TagPlan {
    /// The tag.
    pub name: TagName,
    /// The package, or the first one of a group with one tag.
    pub package: PackageId,
    /// The whole message.
    pub message: String,
    /// Whether it is signed even where the user's git would not.
    pub sign: bool,
}

/// A tag that is there already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExistingTag {
    /// The tag.
    pub name: TagName,
    /// Its package.
    pub package: PackageId,
    /// The tag object, or the commit of a lightweight one.
    pub object: ObjectId,
    /// The commit that it is on.
    pub commit: CommitId,
}

/// The merge of one branch into another, computed without a checkout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MergePlan {
    /// The branch that is merged.
    pub from: String,
    /// The branch that takes it.
    pub into: String,
    /// The parents of the merge commit, that of `into` first; one alone where the branch is fast-forwarded to it.
    pub parents: Vec<CommitId>,
    /// The tree of the result.
    pub tree: String,
    /// The message of the merge commit.
    pub message: String,
    /// Whether it is signed even where the user's git would not.
    pub sign: bool,
}

impl MergePlan {
    /// Returns the commit that the branch is fast-forwarded to; `None` if a merge commit is made.
    #[must_use]
    pub fn fast_forward(&self) -> Option<&CommitId> {
        match self.parents.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// A commit that is on no branch here: a branch of the remote takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BranchCommit {
    /// The branch.
    pub branch: String,
    /// Its parents.
    pub parents: Vec<CommitId>,
    /// Its tree.
    pub tree: String,
    /// Its message.
    pub message: String,
    /// Whether it is signed even where the user's git would not.
    pub sign: bool,
}

impl ReleasePlan {
    /// Returns `true` if it does nothing: it releases nothing, and no step is left to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bumps.is_empty() && self.pins.is_empty() && self.outward.iter().all(|step| step.is_done)
    }
}

/// The milestone of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PlannedMilestone {
    /// Its title.
    pub title: String,
    /// Its number, as the forge shows it; null if the forge was not asked.
    pub number: Option<u64>,
    /// Where it can be looked at.
    pub url: Option<String>,
    /// How many of its issues are open; null if the forge was not asked.
    pub open_issues: Option<u64>,
    /// How many of its requests are open; null if the forge was not asked.
    pub open_requests: Option<u64>,
}

/// What a changelog says of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReleaseNotes {
    /// The tag of the release.
    pub tag: TagName,
    /// The package, or the first one of those that share the section.
    pub package: PackageId,
    /// The version, in the package's spelling.
    pub version: String,
    /// The section without its heading, with the definitions of its links. Its lines end in line feeds.
    pub body: String,
}

/// Why a plan must not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Refusal {
    /// The code, for machines.
    pub code: RefusalCode,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// The codes of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCode {
    /// A tracked file differs from HEAD.
    Dirty,
    /// Releases are not cut from this branch.
    Branch,
    /// HEAD is on no branch.
    Detached,
    /// The version is tagged already, or another tag is in the way of its tag.
    TagExists,
    /// Git cannot hold a tag of the name.
    TagName,
    /// The package is never tagged.
    NeverTagged,
    /// The slots of a package do not hold one version.
    Drift,
    /// The requested version is lower than the current one.
    NotHigher,
    /// The path of a Go module does not end in the major version that it would have.
    ModulePath,
    /// The requested stage precedes the current one.
    Backwards,
    /// The version is not a prerelease that could be finished.
    AlreadyStable,
    /// A section of a changelog would be empty.
    EmptySection,
    /// A section of a changelog needs a summary.
    SummaryMissing,
    /// No heading of the changelog is recognised as a section, but it lists releases.
    ChangelogStyle,
    /// The changelog has a section of the version, which is not tagged.
    SectionExists,
    /// The plan was not confirmed.
    NoConfirmation,
    /// HEAD or a file moved since the plan was made.
    Stale,
    /// An earlier run was interrupted.
    Interrupted,
    /// Another process is running.
    Locked,
    /// A sparse checkout has not written out a file that the plan edits.
    Sparse,
    /// A merge, a rebase or the like was begun and not ended.
    InProgress,
    /// A gate failed, or could not be looked at.
    Gate,
    /// The milestone of the release was not found, or is not the only one.
    Milestone,
    /// The changelog has no section of the version.
    NoSection,
    /// The integration branch cannot be merged into the one that ships.
    MergeConflict,
    /// The remote has something else than the plan was made for.
    RemoteMoved,
    /// The forge was not found, or does not answer.
    Forge,
    /// A generator changed what is not its own.
    Generate,
    /// A plugin was not asked, or does not find what was planned.
    Plugin,
    /// A pin cannot be moved: its upstream lacks the release, or it has lost a place.
    Pin,
}
