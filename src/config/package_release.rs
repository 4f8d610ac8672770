//! [`PackageRelease`]: what is released for one package.

use super::globs::read_globs;
use super::reader::TableReader;
use super::release_text::{read_line, read_lines};
use super::{PathGlob, Placeholder, ReleaseText};
use crate::model::TagName;

const NOTES: [(&str, ReleaseNotes); 2] = [("section", ReleaseNotes::Section), ("none", ReleaseNotes::None)];

/// What is released for one package: the keys that `[release]` and `[packages.NAME.release]` have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageRelease {
    /// The title of the forge release.
    pub title: ReleaseText,
    /// The files of the work tree that are attached to it.
    pub assets: Vec<PathGlob>,
    /// Its text.
    pub notes: ReleaseNotes,
    /// Whether the package's tags have a forge release.
    pub forge: bool,
    /// Tags that follow the highest final of their line.
    pub floating: Vec<ReleaseText>,
}

/// The text of a forge release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReleaseNotes {
    /// The section of the changelog.
    Section,
    /// None.
    None,
}

impl Default for PackageRelease {
    fn default() -> Self {
        Self {
            title: ReleaseText::own("{name} {version}", &[]),
            assets: Vec::new(),
            notes: ReleaseNotes::Section,
            forge: true,
            floating: Vec::new(),
        }
    }
}

impl PackageRelease {
    /// Reads the key `release` of a package on top of the settings for all packages.
    pub(super) fn of_package(reader: &mut TableReader<'_>, all: Option<&Self>) -> Option<Self> {
        let mut table = reader.table("release")?;
        let mut release = all.cloned().unwrap_or_default().merged_with(&mut table);
        release.forge = table.boolean("forge").map_or(release.forge, |forge| forge.value);
        table.finish();
        Some(release)
    }

    /// Returns every text of it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &ReleaseText> {
        std::iter::once(&self.title).chain(&self.floating)
    }

    /// Reads the keys that both tables have, on top of what is known so far.
    pub(super) fn merged_with(self, reader: &mut TableReader<'_>) -> Self {
        Self {
            title: read_line(reader, "title", &[]).unwrap_or(self.title),
            assets: read_globs(reader, "assets", PathGlob::new).map_or(self.assets, |globs| globs.value),
            notes: reader.one_of("notes", &NOTES).map_or(self.notes, |notes| notes.value),
            floating: floating(reader).unwrap_or(self.floating),
            ..self
        }
    }
}

fn floating(reader: &mut TableReader<'_>) -> Option<Vec<ReleaseText>> {
    let texts = read_lines(reader, "floating")?;
    for text in &texts {
        // Any value will do to check the text around the placeholders.
        let name = text.fill(|placeholder| match placeholder {
            Placeholder::Own(word) => word.name().to_owned(),
            Placeholder::Of(..) => "1".to_owned(),
        });
        if let Err(error) = TagName::new(name).check() {
            reader.problems().add(text.span(), error.to_string(), "write it as in floating = [\"v{major}\"]");
        }
    }
    Some(texts)
}
