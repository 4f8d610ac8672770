//! Changelogs of a release: new sections, and the fragments that went into them.
//!
//! A section belongs to one package, or to all members of a fixed group that share a file. The text under `[Unreleased]`, the fragments,
//! the commits and the summary become the section's content ([`content`], [`commits`]); sections that would be empty get the words that
//! the contract has for them, or are refused ([`empty`]); then each file is rotated once, and the fragments are consumed ([`consumed_fragments`]).
//! [`preview()`] shows the sections before there is a release, [`assemble()`] moves the fragments under `[Unreleased]`, [`notes()`] finds
//! the section of a release.

mod announcement;
mod assemble;
mod commits;
mod consumed_fragments;
mod content;
mod empty;
mod file;
mod milestone;
mod notes;
mod plugins;
mod preview;
mod release_context;
mod rotated;
mod section_body;
mod section_target;
mod titles;

use std::collections::{BTreeMap, BTreeSet};

use super::edits::clash;
use crate::config::Prereleases;
use crate::model::{Diagnostic, PackageIx, ProblemCode, RepoPath};
use crate::snapshot::Snapshot;

use file::{ChangelogFile, OpenChangelog};
use section_target::{SectionTarget, section_tag};

pub(super) use release_context::ReleaseContext;
pub(super) use rotated::{EmptySection, Rotated};
pub(super) use titles::titles_of;

pub use announcement::{Announcement, longest_body};
pub use assemble::{Assembled, assemble};
pub use milestone::items_since;
pub(super) use notes::has_section;
pub use notes::{Notes, notes};
pub use preview::{
    PreviewReport, PreviewRequest, PreviewedEntry, PreviewedGroup, PreviewedSection, keeps_changelogs, preview,
};

/// Plans the sections of all packages that have one in this release.
///
/// # Errors
/// A changelog that cannot be read or cannot take a section, a template that fails, a broken file among the fragments.
pub(super) fn changelog_changes(context: ReleaseContext<'_>) -> Result<Rotated, Vec<Diagnostic>> {
    let units = units(context)?;
    if units.is_empty() {
        return Ok(Rotated::default());
    }
    let all: BTreeSet<PackageIx> = units.values().flatten().flat_map(|unit| unit.packages.iter().copied()).collect();
    unbroken(context.snapshot, &all)?;
    let mut problems = Vec::new();
    let sources: Vec<ChangelogFile<'_>> = units
        .into_iter()
        .filter_map(|(path, units)| {
            ChangelogFile::new(context.snapshot, path, units).map_err(|p| problems.push(p)).ok()
        })
        .collect();
    problems.extend(sources.iter().flat_map(|source| source.misread(context)));
    let mut out = Rotated::default();
    let mut files: Vec<OpenChangelog<'_>> = Vec::new();
    for source in &sources {
        match OpenChangelog::new(context, source, &mut out) {
            Ok(opened) => files.push(opened),
            Err(problem) => problems.push(problem),
        }
    }
    empty::filled(context, &mut files, &mut out.empty);
    out.notes.extend(empty::without_entry(context, &files));
    for file in &files {
        match file.plan(context) {
            Ok(Some((change, notes))) => {
                problems.extend(out.files.add(file.path().clone(), change).map_err(clash).err());
                out.release_notes.extend(notes);
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    for (path, change) in consumed_fragments::consumed_fragments(context, &all) {
        problems.extend(out.files.add(path, change).map_err(clash).err());
    }
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

/// Returns the sections of a release, by file. A prerelease has none where the next final release takes all.
fn units(context: ReleaseContext<'_>) -> Result<BTreeMap<&RepoPath, Vec<SectionTarget<'_>>>, Vec<Diagnostic>> {
    let snapshot = context.snapshot;
    let mut units: BTreeMap<&RepoPath, Vec<SectionTarget<'_>>> = BTreeMap::new();
    let mut problems = Vec::new();
    for (index, target) in &context.targets.by_package {
        let lead = &snapshot.workspace.packages[*index];
        // The package keeps no changelog.
        let Some((config, file)) = snapshot.config.changelog_of(&lead.id).zip(snapshot.changelogs.of(*index)) else {
            continue;
        };
        if config.prereleases == Prereleases::Keep && target.to.version.is_prerelease() {
            continue;
        }
        let of_file = units.entry(file).or_default();
        if let Some(first) = of_file.first_mut().filter(|_| !config.heading.value.uses("name")) {
            first.packages.push(*index);
            continue;
        }
        let version = target.to.in_texts(lead).map_err(|error| error.to_string());
        let tag = section_tag(lead, target).map_err(|error| error.to_string());
        match version.and_then(|version| Ok((version, tag?))) {
            Ok((version, tag)) => {
                of_file.push(SectionTarget {
                    packages: vec![*index],
                    lead,
                    target: Some(target),
                    config,
                    version,
                    tag,
                });
            }
            Err(message) => problems.push(Diagnostic::new(ProblemCode::Version, format!("`{}`: {message}", lead.id))),
        }
    }
    units.retain(|_, units| !units.is_empty());
    if problems.is_empty() { Ok(units) } else { Err(problems) }
}

/// An unreadable fragment would be missing from the section, and from what `auto` counts.
///
/// # Errors
/// Every such file in the folders of these packages.
pub(super) fn unbroken(snapshot: &Snapshot, packages: &BTreeSet<PackageIx>) -> Result<(), Vec<Diagnostic>> {
    let of_them = snapshot.fragments.broken.iter().filter(|b| b.users.iter().any(|user| packages.contains(user)));
    let problems: Vec<Diagnostic> = of_them.map(|broken| broken.problem.clone()).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
