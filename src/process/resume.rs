//! [`resume`]: the rest of an interrupted run.

use std::time::Duration;

use super::error::ProcessError;
use super::prompt::Prompt;
use super::proof::proof_of;
use super::publisher::{CommandPublisher, Decisions, MadeLooks};
use super::world::World;
use crate::apply::{Publisher, Receipt, Services, pending_needs_services, resume_proven};
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
    let say = prompt.line_writer();
    let services = Services::new(&place.git, &place.root).reporting_to(&*say);
    if !pending_needs_services(&place.git) {
        return Ok(resume_proven(&services, &proof_of(place))?);
    }
    let world = World::new(place, patience, true);
    let snapshot = capture(place, CaptureOptions::default(), &|_, _| ())?;
    let remote = world.remote_tags(&snapshot);
    let unknown = RemoteLook::default();
    let made = MadeLooks {
        snapshot: &snapshot,
        registries: world.registries(&snapshot, place),
        remote: remote.found().unwrap_or(&unknown),
    };
    let (remote_name, on_line) = (world.remote_name(&snapshot), prompt.command_writer());
    let publisher = CommandPublisher { place, made, remote_name, decisions, on_line };
    let publisher: &dyn Publisher = &publisher;
    let services = services.with_forge(world.forge(&snapshot).found()).with_publisher(Some(publisher));
    Ok(resume_proven(&services, &proof_of(place))?)
}
