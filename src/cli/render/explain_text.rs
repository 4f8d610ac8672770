//! Explanations: a tree of reasons for each package.

use super::table::{Cell, Table, plain, styled};
use crate::cli::output::{FAINT, GOOD, LABEL, OLD, WARNING};
use crate::cli::words::Text;
use crate::model::Level;
use crate::plan::{ExplainedCommit, Explanation, Reason};

/// Writes a tree for each package: its next version, and below it every reason.
pub(in crate::cli) fn explain_text(explanations: &[Explanation]) -> Text {
    let trees = explanations.iter().enumerate();
    trees.map(|(at, one)| Text::new(if at == 0 { "" } else { "\n" }).then(&tree(one))).collect()
}

fn tree(explanation: &Explanation) -> Text {
    let Explanation { package, version, next, level, reasons } = explanation;
    let level = level.map_or_else(String::new, |level| format!(" ({level})"));
    let out = Text::default().styled(LABEL, package).plain(" ");
    let out = match next {
        Some(next) if next == version => out.styled(GOOD, version),
        Some(next) => out.styled(OLD, version).plain(" -> ").styled(GOOD, next).plain(level),
        None => out.plain(format_args!("{version}, ")).styled(FAINT, "nothing to release"),
    };
    let mut out = out.plain("\n");
    for (at, reason) in reasons.iter().enumerate() {
        let is_last = at + 1 == reasons.len();
        let (branch, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        out = out.styled(FAINT, branch).then(&title(reason)).plain("\n");
        let leaves = leaves(reason);
        for (at, leaf) in leaves.iter().enumerate() {
            let twig = if at + 1 == leaves.len() { "└─ " } else { "├─ " };
            out = out.styled(FAINT, format_args!("{below}{twig}")).then(leaf).plain("\n");
        }
    }
    out
}

fn title(reason: &Reason) -> Text {
    match reason {
        Reason::FirstRelease => Text::from(
            "first release, as far as tags tell: HEAD reaches none of its tags; it takes the version of its manifest",
        ),
        Reason::Commits { since, commits } => {
            let since = since.as_ref().map_or_else(|| "so far".to_owned(), |tag| format!("since {tag}"));
            Text::new(format_args!("{} {since}", super::plural(commits.len(), "commit")))
        }
        Reason::Fragments(fragments) => Text::from(super::plural(fragments.len(), "fragment")),
        Reason::Requirement { of, version, file, line, from, to } => {
            let text = Text::from("requires ").styled(LABEL, of).plain(format_args!(", which becomes {version}: "));
            text.styled(OLD, from).plain(" -> ").styled(GOOD, to).plain(format_args!(" in {file}:{line}"))
        }
        Reason::Group { kind, name, with } => {
            let with: Vec<&str> = with.iter().map(|package| package.as_str()).collect();
            let with = if with.is_empty() { String::new() } else { format!(", with {}", with.join(", ")) };
            Text::new(format_args!("{kind} group ")).styled(LABEL, name).plain(with)
        }
    }
}

fn leaves(reason: &Reason) -> Vec<Text> {
    let mut table = Table::default();
    match reason {
        Reason::Commits { commits, .. } => commits.iter().for_each(|commit| table.row(row(commit))),
        Reason::Fragments(fragments) => {
            fragments.iter().for_each(|f| table.row(vec![level(f.level), plain(f.path.as_str())]));
        }
        _ => {}
    }
    table.lines(None)
}

fn level(level: Option<Level>) -> Cell {
    match level {
        Some(Level::Major) => styled("major", WARNING),
        Some(level) => styled(level.name(), GOOD),
        None => styled("none", FAINT),
    }
}

fn row(commit: &ExplainedCommit) -> Vec<Cell> {
    let mut row = vec![level(commit.level), styled(commit.id.short().to_owned(), FAINT), plain(commit.subject.clone())];
    row.extend(commit.note.as_ref().map(|note| styled(note.clone(), FAINT)));
    row
}
