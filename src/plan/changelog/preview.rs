//! [`preview`]: the next sections, before there is a release.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::file::{ChangelogFile, Draft, OpenChangelog};
use super::release_context::ReleaseContext;
use super::rotated::Rotated;
use super::section_target::{SectionTarget, section_tag};
use super::{empty, unbroken};
use crate::changelog::{SectionEntry, SectionGroup};
use crate::config::Prereleases;
use crate::model::{Diagnostic, PackageId, PackageIx, ProblemCode, RepoPath, TagName};
use crate::plan::dependents::{Cascade, cascade};
use crate::plan::history_gaps::shallow_gaps;
use crate::plan::release_plan::{Refusal, SCHEMA};
use crate::plan::request::{BumpRequest, BumpSpec};
use crate::plan::select::{index_of, select};
use crate::plan::status::next_releases;
use crate::plan::targets::Targets;
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// The options of a preview.
#[derive(Clone, Debug, Default)]
pub struct PreviewRequest {
    /// The packages by name; all where none is named.
    pub packages: Vec<String>,
    /// The assumed request; by default, that of `bump --all auto`.
    pub ask: Option<BumpSpec>,
    /// The prose that would open the sections.
    pub summary: Option<String>,
}

/// The next sections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PreviewReport {
    /// The version of this format: 1.
    pub schema: u32,
    /// The sections, in the order of their files, and in a file from the top.
    pub packages: Vec<PreviewedSection>,
    /// Why a release would be refused for its changelogs.
    pub refusals: Vec<Refusal>,
    /// Why no next versions could be computed.
    #[serde(skip)]
    #[schemars(skip)]
    pub problems: Vec<Diagnostic>,
}

/// The next section of a package, or of a fixed group that shares a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PreviewedSection {
    /// The package, or the first one of the group.
    pub name: PackageId,
    /// Every package that the section is about.
    pub packages: Vec<PackageId>,
    /// The version that it would have; `None` if none is known.
    pub version: Option<String>,
    /// The changelog.
    pub path: RepoPath,
    /// The heading, with its marks.
    pub heading: String,
    /// The prose that opens it; may be empty.
    pub summary: String,
    /// The groups that are not empty.
    pub groups: Vec<PreviewedGroup>,
    /// The whole section as it would be written, ending in a line feed.
    pub text: String,
}

/// A group of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PreviewedGroup {
    /// The type of its changes; `None` if the heading was written by hand and is that of no type.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The heading.
    pub title: String,
    /// Its entries.
    pub entries: Vec<PreviewedEntry>,
}

/// An entry of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PreviewedEntry {
    /// The text, without its last line end.
    pub text: String,
    /// The slug of the fragment; `None` for other entries.
    pub slug: Option<String>,
    /// The package that it is about; `None` for text under `[Unreleased]`.
    pub package: Option<String>,
    /// The commit; `None` for other entries.
    pub commit: Option<String>,
}

/// Returns the next section of each package, as a release would write it now. A package that a release would not touch, or whose next
/// version cannot be computed, is shown under the heading `[Unreleased]` if it has any changes.
///
/// # Errors
/// An unknown package, a package that keeps no changelog, and whatever keeps a changelog from being written.
pub fn preview(snapshot: &Snapshot, request: &PreviewRequest) -> Result<PreviewReport, Vec<Diagnostic>> {
    let wanted = wanted(snapshot, &request.packages)?;
    unbroken(snapshot, &wanted)?;
    let (Cascade { targets, changes }, problems) = next(snapshot, request, &wanted)?;
    let request = BumpRequest { summary: request.summary.clone(), ..BumpRequest::default() };
    let context = ReleaseContext { snapshot, request: &request, targets: &targets, changes: &changes };
    let mut report = PreviewReport { schema: SCHEMA, packages: Vec::new(), refusals: Vec::new(), problems };
    let refused = targets.refused.iter().filter(|(index, _)| wanted.contains(index));
    report.refusals.extend(refused.map(|(_, refusal)| refusal.clone()));
    show(context, &wanted, &mut report)?;
    Ok(report)
}

/// Returns the packages of these names, all that keep a changelog where none is named.
///
/// # Errors
/// An unknown package, a package that keeps no changelog, or a workspace in which no package keeps one.
pub(super) fn wanted(snapshot: &Snapshot, names: &[String]) -> Result<BTreeSet<PackageIx>, Vec<Diagnostic>> {
    let packages = &snapshot.workspace.packages;
    let mut problems: Vec<Diagnostic> = snapshot.workspace.broken.iter().map(|b| b.diagnostic.clone()).collect();
    let mut named = BTreeSet::new();
    for name in names {
        match index_of(snapshot, name) {
            Ok(index) => drop(named.insert(index)),
            Err(problem) => problems.push(problem),
        }
    }
    let mut wanted = BTreeSet::new();
    for (index, package) in packages.entries() {
        let is_named = named.contains(&index);
        if snapshot.changelogs.of(index).is_some() {
            wanted.extend((is_named || names.is_empty()).then_some(index));
        } else if is_named {
            problems.push(none_kept(format!("`{}` keeps no changelog", package.id)));
        }
    }
    if wanted.is_empty() && problems.is_empty() {
        problems.push(none_kept("no package keeps a changelog".to_owned()));
    }
    if problems.is_empty() { Ok(wanted) } else { Err(problems) }
}

/// Checks that at least one package keeps a changelog.
///
/// # Errors
/// Returns an error if no package does, so that there would be nothing to look at.
pub fn keeps_changelogs(snapshot: &Snapshot) -> Result<(), Vec<Diagnostic>> {
    let kept = |index: PackageIx| snapshot.changelogs.of(index).is_some();
    if snapshot.workspace.packages.positions().any(kept) {
        return Ok(());
    }
    Err(vec![none_kept("no package keeps a changelog".to_owned())])
}

fn none_kept(message: String) -> Diagnostic {
    Diagnostic::new(ProblemCode::NoChangelog, message)
        .help("a table [changelog] in relman.toml keeps one for every package")
}

/// The versions of the next release, or why they cannot be computed.
fn next<'a>(
    snapshot: &'a Snapshot,
    request: &PreviewRequest,
    wanted: &BTreeSet<PackageIx>,
) -> Result<(Cascade<'a>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let nothing = || Cascade { targets: Targets::default(), changes: Vec::new() };
    let packages = &snapshot.workspace.packages;
    if let Some(ask) = request.ask.clone() {
        let names = request.packages.iter().map(|name| (name.clone(), None)).collect();
        let all = request.packages.is_empty();
        let asked = BumpRequest { packages: names, all, ask: Some(ask), ..BumpRequest::default() };
        return Ok((cascade(snapshot, select(snapshot, &asked)?)?, Vec::new()));
    }
    let problems = shallow_gaps(snapshot, wanted.iter());
    if !problems.is_empty() {
        return Ok((nothing(), problems));
    }
    let of: Vec<(PackageIx, &Package)> = wanted.iter().map(|index| (*index, &packages[*index])).collect();
    Ok(match next_releases(snapshot, &of) {
        Ok(outlook) => (outlook.unwrap_or_else(nothing), Vec::new()),
        Err(problems) => (nothing(), problems),
    })
}

/// Makes all sections, since one may refer to another, and shows those of the requested packages.
fn show(
    context: ReleaseContext<'_>,
    wanted: &BTreeSet<PackageIx>,
    report: &mut PreviewReport,
) -> Result<(), Vec<Diagnostic>> {
    let snapshot = context.snapshot;
    let is_wanted = |unit: &SectionTarget<'_>| unit.packages.iter().any(|index| wanted.contains(index));
    let mut problems = Vec::new();
    let mut out = Rotated::default();
    let mut sources = Vec::new();
    for (path, units) in units(context) {
        let matters = units.iter().any(is_wanted);
        match ChangelogFile::new(snapshot, path, units) {
            Ok(source) => sources.push((source, matters)),
            Err(problem) => problems.extend(matters.then_some(problem)),
        }
    }
    let mut files = Vec::new();
    for (source, matters) in &sources {
        let mut of_file = Rotated::default();
        match OpenChangelog::new(context, source, &mut of_file) {
            Ok(mut opened) => {
                opened.drafts.retain(has_section);
                files.push(opened);
            }
            Err(problem) => problems.extend(matters.then_some(problem)),
        }
        out.refusals.extend(of_file.refusals.into_iter().filter(|_| *matters));
    }
    let mut empty = Vec::new();
    empty::filled(context, &mut files, &mut empty);
    // Every refusal of an empty section belongs to a draft without words, in the same order.
    let without = files.iter().flat_map(|file| &file.drafts).filter(|d| d.content.is_empty() && d.empty.is_none());
    out.refusals.extend(without.zip(empty).filter(|(draft, _)| is_wanted(draft.unit)).map(|(_, empty)| empty.refusal));
    for file in &files {
        for draft in file.drafts.iter().filter(|draft| is_wanted(draft.unit)) {
            match section(snapshot, file.path(), draft) {
                Ok(section) => report.packages.push(section),
                Err(problem) => problems.push(problem),
            }
        }
    }
    report.refusals.extend(out.refusals);
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Without a version, and for a prerelease that leaves the changelog alone, there is a section only if it is not empty.
fn has_section(draft: &Draft<'_>) -> bool {
    let keeps =
        |version: &crate::model::Version| draft.unit.config.prereleases == Prereleases::Keep && version.is_prerelease();
    !draft.content.is_empty() || draft.unit.target.is_some_and(|target| !keeps(&target.to.version))
}

/// Returns a section for every package that keeps a changelog, or for the fixed group that shares the file; in a file those that would be
/// released first, as they would take the text under `[Unreleased]`.
fn units(context: ReleaseContext<'_>) -> BTreeMap<&RepoPath, Vec<SectionTarget<'_>>> {
    let snapshot = context.snapshot;
    let mut units: BTreeMap<&RepoPath, Vec<SectionTarget<'_>>> = BTreeMap::new();
    for (index, lead) in snapshot.workspace.packages.entries() {
        // The package keeps no changelog.
        let Some((config, file)) = snapshot.config.changelog_of(&lead.id).zip(snapshot.changelogs.of(index)) else {
            continue;
        };
        let of_file = units.entry(file).or_default();
        if let Some(first) = of_file.first_mut().filter(|_| !config.heading.value.uses("name")) {
            first.packages.push(index);
            continue;
        }
        let written = context.targets.by_package.get(&index).and_then(|target| {
            // What cannot be spelled or tagged has no next version, as in `status`.
            Some((target, target.to.in_texts(lead).ok()?, section_tag(lead, target).ok()?))
        });
        let (target, version, tag) = match written {
            Some((target, version, tag)) => (Some(target), version, tag),
            None => (None, "Unreleased".to_owned(), TagName::new(String::new())),
        };
        of_file.push(SectionTarget { packages: vec![index], lead, target, config, version, tag });
    }
    for of_file in units.values_mut() {
        of_file.sort_by_key(|unit| unit.target.is_none());
    }
    units
}

fn section(snapshot: &Snapshot, path: &RepoPath, draft: &Draft<'_>) -> Result<PreviewedSection, Diagnostic> {
    let (unit, content) = (draft.unit, &draft.content);
    let packages = &snapshot.workspace.packages;
    Ok(PreviewedSection {
        name: unit.lead.id.clone(),
        packages: unit.packages.iter().map(|index| packages[*index].id.clone()).collect(),
        version: unit.target.map(|_| unit.version.clone()),
        path: path.clone(),
        heading: content.heading.clone(),
        summary: content.summary.clone(),
        groups: content.groups.iter().map(group).collect(),
        text: draft.text(snapshot)?,
    })
}

fn group(group: &SectionGroup) -> PreviewedGroup {
    PreviewedGroup {
        kind: written(&group.kind),
        title: group.title.clone(),
        entries: group.entries.iter().map(entry).collect(),
    }
}

fn entry(entry: &SectionEntry) -> PreviewedEntry {
    PreviewedEntry {
        text: entry.text.clone(),
        slug: written(&entry.slug),
        package: written(&entry.package),
        commit: written(&entry.commit),
    }
}

fn written(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
