//! [`check`]: finds places that disagree, and edits that fix them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::conflicts::conflicts;
use super::dependents::followed;
use super::edits::Changes;
use super::file_changes::FileChanges;
use super::finding::{Finding, FindingCode};
use super::group_versions::GroupVersions;
use super::module_path::misnamed_modules;
use super::pins::pin_findings;
use super::places::Places;
use super::plugin_findings::plugin_findings;
use super::release_plan::SCHEMA;
use super::select::indices;
use crate::config::DependentPolicy;
use crate::manifest::Scalar;
use crate::manifest::requirement::admits;
use crate::model::{Diagnostic, GroupIx, PackageId, PackageIx, RepoPath, Version, VersionScheme};
use crate::snapshot::{PluginLeftOut, Snapshot};
use crate::workspace::{Group, Package, RequirementSlot, VersionSlot};

/// The result of `check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CheckReport {
    /// The version of this format: 1.
    pub schema: u32,
    /// Everything that does not agree, sorted by path and place.
    pub findings: Vec<Finding>,
    /// The plugins that were not asked, with the files and packages that are missing for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<PluginLeftOut>,
}

/// The result of `check`, with the fixes.
#[derive(Debug)]
pub struct Checked {
    /// The findings.
    pub report: CheckReport,
    /// The edits that fix them.
    pub repairs: FileChanges,
    /// The findings that the edits do not fix, since they need a decision.
    pub undecided: Vec<Finding>,
}

/// Compares every slot of every package, fixed group, lock entry and requirement with each other. Pure.
#[must_use]
pub fn check(snapshot: &Snapshot) -> Checked {
    checked(snapshot, &snapshot.workspace.packages.positions().collect(), true)
}

/// Does the same for the packages of these names alone, or for all where no name is given.
///
/// # Errors
/// Every name that no package has.
pub fn check_packages(snapshot: &Snapshot, names: &[String]) -> Result<Checked, Vec<Diagnostic>> {
    Ok(checked(snapshot, &indices(snapshot, names)?, names.is_empty()))
}

fn checked(snapshot: &Snapshot, wanted: &BTreeSet<PackageIx>, is_all: bool) -> Checked {
    let mut checker = Checker::new(snapshot);
    let scope = Scope::new(snapshot, wanted, is_all);
    checker.unreadable(&scope);
    for package in wanted.iter().map(|index| &snapshot.workspace.packages[*index]) {
        checker.slots(package);
        checker.behind_tag(package);
        for path in misnamed_modules(package) {
            let finding =
                checker.at(FindingCode::ModulePath, Some(package.id.clone()), &path.file, &path.scalar, path.message);
            checker.undecided.push(Finding { expected: Some(path.expected), help: Some(path.help), ..finding });
        }
    }
    let of_groups = GroupVersions::new(&snapshot.workspace);
    for (index, group) in snapshot.workspace.groups.entries() {
        checker.group(&of_groups, (index, group));
    }
    checker.undecided.retain(|finding| finding.code != FindingCode::GroupDrift || scope.has(finding));
    if is_all {
        let found = pin_findings(snapshot, &mut checker.places);
        checker.undecided.extend(found);
    }
    checker.undecided.extend(plugin_findings(snapshot).into_iter().filter(|finding| scope.has(finding)));
    checker.requirements(|slot| is_all || slot.holder.as_ref().is_some_and(|id| scope.packages.contains(id)));
    checker.done()
}

/// The packages that are checked, and their files.
pub(super) struct Scope<'a> {
    packages: BTreeSet<&'a PackageId>,
    files: BTreeSet<&'a RepoPath>,
    is_all: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, wanted: &BTreeSet<PackageIx>, is_all: bool) -> Self {
        let packages = || wanted.iter().map(|index| &snapshot.workspace.packages[*index]);
        let slots = packages().flat_map(Package::files);
        let changelogs = wanted.iter().filter_map(|index| snapshot.changelogs.of(*index));
        let fragments = wanted.iter().flat_map(|index| snapshot.fragments.of(*index)).map(|fragment| &fragment.path);
        let broken = snapshot.fragments.broken.iter().filter(|b| b.users.iter().any(|user| wanted.contains(user)));
        let files = slots.chain(changelogs).chain(fragments).chain(broken.map(|broken| &broken.path));
        let ids: BTreeSet<&PackageId> = packages().map(|package| &package.id).collect();
        let of_them =
            snapshot.workspace.broken.iter().filter(|b| b.package.as_ref().is_some_and(|id| ids.contains(id)));
        let unread = of_them.filter_map(|broken| Some(&broken.diagnostic.place.as_ref()?.path));
        let files = files.chain(unread).chain(std::iter::once(&snapshot.config.path));
        let files = files.collect();
        Self { packages: ids, files, is_all }
    }

    /// Returns `true` if a finding is about one of the packages: it names it, or lies in a file of it.
    fn has(&self, finding: &Finding) -> bool {
        let is_named = finding.package.as_ref().is_some_and(|id| self.packages.contains(id));
        let is_inside = finding.package.is_none() && finding.path.as_ref().is_some_and(|p| self.files.contains(p));
        self.is_all || is_named || is_inside
    }
}

/// Returns a finding for each file that was meant as a fragment but is not one.
pub(super) fn broken_fragments(snapshot: &Snapshot) -> Vec<Finding> {
    let found = snapshot.fragments.broken.iter().map(|broken| {
        let only = match broken.users.as_slice() {
            [one] => Some(snapshot.workspace.packages[*one].id.clone()),
            _ => None,
        };
        Finding { code: FindingCode::Fragment, package: only, ..unreadable(&broken.problem) }
    });
    found.collect()
}

/// Collects findings and repairs.
pub(super) struct Checker<'a> {
    pub(super) snapshot: &'a Snapshot,
    places: Places<'a>,
    findings: Vec<Finding>,
    undecided: Vec<Finding>,
    repairs: Changes,
}

impl<'a> Checker<'a> {
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        let places = Places::new(&snapshot.workspace);
        Self { snapshot, places, findings: Vec::new(), undecided: Vec::new(), repairs: Changes::default() }
    }

    /// Adds a finding that needs a decision.
    pub(super) fn undecided(&mut self, finding: Finding) {
        self.undecided.push(finding);
    }

    pub(super) fn done(mut self) -> Checked {
        let repairs = self.repairs.plan(&self.snapshot.workspace, &self.snapshot.today).unwrap_or_else(|problems| {
            // A repair that cannot be proven is dropped: its finding stays, with the reason.
            self.undecided.extend(problems.iter().map(unreadable));
            FileChanges::default()
        });
        self.undecided.sort();
        let mut findings = self.findings;
        findings.extend(self.undecided.iter().cloned());
        findings.sort();
        Checked {
            report: CheckReport { schema: SCHEMA, findings, left_out: self.snapshot.plugins.left_out.clone() },
            repairs,
            undecided: self.undecided,
        }
    }

    /// Files that cannot be read, and files among fragments that are not fragments: the changelog would silently leave those out. For a
    /// file with a conflict, only the conflict is reported.
    pub(super) fn unreadable(&mut self, scope: &Scope<'_>) {
        let conflicts = conflicts(self.snapshot);
        let broken = self.snapshot.workspace.broken.iter();
        let broken = broken.map(|b| Finding { package: b.package.clone(), ..unreadable(&b.diagnostic) });
        let all = broken.chain(broken_fragments(self.snapshot));
        let has_conflict = |finding: &Finding| conflicts.iter().any(|conflict| conflict.path == finding.path);
        self.undecided.extend(all.filter(|finding| scope.has(finding) && !has_conflict(finding)));
        self.undecided.extend(conflicts.into_iter().filter(|finding| scope.has(finding)));
    }

    fn slots(&mut self, package: &Package) {
        // A package without a place of its version is broken, which is a finding of its own.
        let Some(version) = package.version() else { return };
        if let Some(finding) = self.primary_alone(package) {
            self.undecided.push(finding);
            return;
        }
        let primary = package.held_by();
        for slot in package.drifting() {
            let expected = slot.scheme.render(version);
            let wanted = expected.clone().unwrap_or_else(|_| package.written().to_owned());
            let message = if slot.misspelled && slot.value == *version {
                format!(
                    "`{}` is spelled {} here, expected the {} spelling {wanted}",
                    package.id, slot.scalar.text, slot.scheme
                )
            } else {
                format!("`{}` is {} here and {} in {primary}", package.id, slot.scalar.text, package.written())
            };
            let code = if slot.kind.is_lock() { FindingCode::LockDrift } else { FindingCode::Drift };
            let finding = Finding { expected: Some(wanted), help: None, ..self.at_slot(code, package, slot, message) };
            match expected {
                Ok(text) => {
                    self.repairs.set(&slot.file, &slot.scalar, text);
                    self.findings.push(finding);
                }
                Err(error) => self.undecided.push(Finding { help: Some(error.to_string()), ..finding }),
            }
        }
        for slot in package.drifting_parts() {
            // What was found can be read, and so can its day.
            let Some(text) = slot.of(version) else { continue };
            let message = format!(
                "`{}` is {} here (`{}`) and {} in {primary}",
                package.id,
                slot.scalar.text,
                slot.part,
                package.written()
            );
            let finding = self.at(FindingCode::Drift, Some(package.id.clone()), &slot.file, &slot.scalar, message);
            self.repairs.set(&slot.file, &slot.scalar, text.clone());
            self.findings.push(Finding { expected: Some(text), ..finding });
        }
    }

    /// If all other places and the last tag agree, the primary may be a step ahead, or may have been changed by mistake.
    fn primary_alone(&mut self, package: &Package) -> Option<Finding> {
        let (primary, others) = package.slots.split_first().filter(|_| package.from_tag.is_none())?;
        let first = others.first().filter(|first| first.value != primary.value)?;
        let agree = others.iter().all(|slot| slot.value == first.value && !slot.misspelled);
        let (tag, tagged) =
            self.snapshot.git.tags.last(package).filter(|(_, tagged)| agree && *tagged == first.value)?;
        let expected = primary.scheme.render(&tagged).ok();
        // A place that cannot spell the version shows none.
        let wanted = expected.clone().unwrap_or_default();
        let message = format!(
            "`{}` is {} only here: its other places and its last tag {tag} have {wanted}",
            package.id, primary.scalar.text
        );
        let code = FindingCode::Drift;
        let help = format!(
            "write {wanted} here, and release {} with `relman bump`; or update the other places by hand",
            primary.scalar.text
        );
        Some(Finding { expected, help: Some(help), ..self.at_slot(code, package, primary, message) })
    }

    fn behind_tag(&mut self, package: &Package) {
        // A package without a place of its version is broken, which is a finding of its own.
        let (Some(version), Some(slot)) = (package.version(), package.primary()) else { return };
        // No tag is above, or the members of the group that are ahead of this one show whether one is.
        let is_of_others = |tagged: &Version| {
            let packages = &self.snapshot.workspace.packages;
            let mut mates = packages.iter().filter(|mate| mate.group == package.group).filter_map(Package::version);
            package.shares_tags && mates.any(|mate| mate >= tagged || mate > version)
        };
        let last = self.snapshot.git.tags.highest(package);
        // Without such a tag nothing is behind.
        let Some((tag, tagged)) = last.filter(|(_, tagged)| tagged > version && !is_of_others(tagged)) else { return };
        let message = format!("`{}` is at {}, and its last tag {tag} is higher", package.id, slot.scalar.text);
        let expected = slot.scheme.render(&tagged).ok();
        let help = Some("update the manifest to the tag, or release an explicit version above it".to_owned());
        let finding = self.at_slot(FindingCode::BehindTag, package, slot, message);
        self.undecided.push(Finding { expected, help, ..finding });
    }

    fn group(&mut self, of_groups: &GroupVersions<'_>, (index, group): (GroupIx, &Group)) {
        let snapshot = self.snapshot;
        for package in snapshot.workspace.packages.iter().filter(|package| package.group == Some(index)) {
            // It agrees with its group, or is broken, which is a finding of its own.
            let Some((highest, slot)) = of_groups.other_than_of(package).zip(package.primary()) else { continue };
            let expected = slot.scheme.render(highest).ok();
            // A place that cannot spell the version shows none.
            let wanted = expected.clone().unwrap_or_default();
            let message =
                format!("`{}` is at {} and its fixed group `{}` at {wanted}", package.id, slot.scalar.text, group.id);
            let help = Some(format!(
                "`relman bump -g {} patch` releases all of them at one version; or align them by hand",
                group.id
            ));
            let finding = self.at_slot(FindingCode::GroupDrift, package, slot, message);
            self.undecided.push(Finding { expected, help, ..finding });
        }
    }

    /// Compares the requirements that are wanted. One that several packages inherit from one place counts once, whichever of them has a policy
    /// for it.
    pub(super) fn requirements(&mut self, is_wanted: impl Fn(&RequirementSlot) -> bool) {
        let snapshot = self.snapshot;
        let held = |slot: &&RequirementSlot| {
            is_wanted(slot) && snapshot.config.dependents.policy_of(slot.edge()) != DependentPolicy::Never
        };
        let mut seen = BTreeSet::new();
        for slot in snapshot.workspace.requirements.iter().filter(held) {
            if seen.insert((&slot.file, slot.place.scalar.span)) {
                self.requirement(slot);
            }
        }
    }

    fn requirement(&mut self, slot: &RequirementSlot) {
        let place = &slot.place;
        let required = self.snapshot.workspace.package(&slot.of);
        // Without its tags, the version of such a package is not known.
        let is_known = |package: &&Package| package.from_tag.as_ref().is_none_or(|tagged| tagged.is_released);
        // A package without a version is broken, which is a finding of its own.
        let Some(version) = required.filter(is_known).and_then(Package::version) else { return };
        match admits(place.notation, &place.scalar.text, version) {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => {
                let message =
                    format!("the requirement `{}` on `{}` cannot be read: {error}", place.scalar.text, slot.of);
                let finding =
                    self.at(FindingCode::Requirement, slot.holder.clone(), &slot.file, &place.scalar, message);
                self.undecided.push(finding);
                return;
            }
        }
        // One of the two schemes has words for any version that was read.
        let spelled = VersionScheme::Semver.render(version).or_else(|_| VersionScheme::Pep440.render(version));
        let spelled = spelled.unwrap_or_default();
        let message = format!("the requirement `{}` does not admit `{}` {spelled}", place.scalar.text, slot.of);
        let finding = self.at(FindingCode::Requirement, slot.holder.clone(), &slot.file, &place.scalar, message);
        // Whoever decides that the primary is wrong would find the requirement on it moved.
        if required.and_then(|package| self.primary_alone(package)).is_some() {
            let help = Some(format!("decide first which version `{}` has", slot.of));
            self.undecided.push(Finding { help, ..finding });
            return;
        }
        match followed(self.snapshot, slot, None, version) {
            Ok(Some(new)) => {
                self.repairs.set(&slot.file, &place.scalar, new.text.clone());
                self.findings.push(Finding { expected: Some(new.text), ..finding });
            }
            Ok(None) => self.undecided.push(finding),
            Err(problem) => self.undecided.push(Finding { help: Some(problem.message), ..finding }),
        }
    }

    pub(super) fn at_slot(
        &mut self,
        code: FindingCode,
        package: &Package,
        slot: &VersionSlot,
        message: String,
    ) -> Finding {
        self.at(code, Some(package.id.clone()), &slot.file, &slot.scalar, message)
    }

    pub(super) fn at(
        &mut self,
        code: FindingCode,
        package: Option<PackageId>,
        file: &RepoPath,
        scalar: &Scalar,
        message: String,
    ) -> Finding {
        let position = self.places.position(file, scalar.span.start);
        Finding {
            code,
            path: Some(file.clone()),
            line: position.map(|p| p.line),
            column: position.map(|p| p.column),
            package,
            found: Some(scalar.text.clone()),
            expected: None,
            message,
            help: None,
        }
    }
}

/// Returns the finding of a file that cannot be read.
pub(super) fn unreadable(diagnostic: &Diagnostic) -> Finding {
    let place = diagnostic.place.as_ref();
    let position = place.filter(|place| place.text.is_some()).map(|place| place.position());
    Finding {
        code: FindingCode::Unreadable,
        path: place.map(|place| place.path.clone()),
        line: position.map(|p| p.line),
        column: position.map(|p| p.column),
        package: None,
        found: None,
        expected: None,
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
    }
}
