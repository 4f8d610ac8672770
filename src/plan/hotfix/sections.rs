//! The sections of a changelog that a hotfix wrote: taken out before a merge, and put where they belong in its result.

use std::sync::Arc;

use crate::changelog::{Document, PlacedSection, RotationError, place, without};
use crate::model::{Diagnostic, ProblemCode, RepoPath};
use crate::plan::changelog::titles_of;
use crate::snapshot::Snapshot;

/// The sections of a changelog that one commit has and another one lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleasedSections {
    /// The changelog.
    pub path: RepoPath,
    /// The sections, as in the text.
    pub sections: Vec<PlacedSection>,
}

/// Returns the sections of each changelog that `theirs` has and `base` lacks.
#[must_use]
pub fn released_sections(base: &Snapshot, theirs: &Snapshot) -> Vec<ReleasedSections> {
    let mut released = Vec::new();
    for path in theirs.changelogs.files.keys() {
        // What cannot be read has no sections, which is reported where it is read.
        let (Some(text), Some(titles)) = (text_of(theirs, path), titles_of(theirs, path)) else { continue };
        let document = Document::read(text, &titles);
        let before = Document::read(text_of(base, path).map_or("", |text| text), &titles);
        let placed = document.sections.iter().filter_map(|section| PlacedSection::of(&document, section));
        let is_new = |placed: &PlacedSection| !before.sections.iter().any(|section| placed.is(section));
        let sections: Vec<PlacedSection> = placed.filter(is_new).collect();
        if !sections.is_empty() {
            released.push(ReleasedSections { path: path.clone(), sections });
        }
    }
    released
}

/// Returns the text of a changelog of `theirs` as it would be without the sections; `None` where `base` has no such file.
///
/// # Errors
/// Returns an error if the sections cannot be taken out.
pub fn without_sections(
    base: &Snapshot,
    theirs: &Snapshot,
    released: &ReleasedSections,
) -> Result<Option<String>, Diagnostic> {
    let path = &released.path;
    // What cannot be read has no sections, which is reported where it is read.
    let (Some(text), Some(titles)) = (text_of(theirs, path), titles_of(theirs, path)) else { return Ok(None) };
    // Nothing was released where the changelog did not exist.
    let Some(before) = text_of(base, path) else { return Ok(None) };
    let (document, before) = (Document::read(text, &titles), Document::read(before, &titles));
    let edits = without(&document, &before, &released.sections).map_err(|error| wrong(path, &error))?;
    edits.apply(text).map(Some).map_err(|error| wrong(path, &error.into()))
}

/// Returns a text of a changelog with the sections where their versions belong, read as `theirs` reads it.
///
/// # Errors
/// Returns an error if the text cannot take them.
pub fn with_sections(text: &str, theirs: &Snapshot, released: &ReleasedSections) -> Result<String, Diagnostic> {
    // The sections were found by the same titles.
    let Some(titles) = titles_of(theirs, &released.path) else { return Ok(text.to_owned()) };
    let document = Document::read(text, &titles);
    let own = text_of(theirs, &released.path).map(|text| Document::read(text, &titles));
    let unreleased = own.as_ref().and_then(|own| own.link("unreleased")?.destination.of(own.text));
    let edits =
        place(&document, &titles, &released.sections, unreleased).map_err(|error| wrong(&released.path, &error))?;
    edits.apply(text).map_err(|error| wrong(&released.path, &error.into()))
}

fn text_of<'a>(snapshot: &'a Snapshot, path: &RepoPath) -> Option<&'a Arc<str>> {
    snapshot.changelogs.files.get(path)?.as_ref().ok()
}

fn wrong(path: &RepoPath, error: &RotationError) -> Diagnostic {
    Diagnostic::new(ProblemCode::Changelog, format!("the changelog {path} cannot take a section: {error}"))
        .in_file(path)
}
