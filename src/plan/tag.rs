//! [`tag`]: tags for versions that HEAD contains.

use super::bump::{bumps, pushes, refused, tags};
use super::changelog::notes;
use super::file_changes::FileChanges;
use super::guards::GuardContext;
use super::history_gaps::history_missing;
use super::in_progress::in_progress;
use super::proposal::Proposal;
use super::reason::BumpReason;
use super::release_plan::{PackageBump, Refusal, RefusalCode, ReleaseNotes, ReleasePlan, TagPlan};
use super::request::BumpRequest;
use super::requests::VersionStep;
use super::select::indices;
use super::spelling::{Spelled, Typed};
use super::targets::{Target, Targets};
use crate::history::UnreleasedChanges;
use crate::model::{Bump, Diagnostic, PackageIx, ProblemCode, Version};
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// Plans tags for versions that HEAD contains and that have none: of each package whose version is above its last tag and was written
/// by a release commit, or of the packages that the request names. Pure: no file changes, and no commit is made.
///
/// # Errors
/// A name that no package has, a broken manifest, history that a shallow clone does not hold.
pub fn tag(snapshot: &Snapshot, request: &BumpRequest) -> Result<Proposal, Vec<Diagnostic>> {
    if let Some(operation) = snapshot.git.in_progress {
        return Ok(refused(snapshot, in_progress(operation)));
    }
    let broken: Vec<Diagnostic> = snapshot.workspace.broken.iter().map(|b| b.diagnostic.clone()).collect();
    if !broken.is_empty() {
        return Err(broken);
    }
    if snapshot.git.commit.is_none() {
        return Err(vec![
            Diagnostic::new(ProblemCode::NoCommits, "the repository has no commits yet; a tag needs one")
                .help("commit the manifests first: `git add -A`, then `git commit`"),
        ]);
    }
    let names: Vec<String> = request.packages.iter().map(|(name, _)| name.clone()).collect();
    let wanted = indices(snapshot, &names)?;
    history_missing(snapshot, wanted.iter())?;
    let mut found = Found::default();
    for index in wanted {
        found.look_at(snapshot, index, !names.is_empty());
    }
    let Found { targets, mut refusals, notes } = found;
    let tags = tags(snapshot, request, &targets)?;
    let files = FileChanges::default();
    refusals.extend(GuardContext { snapshot, request, targets: &targets, files: &files, tags: &tags }.refusals());
    let bumps = bumps(snapshot, &targets)?;
    let plan = ReleasePlan {
        base: snapshot.git.commit.clone(),
        branch: snapshot.git.branch.clone(),
        release_notes: tags.iter().filter_map(|tag| release_notes(snapshot, tag, &bumps)).collect(),
        bumps,
        outward: if request.push && !tags.is_empty() { pushes(snapshot, &tags)? } else { Vec::new() },
        tags,
        time: snapshot.time,
        notes,
        ..ReleasePlan::default()
    };
    Ok(Proposal::new(plan, refusals))
}

/// The section of a tag in the changelog of its package; `None` without one, which a tag does not need.
fn release_notes(snapshot: &Snapshot, tag: &TagPlan, bumps: &[PackageBump]) -> Option<ReleaseNotes> {
    let bump = bumps.iter().find(|bump| bump.package == tag.package)?;
    let section = notes(snapshot, tag.name.as_str(), Some(tag.package.as_str())).ok()?;
    Some(ReleaseNotes {
        tag: tag.name.clone(),
        package: tag.package.clone(),
        version: bump.to.clone(),
        body: section.text,
    })
}

/// The versions to tag, those that must not be, and notes for the user.
#[derive(Default)]
struct Found {
    targets: Targets,
    refusals: Vec<Refusal>,
    notes: Vec<String>,
}

impl Found {
    fn look_at(&mut self, snapshot: &Snapshot, index: PackageIx, is_named: bool) {
        let package = &snapshot.workspace.packages[index];
        // A package without a version is broken, which was refused.
        let Some(version) = package.version() else { return };
        if package.is_never_tagged() {
            self.refusals.extend(is_named.then(|| never_tagged(package)));
            return;
        }
        if !package.has_tags() {
            self.notes.extend(is_named.then(|| format!("`{}` has no tags of its own", package.id)));
            return;
        }
        let gathered = snapshot.history.as_ref().map(|history| &history.packages[index]);
        let by_relman = gathered.is_some_and(|gathered| gathered.has_released(version));
        let last = snapshot.git.tags.last(package);
        if let Some((tag, _)) = last.as_ref().filter(|(_, tagged)| *tagged == *version) {
            if is_named {
                self.notes.push(format!("`{}` {} is tagged already: {tag}", package.id, package.written()));
            }
            return;
        }
        if let Some((tag, _)) = last.filter(|(_, tagged)| *tagged > *version) {
            self.refusals.extend(is_named.then(|| behind(package, tag)));
            return;
        }
        if !is_named && !by_relman {
            return;
        }
        if let Some(tag) = snapshot.git.tags.tag_for_version(package, version).filter(|_| !is_named) {
            let text = package.written();
            self.notes.push(format!(
                "`{}` {text} is tagged already, on a commit that HEAD does not reach: {tag}",
                package.id
            ));
            return;
        }
        self.notes.extend(gathered.filter(|_| by_relman).and_then(|gathered| later(package, gathered)));
        self.targets.by_package.insert(index, target(package, version));
    }
}

fn target(package: &Package, version: &Version) -> Target {
    let primary = package.primary().filter(|slot| !slot.misspelled && slot.value == *version);
    let typed = primary.map(|slot| Typed { text: slot.scalar.text.clone(), scheme: slot.scheme });
    Target {
        from: version.clone(),
        to: Spelled { version: version.clone(), typed },
        reason: BumpReason::Requested,
        step: VersionStep::Bump(Bump::Exact(version.clone())),
    }
}

fn never_tagged(package: &Package) -> Refusal {
    let message = format!("`{}` is never tagged: it has `tag = false`", package.id);
    let help = "leave it out, or remove `tag = false` from its table in relman.toml".to_owned();
    Refusal { code: RefusalCode::NeverTagged, message, help: Some(help) }
}

fn behind(package: &Package, tag: &str) -> Refusal {
    let message = format!("`{}` is at {}, and its last tag {tag} is higher", package.id, package.written());
    let help = "release an explicit version above the tag".to_owned();
    Refusal { code: RefusalCode::NotHigher, message, help: Some(help) }
}

/// A tag on HEAD includes whatever came after the release commit.
fn later(package: &Package, gathered: &UnreleasedChanges) -> Option<String> {
    let commit = &gathered.untagged.as_ref()?.commit;
    let count = gathered.commits.len();
    let plural = if count == 1 { "" } else { "s" };
    (count > 0).then(|| {
        let short = commit.short();
        format!(
            "`{}`: {count} commit{plural} after {short}, which released it, would be included in the tag",
            package.id
        )
    })
}
