//! A milestone is closed, or created.

use super::acting::{act, forge, look};
use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::outward::step::Arrived;
use crate::apply::services::Services;
use crate::forge::{Forge, ForgeError};
use crate::model::{Milestone, milestone_titled};
use crate::plan::{MilestoneAction, MilestoneStep};

/// Closes or creates it, if that is not so.
pub(in crate::apply::outward) fn perform(wanted: &MilestoneStep, services: &Services<'_>) -> Result<Evidence, Failure> {
    let forge = forge(services)?;
    let done = match wanted.action {
        MilestoneAction::Create => match find(forge, wanted)? {
            Some(milestone) => Ok(milestone),
            None => forge.create_milestone(&wanted.title),
        },
        MilestoneAction::Close => {
            let milestone = find(forge, wanted)?
                .ok_or_else(|| Failure::Foreign { what: format!("the milestone {} is gone", wanted.title) })?;
            if !milestone.is_open {
                return Ok(evidence(&milestone));
            }
            if wanted.refuses_open {
                refuse_open(forge, &milestone)?;
            }
            forge.close_milestone(&milestone)
        }
    };
    act(done.map(|milestone| evidence(&milestone)), || probe(wanted, services))
}

/// Looks for it.
pub(in crate::apply::outward) fn probe(wanted: &MilestoneStep, services: &Services<'_>) -> Arrived {
    look(|| {
        let found = find(forge(services)?, wanted)?;
        Ok(match (wanted.action, found) {
            (MilestoneAction::Create, Some(milestone)) => Arrived::Done(evidence(&milestone)),
            (MilestoneAction::Close, Some(milestone)) if !milestone.is_open => Arrived::Done(evidence(&milestone)),
            (MilestoneAction::Close, None) => Arrived::Foreign(format!("the milestone {} is gone", wanted.title)),
            (_, _) => Arrived::Absent,
        })
    })
}

fn find(forge: &Forge, wanted: &MilestoneStep) -> Result<Option<Milestone>, ForgeError> {
    Ok(milestone_titled(&forge.milestones()?, &wanted.title).cloned())
}

/// Something may have been filed while the release was on its way.
fn refuse_open(forge: &Forge, milestone: &Milestone) -> Result<(), Failure> {
    let open = forge.open_items(milestone)?;
    if open.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = open.iter().take(8).map(|item| format!("#{} {}", item.number, item.title)).collect();
    let what = format!("the milestone {} has open items: {}", milestone.title, shown.join(", "));
    Err(Failure::Foreign { what })
}

fn evidence(milestone: &Milestone) -> Evidence {
    Evidence { id: Some(milestone.number.to_string()), url: Some(milestone.url.clone()) }
}
