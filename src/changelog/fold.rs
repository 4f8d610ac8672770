//! [`assemble_unreleased`]: puts changes under `[Unreleased]`, as edits of spans.

use super::document::Document;
use super::pending::Pending;
use super::proof::proven;
use super::release_title::TitleReader;
use super::rotate::{Edits, above_the_newest, ended, unreleased};
use super::rotation::{Rotation, RotationError};
use super::section::{Change, SectionGroup, grouped};
use crate::text::{Span, TextEdits};

/// Puts changes under `[Unreleased]`, into the groups and the order that a release would give them, in addition to the text there; a
/// changelog without such a section gets one above the newest. `types` are the types with their titles. The placeholder is removed.
///
/// # Errors
/// Returns an error if there are several sections about unreleased changes, or the new text, read again, does not hold what it should.
pub fn assemble_unreleased(
    document: &Document<'_>,
    titles: &TitleReader,
    changes: Vec<Change>,
    (types, placeholder): (&[(String, String)], &str),
) -> Result<TextEdits, RotationError> {
    let section = unreleased(document)?;
    let pending = section.map_or_else(Pending::default, |section| Pending::read(document, section, placeholder));
    let groups = grouped(types, &pending, changes);
    let level = section.map_or(titles.level(), |section| section.level);
    let body = body(&pending, &groups, level);
    let mut edits = Edits::default();
    let at = match section {
        Some(section) => {
            let text = |span: Span| span.of(document.text).unwrap_or("").replace("\r\n", "\n");
            let kept = text(Span::new(section.body.start, pending.kept));
            let mut new = if text(section.heading).ends_with('\n') { String::new() } else { "\n".to_owned() };
            if !kept.trim().is_empty() {
                new.push_str(kept.trim_end());
                new.push('\n');
            }
            new.push_str(&format!("{body}\n"));
            ended(document, section.body.end, &mut new);
            edits.replace(document, Span::new(section.heading.end, section.body.end), &new);
            section.body.end
        }
        None => {
            let heading = format!("{} [Unreleased]", "#".repeat(level));
            above_the_newest(document, &[&format!("{heading}\n{body}")], &mut edits)
        }
    };
    let edits = edits.done(document)?;
    proven(document, titles, Rotation { sections: &[], placeholder, unreleased: None }, at, &edits)?;
    holds(&edits.apply(document.text)?, titles, &pending, &groups)?;
    Ok(edits)
}

/// The text below the heading, with a blank line above and one line end after it.
fn body(pending: &Pending, groups: &[SectionGroup], level: usize) -> String {
    let mut out = String::new();
    for text in [&pending.prose, &pending.loose].into_iter().filter(|text| !text.is_empty()) {
        out.push_str(&format!("\n{text}\n"));
    }
    let marks = "#".repeat((level + 1).clamp(3, 6));
    for group in groups {
        out.push_str(&format!("\n{marks} {}\n", group.title));
        if !group.entries.is_empty() {
            out.push_str(&format!("\n{}\n", text_of(group)));
        }
    }
    out
}

fn text_of(group: &SectionGroup) -> String {
    let texts: Vec<&str> = group.entries.iter().map(|entry| entry.text.as_str()).collect();
    texts.join("\n")
}

/// The lines of groups, without blank ones.
fn lines(groups: &[(&str, String)]) -> Vec<String> {
    let of_group = |(title, text): &(&str, String)| {
        let text = text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned);
        std::iter::once(format!("### {title}")).chain(text).collect::<Vec<_>>()
    };
    groups.iter().flat_map(of_group).collect()
}

/// Reads the new text again: it must hold the same prose, and below each heading the entries of its group.
fn holds(text: &str, titles: &TitleReader, pending: &Pending, groups: &[SectionGroup]) -> Result<(), RotationError> {
    let new = Document::read(text, titles);
    let found = unreleased(&new)?.map_or_else(Pending::default, |section| Pending::read(&new, section, ""));
    let planned: Vec<(&str, String)> = groups.iter().map(|group| (group.title.as_str(), text_of(group))).collect();
    let found_groups: Vec<(&str, String)> =
        found.groups.iter().map(|group| (group.title.as_str(), group.text.clone())).collect();
    // Headings in fragments are read as groups of their own, below the group that they were put into.
    let is_there =
        if titles.keeps_headings() { lines(&planned) == lines(&found_groups) } else { planned == found_groups };
    if is_there && found.prose == pending.prose && found.loose == pending.loose {
        return Ok(());
    }
    Err(RotationError::NotAsPlanned("[Unreleased] would not hold what it should".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::section::SectionEntry;
    use super::*;
    use crate::model::VersionScheme;

    fn run(text: &str, changes: &[(&str, &str)]) -> Result<String, RotationError> {
        let titles = TitleReader::new("## [{version}] - {date}", VersionScheme::Semver);
        let types = [("added", "Added"), ("fixed", "Fixed")].map(|(kind, title)| (kind.to_owned(), title.to_owned()));
        let change = |(kind, text): &(&str, &str)| Change {
            kind: (*kind).to_owned(),
            entry: SectionEntry { text: (*text).to_owned(), ..SectionEntry::default() },
        };
        let changes = changes.iter().map(change).collect();
        let edits = assemble_unreleased(&Document::read(text, &titles), &titles, changes, (&types, "_N._"))?;
        Ok(edits.apply(text).unwrap())
    }

    #[test]
    fn changes_go_under_unreleased() {
        let changes = [("fixed", "- f"), ("added", "- a"), ("fixed", "- g\n  h")];
        let table = [
            (
                "# C\n\n## [Unreleased]\n\n_N._\n\n## [1.0.0]\n\n- z\n",
                "# C\n\n## [Unreleased]\n\n### Added\n\n- a\n\n### Fixed\n\n- f\n- g\n  h\n\n## [1.0.0]\n\n- z\n",
            ),
            (
                "## [Unreleased]\n<!-- hint -->\nProse.\n\n- loose\n\n### Own\n- o\n### Fixed\n- x\n\n[a]: b\n",
                "## [Unreleased]\n<!-- hint -->\n\nProse.\n\n- loose\n\n### Added\n\n- a\n\n### Fixed\n\n- x\n- f\n- g\n  h\n\n### Own\n\n- o\n\n[a]: b\n",
            ),
            (
                "# C\n\n## [1.0.0]\n",
                "# C\n\n## [Unreleased]\n\n### Added\n\n- a\n\n### Fixed\n\n- f\n- g\n  h\n\n## [1.0.0]\n",
            ),
            ("## [Unreleased]", "## [Unreleased]\n\n### Added\n\n- a\n\n### Fixed\n\n- f\n- g\n  h"),
        ];
        for (text, expected) in table {
            assert_eq!(run(text, &changes).unwrap(), expected, "{text:?}");
            if text.contains('\n') {
                let crlf = |text: &str| text.replace('\n', "\r\n");
                assert_eq!(run(&crlf(text), &changes).unwrap(), crlf(expected), "{text:?}");
            }
            let once = run(text, &changes).unwrap();
            assert_eq!(run(&once, &[]).unwrap(), once, "what is folded stays as it is");
        }
        assert!(run("## [Unreleased]\n\n## Unreleased\n", &changes).is_err());
        assert!(run("## [Unreleased]\n", &[("added", "## 9.9.9")]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn nothing_else_changes(text in "(\\PC|\n|\r\n|## \\[1\\.0\\.0\\]\n|## Unreleased\n|### Added\n|# |- |\\[a\\]: b\n|```|---){0,30}") {
            let Ok(new) = run(&text, &[("added", "- entry")]) else { return Ok(()) };
            assert_eq!(new.matches("- entry").count(), text.matches("- entry").count() + 1, "{text:?} {new:?}");
            assert_eq!(new.ends_with('\n'), text.ends_with('\n') || text.is_empty(), "{text:?} {new:?}");
        }
    }
}
