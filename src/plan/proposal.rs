//! [`Proposal`]: a plan, and what speaks against it.

use super::file_changes::FileChange;
use super::gate::Gate;
use super::gate_refusals::gate_refusals;
use super::release_plan::{PlannedMilestone, Refusal, ReleasePlan};
use crate::model::RepoPath;

/// A plan that may be refused. What `apply` carries out is an accepted one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    plan: ReleasePlan,
    refusals: Vec<Refusal>,
}

impl Proposal {
    /// Puts a plan and all that speaks against it together.
    #[must_use]
    pub fn new(plan: ReleasePlan, refusals: Vec<Refusal>) -> Self {
        Self { plan, refusals }
    }

    /// Returns the plan, accepted or not, to be shown.
    #[must_use]
    pub fn plan(&self) -> &ReleasePlan {
        &self.plan
    }

    /// Returns what speaks against it.
    #[must_use]
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// Returns `true` if something speaks against it.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        !self.refusals.is_empty()
    }

    /// Returns the same plan with this against it as well.
    #[must_use]
    pub fn refused_for(mut self, refusal: Refusal) -> Self {
        self.refusals.push(refusal);
        self
    }

    /// Returns the same plan with these gates, and the reasons that they give against it.
    #[must_use]
    pub fn with_gates(mut self, gates: Vec<Gate>) -> Self {
        self.refusals.extend(gate_refusals(&gates));
        self.plan.gates = gates;
        self
    }

    /// Returns the same plan in which these files change in this way, whatever it did to them before.
    #[must_use]
    pub fn with_files(mut self, changes: Vec<(RepoPath, FileChange)>) -> Self {
        changes.into_iter().for_each(|(path, change)| self.plan.files.put(path, change));
        self
    }

    /// Notes what was found at a gate of the plan.
    pub fn set_gate(&mut self, found: Gate) {
        for gate in self.plan.gates.iter_mut().filter(|gate| gate.name == found.name) {
            gate.clone_from(&found);
        }
    }

    /// Returns the same plan with the milestone of the release.
    #[must_use]
    pub fn with_milestone(mut self, milestone: Option<PlannedMilestone>) -> Self {
        self.plan.milestone = milestone;
        self
    }

    /// Returns the plan if nothing speaks against it.
    ///
    /// # Errors
    /// The proposal as it is.
    pub fn accept(self) -> Result<ReleasePlan, Box<Self>> {
        if self.is_refused() { Err(Box::new(self)) } else { Ok(self.plan) }
    }
}
