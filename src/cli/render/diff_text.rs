//! What changes in files, as a diff.

use std::collections::BTreeMap;

use anstyle::Style;

use crate::cli::output::{FAINT, GOOD, LABEL, OLD};
use crate::cli::words::Text;
use crate::model::RepoPath;
use crate::plan::{Action, FilePlan, Plan};
use crate::snapshot::Changelogs;
use crate::text::{DiffLine, hunks, visible_line};

/// Writes what a plan writes into changelogs.
pub(super) fn diffs(plan: &Plan, changelogs: &Changelogs) -> Text {
    let is_changelog = |file: &&FilePlan| changelogs.of_package.iter().flatten().any(|path| *path == file.path);
    let texts = changelogs.files.iter().filter_map(|(path, text)| Some((path, text.as_deref().ok()?))).collect();
    plan.files.iter().filter(is_changelog).map(|file| diff(file, &texts)).collect()
}

/// Writes the changes of files whose texts are given. Files that go are named, not shown.
pub(in crate::cli) fn diff_text(files: &[FilePlan], texts: &BTreeMap<&RepoPath, &str>) -> Text {
    files.iter().map(|file| diff(file, texts)).collect()
}

/// A few lines around each change, `-` before those that go, and `+` before those that come.
fn diff(file: &FilePlan, texts: &BTreeMap<&RepoPath, &str>) -> Text {
    let path = file.path.to_string();
    let path = visible_line(&path);
    if file.action == Action::Delete {
        return Text::default().styled(FAINT, "delete").plain(format_args!(" {path}\n"));
    }
    let mut out = vec![line(LABEL, "", &path)];
    out.extend(file.content.as_deref().unwrap_or("").lines().map(|text| line(GOOD, "+", text)));
    for hunk in texts.get(&file.path).map_or(Vec::new(), |text| hunks(text, &file.edits)) {
        out.push(line(FAINT, "@@ line ", &hunk.line.to_string()));
        out.extend(hunk.lines.iter().map(|shown| match shown {
            DiffLine::Same("") => Text::from("\n"),
            DiffLine::Same(text) => Text::new(format_args!(" {text}\n")),
            DiffLine::Old(text) => line(OLD, "-", text),
            DiffLine::New(text) => line(GOOD, "+", text),
        }));
    }
    out.push(Text::from("\n"));
    out.into_iter().collect()
}

fn line(style: Style, sign: &str, text: &str) -> Text {
    Text::default().styled(style, format_args!("{sign}{text}")).plain("\n")
}
