//! [`Made`]: what a step may send. [`Arrived`]: what a look at the remote found.

use crate::apply::error::Failure;
use crate::apply::journal::{Evidence, Journal, Progress};
use crate::model::{ObjectId, TagName};

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
    /// Returns the commit that tags are on and branches go to; `None` in a repository without one.
    pub(in crate::apply) fn head(self) -> Option<&'a str> {
        self.progress.commit.as_deref().or(self.journal.base.as_deref())
    }

    /// Returns the object of a tag; `None` if the run does not make it.
    pub(super) fn tag(self, name: &TagName) -> Option<&'a ObjectId> {
        let made = self.journal.tags.iter().zip(&self.progress.tags);
        made.into_iter().find(|(tag, _)| tag.name == *name).map(|(_, object)| object)
    }
}
