//! [`History`]: the changes of each package since its last release.

use std::collections::BTreeSet;

use super::message::Message;
use crate::model::{CommitId, CommitIx, IndexVec, PackageIx, Version};

/// The history that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The commits that are a change of some package, newest first.
    pub commits: IndexVec<CommitIx, Commit>,
    /// What each package has gathered.
    pub packages: IndexVec<PackageIx, UnreleasedChanges>,
}

/// A commit that is a change of some package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: CommitId,
    /// Its message.
    pub message: Message,
}

/// The changes of a package since its last release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnreleasedChanges {
    /// Its last tag; `None` if it was never released.
    pub last: Option<LastTag>,
    /// Its last release, if that is not tagged yet.
    pub untagged: Option<Untagged>,
    /// Its changes: indices into [`History::commits`], newest first.
    pub commits: Vec<CommitIx>,
    /// Those of them that do not count: reverted commits, and the commits that reverted them.
    pub cancelled: BTreeSet<CommitIx>,
    /// Whether part of its history is missing from a shallow clone, so that its changes are unknown.
    pub is_cut_off: bool,
    /// Its changes since its last stable release; `None` if that was not requested, or no prerelease was tagged.
    pub since_final: Option<SinceStable>,
}

/// The changes of a package since its last stable release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SinceStable {
    /// Its changes that count: indices into [`History::commits`], newest first.
    pub commits: Vec<CommitIx>,
    /// Whether part of that history is missing from a shallow clone.
    pub is_cut_off: bool,
    /// When the last commit of that release was made, as [`LastTag::time`]; `None` before the first one.
    pub time: Option<i64>,
}

/// The tag of a package's last release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastTag {
    /// Its short name.
    pub name: String,
    /// The version in it.
    pub version: Version,
    /// When the last commit that it shares with HEAD was made, in seconds since 1970, if that was requested.
    pub time: Option<i64>,
}

/// A release that a commit of relman made, and that has no tag yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untagged {
    /// The commit.
    pub commit: CommitId,
    /// The version.
    pub version: Version,
}

impl UnreleasedChanges {
    /// Returns `true` if a release commit wrote this version, and no tag has it yet.
    #[must_use]
    pub fn has_released(&self, version: &Version) -> bool {
        self.untagged.as_ref().is_some_and(|untagged| untagged.version == *version)
    }
}

impl History {
    /// Returns the changes of a package that count, newest first.
    pub fn of(&self, package: PackageIx) -> impl Iterator<Item = &Commit> {
        self.all_of(package).filter(|(_, counts)| *counts).map(|(commit, _)| commit)
    }

    /// Returns the changes of a package, newest first, and whether each of them counts.
    pub fn all_of(&self, package: PackageIx) -> impl Iterator<Item = (&Commit, bool)> {
        let gathered = &self.packages[package];
        gathered.commits.iter().map(|at| (&self.commits[*at], !gathered.cancelled.contains(at)))
    }
}

impl UnreleasedChanges {
    /// Returns when the release was made that the next section follows, in seconds since 1970, if that was requested: the last one, or the
    /// last final one.
    #[must_use]
    pub fn told_since(&self) -> Option<i64> {
        match &self.since_final {
            Some(since) => since.time,
            None => self.last.as_ref().and_then(|last| last.time),
        }
    }

    /// Returns the changes that count for the section of its next release, newest first, and whether some of them are missing. They are
    /// those since its last tag, or since its last final release if that was requested.
    #[must_use]
    pub fn told(&self) -> (Vec<CommitIx>, bool) {
        match &self.since_final {
            Some(since) => (since.commits.clone(), since.is_cut_off),
            None => (self.commits.iter().filter(|at| !self.cancelled.contains(at)).copied().collect(), self.is_cut_off),
        }
    }
}
