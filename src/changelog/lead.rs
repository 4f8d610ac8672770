//! [`Leads`]: anchors, rules and comments, which belong to the heading below them.

use pulldown_cmark::{Event, Tag};

use crate::text::Span;

/// Tags that are invisible and mark a place.
const MARKS: [&str; 4] = ["a", "span", "hr", "br"];

/// A block that belongs to the heading below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lead {
    /// From the start of its first line to its last character.
    pub(super) span: Span,
    /// Whether it holds nothing but comments.
    pub(super) is_comment: bool,
}

/// Collects the leads above the next heading.
#[derive(Debug, Default)]
pub(super) struct Leads {
    found: Vec<Lead>,
    /// Whether another block followed the last heading.
    is_parted: bool,
}

impl Leads {
    /// Adds a block that is not a heading: the event that starts it, and its bytes.
    pub(super) fn block(&mut self, text: &str, event: &Event<'_>, span: Span) {
        let written = span.of(text).unwrap_or("");
        let is_comment = match event {
            Event::Rule => Some(false),
            Event::Start(Tag::HtmlBlock | Tag::Paragraph) => comment_or_mark(written),
            Event::Start(_) => None,
            _ => return,
        };
        if let Some(is_comment) = is_comment {
            let end = span.start + written.trim_end().len();
            self.found.push(Lead { span: Span::new(line_start(text, span.start), end), is_comment });
        } else {
            self.found.clear();
            self.is_parted = true;
        }
    }

    /// Returns the leads of a heading, and whether nothing else is between it and the previous heading.
    pub(super) fn take(&mut self) -> (Vec<Lead>, bool) {
        let follows = !std::mem::take(&mut self.is_parted);
        (std::mem::take(&mut self.found), follows)
    }
}

impl Lead {
    /// Returns `true` if no blank line separates it from the text that starts at `below`.
    pub(super) fn touches(&self, text: &str, below: usize) -> bool {
        touches(text, self.span.end, below)
    }
}

/// Returns `true` if there is at most one line end between the two places.
pub(super) fn touches(text: &str, above: usize, below: usize) -> bool {
    text.get(above..below).is_some_and(|between| between.matches('\n').count() <= 1)
}

/// Returns the start of the line.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

/// Returns whether a block holds comments alone; `None` if it holds anything but comments and marks.
fn comment_or_mark(block: &str) -> Option<bool> {
    let mut rest = block.trim();
    let mut is_comment = true;
    while !rest.is_empty() {
        let behind = match rest.strip_prefix("<!--") {
            Some(comment) => comment.split_once("-->")?.1,
            None => {
                is_comment = false;
                let (tag, behind) = rest.strip_prefix('<')?.split_once('>')?;
                let name = tag.trim_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next()?;
                MARKS.iter().find(|mark| name.eq_ignore_ascii_case(mark))?;
                behind
            }
        };
        rest = behind.trim_start();
    }
    Some(is_comment)
}

#[cfg(test)]
mod tests {
    use super::super::headings::headings;

    #[test]
    fn leads_of_a_heading() {
        let table = [
            ("# a\n<a name=\"x\"></a>\n# b", "<a name=\"x\"></a>", true),
            ("# a\n\n<a id='x'/>\n\n# b", "<a id='x'/>", true),
            ("# a\n- c\n\n---\n\n<!-- d\n\ne -->\n# b", "---|<!-- d\n\ne -->", false),
            ("# a\n- c\n\n* * *\n# b", "* * *", false),
            ("# a\n---\ntext\n# b", "", false),
            ("# a\n<details>\n\n</details>\n\n# b", "", false),
            ("# a\n<a href=\"x\">text</a>\n# b", "", false),
            ("# a\n- c\n  <a id=x></a>\n# b", "", false),
            ("# a\n  <A ID=x></A>\n# b", "  <A ID=x></A>", true),
            ("# a\n# b", "", true),
        ];
        for (text, expected, follows) in table {
            let found = headings(text);
            let shown: Vec<&str> = found[1].leads.iter().map(|lead| lead.span.of(text).unwrap()).collect();
            assert_eq!((shown.join("|").as_str(), found[1].follows), (expected, follows), "{text:?}");
        }
    }
}
