//! Guards: reasons not to cut a release, all at once.

use std::collections::BTreeSet;

use super::file_changes::FileChanges;
use super::left_out::not_written_out;
use super::release_plan::{Refusal, RefusalCode, TagPlan};
use super::request::BumpRequest;
use super::requests::VersionStep;
use super::tag_names::{TagFiles, impossible_tags, in_the_way};
use super::targets::{Target, Targets};
use crate::config::{NameGlob, is_glob};
use crate::model::{Bump, PackageIx, RepoPath};
use crate::snapshot::{ChangedFile, Snapshot};
use crate::text::{Position, Span, list_truncated};
use crate::workspace::{Owners, Package, VersionSlot};

/// The input of the guards.
pub(super) struct GuardContext<'a> {
    /// Everything that was read.
    pub(super) snapshot: &'a Snapshot,
    /// The request.
    pub(super) request: &'a BumpRequest,
    /// The versions.
    pub(super) targets: &'a Targets,
    /// The files that change.
    pub(super) files: &'a FileChanges,
    /// The tags.
    pub(super) tags: &'a [TagPlan],
}

impl GuardContext<'_> {
    /// Returns every reason against the plan.
    pub(super) fn refusals(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        refusals.extend(self.branch());
        refusals.extend(self.dirty());
        refusals.extend(self.untracked());
        refusals.extend(not_written_out(self.snapshot, self.files));
        refusals.extend(self.assume_unchanged());
        refusals.extend(self.filtered());
        refusals.extend(self.locked());
        for (package, target) in self.selected() {
            refusals.extend(self.lower(package, target));
            refusals.extend(self.behind_tag(package, target));
        }
        let packages = self.snapshot.workspace.packages.entries();
        refusals.extend(
            packages.filter(|(index, _)| self.is_asked_for(*index)).filter_map(|(_, p)| drift(self.snapshot, p)),
        );
        refusals.extend(self.taken_tags());
        refusals.extend(impossible_tags(self.tags, self.snapshot.git.ignores_case));
        refusals.extend(self.targets.refused.values().cloned());
        refusals
    }

    fn selected(&self) -> impl Iterator<Item = (&Package, &Target)> {
        let packages = &self.snapshot.workspace.packages;
        self.targets.by_package.iter().map(|(index, target)| (&packages[*index], target))
    }

    fn is_asked_for(&self, index: PackageIx) -> bool {
        self.targets.by_package.contains_key(&index) || self.targets.refused.contains_key(&index)
    }

    fn branch(&self) -> Option<Refusal> {
        if let Some(name) = &self.snapshot.git.head_elsewhere {
            let message = format!("HEAD points to {name}, which is not a branch: a commit would move it");
            let help = "run `git switch BRANCH`, or `git switch -c BRANCH` for a new one".to_owned();
            return Some(Refusal { code: RefusalCode::Detached, message, help: Some(help) });
        }
        if self.request.allow_branch || self.snapshot.git.is_hotfix {
            return None;
        }
        let Some(branch) = &self.snapshot.git.branch else {
            let message = "HEAD is detached: no branch would receive the release commit".to_owned();
            let help = "run `git switch BRANCH` (in CI `git checkout -B BRANCH`), or pass --allow-branch".to_owned();
            return Some(Refusal { code: RefusalCode::Detached, message, help: Some(help) });
        };
        let allowed = &self.snapshot.config.workspace.branches;
        if allowed.is_empty() || allowed.iter().any(|glob| glob.matcher().is_match(branch)) {
            return None;
        }
        let allowed: Vec<&str> = allowed.iter().map(NameGlob::as_str).collect();
        let message = format!("HEAD is on `{branch}`, and releases are cut from {} only", allowed.join(", "));
        let there = match allowed.as_slice() {
            [one] if !is_glob(one) => format!("run `git switch {one}`"),
            _ => "switch to such a branch".to_owned(),
        };
        let help = format!("{there}, add this one to `branches` in relman.toml, or pass --allow-branch");
        Some(Refusal { code: RefusalCode::Branch, message, help: Some(help) })
    }

    /// If such a file differs from HEAD, the release would contain that change, too. Only running the filter could tell, and a plan runs
    /// none.
    fn filtered(&self) -> Option<Refusal> {
        let planned = self.planned();
        let unknown: Vec<String> =
            self.snapshot.git.filtered.iter().filter(|path| planned.contains(path)).map(RepoPath::to_string).collect();
        if unknown.is_empty() {
            return None;
        }
        let message = format!(
            "git reads {} through a filter, without which it seems to have changed",
            list_truncated(&unknown, 8)
        );
        let help = "run `git status`, which runs the filter; then commit or stash what it names".to_owned();
        Some(Refusal { code: RefusalCode::Dirty, message, help: Some(help) })
    }

    /// The files that the release edits, or takes a version from: an unchanged one is tagged as it is in HEAD.
    fn planned(&self) -> BTreeSet<&RepoPath> {
        let places = self.selected().flat_map(|(package, _)| package.files());
        self.files.paths().chain(places).collect()
    }

    fn locked(&self) -> Option<Refusal> {
        self.snapshot.git.index_locked.then(|| Refusal {
            code: RefusalCode::Locked,
            message: "another git process is running: index.lock exists".to_owned(),
            help: Some("wait for it; if git is not running, remove index.lock from the git folder".to_owned()),
        })
    }

    /// Changes in files that the plan edits are always refused; other ones unless they are allowed, or belong to other packages only.
    fn dirty(&self) -> Option<Refusal> {
        if self.snapshot.git.changed.is_empty() {
            return None;
        }
        let planned = self.planned();
        let owners = Owners::new(&self.snapshot.workspace.packages);
        let elsewhere = |path: &RepoPath| {
            let of = owners.of(path.as_str());
            !of.is_empty() && of.iter().all(|index| !self.is_asked_for(*index))
        };
        let counts = |changed: &&ChangedFile| match changed {
            ChangedFile::Inside(path) if planned.contains(path) => true,
            ChangedFile::Inside(path) => !self.request.allow_dirty && !elsewhere(path),
            ChangedFile::Outside(_) => !self.request.allow_dirty,
        };
        let shown = |changed: &ChangedFile| match changed {
            ChangedFile::Inside(path) => path.as_str().to_owned(),
            ChangedFile::Outside(path) => path.clone(),
        };
        let dirty: Vec<String> = self.snapshot.git.changed.iter().filter(counts).map(shown).collect();
        let touches =
            self.snapshot.git.changed.iter().any(|c| matches!(c, ChangedFile::Inside(p) if planned.contains(p)));
        if dirty.is_empty() {
            return None;
        }
        let message = format!("the work tree is not clean: {}", list_truncated(&dirty, 8));
        let help = if touches {
            "the release edits these files, or takes a version from them: commit or stash the changes"
        } else {
            "a release holds what is committed: commit or stash the changes, or pass --allow-dirty"
        };
        Some(Refusal { code: RefusalCode::Dirty, message, help: Some(help.to_owned()) })
    }

    /// A commit cannot contain an edit of an untracked file, nor a tag on HEAD a version from it.
    fn untracked(&self) -> Option<Refusal> {
        let tracked = self.snapshot.git.tracked.as_ref().filter(|_| !self.request.no_commit)?;
        let edited = self.files.iter().filter(|(_, change)| !change.is_creation()).map(|(path, _)| path);
        let primaries = self.selected().filter_map(|(package, _)| Some(&package.primary()?.file));
        let needed: BTreeSet<&RepoPath> = edited.chain(primaries).collect();
        let unknown: Vec<String> =
            needed.into_iter().filter(|path| !tracked.contains(path)).map(RepoPath::to_string).collect();
        if unknown.is_empty() {
            return None;
        }
        let message =
            format!("git does not track {}, so the release would not contain it", list_truncated(&unknown, 8));
        let packages = &self.snapshot.workspace.packages;
        // Fragments and changelogs are not listed there.
        let is_listed =
            |path: &String| packages.iter().any(|package| package.files().any(|file| file.as_str() == path));
        let is_listed = unknown.iter().any(is_listed);
        let help = if is_listed { "commit it first, or remove it from relman.toml" } else { "commit it first" };
        Some(Refusal { code: RefusalCode::Dirty, message, help: Some(help.to_owned()) })
    }

    /// Other changes in such a file would be released with it, unnoticed by git.
    fn assume_unchanged(&self) -> Option<Refusal> {
        let tracked = self.snapshot.git.tracked.as_ref()?;
        let unwatched: Vec<String> = self
            .files
            .paths()
            .filter(|path| tracked.is_unwatched(path) && !self.snapshot.git.left_out.paths.contains(path))
            .map(RepoPath::to_string)
            .collect();
        if unwatched.is_empty() {
            return None;
        }
        let shown = list_truncated(&unwatched, 8);
        let message = format!("git was told to ignore changes of {shown}, so other changes there would go unnoticed");
        let help =
            "run `git update-index --no-assume-unchanged FILE` or `--no-skip-worktree FILE`, then look at `git status`";
        Some(Refusal { code: RefusalCode::Dirty, message, help: Some(help.to_owned()) })
    }

    fn lower(&self, package: &Package, target: &Target) -> Option<Refusal> {
        if self.request.allow_downgrade || target.to.version >= target.from {
            return None;
        }
        // `bumps` has refused a version that cannot be spelled.
        let to = target.to.in_texts(package).unwrap_or_default();
        let message = format!("`{}` is at {}, which is higher than {to}", package.id, package.written());
        let help = "pass --allow-downgrade to do so on purpose".to_owned();
        Some(Refusal { code: RefusalCode::NotHigher, message, help: Some(help) })
    }

    /// A manifest below its last tag missed a release; a level that does not exceed the tag would count from
    /// the wrong version.
    fn behind_tag(&self, package: &Package, target: &Target) -> Option<Refusal> {
        if matches!(target.step, VersionStep::Bump(Bump::Exact(_))) {
            return None;
        }
        let (tag, tagged) = self.snapshot.git.tags.highest(package)?;
        if tagged <= target.from || target.to.version > tagged {
            return None;
        }
        let message = format!("`{}` is at {}, and its last tag {tag} is higher", package.id, package.written());
        let help = "give an explicit version above the tag".to_owned();
        Some(Refusal { code: RefusalCode::NotHigher, message, help: Some(help) })
    }

    fn taken_tags(&self) -> Vec<Refusal> {
        let packages = &self.snapshot.workspace.packages;
        let git = &self.snapshot.git;
        let there = TagFiles::new(git.ignores_case, git.tags.names());
        let mut refusals = Vec::new();
        for tag in self.tags {
            let index = self.snapshot.workspace.index_of(&tag.package);
            // A tag is that of a package with a target.
            let Some((package, target)) = index.and_then(|i| Some((&packages[i], self.targets.by_package.get(&i)?)))
            else {
                continue;
            };
            let by_name = git.tags.contains(tag.name.as_str()).then_some(tag.name.as_str());
            let taken = by_name.or_else(|| git.tags.tag_for_version(package, &target.to.version));
            if let Some(taken) = taken {
                // `bumps` has refused a version that cannot be spelled.
                let version = target.to.in_texts(package).unwrap_or_default();
                let message = format!("`{}` {version} is tagged already: {taken}", package.id);
                let help = format!(
                    "`relman verify {taken}` shows whether that release has arrived, `relman release {taken}` does what is missing; otherwise ask for a higher version"
                );
                refusals.push(Refusal { code: RefusalCode::TagExists, message, help: Some(help) });
            } else if let Some(rival) = there.rival(tag.name.as_str()) {
                refusals.push(in_the_way(tag, rival, "that is there"));
            }
        }
        refusals
    }
}

/// A package whose places disagree has no version to start from.
fn drift(snapshot: &Snapshot, package: &Package) -> Option<Refusal> {
    let version = package.version();
    let at = |file: &RepoPath, span: Span| {
        let text = snapshot.workspace.files.get(file).map_or("", |file| &file.text);
        let Position { line, column } = Position::of(text, span.start);
        format!("{file}:{line}:{column}")
    };
    let place =
        |slot: &VersionSlot| format!("{} has {} ({})", at(&slot.file, slot.scalar.span), slot.scalar.text, slot.field);
    let parts = package
        .drifting_parts()
        .map(|slot| format!("{} has {} ({})", at(&slot.file, slot.scalar.span), slot.scalar.text, slot.part));
    let places = package.slots.iter().filter(|slot| Some(&slot.value) != version).map(place);
    let places: Vec<String> = places.chain(parts).collect();
    if places.is_empty() {
        return None;
    }
    let primary = package.held_by();
    let message =
        format!("`{}` is at {} in {primary}, but {}", package.id, package.written(), list_truncated(&places, 8));
    let help = "run `relman check --fix`, or write one version into all of them, and commit that".to_owned();
    Some(Refusal { code: RefusalCode::Drift, message, help: Some(help) })
}
