//! [`Visible`]: the text of a heading as a reader sees it.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

/// The visible text of inline Markdown, collected from its events: without marks, tags and images, entities decoded, white space
/// collapsed. A link is shown in brackets whether or not its definition exists, so that a title reads the same with and without it.
#[derive(Clone, Debug, Default)]
pub(super) struct Visible {
    text: String,
    /// How many images are open: their text is only visible if the image is missing.
    images: usize,
}

impl Visible {
    /// Adds an event that does not end anything.
    pub(super) fn start(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Image { .. }) => self.images += 1,
            Event::Start(Tag::Link { .. }) => self.push("["),
            Event::Text(text) | Event::Code(text) => self.push(text),
            Event::SoftBreak | Event::HardBreak => self.push(" "),
            Event::InlineHtml(tag) if is_break(tag) => self.push(" "),
            _ => {}
        }
    }

    /// Adds the end of something.
    pub(super) fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::Link => self.push("]"),
            _ => {}
        }
    }

    /// Returns the text.
    pub(super) fn text(self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn push(&mut self, text: &str) {
        if self.images == 0 {
            // Zero-width characters would make equal titles differ.
            self.text.extend(text.chars().filter(|c| !matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')));
        }
    }
}

fn is_break(tag: &CowStr<'_>) -> bool {
    tag.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("<br"))
}

#[cfg(test)]
mod tests {
    use super::super::headings::headings;

    #[test]
    fn a_title_is_what_a_reader_sees() {
        let table = [
            ("# 1.2.0", "1.2.0"),
            ("# \\[1.2.0\\]", "[1.2.0]"),
            ("# [1.2.0]", "[1.2.0]"),
            ("# [1.2.0]\n\n[1.2.0]: x", "[1.2.0]"),
            ("# [1.2.0](x) (d)", "[1.2.0] (d)"),
            ("# [1.2.0][l] - d\n\n[l]: x", "[1.2.0] - d"),
            ("# **1.2.0** _d_ `e`", "1.2.0 d e"),
            ("# <small>1.2.0</small><!-- c -->", "1.2.0"),
            ("# 1.2.0<br/>d", "1.2.0 d"),
            ("# 1.2.0&nbsp;&nbsp;&#91;d&#93; &amp;", "1.2.0 [d] &"),
            ("# <a name=\"x\"></a>1.2.0", "1.2.0"),
            ("# ![badge](x) 1.2.0", "1.2.0"),
            ("# :bug: \u{1f680} 1.2.0\u{200b}", ":bug: \u{1f680} 1.2.0"),
            ("1.2.0\nd\n---", "1.2.0 d"),
            ("# 1.2.0 ##", "1.2.0"),
            ("#", ""),
        ];
        for (text, expected) in table {
            assert_eq!(headings(text)[0].said, expected, "{text:?}");
        }
    }
}
