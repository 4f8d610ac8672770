//! Branches that take what the run made: production the merge, integration production's head.

use super::push::{push_urls, send};
use super::step::Arrived;
use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::services::Services;
use crate::io::{Git, GitError};
use crate::model::CommitId;

/// A branch of a remote, and what it is to take.
#[derive(Clone, Copy)]
pub(super) struct BranchPush<'a> {
    /// The name of the remote.
    pub(super) remote: &'a str,
    /// The branch there.
    pub(super) branch: &'a str,
    /// The commit that it was at when the plan was made.
    pub(super) base: Option<&'a CommitId>,
    /// The commit that it takes.
    pub(super) commit: &'a str,
}

impl BranchPush<'_> {
    /// Returns what is pushed, by id and full name.
    pub(super) fn spec(&self) -> String {
        format!("{}:refs/heads/{}", self.commit, self.branch)
    }

    /// Pushes it. Git refuses where that is not a fast-forward.
    pub(super) fn perform(&self, services: &Services<'_>) -> Result<Evidence, Failure> {
        send(services.git, self.remote, &[self.spec()], &[])?;
        Ok(Evidence::default())
    }

    /// Asks where the branch is.
    pub(super) fn probe(&self, services: &Services<'_>) -> Arrived {
        match self.found(services.git) {
            Ok(arrived) => arrived,
            Err(error) => Arrived::Unknown(error.into()),
        }
    }

    fn found(&self, git: &Git) -> Result<Arrived, GitError> {
        let full = format!("refs/heads/{}", self.branch);
        for url in push_urls(git, self.remote)? {
            let refs = git.remote_refs(&url, &[&full])?;
            let at = refs.iter().find(|found| found.name == full).map(|found| found.oid.as_str());
            let is_base = at == self.base.map(CommitId::as_str);
            match at {
                Some(at) if at == self.commit => {}
                None if is_base => return Ok(Arrived::Absent),
                Some(_) if is_base && self.base.is_none_or(|base| base.as_str() != self.commit) => {
                    return Ok(Arrived::Absent);
                }
                Some(at) if git.fetched_holds(&url, &full, at, self.commit)? => {}
                Some(_) => {
                    return Ok(Arrived::Foreign(format!("{} of {} has moved on", self.branch, self.remote)));
                }
                None => return Ok(Arrived::Foreign(format!("{} is gone from {}", self.branch, self.remote))),
            }
        }
        Ok(Arrived::Done(Evidence::default()))
    }
}
