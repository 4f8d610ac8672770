//! [`ReleaseUnit`]: a version of a package with its tag, and the texts of relman.toml about it.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{PackageField, Placeholder, ReleaseText, TextWord};
use crate::model::{CommitId, Diagnostic, PackageIx, ProblemCode, TagName, Version};
use crate::plan::changelog::Notes;
use crate::plan::release_plan::ReleasePlan;
use crate::snapshot::Snapshot;

/// A version that is released, with its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseUnit {
    /// The package, or the first one of a group with one tag.
    pub package: PackageIx,
    /// The version.
    pub version: Version,
    /// The version in the package's spelling.
    pub text: String,
    /// The tag.
    pub tag: TagName,
    /// The commit of the tag, if it is there already.
    pub commit: Option<CommitId>,
}

impl ReleaseUnit {
    /// Returns `true` if it is a final release.
    #[must_use]
    pub fn is_final(&self) -> bool {
        !self.version.is_prerelease()
    }
}

/// Returns what a plan releases, in its order; one unit for each tag that it makes, or would make.
///
/// # Errors
/// A version that cannot be a tag.
pub fn units_of(snapshot: &Snapshot, plan: &ReleasePlan) -> Result<Vec<ReleaseUnit>, Vec<Diagnostic>> {
    let mut units: Vec<ReleaseUnit> = Vec::new();
    let mut seen: BTreeSet<TagName> = BTreeSet::new();
    let planned_tags: BTreeMap<_, _> = plan.tags.iter().rev().map(|tag| (&tag.package, &tag.name)).collect();
    for bump in &plan.bumps {
        // Every bump is that of a package of the snapshot.
        let Some(package) = snapshot.workspace.index_of(&bump.package) else { continue };
        let of = &snapshot.workspace.packages[package];
        if !of.has_tags() {
            continue;
        }
        let wrong =
            |error: String| vec![Diagnostic::new(ProblemCode::Version, format!("`{}` {}: {error}", of.id, bump.to))];
        let version = of.scheme.parse_lenient(&bump.to).map_err(|error| wrong(error.to_string()))?;
        let tag = match planned_tags.get(&bump.package) {
            Some(tag) => (*tag).clone(),
            None => of.tag.render_typed(&version, &bump.to).map_err(|error| wrong(error.to_string()))?,
        };
        // The members of a group with one tag are one unit.
        if seen.insert(tag.clone()) {
            units.push(ReleaseUnit { package, version, text: bump.to.clone(), tag, commit: None });
        }
    }
    Ok(units)
}

/// The texts of relman.toml about what is released.
#[derive(Clone, Copy)]
pub struct ReleaseWords<'a> {
    /// Everything that was read.
    pub snapshot: &'a Snapshot,
    /// What is released; the first one is meant where a text names no package.
    pub units: &'a [ReleaseUnit],
    /// The folder for what commands write; empty where none is made yet.
    pub scratch: &'a str,
    /// The digest of the artifact that a command looks at; empty elsewhere.
    pub digest: &'a str,
}

impl<'a> ReleaseWords<'a> {
    /// Returns texts without a folder and a digest.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, units: &'a [ReleaseUnit]) -> Self {
        Self { snapshot, units, scratch: "", digest: "" }
    }

    /// Writes a text about a unit.
    #[must_use]
    pub fn fill(&self, text: &ReleaseText, unit: &ReleaseUnit) -> String {
        text.fill(|placeholder| match placeholder {
            Placeholder::Own(word) => self.own(*word, unit),
            Placeholder::Of(package, field) => {
                let index = self.snapshot.workspace.index_of(package);
                let released = self.units.iter().find(|unit| Some(unit.package) == index);
                match (field, released) {
                    (PackageField::Version, Some(unit)) => unit.text.clone(),
                    (PackageField::Tag, Some(unit)) => unit.tag.to_string(),
                    (_, None) => index.map_or(String::new(), |index| self.current(index, *field)),
                }
            }
        })
    }

    /// The version or the tag of a package that is not released now.
    fn current(&self, index: PackageIx, field: PackageField) -> String {
        let package = &self.snapshot.workspace.packages[index];
        match field {
            PackageField::Version => package.written().to_owned(),
            PackageField::Tag => {
                let version = package.version().filter(|_| package.has_tags());
                let tag = version.and_then(|version| package.tag.render(version).ok());
                tag.map_or(String::new(), |tag| tag.to_string())
            }
        }
    }

    fn own(&self, word: TextWord, unit: &ReleaseUnit) -> String {
        let package = &self.snapshot.workspace.packages[unit.package];
        let release = self.snapshot.config.release.as_ref();
        let part = |index: usize, more: u64| (unit.version.part(index) + more).to_string();
        match word {
            TextWord::Version => unit.text.clone(),
            TextWord::Tag => unit.tag.to_string(),
            TextWord::Name => package.id.to_string(),
            TextWord::Major => part(0, 0),
            TextWord::Minor => part(1, 0),
            TextWord::Patch => part(2, 0),
            TextWord::NextMajor => part(0, 1),
            TextWord::NextMinor => part(1, 1),
            TextWord::NextPatch => part(2, 1),
            TextWord::PreviousTag => self.previous_tag(unit),
            TextWord::Date => self.snapshot.today.clone(),
            TextWord::Path => package.folders.first().map_or(String::new(), ToString::to_string),
            TextWord::Scratch => self.scratch.to_owned(),
            TextWord::Digest => self.digest.to_owned(),
            // Only known where one hotfix is at hand.
            TextWord::Slug => "{slug}".to_owned(),
            // Only texts of [release] use these words.
            TextWord::Integration => release.and_then(|release| release.integration.clone()).unwrap_or_default(),
            TextWord::Production => release.and_then(|release| release.production.clone()).unwrap_or_default(),
        }
    }

    /// The highest tag of the package below the version; empty for its first release.
    fn previous_tag(&self, unit: &ReleaseUnit) -> String {
        let package = &self.snapshot.workspace.packages[unit.package];
        let below = self.snapshot.git.tags.of(package).filter(|(_, version)| *version < unit.version);
        below.max_by(|a, b| a.1.cmp(&b.1)).map_or(String::new(), |(name, _)| name.to_owned())
    }
}

/// Returns the title of the release that a section is about, as relman.toml words it.
#[must_use]
pub fn release_title(snapshot: &Snapshot, notes: &Notes) -> String {
    let plain = || format!("{} {}", notes.package, notes.version);
    // A plan that was stored may name what is gone since.
    let Some(package) = snapshot.workspace.index_of(&notes.package) else { return plain() };
    let Ok(version) = snapshot.workspace.packages[package].scheme.parse_lenient(&notes.version) else { return plain() };
    let tag = TagName::new(&notes.tag);
    let unit = ReleaseUnit { package, version, text: notes.version.clone(), tag, commit: None };
    let words = ReleaseWords::new(snapshot, std::slice::from_ref(&unit));
    words.fill(&snapshot.config.release_of(&notes.package).title, &unit)
}

/// Returns the title of the milestone that belongs to what is released; `None` if milestones do not matter.
#[must_use]
pub fn milestone_title(snapshot: &Snapshot, units: &[ReleaseUnit]) -> Option<String> {
    let template = snapshot.config.release.as_ref()?.milestone.as_ref()?;
    let lead = units.first()?;
    Some(ReleaseWords::new(snapshot, units).fill(template, lead))
}
