//! [`place`]: puts sections of releases where their versions belong, and [`without`] takes them out.

use std::cmp::Ordering;

use super::document::{Document, Section};
use super::proof::{expect_sections, words};
use super::release_title::{Title, TitleReader};
use super::rotate::{Edits, UNRELEASED, blank_above, ended};
use super::rotation::RotationError;
use crate::model::Version;
use crate::text::{Span, TextEdits};

/// A section of a release that has a place in another text of its changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedSection {
    /// The name in its heading; `None` without one.
    pub name: Option<String>,
    /// The version.
    pub version: Version,
    /// The version as it is written.
    pub written: String,
    /// The whole section, its lines ending in line feeds.
    pub text: String,
    /// The destination of the link of its version; `None` without one.
    pub link: Option<String>,
}

impl PlacedSection {
    /// Returns the section of a release; `None` for one about unreleased changes.
    #[must_use]
    pub fn of(document: &Document<'_>, section: &Section) -> Option<Self> {
        let Title::Release { version, written, name } = &section.title else { return None };
        let text = section.span().of(document.text).unwrap_or("").replace("\r\n", "\n");
        let link = document.link(written).and_then(|link| link.destination.of(document.text)).map(str::to_owned);
        let text = format!("{}\n", text.trim_end());
        Some(Self { name: name.clone(), version: version.clone(), written: written.clone(), text, link })
    }

    /// Returns `true` if a section is about this release.
    #[must_use]
    pub fn is(&self, section: &Section) -> bool {
        matches!(&section.title, Title::Release { version, name, .. } if *version == self.version && *name == self.name)
    }

    /// How its version compares with that of a section; `None` for sections of other packages, and those of no release.
    fn compared(&self, section: &Section) -> Option<Ordering> {
        match &section.title {
            Title::Release { version, name, .. } if name.is_none() || self.name.is_none() || *name == self.name => {
                Some(self.version.cmp(version))
            }
            _ => None,
        }
    }

    fn is_above(&self, section: &Section) -> bool {
        self.compared(section) == Some(Ordering::Greater)
    }

    fn is_below(&self, section: &Section) -> bool {
        self.compared(section) == Some(Ordering::Less)
    }
}

/// Takes sections out, as if they had never been written: the link of unreleased changes is that of `base` again.
///
/// # Errors
/// Returns an error if the edits do not fit together.
pub fn without(
    document: &Document<'_>,
    base: &Document<'_>,
    sections: &[PlacedSection],
) -> Result<TextEdits, RotationError> {
    let is_taken = |section: &Section| sections.iter().any(|placed| placed.is(section));
    let mut edits = Edits::default();
    for section in document.sections.iter().filter(|section| is_taken(section)) {
        edits.replace(document, section.span(), "");
    }
    // Where the lowest section goes, too, it takes the lines above the links along.
    let foot = foot_alone(document, base).filter(|_| document.sections.last().is_some_and(|last| !is_taken(last)));
    if let Some(foot) = foot {
        let end = base.text.get(base.text.trim_end().len()..).unwrap_or("").replace("\r\n", "\n");
        edits.replace(document, foot, &end);
        return Ok(edits.done(document)?);
    }
    for link in &document.links {
        let is_unreleased = link.label.eq_ignore_ascii_case(UNRELEASED);
        let before = base.link(&link.label).and_then(|link| link.destination.of(base.text));
        match before {
            Some(before) if is_unreleased => edits.replace(document, link.destination, before),
            None if is_unreleased || sections.iter().any(|placed| placed.written == link.label) => {
                edits.replace(document, link.span, "");
            }
            _ => {}
        }
    }
    Ok(edits.done(document)?)
}

/// Returns the links at the end of a text, with the blank lines above them, where `base` has none: releases wrote all of them.
fn foot_alone(document: &Document<'_>, base: &Document<'_>) -> Option<Span> {
    let (first, last) = (document.links.first()?, document.links.last()?);
    let above = document.text.get(..first.span.start)?.trim_end().len();
    let is_end = document.text.get(last.span.end..)?.trim().is_empty();
    let foot = Span::new(above, document.text.len());
    let lines = foot.of(document.text)?.lines().filter(|line| !line.trim().is_empty()).count();
    (base.links.is_empty() && is_end && lines == document.links.len()).then_some(foot)
}

/// Puts sections above those of lower versions. A release that has a section already keeps that one. Where one of them becomes the newest,
/// the link of unreleased changes gets this destination.
///
/// # Errors
/// Returns an error if the new text, read again, has other sections than planned.
pub fn place(
    document: &Document<'_>,
    titles: &TitleReader,
    sections: &[PlacedSection],
    unreleased: Option<&str>,
) -> Result<TextEdits, RotationError> {
    let mut new: Vec<&PlacedSection> =
        sections.iter().filter(|placed| !document.sections.iter().any(|section| placed.is(section))).collect();
    new.sort_by(|a, b| b.version.cmp(&a.version));
    let mut edits = Edits::default();
    for (at, together) in by_place(document, &new) {
        let texts: String = together.iter().map(|placed| format!("{}\n", placed.text)).collect();
        let mut text = format!("{}{texts}", blank_above(document, at));
        ended(document, at, &mut text);
        edits.insert(at, &text);
    }
    links(document, &new, &mut edits);
    let is_newest = new.first().is_some_and(|newest| !document.sections.iter().any(|section| newest.is_below(section)));
    if let (Some(to), Some(link)) = (unreleased.filter(|_| is_newest), document.link(UNRELEASED)) {
        edits.replace(document, link.destination, to);
    }
    let edits = edits.done(document)?;
    proven(document, titles, &new, &edits)?;
    Ok(edits)
}

/// The sections by where they go, in the order of the text.
fn by_place<'p>(document: &Document<'_>, new: &[&'p PlacedSection]) -> Vec<(usize, Vec<&'p PlacedSection>)> {
    let mut places: Vec<(usize, Vec<&PlacedSection>)> = Vec::new();
    for placed in new {
        let at = position(document, placed);
        match places.iter_mut().find(|(place, _)| *place == at) {
            Some((_, together)) => together.push(placed),
            None => places.push((at, vec![placed])),
        }
    }
    places.sort_by_key(|(at, _)| *at);
    places
}

fn position(document: &Document<'_>, placed: &PlacedSection) -> usize {
    let lower = document.sections.iter().find(|section| placed.is_above(section));
    // Below all others, and first of all below what is not released.
    lower
        .map(|section| section.start)
        .or(document.sections.last().map(|section| section.body.end))
        .unwrap_or(document.top)
}

/// The link of a version goes above that of the next lower one.
fn links(document: &Document<'_>, new: &[&PlacedSection], edits: &mut Edits) {
    for placed in new {
        let Some(to) = placed.link.as_ref().filter(|_| document.link(&placed.written).is_none()) else { continue };
        let lower = document.sections.iter().filter(|section| placed.is_above(section));
        let link = lower.filter_map(|section| match &section.title {
            Title::Release { written, .. } => document.link(written),
            Title::Unreleased => None,
        });
        let line = format!("[{}]: {to}\n", placed.written);
        match (link.map(|link| link.span.start).next(), document.links.last().map(|link| link.span.end)) {
            (Some(above), _) => edits.insert(above, &line),
            (None, Some(end)) if document.text.get(..end).is_some_and(|before| before.ends_with('\n')) => {
                edits.insert(end, &line);
            }
            (None, Some(end)) => edits.insert(end, &format!("\n{}", line.trim_end())),
            // Without any link at its foot the changelog keeps none.
            (None, None) => {}
        }
    }
}

/// Reads the new text again: it has all sections that it had, and the new ones.
fn proven(
    document: &Document<'_>,
    titles: &TitleReader,
    new: &[&PlacedSection],
    edits: &TextEdits,
) -> Result<(), RotationError> {
    let text = edits.apply(document.text)?;
    let read = Document::read(&text, titles);
    let found: Vec<String> = read.sections.iter().map(|section| words(&read, section)).collect();
    let old = document.sections.iter().map(|section| words(document, section));
    let planned: Vec<String> = old.chain(new.iter().map(|placed| placed.text.trim_end().to_owned())).collect();
    let missing = planned.iter().find(|text| !found.contains(text));
    expect_sections(missing, planned.len(), found.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VersionScheme;

    fn titles() -> TitleReader {
        TitleReader::new("## [{version}] - {date}", VersionScheme::Semver)
    }

    fn sections(text: &str, versions: &[&str]) -> Vec<PlacedSection> {
        let document = Document::read(text, &titles());
        let all = document.sections.iter().filter_map(|section| PlacedSection::of(&document, section));
        all.filter(|placed| versions.contains(&placed.written.as_str())).collect()
    }

    const FIXED: &str = "# C\n\n## [Unreleased]\n\n## [0.6.2] - D\n\n- b\n\n## [0.6.1] - D\n\n- a\n\n## [0.6.0] - D\n\n- z\n\n\
        [Unreleased]: c/v0.6.2\n[0.6.2]: c/2\n[0.6.1]: c/1\n[0.6.0]: c/0\n";

    fn placed(text: &str) -> String {
        let document = Document::read(text, &titles());
        let sections = sections(FIXED, &["0.6.1", "0.6.2"]);
        place(&document, &titles(), &sections, Some("c/v0.6.2")).unwrap().apply(text).unwrap()
    }

    #[test]
    fn sections_go_where_their_versions_belong() {
        let new = "## [0.6.2] - D\n\n- b\n\n## [0.6.1] - D\n\n- a\n";
        let table = [
            (
                "# C\n\n## [Unreleased]\n\n## [0.7.0] - D\n\n- y\n\n## [0.6.0] - D\n\n- z\n",
                "# C\n\n## [Unreleased]\n\n## [0.7.0] - D\n\n- y\n\n@\n## [0.6.0] - D\n\n- z\n",
            ),
            (
                "# C\n\n## [Unreleased]\n\n- new\n\n## [0.6.0] - D\n",
                "# C\n\n## [Unreleased]\n\n- new\n\n@\n## [0.6.0] - D\n",
            ),
            ("# C\n\n## [0.7.0] - D\n\n- y", "# C\n\n## [0.7.0] - D\n\n- y\n\n@-"),
            ("# C\n\n## [0.7.0] - D\n\n- y\n", "# C\n\n## [0.7.0] - D\n\n- y\n\n@"),
            ("# C\n", "# C\n\n@"),
            ("# C\n\n## [Unreleased]\n", "# C\n\n## [Unreleased]\n\n@"),
        ];
        for (text, expected) in table {
            let expected = match expected.strip_suffix("@-") {
                Some(head) => format!("{head}{}", new.trim_end()),
                None => expected.replace('@', new),
            };
            assert_eq!(placed(text), expected, "{text:?}");
            let crlf = |text: &str| text.replace('\n', "\r\n");
            if text.contains('\n') {
                assert_eq!(placed(&crlf(text)), crlf(&expected), "{text:?}");
            }
            // What is there already stays.
            assert_eq!(placed(&expected), expected, "{text:?}");
        }
    }

    #[test]
    fn links_go_above_those_of_lower_versions() {
        let foot = "[Unreleased]: c/v0.7.0\n[0.7.0]: c/7\n[0.6.0]: c/0\n";
        let text = format!("# C\n\n## [Unreleased]\n\n## [0.7.0] - D\n\n## [0.6.0] - D\n\n{foot}");
        let new = placed(&text);
        assert!(
            new.ends_with("[Unreleased]: c/v0.7.0\n[0.7.0]: c/7\n[0.6.2]: c/2\n[0.6.1]: c/1\n[0.6.0]: c/0\n"),
            "{new}"
        );
        let new = placed("# C\n\n## [Unreleased]\n\n## [0.6.0] - D\n\n- z\n\n[Unreleased]: c/v0.6.0\n[0.6.0]: c/0\n");
        assert_eq!(new, FIXED);
    }

    #[test]
    fn what_was_released_is_taken_out() {
        let base = "# C\n\n## [Unreleased]\n\n## [0.6.0] - D\n\n- z\n\n[Unreleased]: c/v0.6.0\n[0.6.0]: c/0\n";
        let (document, before) = (Document::read(FIXED, &titles()), Document::read(base, &titles()));
        let edits = without(&document, &before, &sections(FIXED, &["0.6.1", "0.6.2"])).unwrap();
        assert_eq!(edits.apply(FIXED).unwrap(), base);
    }

    #[test]
    fn links_that_the_first_release_with_links_wrote_are_taken_out() {
        for base in ["# C\n\n## [Unreleased]\n\n## [0.6.0] - D\n\n- z\n", "# C\n\n## [0.6.0] - D\n\n- z"] {
            for newline in ["\n", "\r\n"] {
                let base = base.replace('\n', newline);
                let (head, old) = base.split_once("## [0.6.0]").unwrap();
                let new = "## [0.6.1] - D\n\n- a\n\n".replace('\n', newline);
                let foot = "\n\n[Unreleased]: c/1\n[0.6.1]: c/1\n".replace('\n', newline);
                let text = format!("{head}{new}## [0.6.0]{}{foot}", old.trim_end());
                let (document, before) = (Document::read(&text, &titles()), Document::read(&base, &titles()));
                let edits = without(&document, &before, &sections(&text, &["0.6.1"])).unwrap();
                assert_eq!(edits.apply(&text).unwrap(), base);
            }
        }
    }
}
