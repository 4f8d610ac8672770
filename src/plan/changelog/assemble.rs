//! [`assemble`]: moves the fragments under `[Unreleased]` now.

use std::collections::{BTreeMap, BTreeSet};

use super::consumed_fragments::consumed_fragments;
use super::content::fragment_changes;
use super::file::ChangelogFile;
use super::preview::wanted;
use super::release_context::ReleaseContext;
use super::section_target::SectionTarget;
use super::unbroken;
use crate::changelog::{Document, assemble_unreleased};
use crate::model::{Diagnostic, PackageIx, ProblemCode, RepoPath, TagName};
use crate::plan::edits::clash;
use crate::plan::file_changes::{FileChange, FileChanges};
use crate::plan::request::BumpRequest;
use crate::plan::targets::Targets;
use crate::snapshot::Snapshot;

/// The result of moving the fragments under `[Unreleased]`.
#[derive(Clone, Debug)]
pub struct Assembled {
    /// The changelogs and the fragments; empty if there is nothing to do.
    pub files: FileChanges,
    /// How many entries the changelogs take.
    pub entries: usize,
    /// How many changelogs take any.
    pub changelogs: usize,
}

/// Plans to move the fragments of these packages, or of all if none is named, under `[Unreleased]` of their changelogs, in the groups and
/// the order of a release. A fragment that other packages still need loses these packages; any other is deleted.
///
/// # Errors
/// An unknown package, a package that keeps no changelog, a broken file among the fragments, a changelog that cannot take them. A
/// changelog that several packages share cannot either, since under `[Unreleased]` no one could tell whose change is whose.
pub fn assemble(snapshot: &Snapshot, names: &[String]) -> Result<Assembled, Vec<Diagnostic>> {
    let wanted = wanted(snapshot, names)?;
    let units = units(snapshot, &wanted)?;
    let all: BTreeSet<PackageIx> = units.values().flat_map(|unit| unit.packages.iter().copied()).collect();
    unbroken(snapshot, &all)?;
    let (request, targets) = (BumpRequest::default(), Targets::default());
    let context = ReleaseContext { snapshot, request: &request, targets: &targets, changes: &[] };
    let (mut files, mut entries, mut problems) = (FileChanges::default(), 0, Vec::new());
    for (path, unit) in units {
        match of_file(context, path, unit) {
            Ok(Some((change, count))) => {
                problems.extend(files.add(path.clone(), change).map_err(clash).err());
                entries += count;
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    let changelogs = files.len();
    for (path, change) in consumed_fragments(context, &all) {
        problems.extend(files.add(path, change).map_err(clash).err());
    }
    if problems.is_empty() { Ok(Assembled { files, entries, changelogs }) } else { Err(problems) }
}

fn of_file(
    context: ReleaseContext<'_>,
    path: &RepoPath,
    unit: SectionTarget<'_>,
) -> Result<Option<(FileChange, usize)>, Diagnostic> {
    let changes = fragment_changes(context, &unit);
    if changes.is_empty() {
        return Ok(None);
    }
    let (config, count) = (unit.config, changes.len());
    let source = ChangelogFile::new(context.snapshot, path, vec![unit])?;
    let document = Document::read(&source.text, &source.titles);
    if let Some(problem) = source.misread(context).into_iter().next().or_else(|| source.not_understood(&document)) {
        return Err(problem);
    }
    let edits = assemble_unreleased(&document, &source.titles, changes, (&config.types, &config.placeholder));
    let edits = edits.map_err(|error| source.wrong(&error))?;
    Ok(Some((source.plan(edits)?, count)))
}

/// Returns the changelogs of these packages that have fragments, and whose they are: a fixed group that shares one is taken whole.
fn units<'a>(
    snapshot: &'a Snapshot,
    wanted: &BTreeSet<PackageIx>,
) -> Result<BTreeMap<&'a RepoPath, SectionTarget<'a>>, Vec<Diagnostic>> {
    let mut users: BTreeMap<&RepoPath, Vec<PackageIx>> = BTreeMap::new();
    for index in snapshot.workspace.packages.positions() {
        if let Some(file) = snapshot.changelogs.of(index) {
            users.entry(file).or_default().push(index);
        }
    }
    let mut units = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, packages) in users {
        let with_fragments = packages.iter().filter(|index| wanted.contains(*index));
        if with_fragments.flat_map(|index| snapshot.fragments.of(*index)).next().is_none() {
            continue;
        }
        // A file is in the list with its first package.
        let Some(first) = packages.first() else { continue };
        let lead = &snapshot.workspace.packages[*first];
        // Only packages that keep a changelog have a file.
        let Some(config) = snapshot.config.changelog_of(&lead.id) else { continue };
        if packages.len() > 1 && config.heading.value.uses("name") {
            let name = |index: &PackageIx| format!("`{}`", snapshot.workspace.packages[*index].id);
            let names: Vec<String> = packages.iter().map(name).collect();
            let message = format!(
                "{path} is kept for {}: under [Unreleased] their changes could not be told apart",
                names.join(", ")
            );
            let help = "leave the fragments where they are; a release adds them to the section of their package";
            problems.push(Diagnostic::new(ProblemCode::Changelog, message).in_file(path).help(help));
            continue;
        }
        let version = "Unreleased".to_owned();
        units.insert(
            path,
            SectionTarget { packages, lead, target: None, config, version, tag: TagName::new(String::new()) },
        );
    }
    if problems.is_empty() { Ok(units) } else { Err(problems) }
}
