//! What the remote and the forge say of a release.

use super::expected::Expected;
use super::verdict::{Finding, Verdict};
use crate::config::NameGlob;
use crate::model::{CiJob, CiVerdict, ForgeRelease, Milestone, ci_verdict};
use crate::snapshot::TagLook;

/// Judges the tag on the remote by the commit that it leads to.
pub(super) fn tag_verdict(expected: &Expected, found: Option<&TagLook>) -> Verdict {
    match (found, &expected.commit) {
        (None, _) => Verdict::absent("the remote does not have it"),
        (Some(there), Some(commit)) if there.commit != commit.as_str() => {
            let message = "it is on another commit there";
            Verdict::different(message).expected(commit.as_str()).found(there.commit.as_str())
        }
        (Some(there), _) => Verdict::right().found(there.commit.as_str()),
    }
}

/// Judges what the push of the tag started.
pub(super) fn pipeline_verdict(jobs: &[CiJob]) -> Verdict {
    match ci_verdict(jobs) {
        CiVerdict::Green => Verdict::right(),
        CiVerdict::Running(names) => Verdict::of(Finding::Coming(format!("{} still running", names.join(", ")))),
        CiVerdict::Failed(jobs) => Verdict::different(jobs.join(", ")),
        CiVerdict::NoRun => {
            let help = "does the workflow run for tags? a push of many tags at once starts none".to_owned();
            Verdict { help: Some(help), ..Verdict::of(Finding::Late("the tag started no pipeline".to_owned())) }
        }
    }
}

/// Judges the release on the forge: public, with its text and its files.
pub(super) fn release_verdict(
    expected: &Expected,
    assets: &[NameGlob],
    has_notes: bool,
    found: &[ForgeRelease],
) -> Verdict {
    let Some(release) = found.iter().find(|release| !release.is_draft).or_else(|| found.first()) else {
        let verdict = Verdict::absent("the forge has no release of the tag");
        return Verdict { help: Some(format!("`relman release {}` makes it", expected.tag)), ..verdict };
    };
    let verdict = Verdict::right().found(release.url.as_str());
    let help = |text: String| Some(text);
    if release.is_draft {
        let finding = Finding::Absent("it is still a draft".to_owned());
        return Verdict { finding, help: help(format!("`relman release --publish {}`", expected.tag)), ..verdict };
    }
    if has_notes && release.body.trim().is_empty() {
        return Verdict { finding: Finding::Different("it has no notes".to_owned()), ..verdict };
    }
    let half: Vec<&str> =
        release.assets.iter().filter(|asset| !asset.is_complete).map(|asset| asset.name.as_str()).collect();
    if !half.is_empty() {
        let finding = Finding::Absent(format!("half uploaded: {}", half.join(", ")));
        return Verdict { finding, help: help(format!("`relman release {}` uploads them", expected.tag)), ..verdict };
    }
    let is_there = |glob: &NameGlob| release.assets.iter().any(|asset| glob.matcher().is_match(&asset.name));
    let missing: Vec<&str> = assets.iter().filter(|glob| !is_there(glob)).map(NameGlob::as_str).collect();
    if !missing.is_empty() {
        return Verdict { finding: Finding::Absent(format!("no file is like {}", missing.join(", "))), ..verdict };
    }
    if release.is_prerelease != expected.version.is_prerelease() && release.is_prerelease {
        return Verdict { finding: Finding::Different("it is marked as a prerelease".to_owned()), ..verdict };
    }
    verdict
}

/// Judges the milestone of the release.
pub(super) fn milestone_verdict(title: &str, is_closed: bool, found: Option<&Milestone>) -> Verdict {
    let Some(milestone) = found else { return Verdict::different(format!("the forge has no milestone {title}")) };
    if is_closed && milestone.is_open {
        return Verdict::absent("it is still open").found(milestone.url.as_str());
    }
    Verdict::right().found(milestone.url.as_str())
}
