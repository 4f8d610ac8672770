//! [`BackMerge`]: the merge of a hotfix into a branch, with versions, changelogs and fragments where they belong.

use std::collections::BTreeSet;

use crate::capture::CaptureNeeds;
use crate::io::{Git, MergedTree, TreeText};
use crate::model::{CommitId, PackageIx, RepoPath};
use crate::plan::{
    BackOutcome, ReleasedSections, Texts, reconcile, released_sections, with_sections, without_sections,
};
use crate::process::error::ProcessError;
use crate::process::session::Session;
use crate::snapshot::Snapshot;

/// What a hotfix is, whichever branch takes it.
pub(super) struct BackMerge<'a> {
    session: &'a Session,
    /// The commit of the hotfix.
    head: &'a CommitId,
    theirs: &'a Snapshot,
}

/// What comes out for one branch.
pub(super) struct Merged {
    pub(super) outcome: BackOutcome,
    pub(super) sections: Vec<ReleasedSections>,
}

impl<'a> BackMerge<'a> {
    /// Takes the commit of a hotfix with what was read of it, changelogs included.
    pub(super) fn new(session: &'a Session, head: &'a CommitId, theirs: &'a Snapshot) -> Self {
        Self { session, head, theirs }
    }

    fn git(&self) -> &Git {
        &self.session.place.git
    }

    /// Returns what a snapshot of a commit is: by its own relman.toml, else by that of the hotfix.
    fn read(&self, commit: &str) -> Result<Snapshot, ProcessError> {
        let needs = CaptureNeeds { changelogs: true, ..CaptureNeeds::default() };
        match self.session.read_commit(commit, needs) {
            Err(ProcessError::Wrong(_)) => self.session.read_commit_by(commit, needs, self.theirs.config.text.as_ref()),
            read => read,
        }
    }

    /// Computes the merge into a branch at this commit. Nothing is checked out.
    ///
    /// # Errors
    /// Returns an error if git fails, or one of the commits cannot be read.
    pub(super) fn onto(&self, ours: &str) -> Result<Merged, ProcessError> {
        let (git, head) = (self.git(), self.head.as_str());
        let nothing = |outcome| Merged { outcome, sections: Vec::new() };
        if git.holds(ours, head)? {
            return Ok(nothing(BackOutcome::Held));
        }
        // Two histories that never met cannot be merged.
        let Some(base) = git.merge_base(ours, head)? else {
            let paths = vec!["they have no commit in common".to_owned()];
            return Ok(nothing(BackOutcome::Conflict { paths }));
        };
        let (before, target) = (self.read(&base)?, self.read(ours)?);
        let mut sides = reconcile(&before, self.theirs, &target)?;
        let sections = released_sections(&before, self.theirs);
        let mut dropped = Vec::new();
        for released in &sections {
            match without_sections(&before, self.theirs, released).map_err(|problem| vec![problem])? {
                Some(text) => drop(sides.theirs.insert(released.path.clone(), text)),
                None => dropped.push(released.path.clone()),
            }
        }
        let of_base = self.bare(&base, &sides.base, &[], &[])?;
        let of_theirs = self.bare(head, &sides.theirs, &dropped, &[&of_base])?;
        let of_ours = self.bare(ours, &sides.ours, &[], &[&of_base])?;
        let outcome = match git.merged_tree(&of_ours, &of_theirs)? {
            MergedTree::Conflict(paths) => BackOutcome::Conflict { paths },
            MergedTree::Clean(tree) => self.settled(ours, &base, &tree, &sections)?,
        };
        Ok(Merged { outcome, sections })
    }

    /// Makes a commit of a tree with other texts, from which a merge is computed.
    fn bare(&self, of: &str, texts: &Texts, dropped: &[RepoPath], parents: &[&str]) -> Result<String, ProcessError> {
        let prefix = &self.session.place.prefix;
        let texts = texts.iter().map(|(path, text)| (prefix.join(path.as_str()), Some(text.clone())));
        let changes: Vec<TreeText> =
            texts.chain(dropped.iter().map(|path| (prefix.join(path.as_str()), None))).collect();
        let tree = self.git().tree_with(of, &changes)?;
        Ok(self.git().bare_commit(&tree, parents)?)
    }

    /// Puts the sections where they belong and takes out the fragments that went into them.
    fn settled(
        &self,
        ours: &str,
        base: &str,
        merged: &str,
        sections: &[ReleasedSections],
    ) -> Result<BackOutcome, ProcessError> {
        let (git, prefix) = (self.git(), &self.session.place.prefix);
        let mut changes: Vec<TreeText> = Vec::new();
        for released in sections {
            let path = prefix.join(released.path.as_str());
            let text = match git.text_of(merged, &path)? {
                Some(text) => with_sections(&text, self.theirs, released).map_err(|problem| vec![problem])?,
                // The target keeps no changelog yet.
                None => git.text_of(self.head.as_str(), &path)?.unwrap_or_default(),
            };
            changes.push((path, Some(text)));
        }
        let folders = self.fragment_folders();
        let folders: Vec<&str> = folders.iter().map(String::as_str).filter(|_| !sections.is_empty()).collect();
        for (path, object) in git.removed_files(self.head.as_str(), base, &folders)? {
            let is_the_same = git.entry_of(merged, &path)?.is_some_and(|(_, there)| there == object);
            if is_the_same && git.entry_of(self.head.as_str(), &path)?.is_none() {
                changes.push((path, None));
            }
        }
        let tree = if changes.is_empty() { merged.to_owned() } else { git.tree_with(merged, &changes)? };
        if tree == git.tree_of(ours)? {
            return Ok(BackOutcome::Held);
        }
        let is_plain = git.merged_tree(ours, self.head.as_str())? == MergedTree::Clean(tree.clone());
        Ok(BackOutcome::Merged { tree, is_plain })
    }

    fn fragment_folders(&self) -> BTreeSet<String> {
        let packages: Vec<PackageIx> = self.theirs.workspace.packages.positions().collect();
        let folders = packages.into_iter().filter_map(|index| self.theirs.fragments.folder(index));
        folders.map(|folder| self.session.place.prefix.join(folder.as_str())).collect()
    }
}
