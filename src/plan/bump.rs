//! [`bump`]: from a snapshot and a request to a plan.

use super::changelog::unbroken;
use super::dependents::Cascade;
use super::edits::{Changes, clash};
use super::file_changes::FileChanges;
use super::guards::GuardContext;
use super::hotfix_line::off_line;
use super::in_progress::in_progress;
use super::messages::{commit_message, names, tag_message};
use super::module_path::wrong_modules;
use super::notes::notes;
use super::outward::{OutwardStep, Push};
use super::pin_bump::PinBump;
use super::pins::{PinChanges, pin_changes};
use super::proposal::Proposal;
use super::reason::BumpReason;
use super::release_plan::{CommitPlan, PackageBump, Refusal, ReleasePlan, TagPlan};
use super::request::BumpRequest;
use super::requests::VersionStep;
use super::seals::stale_seals;
use super::select::auto_packages;
use super::settle::{Settled, settle};
use super::targets::{Target, Targets, selected};
use super::words::read_words;
use crate::model::{Bump, Diagnostic, ProblemCode, TagName};
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// Plans a release: which versions, which bytes, which commit and tags, and every reason against it. Pure: the same snapshot and
/// request give the same plan.
///
/// # Errors
/// What makes a plan impossible: an unknown name, a version that cannot be read or spelled, a broken manifest.
pub fn bump(snapshot: &Snapshot, request: &BumpRequest) -> Result<Proposal, Vec<Diagnostic>> {
    if let Some(operation) = snapshot.git.in_progress {
        // Manifests may contain conflicts, HEAD may be anywhere: any other message would describe a passing state.
        return Ok(refused(snapshot, in_progress(operation)));
    }
    readable(snapshot)?;
    let mut sorted = request.clone();
    read_words(snapshot, &mut sorted)?;
    planned(snapshot, &sorted)
}

/// Checks that everything could be read, and that there is a commit to start from.
fn readable(snapshot: &Snapshot) -> Result<(), Vec<Diagnostic>> {
    let broken: Vec<Diagnostic> = snapshot.workspace.broken.iter().map(|b| b.diagnostic.clone()).collect();
    if !broken.is_empty() {
        return Err(broken);
    }
    if snapshot.git.commit.is_none() { Err(vec![without_commits()]) } else { Ok(()) }
}

/// Says that a release needs a commit to start from.
#[must_use]
pub fn without_commits() -> Diagnostic {
    let message = "the repository has no commits yet; a release needs a commit to start from";
    let help = "commit the manifests first: `git add -A`, then `git commit`";
    Diagnostic::new(ProblemCode::NoCommits, message).help(help)
}

/// Plans a request without words.
fn planned(snapshot: &Snapshot, request: &BumpRequest) -> Result<Proposal, Vec<Diagnostic>> {
    // Fragments decide what `auto` releases, if anything.
    unbroken(snapshot, &auto_packages(snapshot, request))?;
    let Settled { cascade: Cascade { targets, changes }, rotated, notes: left_out } =
        if request.is_pins_only() { Settled::default() } else { settle(snapshot, request)? };
    let pins = pin_changes(snapshot, &request.pins)?;
    let mut edits = version_changes(snapshot, &targets)?;
    for change in &changes {
        edits.set(&change.slot.file, &change.slot.place.scalar, change.new.clone());
    }
    let PinChanges { bumps: pins, edits: of_pins, refusals: against_pins } = pins;
    for (file, scalar, new) in of_pins {
        edits.set(&file, &scalar, new);
    }
    let mut files = edits.plan(&snapshot.workspace, &snapshot.today)?;
    let stale = stale_seals(&snapshot.workspace, &files);
    files.merge(rotated.files).map_err(|error| vec![clash(error)])?;
    let all_tags = tags(snapshot, request, &targets)?;
    let (bumps, idle) = released(bumps(snapshot, &targets)?, &files, &all_tags);
    let commit = commit(snapshot, request, &targets, (&bumps, &pins), &files, &names(&all_tags))?;
    let tags = if request.no_tag || request.no_commit { Vec::new() } else { all_tags };
    let untold = selected(snapshot, &targets).find(|(package, _)| package.from_tag.is_some());
    if let Some((package, _)) = untold.filter(|_| tags.is_empty() && files.is_empty()) {
        let message = format!("without a tag, nothing would hold the new version of `{}`", package.id);
        let help = "leave out `--no-tag` and `--no-commit`: no file holds the version";
        return Err(vec![Diagnostic::new(ProblemCode::RequestConflict, message).help(help)]);
    }
    let mut refusals = GuardContext { snapshot, request, targets: &targets, files: &files, tags: &tags }.refusals();
    refusals
        .extend(selected(snapshot, &targets).flat_map(|(package, target)| wrong_modules(snapshot, package, target)));
    refusals.extend(off_line(snapshot, request, &targets));
    refusals.extend(rotated.refusals);
    refusals.extend(against_pins);
    let outward = if request.push && !bumps.is_empty() { pushes(snapshot, &tags)? } else { Vec::new() };
    let plan = ReleasePlan {
        base: snapshot.git.commit.clone(),
        branch: snapshot.git.branch.clone(),
        notes: [left_out, notes(snapshot, &targets), rotated.notes, stale, idle].concat(),
        bumps,
        pins,
        files,
        commit,
        tags,
        release_notes: rotated.release_notes,
        outward,
        time: snapshot.time,
        ..ReleasePlan::default()
    };
    Ok(Proposal::new(plan, refusals))
}

/// Without a change and a tag, nothing is released: packages without tags of their own have their versions already. Returns what is
/// released, and notes about what is not.
fn released(bumps: Vec<PackageBump>, files: &FileChanges, tags: &[TagPlan]) -> (Vec<PackageBump>, Vec<String>) {
    if !files.is_empty() || !tags.is_empty() {
        return (bumps, Vec::new());
    }
    let note = |bump: &PackageBump| format!("`{}` is at {} already, and has no tags of its own", bump.package, bump.to);
    (Vec::new(), bumps.iter().map(note).collect())
}

/// A plan that does nothing, and why.
pub(super) fn refused(snapshot: &Snapshot, refusal: Refusal) -> Proposal {
    let (base, branch) = (snapshot.git.commit.clone(), snapshot.git.branch.clone());
    Proposal::new(ReleasePlan { base, branch, time: snapshot.time, ..ReleasePlan::default() }, vec![refusal])
}

/// Gives every slot whose value differs the new one in its own spelling; a slot with the same value keeps its spelling.
fn version_changes(snapshot: &Snapshot, targets: &Targets) -> Result<Changes, Vec<Diagnostic>> {
    let mut changes = Changes::default();
    let mut problems = Vec::new();
    let day = snapshot.today.parse().ok();
    for (package, target) in selected(snapshot, targets) {
        for slot in &package.parts {
            // The day is one, and without one every place keeps its own.
            let text = slot.part.write(&target.to.version, day, &slot.scalar.text);
            changes.set(&slot.file, &slot.scalar, text.unwrap_or_else(|| slot.scalar.text.clone()));
        }
        for slot in &package.slots {
            if slot.value == target.to.version && !slot.misspelled {
                continue;
            }
            let is_exact = matches!(target.step, VersionStep::Bump(Bump::Exact(_)));
            let to = target.to.filled(if is_exact { slot.value.release.len() } else { 0 });
            let spelled = if slot.kind.is_lock() { slot.scheme.render(&to.version) } else { to.in_scheme(slot.scheme) };
            match spelled {
                Ok(text) => changes.set(&slot.file, &slot.scalar, text),
                Err(error) => {
                    let message = format!("`{}` of {} cannot take the new version: {error}", slot.field, slot.file);
                    let help = "choose a version that both schemes can spell, or give the slot another `scheme`";
                    let problem = Diagnostic::new(ProblemCode::Version, message).help(help);
                    problems.push(match snapshot.workspace.files.get(&slot.file) {
                        Some(file) => problem.at(&slot.file, &file.text, slot.scalar.span),
                        None => problem.in_file(&slot.file),
                    });
                }
            }
        }
    }
    if problems.is_empty() { Ok(changes) } else { Err(problems) }
}

pub(super) fn bumps(snapshot: &Snapshot, targets: &Targets) -> Result<Vec<PackageBump>, Vec<Diagnostic>> {
    let bump = |(package, target): (&Package, &Target)| {
        let to = target
            .to
            .in_texts(package)
            .map_err(|e| vec![Diagnostic::new(ProblemCode::Version, format!("`{}`: {e}", package.id))])?;
        let kept = package.primary().filter(|slot| slot.scheme == package.scheme && slot.value == target.from);
        let rendered = || package.scheme.render(&target.from).unwrap_or_else(|_| package.written().to_owned());
        let from = kept.map_or_else(rendered, |slot| slot.scalar.text.clone());
        let level = target.step.level().filter(|_| target.reason == BumpReason::Changes);
        Ok(PackageBump { package: package.id.clone(), from, to, reason: target.reason.clone(), level })
    };
    selected(snapshot, targets).map(bump).collect()
}

/// One tag for each package, or one for what a group with one tag releases at one version.
pub(super) fn tags(
    snapshot: &Snapshot,
    request: &BumpRequest,
    targets: &Targets,
) -> Result<Vec<TagPlan>, Vec<Diagnostic>> {
    let mut tags: Vec<TagPlan> = Vec::new();
    let mut problems = Vec::new();
    let mut tagged_groups = Vec::new();
    for (package, target) in selected(snapshot, targets).filter(|(package, _)| package.has_tags()) {
        let group = package.group.map(|g| (g, &snapshot.workspace.groups[g]));
        let shared = group.filter(|(_, group)| group.one_tag);
        let version = &target.to.version;
        if shared.is_some_and(|(at, _)| tagged_groups.contains(&(at, version))) {
            continue;
        }
        tagged_groups.extend(shared.map(|(at, _)| (at, version)));
        match target.to.tag(package) {
            Ok(name) => {
                // `bumps` has refused a version that cannot be spelled.
                let version = target.to.in_texts(package).unwrap_or_default();
                let called = shared.map_or(package.id.as_str(), |(_, group)| group.id.as_str());
                let message = tag_message(&package.tag_message, &name, called, &version, &snapshot.today);
                tags.push(TagPlan { name, package: package.id.clone(), message, sign: request.sign });
            }
            Err(error) => {
                problems.push(Diagnostic::new(ProblemCode::Tag, format!("`{}` cannot be tagged: {error}", package.id)))
            }
        }
    }
    if problems.is_empty() { Ok(tags) } else { Err(problems) }
}

fn commit(
    snapshot: &Snapshot,
    request: &BumpRequest,
    targets: &Targets,
    (bumps, pins): (&[PackageBump], &[PinBump]),
    files: &FileChanges,
    tags: &[TagName],
) -> Result<Option<CommitPlan>, Vec<Diagnostic>> {
    if request.no_commit || files.is_empty() {
        return Ok(None);
    }
    let mut versions = targets.by_package.values().map(|target| &target.to.version);
    let first = versions.next();
    let one = versions.all(|version| Some(version) == first);
    let message = commit_message(snapshot, (bumps, pins), tags, one).map_err(|problem| vec![problem])?;
    Ok(Some(CommitPlan { message, sign: request.sign }))
}

/// The branch and the first tags are pushed together; the others follow, since forges start no pipelines for many tags in one push.
pub(super) fn pushes(snapshot: &Snapshot, tags: &[TagPlan]) -> Result<Vec<OutwardStep>, Vec<Diagnostic>> {
    let Some(target) = &snapshot.git.push else {
        let message = "no remote to push to";
        return Err(vec![
            Diagnostic::new(ProblemCode::NoRemote, message).help("add one with `git remote add origin URL`"),
        ]);
    };
    let names = names(tags);
    let tags_per_push = usize::try_from(snapshot.config.workspace.tags_per_push).unwrap_or(usize::MAX).max(1);
    let mut chunks = names.chunks(tags_per_push);
    let first = chunks.next().unwrap_or(&[]);
    let push = |branch: Option<String>, tags: &[TagName]| Push {
        remote: target.remote.clone(),
        branch,
        commit: None,
        tags: tags.to_vec(),
        over: None,
    };
    let mut pushes = vec![push(target.branch.clone(), first)];
    pushes.extend(chunks.map(|tags| push(None, tags)));
    Ok(OutwardStep::pushes(pushes))
}
