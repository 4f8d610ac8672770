//! [`Made`]: what a step may send. [`Arrived`]: what a look at the world found.

use crate::apply::error::Failure;
use crate::apply::journal::{Evidence, Journal, Progress};
use crate::model::{ObjectId, TagName};
use crate::plan::{Outward, OutwardStep};

/// How much of a step arrived.
#[derive(Debug)]
pub(super) enum Arrived {
    /// Nothing of it.
    Absent,
    /// A part of it; the rest can be sent.
    Partly,
    /// All of it.
    Done(Evidence),
    /// Nothing of it, and something else has taken its name: what that is.
    Foreign(String),
    /// The world does not answer.
    Unknown(Failure),
}

/// What the run made so far: all that a step may send.
#[derive(Clone, Copy)]
pub(in crate::apply) struct Made<'a> {
    pub(in crate::apply) journal: &'a Journal,
    pub(in crate::apply) progress: &'a Progress,
}

impl<'a> Made<'a> {
    /// Returns the commit that HEAD's branch is pushed as; `None` in a repository without one.
    pub(super) fn tip(self) -> Option<&'a str> {
        self.progress.commit.as_deref().or(self.journal.base.as_deref())
    }

    /// Returns the commit that the tags are on: the merge where there is one. In a run that makes no tag, HEAD may be another commit.
    pub(in crate::apply) fn head(self) -> Option<&'a str> {
        let found = || self.journal.existing_tags.first().filter(|_| self.journal.tags.is_empty());
        let made = self.progress.merge.as_deref();
        made.or_else(|| found().map(|tag| tag.commit.as_str())).or_else(|| self.tip())
    }

    /// Returns the commit that was made for a branch of the remote; `None` if none was.
    pub(super) fn made_for(self, branch: &str) -> Option<&'a str> {
        let mut made = self.journal.branch_commits.iter().zip(&self.progress.branch_commits);
        made.find(|(commit, _)| commit.branch == branch).map(|(_, id)| id.as_str())
    }

    /// Returns the commit that a branch of the remote takes by a push of this run; `None` if it takes none.
    pub(super) fn pushed_as(self, branch: &str) -> Option<&'a str> {
        let is_it =
            |step: &OutwardStep| matches!(&step.action, Outward::Push(push) if push.branch.as_deref() == Some(branch));
        let is_pushed = self.journal.outward.iter().any(is_it);
        self.made_for(branch).or_else(|| self.tip().filter(|_| is_pushed))
    }

    /// Returns the object of a tag; `None` if the run neither makes it nor found it.
    pub(in crate::apply) fn tag(self, name: &TagName) -> Option<&'a ObjectId> {
        let made = self.journal.tags.iter().zip(&self.progress.tags);
        let made = made.into_iter().find(|(tag, _)| tag.name == *name).map(|(_, object)| object);
        made.or_else(|| self.journal.existing_tags.iter().find(|tag| tag.name == *name).map(|tag| &tag.object))
    }

    /// Returns the commit that a tag is on; `None` if the run neither makes it nor found it.
    pub(super) fn commit_of(self, name: &TagName) -> Option<&'a str> {
        let existing = self.journal.existing_tags.iter().find(|tag| tag.name == *name).map(|tag| tag.commit.as_str());
        let is_made = self.journal.tags.iter().any(|tag| tag.name == *name);
        existing.or_else(|| self.head().filter(|_| is_made))
    }

    /// Returns the tag of a step, and the commit that it is on.
    pub(super) fn tagged(self, step: &'a OutwardStep) -> Result<(&'a TagName, &'a str), Failure> {
        let bad = || Failure::BadPlan(format!("the outward step `{}` has no tag that the run knows", step.id));
        let name = step.tag.as_ref().ok_or_else(bad)?;
        Ok((name, self.commit_of(name).ok_or_else(bad)?))
    }

    /// Returns the id and address of what an earlier step of this kind made for the same tag.
    pub(super) fn evidence(self, kind: &str, tag: &TagName) -> Option<&'a Evidence> {
        use crate::apply::journal::StepState;
        let is_it = |step: &&OutwardStep| step.action.kind() == kind && step.tag.as_ref() == Some(tag);
        match self.progress.outward.get(&self.journal.outward.iter().find(is_it)?.id)? {
            StepState::Done(evidence) => Some(evidence),
            StepState::Begun => None,
        }
    }
}
