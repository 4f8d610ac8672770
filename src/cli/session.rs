//! Sessions: finding the repository and reading it, for every command alike.

use super::error::{CliError, Exit};
use super::global::Global;
use super::output::Output;
use super::progress::Progress;
use crate::apply;
use crate::capture::{Place, Request, capture};
use crate::snapshot::Snapshot;

/// Finds the repository. Commands that only read say that a run was interrupted and go on.
pub(super) fn open(global: &Global, output: &mut Output) -> Result<Place, CliError> {
    let place = find(global)?;
    if let Some(pending) = apply::pending(&place.git) {
        output.warn(format_args!(
            "an earlier run was interrupted: {}; `relman resume` or `relman abort` ends it",
            pending.summary
        ));
    }
    Ok(place)
}

/// Finds the repository for a command that writes, which an interrupted run forbids.
pub(super) fn open_to_write(global: &Global) -> Result<Place, CliError> {
    let place = find(global)?;
    match apply::pending(&place.git) {
        None => Ok(place),
        Some(pending) => Err(CliError::failed(
            Exit::Interrupted,
            format!("an earlier run was interrupted: {}", pending.summary),
            "`relman resume` finishes it, `relman abort` undoes it",
        )),
    }
}

fn find(global: &Global) -> Result<Place, CliError> {
    let mut place = Place::find(&global.directory, global.config.as_deref())?;
    if !global.git.is_empty() {
        place.git = place.git.with_env(global.git.clone());
    }
    Ok(place)
}

/// Reads what the request needs, and says where the configuration is not a written one.
pub(super) fn read(place: &Place, request: Request, output: &mut Output) -> Result<Snapshot, CliError> {
    let progress = Progress::start(output);
    let snapshot = capture(place, request, &|done, of| progress.commits(done, of))?;
    drop(progress);
    if !snapshot.configured {
        output.say("no relman.toml here; working on what `relman init` would write");
    }
    for (folder, why) in &snapshot.workspace.left_out {
        output.say_more(format_args!("{folder} is no package: {why}"));
    }
    Ok(snapshot)
}
