//! [`gather_items`]: what was merged and closed for the milestone of a release.

use super::error::ProcessError;
use super::prompt::Prompt;
use super::world::World;
use crate::model::Milestone;
use crate::plan::{self, BumpRequest};
use crate::snapshot::{Look, Snapshot};

/// Asks the forge for what was merged and closed for the milestone, where changelogs are made of that.
pub(super) fn gather_items(
    snapshot: &mut Snapshot,
    world: &World,
    named: Option<&Milestone>,
    request: &BumpRequest,
    prompt: &mut dyn Prompt,
) -> Result<(), ProcessError> {
    if !snapshot.config.takes_milestone() {
        return Ok(());
    }
    // Items of milestones are on a forge; that they are unknown is a note of the plan.
    let Look::Found(forge) = world.forge(snapshot) else { return Ok(()) };
    let milestone = match named {
        Some(milestone) => Some(milestone.clone()),
        None => {
            // The title follows from the version, which does not depend on the notes.
            let title = plan::bump(snapshot, request)
                .ok()
                .and_then(|proposal| plan::milestone_title(snapshot, &plan::units_of(snapshot, proposal.plan()).ok()?));
            match title {
                Some(title) => world.milestone_titled(snapshot, &title)?,
                None => None,
            }
        }
    };
    // The forge has no such milestone; that its items are unknown is a note of the plan.
    let Some(milestone) = milestone else { return Ok(()) };
    match forge.done_items(&milestone) {
        Ok(items) => snapshot.milestone_items = Some(items),
        Err(error) => prompt
            .warn(&format!("the issues and requests of the milestone {} could not be read: {error}", milestone.title)),
    }
    Ok(())
}
