//! [`content`]: the content of a section.

use std::collections::BTreeMap;

use super::release_context::ReleaseContext;
use super::section_target::SectionTarget;
use super::{commits, milestone, plugins};
use crate::changelog::{Change, Fragment, Pending, SectionContent, SectionEntry, grouped};
use crate::config::{ChangeSource, SummaryRule};
use crate::model::{PackageIx, Version};
use crate::snapshot::Snapshot;

/// The release before: the newest section below.
pub(super) struct Previous {
    tag: String,
}

/// The content of a section.
pub(super) struct Content {
    /// The content.
    pub(super) section: SectionContent,
    /// Whether it lacks required prose.
    pub(super) summary_missing: bool,
}

impl Previous {
    /// Finds the tag of the newest section below, as it is, else as it would be.
    pub(super) fn new(snapshot: &Snapshot, unit: &SectionTarget<'_>, newest: Option<&Version>) -> Self {
        let tagged = |version| snapshot.git.tags.tag_for_version(unit.lead, version).map(str::to_owned);
        let newest = newest.filter(|_| unit.lead.has_tags());
        let tag = newest.and_then(|v| tagged(v).or_else(|| unit.lead.tag.render(v).ok().map(|tag| tag.to_string())));
        // The first section has no tag before it.
        Self { tag: tag.unwrap_or_default() }
    }
}

/// Combines the text under `[Unreleased]`, the fragments, and the summary.
pub(super) fn content(
    context: ReleaseContext<'_>,
    unit: &SectionTarget<'_>,
    pending: &Pending,
    previous: &Previous,
) -> Content {
    let (snapshot, config) = (context.snapshot, unit.config);
    let heading = match unit.target {
        Some(_) => config.heading.value.fill(|word| match word {
            "version" => unit.version.clone(),
            "name" => unit.lead.id.to_string(),
            _ => snapshot.today.clone(),
        }),
        None => unreleased_heading(&config.heading.value.to_string()),
    };
    let prose = match (config.summary, summary_of(context, unit)) {
        (SummaryRule::Optional | SummaryRule::Required, Some(given)) => given,
        _ => pending.prose.clone(),
    };
    let summary_missing = config.summary == SummaryRule::Required && prose.is_empty();
    let opening: Vec<&str> = [prose.as_str(), &pending.loose].into_iter().filter(|text| !text.is_empty()).collect();
    let section = SectionContent {
        heading,
        version: unit.version.clone(),
        date: snapshot.today.clone(),
        tag: unit.tag.to_string(),
        previous_tag: previous.tag.clone(),
        summary: opening.join("\n\n"),
        groups: grouped(&config.types, pending, changes(context, unit, pending)),
    };
    Content { section, summary_missing }
}

/// The heading of unreleased changes, at the level of the others.
fn unreleased_heading(template: &str) -> String {
    let level = template.len() - template.trim_start_matches('#').len();
    format!("{} [Unreleased]", "#".repeat(level))
}

/// The summary from outside, if the section takes one.
fn summary_of(context: ReleaseContext<'_>, unit: &SectionTarget<'_>) -> Option<String> {
    let takes = unit.config.summary != SummaryRule::None;
    let text = context.request.summary.as_ref().filter(|_| takes)?.replace("\r\n", "\n");
    let text = text.trim_matches('\n').trim_end();
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// Reports what a summary from outside replaces.
pub(super) fn pending_text(context: ReleaseContext<'_>, unit: &SectionTarget<'_>, pending: &Pending) -> Option<String> {
    let given = summary_of(context, unit)?;
    if pending.prose.is_empty() || pending.prose == given {
        return None;
    }
    let replaced: String = pending.prose.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = replaced.chars().take(300).collect();
    let more = if shown.len() < replaced.len() { "…" } else { "" };
    Some(format!("`{}`: the summary replaces the text under [Unreleased]: {shown}{more}", unit.lead.id))
}

/// The fragments of the section's packages, each once, in the order of their file names' bytes; then the commits, then the milestone, then what
/// plugins have.
fn changes(context: ReleaseContext<'_>, unit: &SectionTarget<'_>, pending: &Pending) -> Vec<Change> {
    let fragments = fragments(context, unit);
    let mut changes = fragment_entries(context, &fragments);
    let fragments: Vec<&Fragment> = fragments.into_iter().map(|(_, fragment)| fragment).collect();
    changes.extend(commits::changes(context, unit, &fragments, pending));
    let of_milestone = milestone::changes(context, unit, &changes, pending);
    changes.extend(of_milestone);
    let of_plugins = plugins::changes(context, unit, &changes, pending);
    changes.extend(of_plugins);
    changes
}

/// The fragments of the section's packages alone.
pub(super) fn fragment_changes(context: ReleaseContext<'_>, unit: &SectionTarget<'_>) -> Vec<Change> {
    fragment_entries(context, &fragments(context, unit))
}

fn fragment_entries(context: ReleaseContext<'_>, fragments: &[(PackageIx, &Fragment)]) -> Vec<Change> {
    let packages = &context.snapshot.workspace.packages;
    let change = |(index, fragment): &(PackageIx, &Fragment)| Change {
        kind: fragment.kind.clone(),
        entry: SectionEntry {
            text: fragment.entry().replace("\r\n", "\n"),
            slug: fragment.slug.clone(),
            package: packages[*index].id.to_string(),
            ..SectionEntry::default()
        },
    };
    fragments.iter().map(change).collect()
}

/// The fragments of the section's packages, each with the first of them.
pub(super) fn fragments<'a>(context: ReleaseContext<'a>, unit: &SectionTarget<'_>) -> Vec<(PackageIx, &'a Fragment)> {
    if !unit.config.sources.contains(&ChangeSource::Fragments) {
        return Vec::new();
    }
    let mut fragments: BTreeMap<(&str, &str), (PackageIx, &Fragment)> = BTreeMap::new();
    for index in &unit.packages {
        for fragment in context.snapshot.fragments.of(*index) {
            let key = (fragment.path.file_name(), fragment.path.as_str());
            fragments.entry(key).or_insert((*index, fragment));
        }
    }
    fragments.into_values().collect()
}
