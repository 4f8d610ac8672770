//! Messages: those of the commit and of the tags.

use super::pin_bump::PinBump;
use super::release_plan::{CommitPlan, PackageBump, TagPlan};
use crate::config::MessageTemplate;
use crate::history::{release_line, release_trailer, released_tag, releases};
use crate::model::{Diagnostic, ProblemCode, TagName};
use crate::snapshot::Snapshot;

/// Above this many pins, a subject counts them instead of naming them.
const NAMED: usize = 3;

/// Writes the commit's message: the template as the subject, a line for each package and each pin, a trailer for each tag. Where only pins
/// move, they are the subject.
///
/// # Errors
/// Returns an error if the template wants the one version of all packages and they have several.
pub(super) fn commit_message(
    snapshot: &Snapshot,
    (bumps, pins): (&[PackageBump], &[PinBump]),
    tags: &[TagName],
    one: bool,
) -> Result<String, Diagnostic> {
    if bumps.is_empty() && !pins.is_empty() {
        return Ok(format!("chore: pin {}\n\n{}", pinned(pins), pin_lines(pins)));
    }
    let template = &snapshot.config.workspace.commit_message;
    if template.uses("version") && !one {
        let message =
            format!("the commit message `{template}` uses {{version}}, but the released packages have several");
        return Err(Diagnostic::new(ProblemCode::ConfigConflict, message).help("use {releases} in `commit-message`"));
    }
    let mut message = template.fill(|word| match word {
        "releases" => releases(bumps.iter().map(|bump| (bump.package.as_str(), bump.to.as_str()))),
        "version" => bumps.first().map_or(String::new(), |bump| bump.to.clone()),
        _ => snapshot.today.clone(),
    });
    message.push_str("\n\n");
    for bump in bumps {
        message.push_str(&release_line(bump.package.as_str(), &bump.from, &bump.to));
        message.push('\n');
    }
    message.push_str(&pin_lines(pins));
    message.push('\n');
    for tag in tags {
        message.push_str(&release_trailer(tag));
        message.push('\n');
    }
    Ok(message)
}

/// Returns the tags that the commit of a plan releases, made with it or later.
#[must_use]
pub fn released_tags(commit: &CommitPlan) -> Vec<String> {
    commit.message.lines().filter_map(released_tag).map(str::to_owned).collect()
}

/// Returns `true` if a line of a commit message names the tag of a release.
#[must_use]
pub fn is_release_trailer(line: &str) -> bool {
    released_tag(line).is_some()
}

/// Names the pins and their tags, or counts them if they are many.
fn pinned(pins: &[PinBump]) -> String {
    match pins.len() {
        0..=NAMED => pins.iter().map(|pin| format!("{} to {}", pin.name, pin.to)).collect::<Vec<_>>().join(", "),
        many => format!("{many} other repositories"),
    }
}

fn pin_lines(pins: &[PinBump]) -> String {
    let line = |pin: &PinBump| match pin.from.as_ref().filter(|from| **from != pin.to) {
        Some(from) => format!("- pin {} {from} -> {}\n", pin.name, pin.to),
        None => format!("- pin {} {}\n", pin.name, pin.to),
    };
    pins.iter().map(line).collect()
}

/// Writes a tag's message.
pub(super) fn tag_message(template: &MessageTemplate, tag: &TagName, name: &str, version: &str, date: &str) -> String {
    let value = |word: &str| match word {
        "tag" => tag.as_str(),
        "name" => name,
        "version" => version,
        _ => date,
    };
    let mut message = template.fill(|word| value(word).to_owned());
    message.push('\n');
    message
}

/// Returns the names of the tags, in their order.
pub(super) fn names(tags: &[TagPlan]) -> Vec<TagName> {
    tags.iter().map(|tag| tag.name.clone()).collect()
}
