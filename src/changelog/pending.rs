//! [`Pending`]: the text under `[Unreleased]`, which goes into the next section.

use pulldown_cmark::{Event, Tag};

use super::document::{Document, Section};
use super::headings::events;
use crate::text::Span;

/// The text under `[Unreleased]`. All parts have only line feeds, and no blank lines around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// The prose above the first list and the first heading.
    pub prose: String,
    /// The text after the prose and above the first heading: a list without a heading.
    pub loose: String,
    /// The headings with the text below each, in order.
    pub groups: Vec<PendingGroup>,
    /// The end of the comments right below the heading: instructions for people, which stay.
    pub(super) kept: usize,
    /// Whether there is anything else than those comments and the placeholder.
    pub(super) is_empty: bool,
}

/// A heading under `[Unreleased]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingGroup {
    /// The heading's text, as written.
    pub title: String,
    /// The heading's text, as a reader sees it.
    pub said: String,
    /// The text below it; may be empty.
    pub text: String,
}

impl Pending {
    /// Reads the section about unreleased changes. The placeholder that a release leaves there does not count as text.
    #[must_use]
    pub fn read(document: &Document<'_>, section: &Section, placeholder: &str) -> Self {
        let text = document.text;
        let placeholder = placeholder.replace("\r\n", "\n");
        let content = |span: Span| {
            let content = span.of(text).unwrap_or("").replace("\r\n", "\n");
            without(&content, placeholder.trim()).to_owned()
        };
        let opening = section.opening();
        let kept = opening.start + comments(opening.of(text).unwrap_or(""));
        let opening = content(Span::new(kept, opening.end));
        let (prose, loose) = split_at_list(&opening);
        let groups: Vec<PendingGroup> = section
            .groups
            .iter()
            .map(|group| PendingGroup {
                title: group.title.of(text).unwrap_or("").trim().replace("\r\n", "\n"),
                said: group.said.clone(),
                text: content(group.body),
            })
            .collect();
        Self { prose, loose, is_empty: opening.is_empty() && groups.is_empty(), groups, kept }
    }
}

/// Returns the length of the HTML comments that a text starts with.
fn comments(text: &str) -> usize {
    let mut end = 0;
    while let Some(rest) = text.get(end..) {
        let start = rest.trim_start();
        let Some(length) = start.strip_prefix("<!--").and_then(|behind| behind.find("-->")) else { break };
        end += rest.len() - start.len() + "<!--".len() + length + "-->".len();
    }
    end
}

/// Strips blank lines and the placeholder from both ends of a text.
fn without<'a>(text: &'a str, placeholder: &str) -> &'a str {
    let mut text = trimmed(text);
    while !placeholder.is_empty() && !text.is_empty() {
        let before = text.strip_suffix(placeholder).filter(|rest| rest.is_empty() || rest.ends_with("\n\n"));
        let behind = text.strip_prefix(placeholder).filter(|rest| rest.starts_with("\n\n"));
        match before.or(behind) {
            Some(rest) => text = trimmed(rest),
            None => break,
        }
    }
    text
}

/// Strips blank lines before a text, and white space after it. The indentation of the first line stays.
fn trimmed(text: &str) -> &str {
    let text = text.trim_end();
    let first = text.len() - text.trim_start().len();
    let line = text.get(..first).and_then(|blank| blank.rfind('\n')).map_or(0, |at| at + 1);
    text.get(line..).unwrap_or("")
}

/// Splits a text before its first list.
fn split_at_list(text: &str) -> (String, String) {
    let list =
        events(text).find_map(|(event, range)| matches!(event, Event::Start(Tag::List(_))).then_some(range.start));
    let at = list.and_then(|at| text.get(..at)).map_or(text.len(), |before| before.rfind('\n').map_or(0, |at| at + 1));
    let (prose, loose) = text.split_at_checked(at).unwrap_or((text, ""));
    (trimmed(prose).to_owned(), trimmed(loose).to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::release_title::TitleReader;
    use super::*;
    use crate::model::VersionScheme;

    /// What stands there, as `prose|loose|title=text|…`.
    fn read(body: &str) -> (String, bool) {
        let text = format!("# C\n\n## [Unreleased]\n{body}\n## [1.0.0]\n");
        let document = Document::read(&text, &TitleReader::new("## [{version}]", VersionScheme::Semver));
        let pending = Pending::read(&document, &document.sections[0], "_Nothing yet._");
        let groups: Vec<String> = pending.groups.iter().map(|g| format!("|{}={}", g.title, g.text)).collect();
        (format!("{}|{}{}", pending.prose, pending.loose, groups.concat()), pending.is_empty)
    }

    #[test]
    fn what_is_pending() {
        let table = [
            ("", "|", true),
            ("\n_Nothing yet._\n", "|", true),
            ("\r\n_Nothing yet._\r\n", "|", true),
            ("\n<!-- add\n\nhere -->\n<!-- x -->\n\n", "|", true),
            ("\n<!-- add here -->\nProse.\n", "Prose.|", false),
            ("\nOne.\n\nTwo.\n", "One.\n\nTwo.|", false),
            ("\n_Nothing yet._\n\nOne.\n\n_Nothing yet._\n", "One.|", false),
            ("\n_Nothing yet._ Or so.\n", "_Nothing yet._ Or so.|", false),
            ("\nOne.\n\n- a\n- b\n", "One.|- a\n- b", false),
            ("\n- a\n\nOne.\n", "|- a\n\nOne.", false),
            (
                "\n### Added\n\n- a\n  b\n\n### Fixed\n\n_Nothing yet._\n\n### Own things ###\n- c\n",
                "||Added=- a\n  b|Fixed=|Own things=- c",
                false,
            ),
            ("Prose.\n### Added\r\n- a\r\n- b\r\n", "Prose.||Added=- a\n- b", false),
            ("\n```\n- a\n```\n", "```\n- a\n```|", false),
        ];
        for (body, expected, is_empty) in table {
            assert_eq!(read(body), (expected.to_owned(), is_empty), "{body:?}");
        }
    }
}
