//! What changes in files, as a diff.

use std::collections::BTreeMap;

use crate::cli::output::{FAINT, GOOD, LABEL, OLD};
use crate::model::RepoPath;
use crate::plan::{Action, FilePlan, Plan};
use crate::snapshot::Changelogs;
use crate::text::{DiffLine, hunks};

/// Writes what a plan writes into changelogs.
pub(super) fn diffs(plan: &Plan, changelogs: &Changelogs) -> String {
    let is_changelog = |file: &&FilePlan| changelogs.of_package.iter().flatten().any(|path| *path == file.path);
    let texts = changelogs.files.iter().filter_map(|(path, text)| Some((path, text.as_deref().ok()?))).collect();
    plan.files.iter().filter(is_changelog).map(|file| diff(file, &texts)).collect()
}

/// Writes the changes of files whose texts are given. Files that go are named, not shown.
pub(in crate::cli) fn diff_text(files: &[FilePlan], texts: &BTreeMap<&RepoPath, &str>) -> String {
    files.iter().map(|file| diff(file, texts)).collect()
}

/// A few lines around each change, `-` before those that go, and `+` before those that come.
fn diff(file: &FilePlan, texts: &BTreeMap<&RepoPath, &str>) -> String {
    if file.action == Action::Delete {
        return format!("{FAINT}delete{FAINT:#} {}\n", file.path);
    }
    let mut out = format!("{LABEL}{}{LABEL:#}\n", file.path);
    let added = |line: &str| format!("{GOOD}+{}{GOOD:#}\n", visible(line));
    out.extend(file.content.as_deref().unwrap_or("").lines().map(added));
    for hunk in texts.get(&file.path).map_or(Vec::new(), |text| hunks(text, &file.edits)) {
        out.push_str(&format!("{FAINT}@@ line {}{FAINT:#}\n", hunk.line));
        out.extend(hunk.lines.iter().map(|line| match line {
            DiffLine::Same("") => "\n".to_owned(),
            DiffLine::Same(text) => format!(" {}\n", visible(text)),
            DiffLine::Old(text) => format!("{OLD}-{}{OLD:#}\n", visible(text)),
            DiffLine::New(text) => added(text),
        }));
    }
    out.push('\n');
    out
}

/// A text that comes from commits may hold what a terminal would obey.
fn visible(line: &str) -> String {
    line.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}
