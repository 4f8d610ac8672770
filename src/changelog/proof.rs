//! [`proven`]: proves that a rotated changelog, read again, is as planned.

use super::document::{Document, Section};
use super::release_title::{Title, TitleReader};
use super::rotation::{Rotation, RotationError};
use crate::text::{Span, TextEdits};

/// Reads the new text again: it must have the same sections with the same text, and the new ones among them, at `at` of the old text.
///
/// # Errors
/// Returns an error if the edits do not fit, or a section is not what it should be.
pub(super) fn proven(
    document: &Document<'_>,
    titles: &TitleReader,
    rotation: Rotation<'_>,
    at: usize,
    edits: &TextEdits,
) -> Result<(), RotationError> {
    let text = edits.apply(document.text)?;
    // In a long run of old sections, only the first and the last are read: a heading closes everything before it, so that the text between
    // those two reads as before. If that is not enough, everything is read.
    let shorter = untouched(document, at, edits).and_then(|(old, new)| {
        let is_same = old.of(document.text) == new.of(&text);
        is_same.then(|| Some((old, format!("{}{}", text.get(..new.start)?, text.get(new.end..)?)))).flatten()
    });
    if let Some((left_out, text)) = shorter
        && as_planned(document, titles, rotation, (at, left_out), &text).is_ok()
    {
        return Ok(());
    }
    as_planned(document, titles, rotation, (at, Span::new(0, 0)), &text)
}

/// Returns the bytes from the second section after `at` up to the last one, in the old text and in the new one; `None` if they
/// are edited.
fn untouched(document: &Document<'_>, at: usize, edits: &TextEdits) -> Option<(Span, Span)> {
    let mut behind = document.sections.iter().map(|section| section.start).filter(|start| *start >= at);
    let old = Span::new(behind.nth(1)?, behind.next_back()?);
    let mut start = old.start;
    for edit in edits.as_slice() {
        if edit.span.end <= old.start {
            start = (start + edit.new.len()).checked_sub(edit.span.end - edit.span.start)?;
        } else if edit.span.start < old.end {
            return None;
        }
    }
    Some((old, Span::new(start, start + (old.end - old.start))))
}

/// Compares the sections of the new text with the planned ones; those in a span of the old text are left out of both.
fn as_planned(
    document: &Document<'_>,
    titles: &TitleReader,
    rotation: Rotation<'_>,
    (at, left_out): (usize, Span),
    text: &str,
) -> Result<(), RotationError> {
    let new = Document::read(text, titles);
    let of = |is_above: bool| {
        let sections = document.sections.iter().filter(move |section| (section.start < at) == is_above);
        let sections = sections.filter(|section| !(left_out.start..left_out.end).contains(&section.start));
        sections.filter(|section| section.title != Title::Unreleased).map(|section| words(document, section))
    };
    let added = rotation.sections.iter().map(|section| section.text.trim_end().to_owned());
    let planned: Vec<String> = of(true).chain(added).chain(of(false)).collect();
    let sections = new.sections.iter().filter(|section| section.title != Title::Unreleased);
    let found: Vec<String> = sections.map(|section| words(&new, section)).collect();
    let differs = planned.iter().zip(&found).find(|(a, b)| a != b).map(|(a, _)| a);
    expect_sections(differs, planned.len(), found.len())
}

/// Returns the text of a section, with only line feeds and without those at its end.
pub(super) fn words(document: &Document<'_>, section: &Section) -> String {
    section.span().of(document.text).unwrap_or("").trim_end().replace("\r\n", "\n")
}

/// Reports the first section that would not have the planned text, or how many there would be beside those that are planned.
pub(super) fn expect_sections(differs: Option<&String>, planned: usize, found: usize) -> Result<(), RotationError> {
    match differs.map(|text| text.lines().next().unwrap_or("")) {
        Some(heading) => Err(RotationError::NotAsPlanned(format!("`{heading}` would not have the planned text"))),
        None if planned != found => {
            Err(RotationError::NotAsPlanned(format!("it would have {found} sections, expected {planned}")))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VersionScheme;

    #[test]
    fn what_a_section_would_swallow_is_found_in_a_long_changelog() {
        let titles = TitleReader::new("## [{version}]", VersionScheme::Semver);
        let old: String = (1..9).rev().map(|n| format!("## [{n}.0.0]\n\n- {n}\n\n")).collect();
        let document = Document::read(&old, &titles);
        let table = [
            ("## [9.0.0]\n\n- x\n", true),
            ("## [9.0.0]\n\n```\n", false),
            ("## [9.0.0]\n\n<!--\n", false),
            ("## [9.0.0]\n\n## [0.1.0]\n", false),
            ("# [9.0.0]\n\n- x\n", true),
        ];
        for (text, is_proven) in table {
            let sections = [super::super::rotation::NewSection { text: text.to_owned(), link: None }];
            let rotation = Rotation { sections: &sections, placeholder: "", unreleased: None };
            let foot = (Span::new(old.len(), old.len()), "[a]: b\n".to_owned());
            let edits = TextEdits::of(&old, [(Span::new(0, 0), format!("{text}\n")), foot]).unwrap();
            let (span, _) = untouched(&document, 0, &edits).unwrap();
            assert!(span.of(&old).unwrap().starts_with("## [7.0.0]"));
            assert_eq!(proven(&document, &titles, rotation, 0, &edits).is_ok(), is_proven, "{text}");
        }
        let inside = TextEdits::of(&old, [(Span::new(40, 41), String::new())]).unwrap();
        assert_eq!(untouched(&document, 0, &inside), None);
    }
}
