//! [`gather_items`]: what was merged and closed for the milestone of a release.

use super::error::ProcessError;
use super::world::World;
use crate::model::Milestone;
use crate::plan::{self, BumpRequest, Refusal, RefusalCode};
use crate::snapshot::{Look, Snapshot};

/// Asks the forge for what was merged and closed for the milestone, where changelogs are made of that.
pub(super) fn gather_items(
    snapshot: &mut Snapshot,
    world: &World,
    named: Option<&Milestone>,
    request: &BumpRequest,
) -> Result<(), ProcessError> {
    if !snapshot.config.takes_milestone() {
        return Ok(());
    }
    let forge = match world.forge(snapshot) {
        Look::Found(forge) => forge,
        // A dry run asks no forge; that the items are unknown is a note of its plan.
        _ if !world.is_online() => return Ok(()),
        Look::Unknown { message, help } => return Err(unknown(message.clone(), help.clone())),
        Look::NotAsked => {
            let help = "set `kind` and `repository` in [forge], or take \"milestone\" out of `sources` in [changelog]";
            return Err(unknown("the repository has no forge".to_owned(), Some(help.to_owned())));
        }
    };
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
    let items = forge.done_items(&milestone).map_err(|error| unknown(error.to_string(), error.help()))?;
    snapshot.milestone_items = Some(items);
    Ok(())
}

/// Notes that are not known must not be written as if there were none.
fn unknown(why: String, help: Option<String>) -> ProcessError {
    let message = format!("the changelog is made of a milestone, which could not be read: {why}");
    ProcessError::Refused(Refusal { code: RefusalCode::Forge, message, help })
}
