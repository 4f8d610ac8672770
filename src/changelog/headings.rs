//! [`headings`]: finds the headings of a Markdown text.
//!
//! A CommonMark parser finds them, so that something that looks like a heading inside a fence, a comment, a list or a quotation is not
//! mistaken for one.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, OffsetIter, Options, Parser, Tag};

use super::lead::{Lead, Leads, line_start};
use super::visible::Visible;
use crate::text::Span;

/// A heading that is not part of a list, a quotation or anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// From 1 to 6.
    pub(super) level: usize,
    /// Its lines, including the Markdown marks.
    pub(super) span: Span,
    /// Its title, as written; may be empty.
    pub(super) title: Span,
    /// Its title, as a reader sees it.
    pub(super) said: String,
    /// The anchors, rules and comments right above it, from the top.
    pub(super) leads: Vec<Lead>,
    /// Whether nothing else is between the previous heading and this one.
    pub(super) follows: bool,
}

impl Heading {
    /// Returns the heading with all places shifted by a number of bytes.
    pub(super) fn shifted(self, by: usize) -> Self {
        let lead = |lead: &Lead| Lead { span: lead.span.shifted(by), ..*lead };
        let leads = self.leads.iter().map(lead).collect();
        Self { span: self.span.shifted(by), title: self.title.shifted(by), leads, ..self }
    }
}

/// Reads a text as CommonMark, without extensions.
pub(super) fn events(text: &str) -> OffsetIter<'_> {
    Parser::new_ext(text, Options::empty()).into_offset_iter()
}

/// Returns the headings of a text, in its order. Spans are those of `text`, which starts after a byte order mark.
pub(super) fn headings(text: &str) -> Vec<Heading> {
    headings_of(text, &mut events(text))
}

/// The same with a parser of the text, for callers that need the parser, too.
pub(super) fn headings_of(text: &str, events: &mut OffsetIter<'_>) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut depth = 0_usize;
    let mut inside: Option<(Heading, Visible)> = None;
    let mut leads = Leads::default();
    for (event, range) in events {
        if depth == 0 {
            match &event {
                Event::Start(Tag::Heading { level, .. }) => {
                    let title = Span::new(range.end, range.start);
                    let (leads, follows) = leads.take();
                    let span = Span::from(range);
                    let heading = Heading { level: number(*level), span, title, said: String::new(), leads, follows };
                    inside = Some((heading, Visible::default()));
                    depth += 1;
                    continue;
                }
                _ => leads.block(text, &event, Span::from(range.clone())),
            }
        }
        if !matches!(event, Event::End(_))
            && let Some((heading, visible)) = &mut inside
        {
            heading.title.start = heading.title.start.min(range.start);
            heading.title.end = heading.title.end.max(range.end);
            visible.start(&event);
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                if let Some((_, visible)) = &mut inside {
                    visible.end(end);
                }
                if depth == 0 {
                    found.extend(inside.take().map(|(heading, visible)| closed(text, heading, visible)));
                }
            }
            _ => {}
        }
    }
    found
}

/// A heading without text has its empty title at its end. A backslash before its first character is not an event, but part
/// of the title.
fn closed(text: &str, mut heading: Heading, visible: Visible) -> Heading {
    let says = heading.title.start < heading.title.end;
    let before = text.get(heading.span.start..heading.title.start).unwrap_or("");
    heading.title.start -= usize::from(says && before.ends_with('\\'));
    let title = if says { heading.title } else { Span::new(heading.span.end, heading.span.end) };
    // Up to three spaces may precede a heading.
    let span = Span::new(line_start(text, heading.span.start), heading.span.end);
    Heading { title, span, said: visible.text(), ..heading }
}

pub(super) fn number(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// A construct that a text leaves open at its end, so that it would swallow the text below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeftOpen {
    /// A code fence; its start.
    Fence(usize),
    /// A comment or another block of HTML; its start.
    Html(usize),
}

/// Finds a construct that the text leaves open.
pub(super) fn left_open(text: &str) -> Option<LeftOpen> {
    for (event, range) in events(text) {
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) = event {
            let block = text.get(range.clone()).unwrap_or("");
            if !is_closed(block) {
                return Some(LeftOpen::Fence(range.start));
            }
        }
    }
    // A block of HTML is open if a paragraph after a blank line is still part of it.
    let probed = format!("{text}\n\nx\n");
    let end = probed.len();
    let html = events(&probed).find_map(|(event, range)| match event {
        Event::Start(Tag::HtmlBlock) if range.end >= end.saturating_sub(1) => Some(range.start),
        _ => None,
    });
    html.map(LeftOpen::Html)
}

/// Returns `true` if the last line of a fenced block is its closing fence.
fn is_closed(block: &str) -> bool {
    let Some(mark) = block.chars().next().filter(|c| matches!(c, '`' | '~')) else { return true };
    let opening = block.chars().take_while(|c| *c == mark).count();
    let mut lines = block.trim_end().lines();
    let (first, last) = (lines.next(), lines.next_back());
    let fence = last.map_or("", |line| line.trim_start_matches([' ', '\t', '>']).trim_end());
    first.is_some() && fence.len() >= opening && fence.chars().all(|c| c == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_where_they_are_headings() {
        let table = [
            ("# a\n## b\n", "1 a|2 b"),
            ("a\n=\nb\n---\n", "1 a|2 b"),
            ("two\nlines\n---\n", "2 two\nlines"),
            ("```\n# a\n```\n~~~\n# b\n~~~\n    # c\n# d\n", "1 d"),
            ("<!--\n# a\n\n# b\n-->\n# c\n", "1 c"),
            ("- # a\n> # b\n# c\n", "1 c"),
            ("# a\r\n\r\nb\r\n-\r\n", "1 a|2 b"),
            ("## [1.2.3] - 2026-01-02 ##\n", "2 [1.2.3] - 2026-01-02"),
            ("## [1.2.3](x) *new* `y`\n", "2 [1.2.3](x) *new* `y`"),
            ("## \\[1.2.3\\] &amp;\n\\*a\n-\n", "2 \\[1.2.3\\] &amp;|2 \\*a"),
            ("#\n##\n", "1 |2 "),
            ("#a\n####### b\n", ""),
            ("# a", "1 a"),
            ("", ""),
        ];
        for (text, expected) in table {
            let found = headings(text);
            let shown: Vec<String> =
                found.iter().map(|h| format!("{} {}", h.level, h.title.of(text).unwrap())).collect();
            assert_eq!(shown.join("|"), expected, "{text:?}");
            assert!(found.iter().all(|h| h.span.of(text).is_some()));
        }
    }

    #[test]
    fn what_is_left_open() {
        let table = [
            ("a", None),
            ("```\na\n```", None),
            ("```\na\n```\n", None),
            ("````\n```\n````\n", None),
            ("- a\n\n  ```\n  b\n  ```\n", None),
            ("> ```\n> b\n> ```\n", None),
            ("a\r\n```\r\nb\r\n```\r\n", None),
            ("a\n```\nb\n", Some(LeftOpen::Fence(2))),
            ("```", Some(LeftOpen::Fence(0))),
            ("````\n```\n", Some(LeftOpen::Fence(0))),
            ("~~~\n```\n", Some(LeftOpen::Fence(0))),
            ("- a\n\n  ```\n  b\n", Some(LeftOpen::Fence(7))),
            ("<!-- a -->", None),
            ("<div>\na", None),
            ("a\n\n<!-- b\n", Some(LeftOpen::Html(3))),
            ("<pre>\na", Some(LeftOpen::Html(0))),
            ("<pre>\na\n</pre>", None),
        ];
        for (text, expected) in table {
            assert_eq!(left_open(text), expected, "{text:?}");
        }
    }
}
