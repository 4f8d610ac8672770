//! [`unpublished`]: the gate that holds a release back whose version a registry has already.

use super::expect::{Known, expected_artifacts};
use super::expected::{Expected, What};
use crate::model::VersionScheme;
use crate::plan::gate::{Gate, GateState};
use crate::plan::release_unit::ReleaseUnit;
use crate::snapshot::{ArtifactFacts, Look, Outside, Snapshot};
use crate::text::list_truncated;

/// How many artifacts a message lists.
const SHOWN: usize = 3;

/// Returns the artifacts that no registry may have yet when these releases are made: those that are named in relman.toml, without tags that
/// move and what only a person can judge.
#[must_use]
pub fn artifacts_before(snapshot: &Snapshot, units: &[ReleaseUnit]) -> Vec<Expected> {
    let times = std::collections::BTreeMap::new();
    let known = Known { times: &times, remote: None, has_forge: false };
    let is_one = |expected: &Expected| match &expected.what {
        What::Image(image) => image.follows.is_none(),
        What::Chart { .. } | What::Python { .. } | What::Npm(_) | What::Crate(_) => true,
        _ => false,
    };
    expected_artifacts(snapshot, units, known).into_iter().filter(is_one).collect()
}

/// What a registry has of an artifact.
enum Holding {
    /// The version.
    Version,
    /// Other versions, or nothing that could be told from that.
    Other,
    /// Not even the name.
    Nothing,
}

/// Judges whether the versions are still to be published. `None` where relman.toml names no artifacts.
#[must_use]
pub(in crate::plan) fn unpublished(snapshot: &Snapshot, units: &[ReleaseUnit], outside: &Outside) -> Option<Gate> {
    let name = "unpublished";
    let expected = artifacts_before(snapshot, units);
    if expected.is_empty() {
        return None;
    }
    let (mut there, mut first, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for expected in &expected {
        match outside.artifacts.get(&expected.artifact.to_string()).map(|look| &look.found) {
            Some(Look::Found(facts)) => match holding(expected, facts) {
                Holding::Version => there.push(format!("{} {}", expected.artifact, expected.text)),
                Holding::Nothing => first.push(expected.artifact.to_string()),
                Holding::Other => {}
            },
            Some(Look::Unknown { message, .. }) if !expected.is_optional => {
                unknown.push((expected.artifact.to_string(), message));
            }
            Some(Look::Unknown { .. }) => {}
            Some(Look::NotAsked) | None => return Some(Gate::later(name, "the registries were not asked")),
        }
    }
    if !there.is_empty() {
        let message = format!("published already: {}", list_truncated(&there, SHOWN));
        return Some(Gate::new(name, GateState::Failed, message).with_help("release a higher version"));
    }
    if let Some((_, why)) = unknown.first() {
        // One reason is enough: mostly all of them have the same.
        let names = list_truncated(unknown.iter().map(|(name, _)| name), SHOWN);
        let message = format!("{names} could not be looked at: {why}");
        return Some(Gate::new(name, GateState::Unknown, message).with_help("set `registries` in [verify], or log in"));
    }
    let names = list_truncated(&first, SHOWN);
    let new = if first.is_empty() {
        String::new()
    } else {
        format!("; first release of {names}: may CI publish there (trusted publisher, scope, token)?")
    };
    Some(Gate::new(name, GateState::Passed, format!("no registry has these versions yet{new}")))
}

fn holding(expected: &Expected, facts: &ArtifactFacts) -> Holding {
    let is_it = |scheme: VersionScheme, text: &str| scheme.parse_lenient(text).is_ok_and(|v| v == expected.version);
    let of = |holds: bool| if holds { Holding::Version } else { Holding::Other };
    match facts {
        ArtifactFacts::Image(found) => of(found.is_some()),
        ArtifactFacts::Chart(found) => of(found.is_some()),
        ArtifactFacts::Python(None) => Holding::Nothing,
        ArtifactFacts::Python(Some(files)) => of(files
            .iter()
            .filter_map(|file| file.version.as_deref())
            .any(|version| is_it(VersionScheme::Pep440, version))),
        ArtifactFacts::Npm(None) => Holding::Nothing,
        ArtifactFacts::Npm(Some(facts)) => {
            of(facts.versions.iter().any(|version| is_it(VersionScheme::Semver, version)))
        }
        ArtifactFacts::Crate(None) => Holding::Nothing,
        ArtifactFacts::Crate(Some(releases)) => {
            of(releases.iter().any(|release| is_it(VersionScheme::Semver, &release.version)))
        }
        _ => Holding::Other,
    }
}
