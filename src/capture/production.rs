//! [`Production`]: the tags of the production branch, which the integration branch does not reach after a merge.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{CaptureNeeds, Reach};
use crate::config::{Config, LastTag};
use crate::io::{Git, GitError};
use crate::snapshot::GitFacts;
use crate::workspace::Package;

/// The commits that only production has, and which of them are releases of what HEAD holds.
#[derive(Debug, Default)]
pub(super) struct Production {
    /// Each commit that HEAD does not reach, with its parents.
    parents: BTreeMap<String, Vec<String>>,
    /// Those whose tags count.
    counted: BTreeSet<String>,
    /// Whether a tag counts only up to the version of its package.
    is_limited: bool,
}

impl Production {
    /// Reads the commits of production, local and as last fetched. Nothing is read if it does not matter which tags are reached, HEAD is
    /// production, or relman.toml does not have both branches.
    ///
    /// On the integration branch, all of them count. Any other HEAD may come from integration or from an earlier release, for a fix: there a
    /// commit counts if it is, or follows, a merge of something that HEAD holds.
    pub(super) fn read(git: &Git, config: &Config, facts: &GitFacts, needs: CaptureNeeds) -> Result<Self, GitError> {
        if !needs.history && needs.reach == Reach::Any {
            return Ok(Self::default());
        }
        if let (LastTag::MergeBase, Some(head), false) = (config.workspace.last_tag, &facts.commit, facts.is_hotfix) {
            return Self::of_tags(git, head.as_str());
        }
        let branches = config.release.as_ref().map(|release| (&release.integration, &release.production));
        let (Some((Some(integration), Some(production))), Some(head)) = (branches, &facts.commit) else {
            return Ok(Self::default());
        };
        // A hotfix continues the line of its tag, whatever production holds by now.
        if facts.branch.as_ref() == Some(production) || facts.is_hotfix {
            return Ok(Self::default());
        }
        let remote = config.forge.as_ref().map_or("origin", |forge| forge.remote.as_str());
        let names = |branch: &str| [format!("refs/heads/{branch}"), format!("refs/remotes/{remote}/{branch}")];
        let (integration_refs, production_refs) = (names(integration), names(production));
        let asked: Vec<&str> = integration_refs.iter().chain(&production_refs).map(String::as_str).collect();
        let found = git.refs(&asked)?;
        let tips = |names: &[String; 2]| -> Vec<&str> {
            let of_branch = found.iter().filter(|found| names.contains(&found.name));
            of_branch.map(|found| found.oid.as_str()).collect()
        };
        let is_integration =
            facts.branch.as_ref() == Some(integration) || tips(&integration_refs).contains(&head.as_str());
        let tips = tips(&production_refs);
        if tips.iter().all(|tip| *tip == head.as_str()) {
            return Ok(Self::default());
        }
        let parents = git.commits_beyond(&tips, head.as_str())?;
        let mut read = Self { parents, ..Self::default() };
        let counted: Vec<String> =
            read.parents.keys().filter(|commit| is_integration || read.brings_head(commit)).cloned().collect();
        read.counted.extend(counted);
        Ok(read)
    }

    /// Reads the commits of all tags that HEAD does not reach. Those count that share history with it.
    fn of_tags(git: &Git, head: &str) -> Result<Self, GitError> {
        let tagged: BTreeSet<String> = git.tag_targets()?.into_iter().filter_map(|(_, commit)| commit).collect();
        if tagged.is_empty() {
            return Ok(Self::default());
        }
        let tips: Vec<&str> = tagged.iter().map(String::as_str).collect();
        let read = Self { parents: git.commits_beyond(&tips, head)?, is_limited: true, ..Self::default() };
        let counted: BTreeSet<String> =
            read.joined().intersection(&tips.into_iter().collect()).map(|c| (*c).to_owned()).collect();
        Ok(Self { counted, ..read })
    }

    /// Returns the commits that have something of HEAD's history before them.
    fn joined(&self) -> BTreeSet<&str> {
        let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut waiting = Vec::new();
        for (commit, parents) in &self.parents {
            for parent in parents {
                match self.parents.get_key_value(parent) {
                    Some((parent, _)) => children.entry(parent).or_default().push(commit),
                    None => waiting.push(commit.as_str()),
                }
            }
        }
        let mut joined = BTreeSet::new();
        while let Some(commit) = waiting.pop() {
            if joined.insert(commit) {
                waiting.extend(children.get(commit).into_iter().flatten());
            }
        }
        joined
    }

    /// Returns `true` if no tag of production counts.
    pub(super) fn is_empty(&self) -> bool {
        self.counted.is_empty()
    }

    /// Returns `true` if tags of this commit count.
    pub(super) fn counts(&self, commit: &str) -> bool {
        self.counted.contains(commit)
    }

    /// Returns the commits of HEAD's history that this commit of production contains, the last ones; `None` if it does not count.
    pub(super) fn border(&self, commit: &str) -> Option<Vec<&str>> {
        self.counts(commit).then(|| {
            let parents = self.reached(commit).into_values().flatten();
            parents.map(String::as_str).filter(|parent| !self.parents.contains_key(*parent)).collect()
        })
    }

    /// Returns the names of the tags that count.
    pub(super) fn tags(&self, git: &Git, packages: &[Package]) -> Result<Vec<String>, GitError> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let tagged = git.tag_targets()?.into_iter();
        let counts = |(name, commit): (String, Option<String>)| self.counted.contains(&commit?).then_some(name);
        let is_above = |name: &String, package: &Package| {
            let versions = package.tagged(name).zip(package.version());
            versions.is_some_and(|(tagged, version)| tagged > *version)
        };
        let is_in_reach = |name: &String| !self.is_limited || !packages.iter().any(|package| is_above(name, package));
        Ok(tagged.filter_map(counts).filter(is_in_reach).collect())
    }

    /// Returns `true` if the commit is or follows a merge that brought something of HEAD's history.
    fn brings_head(&self, commit: &str) -> bool {
        let brought = |parents: &Vec<String>| parents.iter().skip(1).any(|parent| !self.parents.contains_key(parent));
        self.reached(commit).into_iter().any(|(_, parents)| brought(parents))
    }

    /// Returns this commit of production and those before it, with their parents.
    fn reached(&self, commit: &str) -> BTreeMap<&str, &Vec<String>> {
        let mut reached = BTreeMap::new();
        let mut waiting = vec![commit];
        while let Some(commit) = waiting.pop() {
            if let Some((commit, parents)) = self.parents.get_key_value(commit)
                && reached.insert(commit.as_str(), parents).is_none()
            {
                waiting.extend(parents.iter().map(String::as_str));
            }
        }
        reached
    }
}
