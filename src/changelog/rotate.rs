//! [`rotate`]: puts new sections into a changelog, as edits of spans.

use std::collections::BTreeMap;

use super::document::{Document, Section};
use super::pending::Pending;
use super::proof::proven;
use super::release_title::TitleReader;
use super::rotation::{Rotation, RotationError};
use crate::text::{EditError, Span, TextEdits};

/// The label of the link to unreleased changes.
pub(super) const UNRELEASED: &str = "Unreleased";

/// Returns the text of a changelog without sections; its lines end in line feeds.
#[must_use]
pub fn new_changelog(titles: &TitleReader) -> String {
    let marks = "#".repeat(titles.level());
    let title = if titles.level() > 1 { "# Changelog\n\n" } else { "" };
    format!("{title}What changed in each release, the newest first.\n\n{marks} [{UNRELEASED}]\n")
}

/// Returns the section about unreleased changes, if any.
///
/// # Errors
/// Returns an error if there are several.
pub fn unreleased<'d>(document: &'d Document<'_>) -> Result<Option<&'d Section>, RotationError> {
    let found: Vec<&Section> = document.unreleased().collect();
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => Err(RotationError::SeveralUnreleased(several.iter().map(|section| section.heading).collect())),
    }
}

/// Puts sections below `[Unreleased]`, which is emptied, or above the newest section; and updates the link definitions. The text of the
/// section about unreleased changes is up to the author of the new sections.
///
/// # Errors
/// Returns an error if there are several sections about unreleased changes, or the new text, read again, has other sections than planned.
pub fn rotate(
    document: &Document<'_>,
    titles: &TitleReader,
    rotation: Rotation<'_>,
) -> Result<TextEdits, RotationError> {
    let mut edits = Edits::default();
    let section = unreleased(document)?;
    let at = match section {
        Some(section) => {
            let span = Span::new(section.heading.end, section.body.end);
            edits.replace(document, span, &below_unreleased(document, section, rotation));
            section.body.end
        }
        None => {
            let texts: Vec<&str> = rotation.sections.iter().map(|section| section.text.as_str()).collect();
            above_the_newest(document, &texts, &mut edits)
        }
    };
    links(document, rotation, section.is_some(), &mut edits);
    let edits = edits.done(document)?;
    proven(document, titles, rotation, at, &edits)?;
    Ok(edits)
}

/// The text between the heading of `[Unreleased]` and whatever follows that section.
fn below_unreleased(document: &Document<'_>, section: &Section, rotation: Rotation<'_>) -> String {
    let pending = Pending::read(document, section, rotation.placeholder);
    let text = |span: Span| span.of(document.text).unwrap_or("").replace("\r\n", "\n");
    let mut out = String::new();
    if !text(section.heading).ends_with('\n') {
        out.push('\n');
    }
    let old = text(section.body);
    let fresh = format!("\n{}\n\n", rotation.placeholder.replace("\r\n", "\n").trim());
    let kept = text(Span::new(section.body.start, pending.kept));
    let is_fresh = old.get(kept.len()..).unwrap_or("").trim() == fresh.trim();
    if pending.is_empty && is_fresh {
        // Nothing to remove: the text stays as it is, except for the blank line that a section needs above it.
        out.push_str(old.trim_end());
        let behind = old.get(old.trim_end().len()..).unwrap_or("");
        let needed = if old.trim_end().is_empty() { "\n" } else { "\n\n" };
        out.push_str(if behind.len() < needed.len() { needed } else { behind });
    } else {
        if !kept.trim().is_empty() {
            out.push_str(kept.trim_end());
            out.push('\n');
        }
        out.push_str(if fresh.trim().is_empty() { "\n" } else { &fresh });
    }
    let sections: Vec<&str> = rotation.sections.iter().map(|section| section.text.as_str()).collect();
    out.push_str(&join_sections(&sections));
    ended(document, section.body.end, &mut out);
    out
}

/// Without `[Unreleased]`, the sections go above the newest one, or after everything but the links.
pub(super) fn above_the_newest(document: &Document<'_>, sections: &[&str], edits: &mut Edits) -> usize {
    let at = document.top;
    let mut new = format!("{}{}", blank_above(document, at), join_sections(sections));
    ended(document, at, &mut new);
    edits.insert(at, &new);
    at
}

/// Returns the line ends that a section needs before it at this place, to have a blank line above.
pub(super) fn blank_above(document: &Document<'_>, at: usize) -> &'static str {
    let before = document.text.get(..at).unwrap_or("").replace("\r\n", "\n");
    match before.trim_start_matches(crate::text::BOM) {
        "" => "",
        before if before.ends_with("\n\n") => "",
        before if before.ends_with('\n') => "\n",
        _ => "\n\n",
    }
}

/// The sections, each followed by a blank line.
fn join_sections(sections: &[&str]) -> String {
    sections.iter().map(|section| format!("{section}\n")).collect()
}

/// A section at the end of the text is not followed by a blank line, and gets no line end if the text had none.
pub(super) fn ended(document: &Document<'_>, at: usize, new: &mut String) {
    if at < document.text.len() {
        return;
    }
    let bare = new.trim_end_matches('\n').len();
    new.truncate(bare);
    if document.text.is_empty() || document.text.ends_with('\n') {
        new.push('\n');
    }
}

fn links(document: &Document<'_>, rotation: Rotation<'_>, has_unreleased: bool, edits: &mut Edits) {
    let wanted = rotation.unreleased.filter(|_| has_unreleased).map(|to| (UNRELEASED, to));
    let sections = rotation.sections.iter().filter_map(|section| section.link.as_ref());
    let sections: Vec<(&str, &str)> = sections.map(|(label, to)| (label.as_str(), to.as_str())).collect();
    let top = document.links.first().map(|link| link.span.start);
    let mut lines = String::new();
    let mut behind = top.unwrap_or(document.text.len());
    for (label, to) in wanted.into_iter().chain(sections) {
        match document.link(label) {
            Some(link) => {
                edits.replace(document, link.destination, to);
                // Versions go below unreleased changes, if those were already listed.
                if label == UNRELEASED {
                    behind = link.span.end;
                }
            }
            None => lines.push_str(&format!("[{label}]: {to}\n")),
        }
    }
    if lines.is_empty() {
        return;
    }
    let before = document.text.get(..behind).unwrap_or("");
    if top.is_none() {
        // A separate block of links with a blank line above: the text before it ends in a line end, or gets one.
        let joined = if before.is_empty() || before.ends_with('\n') { "\n" } else { "\n\n" };
        lines.insert_str(0, joined);
    } else if !before.ends_with('\n') {
        lines.insert(0, '\n');
    }
    if behind == document.text.len() && !before.is_empty() && !before.ends_with('\n') {
        lines.pop();
    }
    edits.insert(behind, &lines);
}

/// Edits being collected.
#[derive(Default)]
pub(super) struct Edits {
    replaced: Vec<(Span, String)>,
    inserted: BTreeMap<usize, String>,
}

impl Edits {
    pub(super) fn insert(&mut self, at: usize, new: &str) {
        self.inserted.entry(at).or_default().push_str(new);
    }

    /// Replaces a span with as few changes as possible: unchanged lines are not touched.
    pub(super) fn replace(&mut self, document: &Document<'_>, span: Span, new: &str) {
        let new = new.replace('\n', document.newline);
        let old = span.of(document.text).unwrap_or("");
        let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
        let start = (0..=same).rev().find(|at| old.is_char_boundary(*at) && new.is_char_boundary(*at)).unwrap_or(0);
        let (old_rest, new_rest) = (old.get(start..).unwrap_or(""), new.get(start..).unwrap_or(""));
        let same = old_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(|(a, b)| a == b).count();
        let is_cut =
            |n: &usize| old_rest.is_char_boundary(old_rest.len() - n) && new_rest.is_char_boundary(new_rest.len() - n);
        let tail = (0..=same).rev().find(is_cut).unwrap_or(0);
        let span = Span::new(span.start + start, span.end - tail);
        let new = new_rest.get(..new_rest.len() - tail).unwrap_or("");
        if span.start == span.end && new.is_empty() {
            return;
        }
        if span.start == span.end {
            self.inserted.entry(span.start).or_default().push_str(&new.replace("\r\n", "\n"));
        } else {
            self.replaced.push((span, new.to_owned()));
        }
    }

    pub(super) fn done(self, document: &Document<'_>) -> Result<TextEdits, EditError> {
        let inserted =
            self.inserted.into_iter().map(|(at, new)| (Span::new(at, at), new.replace('\n', document.newline)));
        TextEdits::of(document.text, inserted.chain(self.replaced))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changelog::NewSection;
    use crate::model::VersionScheme;

    fn titles() -> TitleReader {
        TitleReader::new("## [{version}] - {date}", VersionScheme::Semver)
    }

    fn section(version: &str, body: &str, link: bool) -> NewSection {
        let link = link.then(|| (version.to_owned(), format!("c/{version}")));
        NewSection { text: format!("## [{version}] - D\n{body}"), link }
    }

    fn run(text: &str, placeholder: &str, link: bool) -> Result<String, String> {
        let sections = [section("1.1.0", "\n### Added\n\n- n\n", link)];
        let unreleased = link.then_some("c/u");
        let document = Document::read(text, &titles());
        let rotation = Rotation { sections: &sections, placeholder, unreleased };
        let edits = rotate(&document, &titles(), rotation).map_err(|error| error.to_string())?;
        Ok(edits.apply(text).unwrap())
    }

    const NEW: &str = "## [1.1.0] - D\n\n### Added\n\n- n\n";

    /// Each case: the text, the placeholder, and the text afterwards, where `@` is the new section.
    #[test]
    fn a_section_goes_below_unreleased_or_above_the_newest() {
        let table = [
            (
                "# C\n\n## [Unreleased]\n\n_N._\n\n## [1.0.0]\n",
                "_N._",
                "# C\n\n## [Unreleased]\n\n_N._\n\n@\n## [1.0.0]\n",
            ),
            (
                "## [Unreleased]\n\n- old\n\n### Added\n- a\n\n## [1.0.0]\n- z",
                "_N._",
                "## [Unreleased]\n\n_N._\n\n@\n## [1.0.0]\n- z",
            ),
            ("## [Unreleased]\n\n- old\n\n## [1.0.0]\n- z", "", "## [Unreleased]\n\n@\n## [1.0.0]\n- z"),
            ("## [Unreleased]\n## [1.0.0]\n", "", "## [Unreleased]\n\n@\n## [1.0.0]\n"),
            ("## [Unreleased]\n_N._\n## [1.0.0]\n", "_N._", "## [Unreleased]\n_N._\n\n@\n## [1.0.0]\n"),
            ("## [Unreleased]\n\n\n\n## [1.0.0]\n", "", "## [Unreleased]\n\n\n\n@\n## [1.0.0]\n"),
            ("## [Unreleased]\n", "", "## [Unreleased]\n\n@"),
            ("## [Unreleased]", "_N._", "## [Unreleased]\n\n_N._\n\n@-"),
            ("## [Unreleased]\n\n- old", "", "## [Unreleased]\n\n@-"),
            (
                "## [Unreleased]\n<!-- hint -->\n- old\n\n## [1.0.0]\n",
                "",
                "## [Unreleased]\n<!-- hint -->\n\n@\n## [1.0.0]\n",
            ),
            (
                "## [Unreleased]\n\n<!-- hint -->\n\n## [1.0.0]\n",
                "",
                "## [Unreleased]\n\n<!-- hint -->\n\n@\n## [1.0.0]\n",
            ),
            ("# C\n\nWords.\n\n## [1.0.0]\n", "_N._", "# C\n\nWords.\n\n@\n## [1.0.0]\n"),
            ("# C\nWords.", "", "# C\nWords.\n\n@-"),
            ("# C\n", "", "# C\n\n@"),
            ("", "", "@"),
            ("\u{feff}", "", "\u{feff}@-"),
            ("\u{feff}# C\n\n## 1.0.0\n", "", "\u{feff}# C\n\n@\n## 1.0.0\n"),
            ("Unreleased\n---\n\nold\n\n1.0.0\n---\n", "", "Unreleased\n---\n\n@\n1.0.0\n---\n"),
        ];
        table.into_iter().for_each(goes);
    }

    /// Text that belongs to the heading below, and headings of other levels.
    #[test]
    fn a_section_does_not_part_a_heading_from_what_belongs_to_it() {
        let table = [
            ("# 2.0.0\n\n- z\n", "", "@\n# 2.0.0\n\n- z\n"),
            ("# C\n\n### 1.0.1\n\n## 1.0.0\n", "", "# C\n\n@\n### 1.0.1\n\n## 1.0.0\n"),
            ("# C\n\n<a name=\"1.0.0\"></a>\n## 1.0.0\n", "", "# C\n\n@\n<a name=\"1.0.0\"></a>\n## 1.0.0\n"),
            ("# C\n\nWords.\n\n---\n\n## 1.0.0\n", "", "# C\n\nWords.\n\n@\n---\n\n## 1.0.0\n"),
            ("# C\n\n<!-- start -->\n\n## 1.0.0\n", "", "# C\n\n<!-- start -->\n\n@\n## 1.0.0\n"),
            ("# C\n\n<!-- of 1.0.0 -->\n\n## 1.0.0\n", "", "# C\n\n@\n<!-- of 1.0.0 -->\n\n## 1.0.0\n"),
            ("# C\n\n## 2026-01-05\n\n### 1.0.0\n", "", "# C\n\n@\n## 2026-01-05\n\n### 1.0.0\n"),
            ("# C\n\n# 1.x\n\nWords.\n\n## 1.0.0\n", "", "# C\n\n# 1.x\n\nWords.\n\n@\n## 1.0.0\n"),
            ("## Winter\n\n---\n## 1.x\n### 1.0.0\n", "", "## Winter\n\n@\n---\n## 1.x\n### 1.0.0\n"),
            ("# C\n\n ## 1.0.0\n", "", "# C\n\n@\n ## 1.0.0\n"),
            (
                "## Unreleased\n\n- old\n\n---\n<a id='x'></a>\n\n1.0.0\n---\n",
                "",
                "## Unreleased\n\n@\n---\n<a id='x'></a>\n\n1.0.0\n---\n",
            ),
        ];
        table.into_iter().for_each(goes);
    }

    fn goes((text, placeholder, expected): (&str, &str, &str)) {
        let (expected, bare) =
            expected.strip_suffix("@-").map_or((expected.to_owned(), false), |e| (format!("{e}@"), true));
        let new = if bare { NEW.trim_end() } else { NEW };
        let expected = expected.replace('@', new);
        assert_eq!(run(text, placeholder, false).as_deref(), Ok(expected.as_str()), "{text:?}");
        if text.contains('\n') {
            let crlf = |text: &str| text.replace('\n', "\r\n");
            assert_eq!(run(&crlf(text), placeholder, false).unwrap(), crlf(&expected), "{text:?}");
        }
    }

    #[test]
    fn links_are_inserted_and_advanced() {
        let head = "## [Unreleased]\n\n## [1.0.0]\n";
        let new = format!("## [Unreleased]\n\n{NEW}\n## [1.0.0]\n");
        let table = [
            ("", "\n[Unreleased]: c/u\n[1.1.0]: c/1.1.0\n"),
            ("\n[Unreleased]: x\n[1.0.0]: y\n", "\n[Unreleased]: c/u\n[1.1.0]: c/1.1.0\n[1.0.0]: y\n"),
            ("\n[unreleased]: <x> 'title'\n[1.0.0]: y", "\n[unreleased]: <c/u> 'title'\n[1.1.0]: c/1.1.0\n[1.0.0]: y"),
            ("\n[1.0.0]: y\n", "\n[Unreleased]: c/u\n[1.1.0]: c/1.1.0\n[1.0.0]: y\n"),
            ("\n[1.0.0]: y\n[Unreleased]: x", "\n[1.0.0]: y\n[Unreleased]: c/u\n[1.1.0]: c/1.1.0"),
            ("\n[1.1.0]: early\n\n[x]: z\n\n", "\n[Unreleased]: c/u\n[1.1.0]: c/1.1.0\n\n[x]: z\n\n"),
        ];
        for (foot, expected) in table {
            let (text, expected) = (format!("{head}{foot}"), format!("{new}{expected}"));
            assert_eq!(run(&text, "", true).unwrap(), expected, "{foot:?}");
            let crlf = |text: &str| text.replace('\n', "\r\n");
            assert_eq!(run(&crlf(&text), "", true).unwrap(), crlf(&expected), "{foot:?}");
        }
        let only = run("## [Unreleased]\n\n- old", "", true).unwrap();
        assert_eq!(only, format!("## [Unreleased]\n\n{NEW}\n[Unreleased]: c/u\n[1.1.0]: c/1.1.0"));
        // Without a section about unreleased changes, there is nothing to link.
        assert_eq!(run("## 1.0.0\n", "", true).unwrap(), format!("{NEW}\n## 1.0.0\n\n[1.1.0]: c/1.1.0\n"));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let two = run("## [Unreleased]\n\n## Unreleased\n", "", false).unwrap_err();
        assert_eq!(two, "found 2 sections about unreleased changes, expected one");
        // A section of another level ends at the next one as well.
        let level = run("### [Unreleased]\n\n### 1.0.0\n", "", false).unwrap();
        assert_eq!(level, format!("### [Unreleased]\n\n{NEW}\n### 1.0.0\n"));
        let document = Document::read("## 1.0.0\n", &titles());
        for body in ["```\n", "<!--\n", "## 9.9.9\n"] {
            let sections = [section("1.1.0", body, false)];
            let rotation = Rotation { sections: &sections, placeholder: "", unreleased: None };
            assert!(matches!(rotate(&document, &titles(), rotation), Err(RotationError::NotAsPlanned(_))), "{body:?}");
        }
    }

    #[test]
    fn several_sections_stand_in_their_order() {
        let sections = [section("1.2.0", "- b\n", true), section("1.1.0", "- a\n", true)];
        let text = "## [Unreleased]\n\n## 1.0.0\n";
        let document = Document::read(text, &titles());
        let edits =
            rotate(&document, &titles(), Rotation { sections: &sections, placeholder: "", unreleased: Some("u") });
        assert_eq!(
            edits.unwrap().apply(text).unwrap(),
            "## [Unreleased]\n\n## [1.2.0] - D\n- b\n\n## [1.1.0] - D\n- a\n\n## 1.0.0\n\n[Unreleased]: u\n[1.2.0]: c/1.2.0\n[1.1.0]: c/1.1.0\n"
        );
    }

    #[test]
    fn a_new_file_takes_a_section() {
        for (template, marks) in [("## [{version}] - {date}", "##"), ("# {version}", "#"), ("### {version}", "###")] {
            let titles = TitleReader::new(template, VersionScheme::Semver);
            let text = new_changelog(&titles);
            let document = Document::read(&text, &titles);
            assert_eq!(document.unreleased().count(), 1, "{text}");
            let sections = [NewSection { text: format!("{marks} 1.0.0\n\n- a\n"), link: None }];
            let edits = rotate(&document, &titles, Rotation { sections: &sections, placeholder: "", unreleased: None });
            let new = edits.unwrap().apply(&text).unwrap();
            assert!(new.ends_with(&format!("{marks} [Unreleased]\n\n{marks} 1.0.0\n\n- a\n")), "{new}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_line_outside_changes(text in "(\\PC|\n|\r\n|## \\[1\\.0\\.0\\]\n|## Unreleased\n|### Added\n|# |\\[a\\]: b\n|```|---){0,30}") {
            let Ok(new) = run(&text, "_N._", true) else { return Ok(()) };
            let document = Document::read(&text, &titles());
            let section = unreleased(&document).unwrap();
            let (before, behind) = match section {
                Some(section) => (section.heading.end, section.body.end),
                None => (document.top, document.top),
            };
            assert!(new.starts_with(text.get(..before).unwrap()), "{text:?} {new:?}");
            let kept = text.get(behind..document.foot).unwrap().trim_end();
            assert!(new.contains(kept), "{text:?} {new:?}");
            assert_eq!(new.ends_with('\n'), text.ends_with('\n') || text.is_empty(), "{text:?} {new:?}");
        }
    }
}
