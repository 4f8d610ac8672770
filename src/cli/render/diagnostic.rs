//! Diagnostics: the message, the line with a caret, and what to do.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::cli::output::ERROR;
use crate::model::{Diagnostic, Place};

/// Lines longer than this are not shown: the place is told by its numbers.
const LONGEST_LINE: usize = 400;

/// Writes every problem, one after the other.
pub(in crate::cli) fn diagnostics(problems: &[Diagnostic]) -> String {
    problems.iter().map(diagnostic).collect()
}

fn diagnostic(problem: &Diagnostic) -> String {
    let shown = problem.place.as_ref().and_then(|place| Some((place, shown_text(place)?)));
    match shown {
        Some((place, text)) => with_snippet(problem, place, text),
        None => plain(problem),
    }
}

fn plain(problem: &Diagnostic) -> String {
    let place = problem.place.as_ref().map_or(String::new(), |place| {
        let at = place.position();
        if place.text.is_some() {
            format!("{}:{}:{}: ", place.path, at.line, at.column)
        } else {
            format!("{}: ", place.path)
        }
    });
    let help = problem.help.as_ref().map(|help| format!("  help: {help}\n")).unwrap_or_default();
    format!("{ERROR}error{ERROR:#}: {place}{}\n{help}", problem.message)
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

fn with_snippet(problem: &Diagnostic, place: &Place, text: &str) -> String {
    // A span over several lines points to its first one.
    let line_end = text.get(place.span.start..).and_then(|rest| rest.find(['\n', '\r']));
    let end = line_end.map_or(place.span.end, |at| place.span.end.min(place.span.start + at));
    let path = place.path.as_str();
    let snippet = Snippet::source(text).path(path).annotation(AnnotationKind::Primary.span(place.span.start..end));
    let mut group = Level::ERROR.primary_title(&problem.message).element(snippet);
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help));
    }
    Renderer::styled().render(&[group]) + "\n"
}
