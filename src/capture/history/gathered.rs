//! The result of a walk over the history, collected for each package.

use std::collections::{BTreeMap, BTreeSet};

use super::{Walk, Wanted};
use crate::history::{
    Commit, Cover, Graph, History, LastTag, Message, SinceStable, UnreleasedChanges, Untagged, cancelled,
};
use crate::model::{CommitId, CommitIx, GraphIx, IndexVec, PackageIx, Position, Version};

impl Walk<'_> {
    /// Returns `true` if a package may have a tag although HEAD reaches none: in a shallow clone a tag may lie below the border, and
    /// such clones are often made without any tag.
    fn may_lack_tag(&self, wanted: &Wanted<'_>) -> bool {
        let has_none = wanted.is_untagged && wanted.tags.is_empty() && !wanted.is_never_tagged;
        let is_untagged = wanted.is_new || has_none;
        let has_cut = || self.graph.read().iter().any(|number| self.cut.contains(self.graph.id(*number)));
        !is_untagged && !self.cut.is_empty() && (!self.ended || has_cut())
    }

    /// The last release that has no tag, or none yet.
    fn last_named(&self, wanted: &Wanted<'_>) -> Option<Untagged> {
        let of_commit = |commit: &str, version: &Version| {
            let (commit, version) = (CommitId::new(commit), version.clone());
            Untagged { commit, version }
        };
        // They are listed newest first.
        let named = self.untagged(wanted).into_iter().rev().max_by(|(_, one), (_, other)| one.cmp(other));
        let named = named.map(|(commit, version)| of_commit(self.graph.id(commit), version));
        named.or_else(|| wanted.changed.as_ref().map(|(commit, version)| of_commit(commit, version)))
    }

    /// Collects the result.
    ///
    /// `cover` is that of all that was read, `times` are those of the commits of [`Self::released`], as far as they were requested.
    pub(super) fn gathered(mut self, wanted: &[Wanted<'_>], cover: &Cover, times: &BTreeMap<String, i64>) -> History {
        let mut commits = IndexVec::<CommitIx, Commit>::default();
        let mut packages = IndexVec::<PackageIx, UnreleasedChanges>::default();
        let mut of_package: BTreeMap<PackageIx, Vec<usize>> = BTreeMap::new();
        for (at, wanted) in wanted.iter().enumerate() {
            of_package.entry(wanted.package).or_default().push(at);
            let last = self.last_tag(wanted);
            let is_known = last.is_some() || (wanted.is_never_tagged && self.last_named(wanted).is_some());
            let is_cut_off = !cover.is_complete_for(at) || (!is_known && self.may_lack_tag(wanted));
            let time = self.released(wanted).into_iter().filter_map(|id| times.get(id)).max().copied();
            if wanted.is_final {
                // They come after all packages.
                packages[wanted.package].since_final = Some(SinceStable { commits: Vec::new(), is_cut_off, time });
                continue;
            }
            let untagged = self.last_named(wanted);
            packages.push(UnreleasedChanges {
                untagged,
                last: last.map(|(version, name, _)| LastTag {
                    name: (*name).to_owned(),
                    version: version.clone(),
                    time,
                }),
                is_cut_off,
                ..UnreleasedChanges::default()
            });
        }
        for number in self.graph.read() {
            let touched = self.touched.get(number).map_or(&[][..], Vec::as_slice);
            let counts = |at: &&usize| !cover.is_behind(*number, **at);
            let next = CommitIx::new(commits.len());
            let mut counted = false;
            for at in touched.iter().filter_map(|package| of_package.get(package)).flatten().filter(counts) {
                let Some(wanted) = wanted.get(*at) else { continue };
                let gathered = &mut packages[wanted.package];
                counted = true;
                match gathered.since_final.as_mut().filter(|_| wanted.is_final) {
                    Some(since) => since.commits.push(next),
                    None => gathered.commits.push(next),
                }
            }
            if counted {
                let message = said(&mut self.messages, &self.graph, *number);
                commits.push(Commit { id: CommitId::new(self.graph.id(*number)), message });
            }
        }
        let packages = packages.into_iter().map(|gathered| without_cancelled(&commits, gathered)).collect();
        // Of a long history, freeing all that takes a while.
        let read = (self.graph, self.trees, self.messages, self.touched);
        rayon::spawn(|| drop(read));
        History { commits, packages }
    }
}

/// Adds a commit's message. A revert of a merge records the commits that the merge brought in.
fn said(messages: &mut BTreeMap<GraphIx, Message>, graph: &Graph, number: GraphIx) -> Message {
    let mut message = messages.remove(&number).unwrap_or_default();
    for reverted in &mut message.reverts {
        if let Some(mainline) = &reverted.mainline {
            reverted.brought = graph.brought(&reverted.id, mainline);
        }
    }
    message
}

/// Finds the commits of a package that cancel each other.
fn without_cancelled(commits: &IndexVec<CommitIx, Commit>, mut gathered: UnreleasedChanges) -> UnreleasedChanges {
    let among = |of: &[CommitIx]| -> BTreeSet<CommitIx> {
        let has_revert = of.iter().any(|at| !commits[*at].message.reverts.is_empty());
        if has_revert {
            cancelled(&of.iter().map(|at| (*at, &commits[*at])).collect::<Vec<_>>())
        } else {
            BTreeSet::new()
        }
    };
    gathered.cancelled = among(&gathered.commits);
    if let Some(since) = &mut gathered.since_final {
        let gone = among(&since.commits);
        since.commits.retain(|at| !gone.contains(at));
    }
    gathered
}
