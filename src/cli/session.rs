//! Sessions: finding the repository and reading it, for every command alike.

use std::collections::BTreeSet;

use super::error::{CliError, Exit};
use super::global::Global;
use super::output::Output;
use super::progress::Progress;
use crate::apply::{self, Source};
use crate::capture::{Place, Request, capture, discover};
use crate::init::propose;
use crate::model::PackageIx;
use crate::plan::{FetchStep, Search, in_progress, untagged, wanted_tags};
use crate::snapshot::Snapshot;

/// Finds the repository. Commands that only read say that a run was interrupted and go on.
pub(super) fn open(global: &Global, output: &mut Output) -> Result<Place, CliError> {
    let place = find(global)?;
    if let Some(pending) = apply::pending(&place.git) {
        output.warn(format_args!("an earlier run was interrupted: {}; {}", pending.summary, pending.help()));
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
            pending.help(),
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

/// Reads what the request needs, and reports if the configuration is not a written one.
pub(super) fn read(place: &Place, request: Request, output: &mut Output) -> Result<Snapshot, CliError> {
    let snapshot = read_again(place, request, output)?;
    if !snapshot.configured {
        output.say("no relman.toml here; working on what `relman init` would write");
    }
    for (folder, why) in &snapshot.workspace.left_out {
        output.say_more(format_args!("{folder} is not a package: {why}"));
    }
    Ok(snapshot)
}

/// As [`read`], for a command that releases: during a merge, that explains unreadable files.
pub(super) fn read_to_release(place: &Place, request: Request, output: &mut Output) -> Result<Snapshot, CliError> {
    read(place, request, output).map_err(|error| match (error, place.git.in_progress()) {
        (CliError::Wrong(_), Ok(Some(operation))) => CliError::Refused(vec![in_progress(operation)]),
        (error, _) => error,
    })
}

/// Reads the same again, silently.
fn read_again(place: &Place, request: Request, output: &Output) -> Result<Snapshot, CliError> {
    let proposed;
    let place = match place.file {
        Some(_) => place,
        None => {
            let proposal = propose(&discover(place, request.staged)?)?;
            proposed = Place { proposal: Some(proposal), ..place.clone() };
            &proposed
        }
    };
    let progress = Progress::start(output);
    Ok(capture(place, request, &|done, of| progress.commits(done, of))?)
}

/// Fetches the history that these packages lack, step by step, and reads again; without a gap, no remote is contacted.
pub(super) fn fetch_lacking(
    global: &Global,
    (place, request): (&mut Place, Request),
    mut snapshot: Snapshot,
    output: &mut Output,
    lacking: &dyn Fn(&Snapshot) -> Vec<PackageIx>,
) -> Result<Snapshot, CliError> {
    let Some(head) = snapshot.git.commit.clone().filter(|_| !lacking(&snapshot).is_empty()) else {
        return Ok(snapshot);
    };
    let Some(source) = Source::ask(&place.git, snapshot.git.branch.as_deref())? else {
        output.warn("no remote to fetch the missing history from");
        return Ok(snapshot);
    };
    let mut asked: BTreeSet<PackageIx> = lacking(&snapshot).into_iter().collect();
    place.untagged = untagged(&snapshot, source.tags());
    let mut search = Search::default();
    loop {
        snapshot = read_again(place, request, output)?;
        let lacking = lacking(&snapshot);
        asked.extend(lacking.iter().copied());
        let reached = place.git.reachable(&head.0)?;
        let wanted = wanted_tags(&snapshot, &asked, source.tags());
        let step = match search.tags(&wanted, &|commit| reached.contains(commit)) {
            None if lacking.is_empty() => return Ok(snapshot),
            tags => tags.or_else(|| search.deeper()),
        };
        let Some(step) = step else { return Ok(snapshot) };
        output.say(format_args!("fetching {} from {}", describe_step(&step), source.remote()));
        if !source.fetch(&place.git, &head.0, &step)? {
            return Ok(snapshot);
        }
        // Whether the clone is still shallow is determined again.
        place.git = find(global)?.git;
    }
}

fn describe_step(step: &FetchStep) -> String {
    match step {
        FetchStep::Tags(names) => format!("the tag{} {}", if names.len() == 1 { "" } else { "s" }, names.join(", ")),
        FetchStep::Deepen(by) => format!("{by} commits more"),
        FetchStep::Everything => "the whole history".to_owned(),
    }
}
