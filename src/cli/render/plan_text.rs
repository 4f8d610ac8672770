//! Plans and receipts: what will be done, and what was.

use super::diff_text::diffs;
use super::plural;
use super::table::{Table, plain, styled};
use crate::apply::Receipt;
use crate::cli::output::{FAINT, GOOD, LABEL, OLD, WARNING};
use crate::cli::words::Text;
use crate::plan::{Action, BumpReason, FilePlan, Plan, PushPlan};
use crate::snapshot::Changelogs;

/// Writes the whole plan: versions with their reasons, every place that changes, what changelogs take where their texts are known, the
/// commit, the tags, the pushes.
pub(in crate::cli) fn plan_text(plan: &Plan, changelogs: &Changelogs) -> Text {
    if plan.bumps.is_empty() {
        return Text::from("nothing to release\n").then(&notes(plan));
    }
    let mut out = versions(plan).plain("\n").then(&places(&plan.files)).then(&diffs(plan, changelogs));
    if let Some(commit) = &plan.commit {
        let subject = commit.message.lines().next().unwrap_or("");
        out = out.styled(LABEL, "commit").plain(format_args!("  {subject}\n"));
    }
    for tag in &plan.tags {
        out = out.styled(LABEL, "tag").plain(format_args!("     {}\n", tag.name));
    }
    for push in &plan.pushes {
        out = out.styled(LABEL, "push").plain(format_args!("    {}\n", pushed(push)));
    }
    out.then(&notes(plan))
}

/// Writes what a person should know about a plan, a line each.
pub(in crate::cli) fn notes(plan: &Plan) -> Text {
    let note = |note: &String| Text::default().styled(WARNING, "note").plain(format_args!(": {note}\n"));
    plan.notes.iter().map(note).collect()
}

fn versions(plan: &Plan) -> Text {
    let mut table = Table::default();
    table.headings(&["PACKAGE", "FROM", "TO", "WHY"]);
    for bump in &plan.bumps {
        table.row(vec![
            styled(bump.package.0.clone(), LABEL),
            styled(bump.from.clone(), OLD),
            styled(bump.to.clone(), GOOD),
            plain(why(&bump.reason)),
        ]);
    }
    table.text()
}

/// Writes why a package is released.
pub(super) fn why(reason: &BumpReason) -> String {
    match reason {
        BumpReason::Requested => "requested".to_owned(),
        BumpReason::FixedGroup(group) => format!("fixed group {group}"),
        BumpReason::LinkedGroup(group) => format!("linked group {group}"),
        BumpReason::Dependent(package) => format!("requires {package}"),
        BumpReason::Changes => "has changes".to_owned(),
        BumpReason::FirstRelease => "first release".to_owned(),
    }
}

fn places(files: &[FilePlan]) -> Text {
    let mut table = Table::default();
    for file in files {
        let action = match file.action {
            Action::Edit => "edit",
            Action::Create => "create",
            Action::Delete => "delete",
        };
        if file.slots.is_empty() {
            table.row(vec![styled(action, FAINT), plain(file.path.as_str())]);
        }
        for slot in &file.slots {
            table.row(vec![
                styled(action, FAINT),
                plain(format!("{}:{}", file.path, slot.line)),
                styled(slot.from.clone(), OLD),
                styled(slot.to.clone(), GOOD),
            ]);
        }
    }
    if files.is_empty() { Text::default() } else { table.text().plain("\n") }
}

fn pushed(push: &PushPlan) -> String {
    let refs: Vec<&str> =
        push.branch.iter().map(String::as_str).chain(push.tags.iter().map(|t| t.0.as_str())).collect();
    format!("{} {}", push.remote, refs.join(" "))
}

/// Writes what a run did.
pub(in crate::cli) fn done(plan: &Plan, receipt: &Receipt) -> Text {
    let mut out = versions(plan).plain("\n").then(&receipt_text("released", receipt));
    if !plan.tags.is_empty() && receipt.pushes == 0 {
        let tags: Vec<&str> = plan.tags.iter().map(|tag| tag.name.0.as_str()).collect();
        // `--tags` would send every tag there is, and many at once start no pipeline on some forges.
        let shown = if tags.len() > 3 { "TAG... (three tags in one push)".to_owned() } else { tags.join(" ") };
        out = out.styled(FAINT, format_args!("not pushed: git push --atomic REMOTE BRANCH {shown}")).plain("\n");
    }
    out
}

/// Writes a receipt.
pub(in crate::cli) fn receipt_text(what: &str, receipt: &Receipt) -> Text {
    let mut out = Text::default().styled(GOOD, what).plain(format_args!(": {}", plural(receipt.files, "file")));
    if let Some(commit) = &receipt.commit {
        out = out.plain(format_args!(", commit {}", commit.short()));
    }
    if !receipt.tags.is_empty() {
        let names: Vec<&str> = receipt.tags.iter().take(6).map(|(name, _)| name.0.as_str()).collect();
        let more = receipt.tags.len().saturating_sub(names.len());
        let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
        let tags = if receipt.tags.len() == 1 { "tag" } else { "tags" };
        out = out.plain(format_args!(", {tags} {}{rest}", names.join(" ")));
    }
    if receipt.pushes > 0 {
        let pushes = if receipt.pushes == 1 { "1 push".to_owned() } else { format!("{} pushes", receipt.pushes) };
        out = out.plain(format_args!(", {pushes}"));
    }
    out.plain("\n")
}
