//! Messages: the commit's and the tags' words.

use super::release_plan::{PackageBump, TagPlan};
use crate::model::{Diagnostic, TagName};
use crate::snapshot::Snapshot;

/// The trailer by which relman knows its own release commits again.
const TRAILER: &str = "Relman-Release";

/// Above this many packages a subject counts them instead of naming them.
const NAMED: usize = 3;

/// Writes the commit's message: the template as the subject, a line for each package, a trailer for each tag.
///
/// # Errors
/// Where the template wants the one version of all packages and they have several.
pub(super) fn commit_message(snapshot: &Snapshot, bumps: &[PackageBump], tags: &[TagName], one: bool) -> Result<String, Diagnostic> {
    let template = &snapshot.config.workspace.commit_message;
    if template.contains("{version}") && !one {
        let message = format!("the commit message `{template}` wants one {{version}}, and the released packages have several");
        return Err(Diagnostic::new(message).help("use {releases} in `commit-message`"));
    }
    let version = bumps.first().map_or("", |bump| bump.to.as_str());
    let releases = match bumps.len() {
        0..=NAMED => bumps.iter().map(|b| format!("{} {}", b.package, b.to)).collect::<Vec<_>>().join(", "),
        many => format!("{many} packages"),
    };
    let values = [("{releases}", releases.as_str()), ("{version}", version), ("{date}", snapshot.today.as_str())];
    let mut message = filled(template, &values);
    message.push_str("\n\n");
    for bump in bumps {
        let step = if bump.from == bump.to { bump.to.clone() } else { format!("{} -> {}", bump.from, bump.to) };
        message.push_str(&format!("- {} {step}\n", bump.package));
    }
    message.push('\n');
    for tag in tags {
        message.push_str(&format!("{TRAILER}: {tag}\n"));
    }
    Ok(message)
}

/// Writes a tag's message.
pub(super) fn tag_message(template: &str, tag: &TagName, name: &str, version: &str, date: &str) -> String {
    let values = [("{tag}", tag.0.as_str()), ("{name}", name), ("{version}", version), ("{date}", date)];
    let mut message = filled(template, &values);
    message.push('\n');
    message
}

/// Replaces each placeholder once, in one pass, so that a value with braces stays a value.
fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (head, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(head);
        let known = values.iter().find(|(key, _)| tail.starts_with(key));
        let (text, taken) = known.map_or(("{", 1), |(key, value)| (*value, key.len()));
        out.push_str(text);
        rest = tail.get(taken..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// Returns the names of the tags, in their order.
pub(super) fn names(tags: &[TagPlan]) -> Vec<TagName> {
    tags.iter().map(|tag| tag.name.clone()).collect()
}
