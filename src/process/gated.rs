//! [`gated`]: the gates of relman.toml over the plan of a bump.

use std::time::Duration;

use super::error::ProcessError;
use super::later_gates::missing_programs;
use super::prompt::Prompt;
use super::session::Session;
use super::world::{ForgeQuestion, World};
use crate::model::Milestone;
use crate::plan::{
    GateContext, GateReach, PlannedMilestone, Proposal, ReleaseUnit, check_gate_names, gates, milestone_report,
    units_of,
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

/// Looks at the gates of relman.toml and adds them to the plan. Without `[gates]` nothing is asked and nothing changes.
pub(super) fn gated(
    session: &Session,
    snapshot: &Snapshot,
    proposal: Proposal,
    options: &GateOptions,
    named: Option<&Milestone>,
    prompt: &mut dyn Prompt,
) -> Result<Proposal, ProcessError> {
    check_gate_names(snapshot, &options.skip)?;
    let units = units_of(snapshot, proposal.plan())?;
    if snapshot.config.gates.is_none() || proposal.plan().bumps.is_empty() {
        return Ok(proposal);
    }
    let world = if options.is_online {
        World::find(&session.place, snapshot, options.patience)
    } else {
        World::silent(&session.place, snapshot)
    };
    let (outside, milestone) = look(session, snapshot, &world, Wanted { units: &units, options, named }, prompt);
    let found = gates(GateContext {
        snapshot,
        units: &units,
        refusals: proposal.refusals(),
        outside: &outside,
        milestone: milestone.as_ref(),
        skip: &options.skip,
        reach: GateReach::New,
    });
    let planned: Option<PlannedMilestone> = milestone.as_ref().map(|found| milestone_report(found, &outside));
    Ok(proposal.with_gates(found).with_milestone(planned))
}

/// What the remote and the forge are asked about.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) units: &'a [ReleaseUnit],
    pub(super) options: &'a GateOptions,
    pub(super) named: Option<&'a Milestone>,
}

/// Asks the remote and the forge what the gates need, if they are to be asked.
pub(super) fn look(
    session: &Session,
    snapshot: &Snapshot,
    world: &World,
    Wanted { units, options, named }: Wanted<'_>,
    prompt: &mut dyn Prompt,
) -> (Outside, Option<Milestone>) {
    let missing_programs = missing_programs(snapshot, &session.place.root);
    if !options.is_online {
        return (Outside { missing_programs, ..Outside::default() }, named.cloned());
    }
    let ci = snapshot.git.commit.as_ref().map(|commit| (commit, snapshot.git.branch.as_deref()));
    let remote = world.remote(&session.place, snapshot, false);
    let (forge, milestone) = world.look(snapshot, units, named, ForgeQuestion { ci, releases: false }, prompt);
    (Outside { remote, forge, missing_programs, ..Outside::default() }, milestone)
}
