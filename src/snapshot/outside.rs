//! [`Outside`]: what was asked of the remote and of the forge.

use std::collections::{BTreeMap, BTreeSet};

use super::artifacts::ArtifactLook;
use super::look::Look;
use super::tag_look::TagLook;
use crate::model::{CiJob, CommitId, ForgeKind, ForgeRelease, Milestone, WorkItem};

/// What was asked of the remote and of the forge. What is not in it was not asked.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// The remote.
    pub remote: Look<RemoteLook>,
    /// The forge.
    pub forge: Look<ForgeLook>,
    /// How far the branch of HEAD goes out with tags that are on earlier commits; `None` if no branch has to go out for them.
    pub up_to: Option<UpTo>,
    /// The commits of HEAD that release the same as tags that HEAD does not hold, by these tags: a rebase made them anew.
    pub rebased: BTreeMap<String, CommitId>,
    /// The merge of the integration branch into production.
    pub merge: Look<MergeLook>,
    /// What the commands of `[[release.run]]` make, by [`RunLook::key`].
    pub runs: BTreeMap<String, Look<RunLook>>,
    /// The artifacts that no registry may have before the release, by their names.
    pub artifacts: BTreeMap<String, ArtifactLook>,
    /// The programs that commands of gates need and that were not found, by the names of the gates.
    pub missing_programs: BTreeMap<String, Vec<String>>,
    /// The files that are attached to releases, by the globs that name them.
    pub assets: Vec<AssetFile>,
}

/// What a remote has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteLook {
    /// The name of the remote.
    pub name: String,
    /// Whether it was not asked, and this is what was fetched last.
    pub is_remembered: bool,
    /// Its branches, by name, with the commits that they are at.
    pub branches: BTreeMap<String, CommitId>,
    /// Its tags, by name.
    pub tags: BTreeMap<String, TagLook>,
    /// How HEAD stands to the branch that it follows; `None` if it follows none there.
    pub upstream: Option<UpstreamLook>,
    /// What the branch that HEAD's branch is pushed to lacks; `None` on a detached HEAD.
    pub branch: Option<BranchLook>,
    /// The tags of this repository, by name: the object, and the commit that it leads to.
    pub local_tags: BTreeMap<String, TagLook>,
}

/// The branch of the remote that HEAD's branch is pushed to, there or not, and the commits of HEAD that it lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BranchLook {
    /// Its name.
    pub name: String,
    /// The commits of HEAD that it does not hold.
    pub lacks: BTreeSet<String>,
    /// Those of them that no other branch of the remote holds either, as far as they were fetched.
    pub nowhere: BTreeSet<String>,
}

/// The commit up to which a branch goes out, where that is not HEAD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpTo {
    /// The commit.
    pub commit: CommitId,
    /// How many commits of HEAD come after it.
    pub later: u64,
}

/// How HEAD stands to the branch that it follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamLook {
    /// The branch, as in `origin/main`.
    pub name: String,
    /// How many commits of HEAD it does not have.
    pub ahead: u64,
    /// How many commits of it HEAD does not have.
    pub behind: u64,
}

/// What the forge knows of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgeLook {
    /// GitHub or GitLab.
    pub kind: ForgeKind,
    /// All milestones.
    pub milestones: Look<Vec<Milestone>>,
    /// The open issues and requests of the release's milestone.
    pub open: Look<Vec<WorkItem>>,
    /// The results of CI for HEAD.
    pub ci: Look<Vec<CiJob>>,
    /// The releases of each tag that is asked about, drafts among them.
    pub releases: BTreeMap<String, Look<Vec<ForgeRelease>>>,
    /// When the newest release of the forge counts from.
    pub latest: Look<Option<ForgeRelease>>,
}

impl ForgeLook {
    /// Returns what is known of a forge that was not asked.
    #[must_use]
    pub fn of(kind: ForgeKind) -> Self {
        Self {
            kind,
            milestones: Look::NotAsked,
            open: Look::NotAsked,
            ci: Look::NotAsked,
            releases: BTreeMap::new(),
            latest: Look::NotAsked,
        }
    }
}

/// The merge of one branch into another, computed without a checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeLook {
    /// The branch that is merged.
    pub from: String,
    /// The commit that is merged.
    pub commit: CommitId,
    /// The branch that takes it.
    pub into: String,
    /// The commit that this one is at on the remote; `None` if it is not there.
    pub base: Option<CommitId>,
    /// What the merge comes to.
    pub outcome: MergeOutcome,
    /// What `into` has and `from` has not, newest first: ids and subjects, a few.
    pub missing: Vec<(CommitId, String)>,
}

/// What a merge comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeOutcome {
    /// The branch holds the commit already, by this commit on its first-parent line.
    Held {
        /// The merge, or the commit itself.
        by: CommitId,
        /// Its tree.
        tree: String,
    },
    /// The branch can be fast-forwarded.
    FastForward {
        /// The tree of the commit.
        tree: String,
    },
    /// A merge commit with this tree.
    Merged {
        /// The tree.
        tree: String,
    },
    /// A person would have to decide about these paths.
    Conflict {
        /// The paths.
        paths: Vec<String>,
    },
}

/// What a command of `[[release.run]]` makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunLook {
    /// What is not right yet; empty if all is.
    pub missing: Vec<String>,
}

impl RunLook {
    /// Returns what tells a command from the others: its entry, and the tag and package that it is run for.
    #[must_use]
    pub fn key(entry: &str, tag: &str, package: &str) -> String {
        format!("{entry} {tag} {package}")
    }
}

/// A file of the work tree that is attached to a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetFile {
    /// The path below the folder of relman.toml.
    pub path: crate::model::RepoPath,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 digest, in hexadecimal.
    pub sha256: String,
}
