//! [`changes`]: the entries that plugins have for a section.

use super::release_context::ReleaseContext;
use super::section_target::SectionTarget;
use crate::changelog::{Change, Pending, SectionEntry};

/// Returns the entries of plugins for the section's packages, but for those that another entry (`known`) or `[Unreleased]` says already.
pub(super) fn changes(
    context: ReleaseContext<'_>,
    unit: &SectionTarget<'_>,
    known: &[Change],
    pending: &Pending,
) -> Vec<Change> {
    let packages = &context.snapshot.workspace.packages;
    let mut changes: Vec<Change> = Vec::new();
    for index in &unit.packages {
        for noted in context.snapshot.plugins.entries.get(index).into_iter().flatten() {
            let text = format!("- {}", noted.text);
            let is_text = |change: &Change| change.entry.text.trim() == text;
            let is_pending = || pending.groups.iter().any(|group| group.text.lines().any(|line| line.trim() == text));
            if known.iter().chain(&changes).any(is_text) || is_pending() {
                continue;
            }
            let package = packages[*index].id.to_string();
            let entry = SectionEntry { text, package, ..SectionEntry::default() };
            changes.push(Change { kind: noted.kind.clone(), entry });
        }
    }
    changes
}
