//! Plans and receipts: what will be done, and what was done.

use super::diff_text::{Texts, diffs};
use super::gates_text::gates_text;
use super::outward_text::{context_text, places_text, steps_text};
use super::plural;
use super::table::{Fit, Shrink, Table, plain, styled};
use crate::apply::Receipt;
use crate::cli::output::{FAINT, GOOD, LABEL, OLD, WARNING};
use crate::cli::words::Text;
use crate::plan::{BumpReason, FileChange, FileChanges, Outward, PackageBump, ReleaseNotes, ReleasePlan};

/// Writes the whole plan: versions with their reasons, every place that changes, what changelogs take, the commit, the tags, the
/// pushes. `texts` are those of the files that change, as far as they are known.
pub(in crate::cli) fn plan_text(plan: &ReleasePlan, texts: &Texts<'_>, width: Option<usize>) -> Text {
    if plan.is_empty() {
        return Text::from("nothing to release\n").then(&notes(plan).folded(width));
    }
    let mut out = versions(plan, width).then(&places(&plan.files, width)).then(&diffs(plan, texts).folded(width));
    out = out.then(&made(plan).folded(width)).then(&steps_text(&plan.outward, width));
    if !plan.gates.is_empty() {
        out = out.plain("\n").then(&gates_text(&plan.gates, width));
    }
    out.then(&notes(plan).folded(width))
}

/// Writes what git makes, a line each: the commit, tags, merges.
fn made(plan: &ReleasePlan) -> Text {
    let mut out = Text::default();
    for pin in &plan.pins {
        let from = pin.from.as_deref().unwrap_or("-");
        out = out.styled(LABEL, "pin").plain(format_args!("     {} {from} -> {}\n", pin.name, pin.to));
    }
    if let Some(commit) = &plan.commit {
        let subject = commit.message.lines().next().unwrap_or("");
        out = out.styled(LABEL, "commit").plain(format_args!("  {subject}\n"));
    }
    for tag in &plan.tags {
        out = out.styled(LABEL, "tag").plain(format_args!("     {}\n", tag.name));
    }
    out.then(&context_text(plan))
}

/// Writes what a person should know about a plan, a line each.
pub(in crate::cli) fn notes(plan: &ReleasePlan) -> Text {
    let note = |note: &String| Text::default().styled(WARNING, "note").plain(format_args!(": {note}\n"));
    plan.notes.iter().map(note).collect()
}

/// Writes the sections of changelogs that a plan writes, each below its package and version.
pub(in crate::cli) fn sections_text(plan: &ReleasePlan) -> Text {
    let section = |notes: &ReleaseNotes| {
        let title = format_args!("{} {}", notes.package, notes.version);
        Text::default().styled(LABEL, title).plain(format_args!("\n\n{}\n\n", notes.body.trim()))
    };
    plan.release_notes.iter().map(section).collect()
}

/// Writes the versions with their reasons, and a blank line; empty without versions.
pub(in crate::cli) fn versions(plan: &ReleasePlan, width: Option<usize>) -> Text {
    if plan.bumps.is_empty() {
        return Text::default();
    }
    if is_released(plan) {
        return released(plan, width);
    }
    let mut table = Table::default();
    table.headings(&["PACKAGE", "FROM", "TO", "WHY"]);
    for bump in &plan.bumps {
        table.row(vec![
            styled(bump.package.to_string(), LABEL),
            styled(bump.from.clone(), OLD),
            styled(bump.to.clone(), GOOD),
            plain(bump.reason.words(bump.level)),
        ]);
    }
    table.text(width.map(|width| Fit { width, giving: &[], shrinks: Shrink::Flow(3) }).as_ref()).plain("\n")
}

/// Returns `true` if the versions were written before: what is left are their tags, and what leaves the machine.
fn is_released(plan: &ReleasePlan) -> bool {
    let stays = |bump: &PackageBump| bump.from == bump.to && bump.reason == BumpReason::Requested;
    plan.commit.is_none() && plan.files.is_empty() && plan.bumps.iter().all(stays)
}

/// Writes versions that were written before, with their tags.
fn released(plan: &ReleasePlan, width: Option<usize>) -> Text {
    let existing = plan.existing_tags.iter().map(|tag| (&tag.package, &tag.name));
    let mut tags: Vec<_> = plan.tags.iter().map(|tag| (&tag.package, &tag.name)).chain(existing).collect();
    let mut table = Table::default();
    table.headings(&["PACKAGE", "VERSION", "TAG"]);
    for bump in &plan.bumps {
        // A package may have several tags here, in the order of its versions.
        let at = tags.iter().position(|(package, _)| **package == bump.package);
        let tag = at.map_or_else(|| "-".to_owned(), |at| tags.remove(at).1.to_string());
        table.row(vec![styled(bump.package.to_string(), LABEL), styled(bump.to.clone(), GOOD), plain(tag)]);
    }
    table.text(width.map(|width| Fit { width, giving: &[], shrinks: Shrink::Flow(2) }).as_ref()).plain("\n")
}

fn places(files: &FileChanges, width: Option<usize>) -> Text {
    let mut table = Table::default();
    for (path, change) in files.iter() {
        let action = match change {
            FileChange::Edit { .. } => "edit",
            FileChange::Create { .. } => "create",
            FileChange::Delete { .. } => "delete",
        };
        if change.slots().is_empty() {
            table.row(vec![styled(action, FAINT), plain(path.as_str())]);
        }
        for slot in change.slots() {
            table.row(vec![
                styled(action, FAINT),
                plain(format!("{path}:{}", slot.line)),
                styled(slot.from.clone(), OLD),
                styled(slot.to.clone(), GOOD),
            ]);
        }
    }
    let fit = width.map(|width| Fit { width, giving: &[0], shrinks: Shrink::CutStart(1) });
    if files.is_empty() { Text::default() } else { table.text(fit.as_ref()).plain("\n") }
}

/// Writes the result of a run, below the versions.
pub(in crate::cli) fn done(plan: &ReleasePlan, receipt: &Receipt, width: Option<usize>) -> Text {
    // Without a commit and a tag nothing is released yet.
    let is_written_only = plan.commit.is_none() && plan.tags.is_empty() && plan.outward.is_empty();
    let mut out = receipt_text(if is_written_only { "wrote" } else { "released" }, receipt).then(&places_text(receipt));
    if !plan.tags.is_empty() && pushes(receipt) == 0 {
        // It sends the branch first, and as many tags at once as forges take.
        out = out.styled(FAINT, "not pushed: relman release").plain("\n");
    }
    out.folded(width)
}

/// Writes a receipt.
pub(in crate::cli) fn receipt_text(what: &str, receipt: &Receipt) -> Text {
    let mut parts = Vec::new();
    let is_empty = receipt.commit.is_none() && receipt.tags.is_empty() && pushes(receipt) == 0;
    if receipt.files > 0 || is_empty {
        parts.push(plural(receipt.files, "file"));
    }
    parts.extend(receipt.commit.iter().map(|commit| format!("commit {}", commit.short())));
    if !receipt.tags.is_empty() {
        let names: Vec<&str> = receipt.tags.iter().take(6).map(|(name, _)| name.as_str()).collect();
        let more = receipt.tags.len().saturating_sub(names.len());
        let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
        let tags = if receipt.tags.len() == 1 { "tag" } else { "tags" };
        parts.push(format!("{tags} {}{rest}", names.join(" ")));
    }
    match pushes(receipt) {
        0 => {}
        1 => parts.push("1 push".to_owned()),
        several => parts.push(format!("{several} pushes")),
    }
    Text::default().styled(GOOD, what).plain(format_args!(": {}\n", parts.join(", ")))
}

fn pushes(receipt: &Receipt) -> usize {
    let is_push = |action: &Outward| matches!(action, Outward::Merge(_) | Outward::Push(_) | Outward::Back(_));
    receipt.outward.iter().filter(|(step, _)| is_push(&step.action)).count()
}
