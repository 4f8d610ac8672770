//! What a plan writes into changelogs, as a diff.

use crate::cli::output::{FAINT, GOOD, LABEL, OLD};
use crate::plan::{Action, FilePlan, Plan};
use crate::snapshot::Changelogs;
use crate::text::{DiffLine, hunks};

/// Writes the changes of each changelog: a few lines around them, `-` before those that go, and `+` before those that come.
pub(super) fn diffs(plan: &Plan, changelogs: &Changelogs) -> String {
    let is_changelog = |file: &&FilePlan| changelogs.of_package.iter().flatten().any(|path| *path == file.path);
    plan.files.iter().filter(is_changelog).map(|file| diff(file, changelogs)).collect()
}

fn diff(file: &FilePlan, changelogs: &Changelogs) -> String {
    let mut out = format!("{LABEL}{}{LABEL:#}\n", file.path);
    let added = |line: &str| format!("{GOOD}+{}{GOOD:#}\n", visible(line));
    match (file.action, changelogs.files.get(&file.path)) {
        (Action::Create, _) => out.extend(file.content.as_deref().unwrap_or("").lines().map(added)),
        (Action::Edit, Some(Ok(text))) => {
            for hunk in hunks(text, &file.edits) {
                out.push_str(&format!("{FAINT}@@ line {}{FAINT:#}\n", hunk.line));
                out.extend(hunk.lines.iter().map(|line| match line {
                    DiffLine::Same("") => "\n".to_owned(),
                    DiffLine::Same(text) => format!(" {}\n", visible(text)),
                    DiffLine::Old(text) => format!("{OLD}-{}{OLD:#}\n", visible(text)),
                    DiffLine::New(text) => added(text),
                }));
            }
        }
        _ => return String::new(),
    }
    out.push('\n');
    out
}

/// A text that comes from commits may hold what a terminal would obey.
fn visible(line: &str) -> String {
    line.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}
