//! [`judge`]: from what was found to what a person, or CI, is shown.

use super::expected::{Allowance, Expected, FIRST_HOUR, FIRST_MINUTE, What};
use super::forge_verdicts::{milestone_verdict, pipeline_verdict, release_verdict, tag_verdict};
use super::image_verdicts::{Images, chart_verdict, image_verdict};
use super::index_verdicts::{crate_verdict, npm_verdict, page_verdict, python_verdict};
use super::report::{ArtifactReport, ArtifactState};
use super::verdict::{Finding, Verdict};
use crate::config::Acceptance;
use crate::snapshot::{ArtifactFacts, ArtifactLook, Look, Snapshot};

/// Judges artifacts by what was found of them. Pure.
///
/// What relman.toml accepts counts as accepted where it is not right.
#[must_use]
pub fn judge(snapshot: &Snapshot, looked: &[(Expected, ArtifactLook)], allowance: Allowance) -> Vec<ArtifactReport> {
    let images = Images::of(looked);
    looked.iter().map(|(expected, look)| report(snapshot, expected, look, &images, allowance)).collect()
}

fn report(
    snapshot: &Snapshot,
    expected: &Expected,
    look: &ArtifactLook,
    images: &Images<'_>,
    allowance: Allowance,
) -> ArtifactReport {
    let Verdict { finding, expected: wanted, found, digest, help } = verdict(expected, look, images);
    let (mut state, mut message) = state(finding, expected, allowance);
    if state != ArtifactState::Ok
        && let Some(accepted) = accepted(snapshot, expected)
    {
        state = ArtifactState::Accepted;
        let found = message.map_or(String::new(), |message| format!(" ({message})"));
        message = Some(format!("{}{found}", accepted.why));
    }
    ArtifactReport {
        artifact: expected.artifact.to_string(),
        package: snapshot.workspace.packages[expected.package].id.clone(),
        version: expected.text.clone(),
        state,
        optional: expected.is_optional,
        expected: wanted,
        found,
        digest,
        asked: look.asked.clone(),
        message,
        help: help.filter(|_| state != ArtifactState::Ok),
    }
}

/// The entry of `accept` that is about an artifact.
fn accepted<'a>(snapshot: &'a Snapshot, expected: &Expected) -> Option<&'a Acceptance> {
    let entries = snapshot.config.verify.as_ref().map_or(&[][..], |verify| &verify.accept);
    entries.iter().find(|entry| expected.is_named(&entry.artifact.to_string()) && entry.version == expected.version)
}

/// What a finding comes to: what is not there may still come for a while, what may be absent need not come.
fn state(finding: Finding, expected: &Expected, allowance: Allowance) -> (ArtifactState, Option<String>) {
    let may_come = |limit| allowance.is_waiting || allowance.is_within(expected, limit);
    match finding {
        Finding::Right => (ArtifactState::Ok, None),
        Finding::Remarkable(message) => (ArtifactState::Ok, Some(message)),
        Finding::Absent(message) if expected.is_optional => {
            (ArtifactState::Ok, Some(format!("{message}, and it is optional")))
        }
        Finding::Absent(message) if may_come(FIRST_HOUR) => (ArtifactState::Pending, Some(message)),
        Finding::Late(message) if allowance.is_within(expected, FIRST_MINUTE) => {
            (ArtifactState::Pending, Some(message))
        }
        Finding::Coming(message) => (ArtifactState::Pending, Some(message)),
        Finding::Absent(message) | Finding::Late(message) | Finding::Different(message) => {
            (ArtifactState::Wrong, Some(message))
        }
        Finding::Unseen(message) => (ArtifactState::Unknown, Some(message)),
    }
}

fn verdict(expected: &Expected, look: &ArtifactLook, images: &Images<'_>) -> Verdict {
    let facts = match &look.found {
        Look::Found(facts) => facts,
        Look::Unknown { message, help } => {
            return Verdict { help: help.clone(), ..Verdict::of(Finding::Unseen(message.clone())) };
        }
        Look::NotAsked => return Verdict::of(Finding::Unseen("it was not asked for".to_owned())),
    };
    match (&expected.what, facts) {
        (What::Image(tag), ArtifactFacts::Image(found)) => image_verdict(expected, tag, found.as_ref(), images),
        (What::Chart { tag, .. }, ArtifactFacts::Chart(found)) => chart_verdict(expected, tag, found.as_ref()),
        (What::Python { files, attested, .. }, ArtifactFacts::Python(found)) => {
            python_verdict(expected, files, *attested, found.as_deref())
        }
        (What::Npm(_), ArtifactFacts::Npm(found)) => npm_verdict(expected, found.as_ref()),
        (What::Crate(_), ArtifactFacts::Crate(found)) => crate_verdict(expected, found.as_deref()),
        (What::Page { says, .. }, ArtifactFacts::Page(page)) => page_verdict(expected, says, page),
        (What::Command { .. }, ArtifactFacts::Command(why)) => match why {
            None => Verdict::right(),
            Some(why) => Verdict::different(why.clone()),
        },
        (What::Release { assets, has_notes }, ArtifactFacts::Releases(found)) => {
            release_verdict(expected, assets, *has_notes, found)
        }
        (What::Tag, ArtifactFacts::Tag(found)) => tag_verdict(expected, found.as_ref()),
        (What::Pipeline, ArtifactFacts::Pipeline(jobs)) => pipeline_verdict(jobs),
        (What::Milestone { title, is_closed }, ArtifactFacts::Milestone(found)) => {
            milestone_verdict(title, *is_closed, found.as_ref())
        }
        // A look answers with what its kind asks for.
        _ => Verdict::of(Finding::Unseen("the answer is of another kind".to_owned())),
    }
}
