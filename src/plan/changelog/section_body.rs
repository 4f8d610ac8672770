//! [`body`]: the section of a release in its changelog.

use crate::changelog::{Document, Section};
use crate::text::Span;

/// The text below a heading, and the definitions of the links in it, which are at the end of the file.
pub(super) fn body(document: &Document<'_>, section: &Section) -> String {
    // The spans are those of this text.
    let text = |span: Span| span.of(document.text).unwrap_or("").replace("\r\n", "\n");
    let body = text(section.body);
    let start = body.len() - body.trim_start().len();
    let line = body.get(..start).and_then(|blank| blank.rfind('\n')).map_or(0, |at| at + 1);
    // `line` is behind a line feed.
    let body = body.get(line..).unwrap_or("").trim_end();
    if body.is_empty() {
        return String::new();
    }
    let lower = body.to_lowercase();
    let used = document.links.iter().filter(|link| lower.contains(&format!("[{}]", link.label.to_lowercase())));
    let links: String = used.map(|link| format!("{}\n", text(link.span).trim_end())).collect();
    if links.is_empty() { format!("{body}\n") } else { format!("{body}\n\n{links}") }
}
