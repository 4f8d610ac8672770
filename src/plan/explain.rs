//! [`explain`]: why each package would or would not be released.

use super::auto::{level_of_commit, level_of_fragment};
use super::dependents::Cascade;
use super::places::Places;
use super::reason::BumpReason;
use super::status::{named, next_releases};
use crate::changelog::Fragment;
use crate::config::GroupKind;
use crate::history::Commit;
use crate::model::{CommitId, Diagnostic, Level, PackageId, PackageIx, RepoPath};
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// Why `bump --all auto` would release a package, or would not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The package.
    pub package: PackageId,
    /// Its version.
    pub version: String,
    /// The version that it would have.
    pub next: Option<String>,
    /// The level by which it would be raised.
    pub level: Option<Level>,
    /// The reasons for it, and the considered changes that are not.
    pub reasons: Vec<Reason>,
}

/// A branch of the tree of reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It was never released.
    FirstRelease,
    /// Its commits since the last tag.
    Commits {
        /// The last tag, or the commit of the last release without one.
        since: Option<String>,
        /// The commits, newest first.
        commits: Vec<ExplainedCommit>,
    },
    /// Its fragments that it was not released with yet.
    Fragments(Vec<ExplainedFragment>),
    /// A requirement that must follow.
    Requirement {
        /// The package that is required.
        of: PackageId,
        /// The version that it would have.
        version: String,
        /// The file.
        file: RepoPath,
        /// The line, from 1.
        line: usize,
        /// The text there.
        from: String,
        /// The new text.
        to: String,
    },
    /// A group that it is released with.
    Group {
        /// `fixed` or `linked`.
        kind: &'static str,
        /// The group.
        name: String,
        /// The members that are released for reasons of their own.
        with: Vec<PackageId>,
    },
}

/// A commit and its level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedCommit {
    /// Its id.
    pub id: CommitId,
    /// The first line of its message.
    pub subject: String,
    /// The level that it requires.
    pub level: Option<Level>,
    /// Why it requires none, or more than its first line says.
    pub note: Option<String>,
}

/// A fragment and its level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedFragment {
    /// The file.
    pub path: RepoPath,
    /// The level that it requires.
    pub level: Option<Level>,
}

/// Explains what `bump --all auto` would do to the packages of these names, or to all where none is named.
///
/// # Errors
/// As [`status`](super::status()), and where a requirement cannot follow.
pub fn explain(snapshot: &Snapshot, names: &[String]) -> Result<Vec<Explanation>, Vec<Diagnostic>> {
    let wanted = named(snapshot, names)?;
    let outlook = next_releases(snapshot, &wanted)?;
    let mut places = Places::new(&snapshot.workspace);
    let explained = wanted.into_iter().map(|(index, package)| {
        let target = outlook.as_ref().and_then(|outlook| outlook.targets.by_package.get(&index));
        let mut reasons = Vec::new();
        if target.is_some_and(|target| target.reason == BumpReason::FirstRelease) {
            reasons.push(Reason::FirstRelease);
        }
        reasons.extend(commits(snapshot, index, package));
        reasons.extend(fragments(snapshot, index, package));
        if let Some(outlook) = &outlook {
            reasons.extend(requirements(snapshot, package, outlook, &mut places));
            reasons.extend(group(snapshot, index, package, outlook));
        }
        Explanation {
            package: package.id.clone(),
            version: package.written().to_owned(),
            next: target.and_then(|target| target.to.in_texts(package).ok()),
            level: target.and_then(|target| target.step.level()),
            reasons,
        }
    });
    Ok(explained.collect())
}

fn commits(snapshot: &Snapshot, index: PackageIx, package: &Package) -> Option<Reason> {
    let history = snapshot.history.as_ref()?;
    let gathered = Some(&history.packages[index]).filter(|gathered| !gathered.commits.is_empty())?;
    let commits =
        history.all_of(index).map(|(commit, counts)| explain_commit(snapshot, package, commit, counts)).collect();
    let tag = gathered.last.as_ref().map(|last| last.name.clone());
    // A package that is never tagged was last released by a commit.
    let release = gathered.untagged.as_ref().filter(|_| package.is_never_tagged());
    let since = tag.or_else(|| release.map(|release| release.commit.short().to_owned()));
    Some(Reason::Commits { since, commits })
}

fn fragments(snapshot: &Snapshot, index: PackageIx, package: &Package) -> Option<Reason> {
    let explained = |fragment: &Fragment| ExplainedFragment {
        path: fragment.path.clone(),
        level: level_of_fragment(snapshot, package, fragment),
    };
    let fragments: Vec<ExplainedFragment> = snapshot.fragments.new_of(index).map(explained).collect();
    (!fragments.is_empty()).then_some(Reason::Fragments(fragments))
}

fn explain_commit(snapshot: &Snapshot, package: &Package, commit: &Commit, counts: bool) -> ExplainedCommit {
    let level = level_of_commit(snapshot, package, commit).filter(|_| counts);
    let told = &commit.message.changes;
    let note = match (told.as_slice(), level) {
        _ if !counts && commit.message.is_revert => Some("reverts an unreleased change".to_owned()),
        _ if !counts => Some("reverted since".to_owned()),
        ([], _) => Some("not conventional".to_owned()),
        ([one], None) => Some(format!("`{}` requires no release", one.kind)),
        ([one], Some(_)) if one.breaking => Some("breaking".to_owned()),
        ([_], Some(_)) => None,
        (several, _) => {
            let kinds: Vec<String> =
                several.iter().map(|told| format!("{}{}", told.kind, if told.breaking { "!" } else { "" })).collect();
            Some(format!("describes {} changes: {}", several.len(), kinds.join(", ")))
        }
    };
    ExplainedCommit { id: commit.id.clone(), subject: commit.message.subject.clone(), level, note }
}

/// The requirements of a package that a release of the required package would change.
fn requirements(snapshot: &Snapshot, package: &Package, outlook: &Cascade<'_>, places: &mut Places<'_>) -> Vec<Reason> {
    let of_package = outlook.changes.iter().filter(|change| change.slot.holder.as_ref() == Some(&package.id));
    let mut reasons = Vec::new();
    for change in of_package.filter(|change| !change.slot.kind.is_lock()) {
        let slot = change.slot;
        let required = snapshot
            .workspace
            .index_of(&slot.of)
            .and_then(|at| Some((&snapshot.workspace.packages[at], outlook.targets.by_package.get(&at)?)));
        // Only the requirements on packages that would be released are a reason.
        let Some((required, target)) = required else { continue };
        reasons.push(Reason::Requirement {
            of: slot.of.clone(),
            // What cannot be spelled is refused by `bump`; a report goes on without it.
            version: target.to.in_texts(required).unwrap_or_default(),
            file: slot.file.clone(),
            line: places.position(&slot.file, slot.place.scalar.span.start).map_or(1, |position| position.line),
            from: slot.place.scalar.text.clone(),
            to: change.new.clone(),
        });
    }
    reasons
}

fn group(snapshot: &Snapshot, index: PackageIx, package: &Package, outlook: &Cascade<'_>) -> Option<Reason> {
    let group = &snapshot.workspace.groups[package.group?];
    let targets = &outlook.targets.by_package;
    let own = targets.get(&index)?;
    if !own.reason.is_of_group() {
        return None;
    }
    let leads = |id: &&PackageId| {
        let target = snapshot.workspace.index_of(id).and_then(|at| targets.get(&at));
        target.is_some_and(|target| !target.reason.is_of_group())
    };
    Some(Reason::Group {
        kind: if group.kind == GroupKind::Fixed { "fixed" } else { "linked" },
        name: group.id.to_string(),
        with: group.members.iter().filter(leads).cloned().collect(),
    })
}
