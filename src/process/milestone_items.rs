//! [`gather_items`]: what was merged and closed for the milestone of a release.

use super::error::ProcessError;
use super::world::World;
use crate::config::ChangelogConfig;
use crate::forge::ForgeError;
use crate::model::{Milestone, PackageIx};
use crate::plan::{self, BumpRequest, PackageBump, Refusal, RefusalCode};
use crate::snapshot::{Look, Snapshot};

/// Asks the forge for what was merged and closed for the milestone, where changelogs are made of that; where no milestone is meant, for
/// what was merged and closed since the last releases.
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
    snapshot.milestone_items = match meant(snapshot, world, named, request)? {
        Meant::Nothing => Look::NotAsked,
        Meant::One(milestone) => Look::Found(forge.done_items(&milestone).map_err(|error| refused(&error))?),
        Meant::Missing(title) => Look::Unknown { message: format!("the forge has no milestone `{title}`"), help: None },
        Meant::Since(since) => Look::Found(forge.done_since(since).map_err(|error| refused(&error))?),
    };
    Ok(())
}

/// What a section is made of.
enum Meant {
    /// A release does not follow: its plan has errors, or does not contain a package.
    Nothing,
    /// A milestone.
    One(Milestone),
    /// A milestone of this title, which the forge does not have.
    Missing(String),
    /// Without a milestone: everything since this moment, in seconds since 1970, or all of it.
    Since(Option<i64>),
}

fn meant(
    snapshot: &Snapshot,
    world: &World,
    named: Option<&Milestone>,
    request: &BumpRequest,
) -> Result<Meant, ProcessError> {
    if let Some(milestone) = named {
        return Ok(Meant::One(milestone.clone()));
    }
    // The title follows from the version, which does not depend on the notes. Errors are reported by the plan that follows.
    let Ok(proposal) = plan::bump(snapshot, request) else { return Ok(Meant::Nothing) };
    let Ok(units) = plan::units_of(snapshot, proposal.plan()) else { return Ok(Meant::Nothing) };
    if let Some(title) = plan::milestone_title(snapshot, &units) {
        return Ok(world.milestone_titled(snapshot, &title)?.map_or(Meant::Missing(title), Meant::One));
    }
    let config = &snapshot.config;
    let takes = |bump: &PackageBump| config.changelog_of(&bump.package).is_some_and(ChangelogConfig::takes_milestone);
    let taking = proposal.plan().bumps.iter().filter(|bump| takes(bump));
    let packages: Vec<PackageIx> = taking.filter_map(|bump| snapshot.workspace.index_of(&bump.package)).collect();
    Ok(if packages.is_empty() { Meant::Nothing } else { Meant::Since(plan::items_since(snapshot, &packages)) })
}

fn refused(error: &ForgeError) -> ProcessError {
    unknown(error.to_string(), error.help())
}

/// Notes that are not known must not be written as if there were none.
fn unknown(why: String, help: Option<String>) -> ProcessError {
    let message = format!("the changelog is made of a milestone, which could not be read: {why}");
    ProcessError::Refused(Refusal { code: RefusalCode::Forge, message, help })
}
