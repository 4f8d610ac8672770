//! [`Search`]: the part of the history to fetch next, so that a shallow clone holds what is needed and little more.
//!
//! The remote lists its tags and the commits that they point to, but not how far back those are, nor which of them HEAD reaches. So
//! the history grows in steps that double, with a check after each: the result is at most about twice
//! as much as needed. A tag is fetched when HEAD reaches its commit.
//!
//! Git can stop at a tag by itself (`--shallow-exclude`), but then it cuts every merge that has a parent before the tag, as the first
//! merge after a release has, from all of its parents; and it writes down borders that it has not fetched, so that the clone cannot be
//! deepened any more.

use std::collections::BTreeSet;

use crate::config::Prereleases;
use crate::model::{PackageId, PackageIx, Version};
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// What is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchStep {
    /// These tags, by their short names. HEAD reaches their commits already.
    Tags(Vec<String>),
    /// So many commits more on every line of the history.
    Deepen(u32),
    /// The whole history of HEAD.
    Everything,
}

/// A tag of the remote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RemoteTag {
    /// The short name.
    pub name: String,
    /// The commit that it points to, in hexadecimal.
    pub commit: String,
}

/// A tag that may be the last one of a package whose history is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedTag {
    /// The tag.
    pub tag: RemoteTag,
    /// Whether it exists locally.
    pub is_here: bool,
}

/// The first step.
const FIRST_STEP: u32 = 8;
/// After a step of this size, the whole history is fetched.
const LARGEST_STEP: u32 = 1 << 14;

/// The search for missing history. No answer repeats, so it terminates.
#[derive(Debug)]
pub struct Search {
    taken: BTreeSet<String>,
    next: u32,
    is_spent: bool,
}

impl Default for Search {
    fn default() -> Self {
        Self { taken: BTreeSet::new(), next: FIRST_STEP, is_spent: false }
    }
}

impl Search {
    /// Returns the tags to fetch; `None` if none is missing. `wanted` has the tags of each package that lacks or lacked history, the
    /// highest version first; `is_reached` tells of a commit whether HEAD reaches it by what is here. To be asked before anybody takes
    /// the history is considered complete: without its tags, a package would look as if it had never been released.
    pub fn tags(&mut self, wanted: &[Vec<WantedTag>], is_reached: &dyn Fn(&str) -> bool) -> Option<FetchStep> {
        let last = |tags: &'_ Vec<WantedTag>| tags.iter().find(|wanted| is_reached(&wanted.tag.commit)).cloned();
        let absent = wanted.iter().filter_map(last).filter(|wanted| !wanted.is_here).map(|wanted| wanted.tag.name);
        let absent: BTreeSet<String> = absent.collect();
        let absent: Vec<String> = absent.into_iter().filter(|name| self.taken.insert(name.clone())).collect();
        (!absent.is_empty()).then_some(FetchStep::Tags(absent))
    }

    /// Returns how far to deepen the history that still does not suffice; `None` if there is nothing left to fetch.
    pub fn deeper(&mut self) -> Option<FetchStep> {
        let step = self.next;
        if step <= LARGEST_STEP {
            self.next *= 2;
            return Some(FetchStep::Deepen(step));
        }
        let was_spent = std::mem::replace(&mut self.is_spent, true);
        (!was_spent).then_some(FetchStep::Everything)
    }
}

/// Returns the tags on the remote of the packages with these indices, as [`Search::tags`] takes them, and once more without the
/// prereleases where a section tells what came since the last final release. The remote's tags are sorted by their names.
#[must_use]
pub fn wanted_tags(snapshot: &Snapshot, indices: &BTreeSet<PackageIx>, remote: &[RemoteTag]) -> Vec<Vec<WantedTag>> {
    let packages = indices.iter().map(|index| &snapshot.workspace.packages[*index]);
    let wanted = |(_, tag): &(Version, &RemoteTag)| WantedTag {
        tag: (*tag).clone(),
        is_here: snapshot.git.tags.contains(&tag.name),
    };
    let of_package = |package: &Package| {
        let of = near(package, remote).filter_map(|tag| Some((package.tagged(&tag.name)?, tag)));
        let mut tags: Vec<(Version, &RemoteTag)> = of.collect();
        tags.sort_by(|a, b| b.cmp(a));
        let all: Vec<WantedTag> = tags.iter().map(wanted).collect();
        let is_told = snapshot
            .config
            .changelog_of(&package.id)
            .is_some_and(|config| config.takes_commits() && config.prereleases == Prereleases::Keep);
        let finals = tags.iter().filter(|(version, _)| is_told && !version.is_prerelease()).map(wanted).collect();
        [all, finals]
    };
    packages.flat_map(of_package).filter(|tags| !tags.is_empty()).collect()
}

/// The tags that begin as the package's do.
fn near<'a>(package: &'a Package, remote: &'a [RemoteTag]) -> impl Iterator<Item = &'a RemoteTag> {
    let prefix = package.tag.prefix();
    let start = remote.partition_point(|tag| tag.name.as_str() < prefix);
    remote.iter().skip(start).take_while(move |tag| tag.name.starts_with(prefix))
}

/// Returns the packages of which the remote has no tag.
#[must_use]
pub fn untagged(snapshot: &Snapshot, remote: &[RemoteTag]) -> BTreeSet<PackageId> {
    let has_none = |package: &&Package| !near(package, remote).any(|tag| package.tagged(&tag.name).is_some());
    snapshot.workspace.packages.iter().filter(has_none).map(|package| package.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads tags such as `v2@b` and `v1@a!` (here already), the highest first.
    fn tags(text: &&str) -> Vec<WantedTag> {
        let tags = text.split_whitespace().map(|word| {
            let (name, commit) = word.split_once('@').unwrap();
            let tag = RemoteTag { name: name.into(), commit: commit.trim_end_matches('!').into() };
            WantedTag { tag, is_here: word.ends_with('!') }
        });
        tags.collect()
    }

    /// The steps of a search, in short, when each of them finds that HEAD reaches these commits.
    fn steps(wanted: &[&str], reached: &[&str]) -> String {
        let wanted: Vec<Vec<WantedTag>> = wanted.iter().map(tags).collect();
        let mut search = Search::default();
        let mut said = Vec::new();
        for reached in reached {
            said.push(match search.tags(&wanted, &|commit| reached.contains(commit)).or_else(|| search.deeper()) {
                Some(FetchStep::Tags(names)) => format!("+{}", names.join("+")),
                Some(FetchStep::Deepen(by)) => by.to_string(),
                Some(FetchStep::Everything) => "all".into(),
                None => "end".into(),
            });
        }
        said.join(" ")
    }

    #[test]
    fn history_in_steps_and_tags_when_they_are_reached() {
        let cases: &[(&[&str], &[&str], &str)] = &[
            (&["v2@b v1@a"], &["", "b"], "8 +v2"),
            // HEAD never reaches the highest one.
            (&["v2@b v1@a"], &["", "", "a"], "8 16 +v1"),
            // HEAD reaches both, and the higher one is the last.
            (&["v2@b v1@a"], &["ab"], "+v2"),
            // It is here and reached, but other lines of the history are not.
            (&["v2@b! v1@a"], &["b", "b"], "8 16"),
            (&["v2@b v1@a"], &["b", "b", "b"], "+v2 8 16"),
            // A higher one shows up later.
            (&["v2@b v1@a"], &["a", "a", "ab"], "+v1 8 +v2"),
            // Several packages, two of which share a tag, and one without any.
            (&["a1@a", "b1@b", "a1@a", ""], &["", "ab", "ab"], "8 +a1+b1 16"),
            (&["a1@a", "b1@b"], &["a", "a", "ab"], "+a1 8 +b1"),
        ];
        for (wanted, reached, expected) in cases {
            assert_eq!(steps(wanted, reached), *expected, "{wanted:?} {reached:?}");
        }
    }

    #[test]
    fn it_ends() {
        assert_eq!(steps(&["v1@a"], &[""; 14]), "8 16 32 64 128 256 512 1024 2048 4096 8192 16384 all end");
        assert_eq!(steps(&["v1@a"], &["a"; 2]), "+v1 8");
    }
}
