//! Problems: the message, the line with a caret, and what to do.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::cli::output::ERROR;
use crate::cli::problem::Problem;
use crate::cli::words::Text;
use crate::model::{Diagnostic, Place};
use crate::text::{escape_controls, visible_line};

/// Longer lines are not shown; line and column identify the place.
const LONGEST_LINE: usize = 400;

/// Writes every problem, one after the other.
pub(in crate::cli) fn diagnostics(problems: &[Diagnostic], width: Option<usize>) -> Text {
    problems.iter().map(|problem| problem_text(&problem.clone().into(), width)).collect()
}

/// Writes a problem: with the line that it is about, where that can be shown.
pub(in crate::cli) fn problem_text(problem: &Problem, width: Option<usize>) -> Text {
    let shown = problem.place.as_ref().and_then(|place| Some((place, shown_text(place)?)));
    match shown {
        Some((place, text)) => with_snippet(problem, (place, text), width),
        None => plain(problem).folded(width),
    }
}

fn plain(problem: &Problem) -> Text {
    let place = problem.place.as_ref().filter(|place| !names_file(&problem.message, place));
    let place = place.map_or(String::new(), |place| {
        let at = place.position();
        let path = place.path.to_string();
        let path = visible_line(&path);
        if place.text.is_some() { format!("{path}:{}:{}: ", at.line, at.column) } else { format!("{path}: ") }
    });
    let help = problem.help.as_ref().map(|help| format!("  help: {help}\n")).unwrap_or_default();
    Text::default().styled(ERROR, problem.label()).plain(format_args!(": {place}{}\n{help}", problem.message))
}

/// Returns `true` if a message about a whole file names it, so that nothing has to be added.
fn names_file(message: &str, place: &Place) -> bool {
    let path = place.path.as_str();
    let begins = message.strip_prefix(path).is_some_and(|rest| rest.starts_with([' ', ':']));
    place.text.is_none() && (begins || message.split([' ', ':', ',']).any(|word| word == path))
}

/// The text of the place, where the line can be shown.
fn shown_text(place: &Place) -> Option<&str> {
    let text = place.text.as_deref()?;
    let before = text.get(..place.span.start)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.lines().next().unwrap_or("");
    (line.len() <= LONGEST_LINE && place.span.end <= text.len() && text.is_char_boundary(place.span.end))
        .then_some(text)
}

fn with_snippet(problem: &Problem, (place, text): (&Place, &str), width: Option<usize>) -> Text {
    // A span over several lines points to its first one.
    let line_end = text.get(place.span.start..).and_then(|rest| rest.find(['\n', '\r']));
    let end = line_end.map_or(place.span.end, |at| place.span.end.min(place.span.start + at));
    let (path, message) = (visible_line(place.path.as_str()), escape_controls(&problem.message));
    let help = problem.help.as_deref().map(escape_controls);
    let snippet =
        Snippet::source(text).path(path.as_ref()).annotation(AnnotationKind::Primary.span(place.span.start..end));
    let mut group = Level::ERROR.primary_title(message.as_ref()).element(snippet);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_ref()));
    }
    // The renderer replaces each escape of the text, so the remaining ones are its own.
    let renderer = width.into_iter().fold(Renderer::styled(), Renderer::term_width);
    Text::of_styled(&renderer.render(&[group])).plain("\n").folded(width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ProblemCode, RepoPath};

    #[test]
    fn a_file_is_named_once() {
        let path = RepoPath::new("a b/CHANGELOG.md").unwrap();
        for (message, expected) in [
            ("a b/CHANGELOG.md is not UTF-8", true),
            ("the name of a b/CHANGELOG.md is not UTF-8", false),
            ("a b/CHANGELOG.md.old is not UTF-8", false),
            ("it has no end", false),
        ] {
            let problem = Diagnostic::new(ProblemCode::Unreadable, message).in_file(&path);
            assert_eq!(names_file(message, problem.place.as_ref().unwrap()), expected, "{message}");
        }
        let path = RepoPath::new("a/VERSION").unwrap();
        let place = Diagnostic::new(ProblemCode::Unreadable, "x").in_file(&path).place.unwrap();
        assert!(names_file("the name of a/VERSION is not UTF-8", &place));
        assert!(!names_file("aa/VERSION is not UTF-8", &place));
    }
}
