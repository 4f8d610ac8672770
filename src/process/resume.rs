//! [`resume`]: the rest of an interrupted run.

use std::time::Duration;

use super::error::ProcessError;
use super::prompt::Prompt;
use super::proof::proof_of;
use super::world::World;
use crate::apply::{Receipt, Services, pending_asks_forge, resume_proven};
use crate::capture::{CaptureOptions, Place, capture};
use crate::forge::Forge;

/// Finishes the interrupted run of a repository; `None` if there is none. A forge is asked only where the run has steps on one.
///
/// # Errors
/// Returns an error if something is in the way: a file that was edited since, a remote that moved on.
pub fn resume(place: &Place, patience: Duration, prompt: &mut dyn Prompt) -> Result<Option<Receipt>, ProcessError> {
    let world = World::new(place, patience, true);
    let forge = if pending_asks_forge(&place.git) { forge(&world, place)? } else { None };
    let say = prompt.line_writer();
    let services = Services::new(&place.git, &place.root).with_forge(forge).reporting_to(&*say);
    Ok(resume_proven(&services, &proof_of(place))?)
}

/// The forge of relman.toml as it is now: a token may have been renewed since.
fn forge<'w>(world: &'w World, place: &Place) -> Result<Option<&'w Forge>, ProcessError> {
    let snapshot = capture(place, CaptureOptions::default(), &|_, _| ())?;
    Ok(world.forge(&snapshot).found())
}
