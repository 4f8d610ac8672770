//! A look and an act, as all steps on a forge have them.

use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::outward::step::Arrived;
use crate::apply::services::Services;
use crate::forge::{Forge, ForgeError};

impl From<ForgeError> for Failure {
    fn from(error: ForgeError) -> Self {
        let (message, help) = (error.to_string(), error.help());
        Self::Forge { message, help }
    }
}

/// Returns the forge of a run. A plan with such steps is made with one, and a run is resumed with one.
pub(super) fn forge<'s>(services: &Services<'s>) -> Result<&'s Forge, Failure> {
    services.forge.ok_or_else(|| Failure::Forge {
        message: "the run has steps on a forge, but no forge was found".to_owned(),
        help: Some("set `kind` and `repository` in [forge]".to_owned()),
    })
}

/// Looks, and reports what keeps the look from succeeding.
pub(super) fn look(found: impl FnOnce() -> Result<Arrived, Failure>) -> Arrived {
    found().unwrap_or_else(Arrived::Unknown)
}

/// Acts. Where the answer is unclear the look decides whether it was carried out.
pub(super) fn act(
    done: Result<Evidence, ForgeError>,
    look_again: impl FnOnce() -> Arrived,
) -> Result<Evidence, Failure> {
    match done {
        Ok(evidence) => Ok(evidence),
        Err(error) if error.is_unclear() || error.is_taken() => match look_again() {
            Arrived::Done(evidence) => Ok(evidence),
            Arrived::Foreign(what) => Err(Failure::Foreign { what }),
            Arrived::Absent | Arrived::Partly | Arrived::Unknown(_) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}
