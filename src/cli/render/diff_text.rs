//! Changes of files, as a diff.

use std::collections::BTreeMap;

use anstyle::Style;

use crate::cli::output::{FAINT, GOOD, LABEL, OLD};
use crate::cli::words::Text;
use crate::model::RepoPath;
use crate::plan::{FileChange, FileChanges, ReleasePlan};
use crate::text::{DiffLine, Hunk, hunks, visible_line};

/// Texts by their paths.
pub(in crate::cli) type Texts<'a> = BTreeMap<&'a RepoPath, &'a str>;

/// Writes what the list of versions and places does not say: new files, and what changes beside the places. So do changelogs.
pub(super) fn diffs(plan: &ReleasePlan, texts: &Texts<'_>) -> Text {
    let has_more = |change: &FileChange| match change {
        FileChange::Edit { slots, edits, .. } => edits.as_slice().len() > slots.len(),
        FileChange::Create { .. } => true,
        FileChange::Delete { .. } => false,
    };
    let shown = plan.files.iter().filter(|(_, change)| has_more(change));
    shown.map(|(path, change)| diff(path, change, texts.get(path).copied())).collect()
}

/// Writes the changes of files. Files that are deleted are named, not shown.
pub(in crate::cli) fn diff_text(files: &FileChanges, texts: &Texts<'_>) -> Text {
    files.iter().map(|(path, change)| diff(path, change, texts.get(path).copied())).collect()
}

/// Lines with `-` before removed ones, and `+` before added ones; a few lines around each change where the text of the file is
/// known.
fn diff(path: &RepoPath, change: &FileChange, text: Option<&str>) -> Text {
    let path = visible_line(path.as_str());
    let edits = match change {
        FileChange::Delete { .. } => {
            return Text::default().styled(FAINT, "delete").plain(format_args!(" {path}\n"));
        }
        FileChange::Create { text } => {
            return line(LABEL, "", &path).then(&lines(GOOD, "+", text)).plain("\n");
        }
        FileChange::Edit { edits, .. } => edits,
    };
    let mut out = vec![line(LABEL, "", &path)];
    match text.filter(|text| edits.apply(text).is_ok()) {
        Some(text) => out.extend(hunks(text, edits).iter().map(hunk)),
        None => out.extend(edits.as_slice().iter().map(|e| lines(OLD, "-", &e.old).then(&lines(GOOD, "+", &e.new)))),
    }
    out.push(Text::from("\n"));
    out.into_iter().collect()
}

fn hunk(hunk: &Hunk<'_>) -> Text {
    let lines = hunk.lines.iter().map(|shown| match shown {
        DiffLine::Same("") => Text::from("\n"),
        DiffLine::Same(text) => Text::new(format_args!(" {text}\n")),
        DiffLine::Old(text) => line(OLD, "-", text),
        DiffLine::New(text) => line(GOOD, "+", text),
    });
    std::iter::once(line(FAINT, "@@ line ", &hunk.line.to_string())).chain(lines).collect()
}

fn lines(style: Style, sign: &str, text: &str) -> Text {
    text.lines().map(|text| line(style, sign, text)).collect()
}

fn line(style: Style, sign: &str, text: &str) -> Text {
    Text::default().styled(style, format_args!("{sign}{text}")).plain("\n")
}
