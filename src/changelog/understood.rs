//! [`not_understood`]: detects a changelog in which no section was found, although it lists releases.

use pulldown_cmark::{Event, Tag};

use super::document::Document;
use super::headings::{events, number};
use super::release_title::TitleReader;
use super::visible::Visible;
use crate::text::{Span, without_bom};

/// HTML tags that do not occur in introductions: lists and headings below the title.
const TAGS: [&str; 7] = ["<h2", "<h3", "<h4", "<h5", "<h6", "<li", "<summary"];

/// Returns the first place that is neither title nor introduction in a changelog without any section: a new section would be
/// appended below it. `None` if there is a section, or nothing but a title and prose.
#[must_use]
pub fn not_understood(document: &Document<'_>, titles: &TitleReader) -> Option<Span> {
    if !document.sections.is_empty() {
        return None;
    }
    let (text, bom) = without_bom(document.text);
    let (mut depth, mut has_title) = (0_usize, false);
    for (event, range) in events(text) {
        if depth == 0 {
            let block = text.get(range.clone()).unwrap_or("");
            let is_known = match &event {
                Event::Start(Tag::Heading { level, .. }) => {
                    let level = number(*level);
                    let is_title = !has_title && (level == 1 || level < titles.level());
                    has_title = true;
                    is_title
                }
                Event::Start(Tag::List(_) | Tag::CodeBlock(_)) => false,
                Event::Start(Tag::HtmlBlock) => {
                    let lower = block.to_ascii_lowercase();
                    !TAGS.iter().any(|tag| lower.contains(tag))
                }
                Event::Start(Tag::Paragraph) => !block.lines().any(|line| tells_of_a_release(line, titles)),
                _ => true,
            };
            if !is_known {
                return Some(Span::from(range).shifted(bom));
            }
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Returns `true` if a line of a paragraph starts with a version or with a day.
fn tells_of_a_release(line: &str, titles: &TitleReader) -> bool {
    let line = line.trim_matches(['=', '|', '.', '-', ' ', '\t']);
    let mut visible = Visible::default();
    for (event, _) in events(line) {
        match event {
            Event::End(end) => visible.end(end),
            event => visible.start(&event),
        }
    }
    let said = visible.text();
    let digits = said.bytes().take_while(u8::is_ascii_digit).count();
    let is_day = digits == 4 && said.get(4..).is_some_and(|rest| rest.starts_with(['-', '/', '.']));
    is_day || titles.read(&said, titles.level()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VersionScheme;

    #[test]
    fn a_title_and_an_introduction_are_understood() {
        let titles = TitleReader::new("## [{version}]", VersionScheme::Semver);
        let understood = [
            "",
            "\n",
            "\u{feff}",
            "# Changelog\n",
            "Words.",
            "# Changelog\n\nAll notable changes to this project will be documented in this file.\n\nThe format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/),\nand this project adheres to [Semantic Versioning](https://semver.org/spec/v2.0.0.html).\n",
            "Changelog\n=========\n\nSee [releases][r] since 1.0.0.\n\n[r]: x\n",
            "<h1 align=\"center\">Changelog</h1>\n\n> A quotation.\n\n---\n<!-- c -->\n",
            "# C\n\n[![badge](x)](y)\n",
            "# C\n\n## 1.0.0\n\n- a\n",
            "## Winter\n\n## 1.0.0\n",
        ];
        for text in understood {
            let document = Document::read(text, &titles);
            assert_eq!(not_understood(&document, &titles), None, "{text:?}");
        }
        let strange = [
            ("# C\n\n## Winter 2026\n\n- a\n", "## Winter 2026\n"),
            ("## Winter 2026\n", "## Winter 2026\n"),
            ("# C\n# D\n", "# D\n"),
            ("\u{feff}# C\n\n- a\n- b\n", "- a\n- b\n"),
            ("# C\n\n**1.2.0**\n\ntext", "**1.2.0**\n"),
            ("# C\n\nIntro.\n1.2.0 (2026-01-01)\n", "Intro.\n1.2.0 (2026-01-01)\n"),
            ("2026-01-01  Ada  <a@example.com>\n\n\t* a.c: b\n", "2026-01-01  Ada  <a@example.com>\n"),
            ("Changes:\n\n\t* a.c: b\n", "\t* a.c: b\n"),
            ("= C =\n\n== 1.2.0 ==\n", "== 1.2.0 ==\n"),
            ("| Version | What |\n|--|--|\n| 1.2.0 | a |\n", "| Version"),
            ("<h2>1.2.0</h2>\n<ul><li>a</li></ul>\n", "<h2>"),
            ("relman (1.2.0) unstable; urgency=low\n\n  * a\n", "  * a\n"),
        ];
        for (text, place) in strange {
            let document = Document::read(text, &titles);
            let found = not_understood(&document, &titles).unwrap_or(Span::new(0, 0));
            assert!(found.of(text).unwrap().trim_start().starts_with(place.trim()), "{text:?} {found:?}");
        }
    }
}
