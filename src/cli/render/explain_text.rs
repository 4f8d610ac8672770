//! Explanations: a tree of reasons for each package.

use super::table::{Cell, Table, plain, styled};
use crate::cli::output::{FAINT, GOOD, LABEL, OLD, WARNING};
use crate::model::Level;
use crate::plan::{ExplainedCommit, Explanation, Reason};

/// Writes a tree for each package: its next version, and below it every reason.
pub(in crate::cli) fn explain_text(explanations: &[Explanation]) -> String {
    let trees: Vec<String> = explanations.iter().map(tree).collect();
    trees.join("\n")
}

fn tree(explanation: &Explanation) -> String {
    let Explanation { package, version, next, level, reasons } = explanation;
    let level = level.map_or_else(String::new, |level| format!(" ({level})"));
    let mut out = match next {
        Some(next) if next == version => format!("{LABEL}{package}{LABEL:#} {GOOD}{version}{GOOD:#}\n"),
        Some(next) => {
            format!("{LABEL}{package}{LABEL:#} {OLD}{version}{OLD:#} -> {GOOD}{next}{GOOD:#}{level}\n")
        }
        None => format!("{LABEL}{package}{LABEL:#} {version}, {FAINT}nothing to release{FAINT:#}\n"),
    };
    for (at, reason) in reasons.iter().enumerate() {
        let is_last = at + 1 == reasons.len();
        let (branch, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        out.push_str(&format!("{FAINT}{branch}{FAINT:#}{}\n", title(reason)));
        for line in leaves(reason) {
            out.push_str(&format!("{FAINT}{below}{FAINT:#}{line}\n"));
        }
    }
    out
}

fn title(reason: &Reason) -> String {
    match reason {
        Reason::FirstRelease => {
            "first release, as far as tags tell: HEAD reaches none of its tags; it takes the version of its manifest"
                .to_owned()
        }
        Reason::Commits { since, commits } => {
            let since = since.as_ref().map_or_else(|| "so far".to_owned(), |tag| format!("since {tag}"));
            format!("{} {since}", super::plural(commits.len(), "commit"))
        }
        Reason::Fragments(fragments) => super::plural(fragments.len(), "fragment"),
        Reason::Requirement { of, version, file, line, from, to } => {
            format!(
                "requires {LABEL}{of}{LABEL:#}, which becomes {version}: {OLD}{from}{OLD:#} -> {GOOD}{to}{GOOD:#} in {file}:{line}"
            )
        }
        Reason::Group { kind, name, with } => {
            let with: Vec<&str> = with.iter().map(|package| package.0.as_str()).collect();
            let with = if with.is_empty() { String::new() } else { format!(", with {}", with.join(", ")) };
            format!("{kind} group {LABEL}{name}{LABEL:#}{with}")
        }
    }
}

fn leaves(reason: &Reason) -> Vec<String> {
    let mut table = Table::default();
    match reason {
        Reason::Commits { commits, .. } => commits.iter().for_each(|commit| table.row(row(commit))),
        Reason::Fragments(fragments) => {
            fragments.iter().for_each(|f| table.row(vec![level(f.level), plain(f.path.as_str())]));
        }
        _ => {}
    }
    let text = table.text();
    let mut lines: Vec<String> = text.lines().map(|line| format!("{FAINT}├─ {FAINT:#}{line}")).collect();
    if let Some(last) = lines.last_mut() {
        *last = last.replacen('├', "└", 1);
    }
    lines
}

fn level(level: Option<Level>) -> Cell {
    match level {
        Some(Level::Major) => styled("major", WARNING),
        Some(level) => styled(level.name(), GOOD),
        None => styled("none", FAINT),
    }
}

fn row(commit: &ExplainedCommit) -> Vec<Cell> {
    let mut row =
        vec![level(commit.level), styled(commit.id.short().to_owned(), FAINT), plain(printable(&commit.subject))];
    row.extend(commit.note.as_ref().map(|note| styled(note.clone(), FAINT)));
    row
}

/// What a message holds must not steer the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
