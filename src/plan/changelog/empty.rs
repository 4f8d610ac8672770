//! [`filled`]: sections that would be empty.

use std::collections::BTreeSet;

use super::file::{Draft, OpenChangelog};
use super::milestone::is_unknown;
use super::release_context::ReleaseContext;
use super::rotated::EmptySection;
use super::section_target::SectionTarget;
use crate::config::{FragmentsFolder, GroupKind};
use crate::model::{PackageId, PackageIx};
use crate::plan::reason::BumpReason;
use crate::plan::release_plan::{Refusal, RefusalCode};

/// Gives empty sections the text that relman.toml has for them, or names the cause of the release. A requested release that
/// has no description is refused.
pub(super) fn filled(context: ReleaseContext<'_>, files: &mut [OpenChangelog<'_>], refused: &mut Vec<EmptySection>) {
    let full: BTreeSet<PackageIx> = files
        .iter()
        .flat_map(|file| &file.drafts)
        .filter(|draft| !draft.content.is_empty())
        .flat_map(|draft| draft.unit.packages.iter().copied())
        .collect();
    for file in files {
        let path = file.path().clone();
        for draft in file.drafts.iter_mut().filter(|draft| draft.content.is_empty()) {
            draft.empty = empty_text(context, draft, &full);
            if draft.empty.is_none() {
                let (id, version) = (&draft.unit.lead.id, &draft.unit.version);
                let message = format!("the section of `{id}` {version} in {path} would be empty");
                let place = match draft.unit.config.fragments {
                    FragmentsFolder::None => "",
                    _ => "add a fragment, ",
                };
                let help = format!("{place}write under [Unreleased], or set `empty` to the text of such sections");
                let refusal = Refusal { code: RefusalCode::EmptySection, message, help: Some(help) };
                refused.push(EmptySection { packages: draft.unit.packages.clone(), refusal });
            }
        }
    }
}

/// Returns a note for each package that is released for its changes, and whose section has no entry.
pub(super) fn without_entry(context: ReleaseContext<'_>, files: &[OpenChangelog<'_>]) -> Vec<String> {
    let drafts = files.iter().flat_map(|file| &file.drafts).map(|draft| (draft.unit, draft));
    let is_changed = |unit: &SectionTarget<'_>| unit.target.is_some_and(|target| target.reason == BumpReason::Changes);
    let of_config = |(unit, draft): &(&SectionTarget<'_>, &Draft<'_>)| {
        draft.content.is_empty() && unit.config.empty.is_some() && is_changed(unit) && !is_unknown(context, unit)
    };
    let note = |unit: &SectionTarget<'_>| {
        let why = match unit.config.takes_commits() {
            true => "`commits` in [changelog] says which commits are",
            false => "`sources` in [changelog] does not include commits",
        };
        format!(
            "`{}` {} is released for its changes, and its section has no entry of them; {why}",
            unit.lead.id, unit.version
        )
    };
    drafts.filter(of_config).map(|(unit, _)| note(unit)).collect()
}

fn empty_text(context: ReleaseContext<'_>, draft: &Draft<'_>, full: &BTreeSet<PackageIx>) -> Option<String> {
    let unit = draft.unit;
    if is_unknown(context, unit) {
        return Some(String::new());
    }
    if let Some(words) = &unit.config.empty {
        return Some(words.clone());
    }
    let followed = followed(context, unit);
    match unit.target.map(|target| &target.reason) {
        Some(BumpReason::Dependent(_)) if !followed.is_empty() => Some(followed.join("\n")),
        _ => with_group(context, unit, full),
    }
}

/// Names the packages whose new versions are required from now on.
fn followed(context: ReleaseContext<'_>, unit: &SectionTarget<'_>) -> Vec<String> {
    let workspace = &context.snapshot.workspace;
    let holds = |id: &PackageId| workspace.index_of(id).is_some_and(|i| unit.packages.contains(&i));
    let changes = context.changes.iter().filter(|change| change.slot.holder.as_ref().is_some_and(holds));
    let of: BTreeSet<PackageIx> = changes.filter_map(|change| workspace.index_of(&change.slot.of)).collect();
    let line = |index: PackageIx| Some(format!("- Updated {}.", released(context, index, " to ")?));
    of.into_iter().filter_map(line).collect()
}

/// Names the member of the group that caused the release: one with changes, else one that was requested.
fn with_group(context: ReleaseContext<'_>, unit: &SectionTarget<'_>, full: &BTreeSet<PackageIx>) -> Option<String> {
    let workspace = &context.snapshot.workspace;
    let at = unit.lead.group?;
    let group = &workspace.groups[at];
    let others = || {
        let of_group = |index: &&PackageIx| workspace.packages[**index].group == Some(at);
        context.targets.by_package.keys().filter(of_group).copied().filter(|index| !unit.packages.contains(index))
    };
    let brought = unit.target.is_some_and(|target| target.reason.is_of_group());
    let speaking = others().find(|index| full.contains(index));
    let is_asked =
        |index: &PackageIx| context.targets.by_package.get(index).is_some_and(|target| !target.reason.is_of_group());
    let asked = others().find(is_asked);
    let with = match (group.kind, brought) {
        (GroupKind::Fixed, false) => speaking,
        (GroupKind::Linked, false) => None,
        (_, true) => speaking.or(asked),
    };
    Some(format!("- Released with {}.", released(context, with?, " ")?))
}

/// Writes a package and the version that it is released with.
fn released(context: ReleaseContext<'_>, index: PackageIx, between: &str) -> Option<String> {
    let package = &context.snapshot.workspace.packages[index];
    let target = context.targets.by_package.get(&index)?;
    Some(format!("{}{between}{}", package.id, target.to.in_texts(package).ok()?))
}
