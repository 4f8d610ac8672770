//! [`GateLook`]: the gates of relman.toml over the plan of a bump.

use std::time::Duration;

use super::error::ProcessError;
use super::later_gates::{missing_programs, report_gates};
use super::prompt::Prompt;
use super::session::Session;
use super::world::{ForgeQuestion, World};
use crate::model::Milestone;
use crate::plan::{
    Gate, GateContext, GateReach, PlannedMilestone, Proposal, Refusal, ReleaseUnit, check_gate_names, gates,
    milestone_report, units_of,
};
use crate::snapshot::{Outside, Snapshot};

/// How gates are looked at.
#[derive(Clone, Debug, Default)]
pub struct GateOptions {
    /// The names of those that are skipped.
    pub skip: Vec<String>,
    /// Whether the remote and the forge are asked.
    pub is_online: bool,
    /// How long a forge that is overloaded is waited for.
    pub patience: Duration,
    /// The milestone that is released, by title or number.
    pub milestone: Option<String>,
}

/// What the remote and the forge are asked about, and what asks them.
#[derive(Clone, Copy)]
pub(super) struct GateLook<'a> {
    pub(super) session: &'a Session,
    pub(super) snapshot: &'a Snapshot,
    pub(super) world: &'a World,
    pub(super) options: &'a GateOptions,
    /// The milestone that is released, where it was named.
    pub(super) named: Option<&'a Milestone>,
}

impl GateLook<'_> {
    /// Looks at the gates of relman.toml and adds them to the plan. Without `[gates]` nothing is asked and nothing changes.
    pub(super) fn gated(self, proposal: Proposal, prompt: &mut dyn Prompt) -> Result<Proposal, ProcessError> {
        let snapshot = self.snapshot;
        check_gate_names(snapshot, &self.options.skip)?;
        let units = units_of(snapshot, proposal.plan())?;
        if snapshot.config.gates.is_none() || proposal.plan().bumps.is_empty() {
            return Ok(proposal);
        }
        let (found, planned) = self.gates(&units, proposal.refusals(), prompt);
        Ok(proposal.with_gates(found).with_milestone(planned))
    }

    /// Judges the gates for what would be released; also returns its milestone.
    pub(super) fn gates(
        self,
        units: &[ReleaseUnit],
        refusals: &[Refusal],
        prompt: &mut dyn Prompt,
    ) -> (Vec<Gate>, Option<PlannedMilestone>) {
        let (outside, milestone) = self.outside(units, prompt);
        let found = gates(GateContext {
            snapshot: self.snapshot,
            units,
            refusals,
            outside: &outside,
            milestone: milestone.as_ref(),
            skip: &self.options.skip,
            reach: GateReach::New,
        });
        report_gates(&found, prompt);
        (found, milestone.as_ref().map(|found| milestone_report(found, &outside)))
    }

    /// Asks the remote and the forge what the gates need, if they are to be asked.
    fn outside(self, units: &[ReleaseUnit], prompt: &mut dyn Prompt) -> (Outside, Option<Milestone>) {
        let snapshot = self.snapshot;
        let missing_programs = missing_programs(snapshot, &self.session.place.root);
        if !self.options.is_online {
            return (Outside { missing_programs, ..Outside::default() }, self.named.cloned());
        }
        let ci = snapshot.git.commit.as_ref().map(|commit| (commit, snapshot.git.branch.as_deref()));
        let remote = self.world.remote(snapshot, false).clone();
        let question = ForgeQuestion { ci, releases: false };
        let (forge, milestone) = self.world.look(snapshot, units, self.named, question, prompt);
        let artifacts = self.world.artifacts_before(snapshot, &self.session.place, units);
        (Outside { remote, forge, missing_programs, artifacts, ..Outside::default() }, milestone)
    }
}
