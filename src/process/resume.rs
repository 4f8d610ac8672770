//! [`resume`]: the rest of an interrupted run.

use std::time::Duration;

use super::error::ProcessError;
use super::prompt::Prompt;
use super::proof::proof_of;
use super::publisher::{CommandPublisher, Decisions, MadeLooks};
use super::world::World;
use crate::apply::{PendingNeeds, Receipt, Services, pending_needs, resume_proven};
use crate::capture::{CaptureOptions, Place, capture};
use crate::snapshot::RemoteLook;

/// Finishes the interrupted run of a repository; `None` if there is none. A forge and registries are asked only where the run has steps
/// there, by relman.toml as it is now: a token may have been renewed since.
///
/// # Errors
/// Returns an error if something is in the way: a file that was edited since, a remote that moved on.
pub fn resume(
    place: &Place,
    patience: Duration,
    decisions: &Decisions,
    prompt: &mut dyn Prompt,
) -> Result<Option<Receipt>, ProcessError> {
    let report = prompt.reporter();
    let services = Services::new(&place.git, &place.root).reporting_to(&*report);
    let needs = pending_needs(&place.git);
    if needs == PendingNeeds::default() {
        return Ok(resume_proven(&services, &proof_of(place))?);
    }
    let world = World::new(place, patience, true);
    let snapshot = capture(place, CaptureOptions::default(), &|_, _| ())?;
    let forge = if needs.forge { world.forge(&snapshot).found() } else { None };
    let services = services.with_forge(forge);
    if !needs.publisher {
        return Ok(resume_proven(&services, &proof_of(place))?);
    }
    let unknown = RemoteLook::default();
    let remote = world.remote_tags(&snapshot);
    let registries = world.registries(&snapshot, place);
    let made = MadeLooks { place, snapshot: &snapshot, registries, remote: remote.found().unwrap_or(&unknown) };
    let (remote_name, on_line) = (world.remote_name(&snapshot), prompt.command_writer());
    let publisher = CommandPublisher { made, remote_name, decisions, on_line };
    Ok(resume_proven(&services.with_publisher(Some(&publisher)), &proof_of(place))?)
}
