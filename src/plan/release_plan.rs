//! [`Plan`]: all that a run will do, as a value that can be printed, stored and carried out.

use serde::{Deserialize, Serialize};

use super::reason::BumpReason;
use crate::model::{CommitId, ObjectId, PackageId, RepoPath, TagName};
use crate::text::{Fingerprint, TextEdits};

/// The version of the plan's format.
pub const SCHEMA: u32 = 1;

/// All that a run will do. Made by a pure function, carried out by `apply` alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Plan {
    /// The version of this format: 1.
    pub schema: u32,
    /// The commit that the plan was made on.
    pub base: Option<CommitId>,
    /// The branch that HEAD was on; absent if it was detached.
    pub branch: Option<String>,
    /// The versions that change, or are tagged as they are.
    pub bumps: Vec<PackageBump>,
    /// The files that change, sorted by path.
    pub files: Vec<FilePlan>,
    /// The commit, where one is made.
    pub commit: Option<CommitPlan>,
    /// The tags, made at once or not at all.
    pub tags: Vec<TagPlan>,
    /// The pushes, one after the other.
    pub pushes: Vec<PushPlan>,
    /// The time of commit and tags in seconds since 1970, where SOURCE_DATE_EPOCH fixes it.
    pub time: Option<i64>,
    /// What a person should know about the plan.
    pub notes: Vec<String>,
    /// Why the plan must not be carried out; empty where it may.
    pub refusals: Vec<Refusal>,
}

impl Plan {
    /// Returns a plan that writes one new file and does nothing else.
    #[must_use]
    pub fn of_new_file(path: RepoPath, text: String) -> Self {
        let (slots, edits) = (Vec::new(), TextEdits::default());
        Self::of_files(vec![FilePlan { path, action: Action::Create, slots, before: None, edits, content: Some(text) }])
    }

    /// Returns a plan that changes files and nothing else, wherever HEAD is.
    #[must_use]
    pub fn of_files(files: Vec<FilePlan>) -> Self {
        Self {
            schema: SCHEMA,
            base: None,
            branch: None,
            bumps: Vec::new(),
            files,
            commit: None,
            tags: Vec::new(),
            pushes: Vec::new(),
            time: None,
            notes: Vec::new(),
            refusals: Vec::new(),
        }
    }
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
}

/// What is done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Some bytes change.
    Edit,
    /// It comes into being.
    Create,
    /// It goes.
    Delete,
}

/// What happens to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FilePlan {
    /// The file; never a symbolic link.
    pub path: RepoPath,
    /// What is done to it.
    pub action: Action,
    /// The versions and requirements that change in it.
    pub slots: Vec<SlotChange>,
    /// The file as it was read; absent if it is created.
    pub before: Option<Fingerprint>,
    /// The edits of an existing file.
    pub edits: TextEdits,
    /// The text of a new file.
    pub content: Option<String>,
}

/// A version or a requirement that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SlotChange {
    /// The line, from 1.
    pub line: usize,
    /// The value that stands there.
    pub from: String,
    /// The value that will.
    pub to: String,
}

/// The commit of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CommitPlan {
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
pub struct TagPlan {
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

/// One atomic push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PushPlan {
    /// The name of the remote.
    pub remote: String,
    /// The branch on the remote that takes HEAD, where the branch is pushed.
    pub branch: Option<String>,
    /// The tags that go along.
    pub tags: Vec<TagName>,
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
    /// The slots of a package do not hold one version.
    Drift,
    /// The version asked for is lower than the current one.
    NotHigher,
    /// The stage asked for lies before the current one.
    Backwards,
    /// The version is not a prerelease that could be finished.
    AlreadyStable,
    /// A section of a changelog would say nothing.
    EmptySection,
    /// A section of a changelog needs a summary.
    SummaryMissing,
    /// No heading of the changelog reads as that of a section, and it tells of releases.
    ChangelogStyle,
    /// The changelog has a section of the version, which is not tagged.
    SectionExists,
    /// Nobody confirmed.
    NoConfirmation,
    /// HEAD or a file moved since the plan was made.
    Stale,
    /// An earlier run was interrupted.
    Interrupted,
    /// Another process is at work.
    Locked,
    /// A sparse checkout has not written out a file that the plan edits.
    Sparse,
    /// A merge, a rebase or the like was begun and not ended.
    InProgress,
}
