//! [`Discovery`]: the content of a repository, for a proposed relman.toml.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Past;
use crate::manifest::{Found, ManifestType};
use crate::model::{RepoPath, Version};

/// How many of the newest releases of one form of tags show which files move with them.
pub const NEWEST_RELEASES: usize = 3;

/// The content of a repository.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// Every known manifest, sorted by path.
    pub manifests: Vec<FoundManifest>,
    /// Every known lock file, and the other folders whose packages it has entries for.
    pub locks: BTreeMap<RepoPath, BTreeSet<RepoPath>>,
    /// The versions that a file records for folders without saying more of them, and that file.
    pub recorded: BTreeMap<RepoPath, (RepoPath, Version)>,
    /// The texts of the files from which dynamic versions are read.
    pub sources: BTreeMap<RepoPath, String>,
    /// The files that changed with each of the newest releases, and held the version of the newest one.
    pub followed: BTreeMap<RepoPath, FollowedFile>,
    /// Every tag.
    pub tags: Vec<FoundTag>,
    /// The globs of tags that mean nothing by the relman.toml that exists.
    pub ignored: Vec<String>,
    /// The names of the tags that HEAD does not reach.
    pub unreached: BTreeSet<String>,
    /// The branches that releases may be cut from.
    pub branches: Branches,
    /// The newest commits of HEAD, the newest first.
    pub commits: Vec<RecentCommit>,
    /// The changelogs at the top and beside manifests.
    pub changelogs: BTreeMap<RepoPath, String>,
    /// The files in folders that relman would take for fragments of a changelog.
    pub fragments: Vec<RepoPath>,
    /// The texts of other tools' files at the top and beside manifests.
    pub tool_files: BTreeMap<RepoPath, Arc<str>>,
    /// The texts of the files that those name.
    pub named_files: BTreeMap<RepoPath, Arc<str>>,
    /// What manifests held at the newest tags.
    pub past: Past,
    /// The folders that a workspace of Cargo, npm, pnpm or uv names as its members, or globs of them.
    pub members: Vec<String>,
    /// The folders that such a workspace leaves out, or globs of them.
    pub not_members: Vec<String>,
    /// The top folders of other repositories inside this one.
    pub nested: BTreeSet<RepoPath>,
}

/// The branches that releases may be cut from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branches {
    /// The branch that HEAD is on.
    pub head: Option<String>,
    /// The default branch of the remote `origin`.
    pub default: Option<String>,
    /// The other branches that have newest tags which HEAD does not reach, sorted.
    pub tagged: Vec<String>,
}

/// A file that changed with each of the newest releases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowedFile {
    /// Its text now.
    pub now: String,
    /// Its text at the commits of these releases.
    pub then: BTreeMap<String, String>,
}

/// A manifest.
#[derive(Clone, Debug)]
pub struct FoundManifest {
    /// The file.
    pub path: RepoPath,
    /// Its type.
    pub kind: ManifestType,
    /// Its content; `None` if it cannot be read.
    pub found: Option<Found>,
    /// Whether it says that its package must not be published.
    pub is_private: bool,
}

/// A tag.
#[derive(Clone, Debug)]
pub struct FoundTag {
    /// Its short name.
    pub name: String,
    /// The commit that it points to.
    pub commit: String,
}

/// A commit, as its subject and its parents show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentCommit {
    /// Whether it has more than one parent.
    pub is_merge: bool,
    /// The first line of its message.
    pub subject: String,
}
