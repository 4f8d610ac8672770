//! [`check`]: does every place agree, and what would mend it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::dependents::followed;
use super::edits::Changes;
use super::places::Places;
use super::release_plan::FilePlan;
use crate::config::{DependentPolicy, GroupKind};
use crate::manifest::Scalar;
use crate::manifest::requirement::admits;
use crate::model::{Diagnostic, PackageId, RepoPath, VersionScheme};
use crate::snapshot::Snapshot;
use crate::workspace::{Group, Package, RequirementSlot, VersionSlot};

/// What `check` found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CheckReport {
    /// The version of this format: 1.
    pub schema: u32,
    /// Everything that does not agree, sorted by path and place.
    pub findings: Vec<Finding>,
}

/// One place that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// The file; nothing where no file is meant.
    pub path: Option<RepoPath>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// The kind of the finding.
    pub code: FindingCode,
    /// The package.
    pub package: Option<PackageId>,
    /// What stands there.
    pub found: Option<String>,
    /// What should stand there.
    pub expected: Option<String>,
    /// The finding in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// The codes of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    /// A place differs from the package's primary.
    Drift,
    /// The members of a fixed group differ.
    GroupDrift,
    /// A lock entry differs from the package's primary.
    LockDrift,
    /// A requirement does not admit the version beside it.
    Requirement,
    /// The package's last tag is above its manifest.
    BehindTag,
    /// A file among the fragments is none.
    Fragment,
    /// A branch changes a package and brings no fragment for it.
    NoFragment,
    /// A file cannot be read.
    Unreadable,
}

impl FindingCode {
    /// Returns the code as JSON has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Drift => "drift",
            Self::GroupDrift => "group-drift",
            Self::LockDrift => "lock-drift",
            Self::Requirement => "requirement",
            Self::BehindTag => "behind-tag",
            Self::Fragment => "fragment",
            Self::NoFragment => "no-fragment",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What `check` found and how it can be mended.
#[derive(Debug)]
pub struct Checked {
    /// The findings.
    pub report: CheckReport,
    /// The edits that mend them.
    pub repairs: Vec<FilePlan>,
    /// The findings that the edits do not mend, since they need a decision.
    pub undecided: Vec<Finding>,
}

/// Holds every slot of every package, fixed group, lock entry and requirement against each other. Pure.
#[must_use]
pub fn check(snapshot: &Snapshot) -> Checked {
    let places = Places::new(&snapshot.workspace);
    let (findings, undecided, repairs) = (Vec::new(), Vec::new(), Changes::default());
    let mut checker = Checker { snapshot, places, findings, undecided, repairs };
    checker.broken();
    checker.fragments();
    for package in &snapshot.workspace.packages {
        checker.slots(package);
        checker.behind_tag(package);
    }
    for (index, group) in snapshot.workspace.groups.iter().enumerate() {
        if group.kind == GroupKind::Fixed {
            checker.group(index, group);
        }
    }
    // What several packages take over from one place is one requirement, whoever of them has a policy for it.
    let held = |slot: &&RequirementSlot| snapshot.config.dependents.policy_of(slot.edge()) != DependentPolicy::Never;
    let mut seen = BTreeSet::new();
    for slot in snapshot.workspace.requirements.iter().filter(held) {
        if seen.insert((&slot.file, slot.place.scalar.span)) {
            checker.requirement(slot);
        }
    }
    checker.done()
}

/// Returns a finding for each file that was meant as a fragment and is none.
pub(super) fn broken_fragments(snapshot: &Snapshot) -> Vec<Finding> {
    let found = snapshot.fragments.broken.iter().map(|broken| {
        let only = match broken.users.as_slice() {
            [one] => snapshot.workspace.packages.get(*one).map(|package| package.id.clone()),
            _ => None,
        };
        Finding { code: FindingCode::Fragment, package: only, ..unreadable(&broken.problem) }
    });
    found.collect()
}

struct Checker<'a> {
    snapshot: &'a Snapshot,
    places: Places<'a>,
    findings: Vec<Finding>,
    undecided: Vec<Finding>,
    repairs: Changes,
}

impl Checker<'_> {
    fn done(mut self) -> Checked {
        let repairs = self.repairs.plan(&self.snapshot.workspace).unwrap_or_else(|problems| {
            // A repair that cannot be proven is none: its finding stays, with the reason.
            self.undecided.extend(problems.iter().map(unreadable));
            Vec::new()
        });
        self.undecided.sort();
        let mut findings = self.findings;
        findings.extend(self.undecided.iter().cloned());
        findings.sort();
        Checked { report: CheckReport { schema: super::SCHEMA, findings }, repairs, undecided: self.undecided }
    }

    fn broken(&mut self) {
        for broken in &self.snapshot.workspace.broken {
            self.undecided.push(Finding { package: broken.package.clone(), ..unreadable(&broken.diagnostic) });
        }
    }

    /// A file that looks like a change and is none would be left out of the changelog without a word.
    fn fragments(&mut self) {
        self.undecided.extend(broken_fragments(self.snapshot));
    }

    fn slots(&mut self, package: &Package) {
        let Some(version) = package.version() else { return };
        let primary = package.primary().map(|slot| slot.file.to_string()).unwrap_or_default();
        for slot in package.drifting() {
            let expected = slot.scheme.render(version);
            let wanted = expected.clone().unwrap_or_else(|_| package.written().to_owned());
            let message = if slot.misspelled && slot.value == *version {
                format!(
                    "`{}` is spelled {} here, and a {} version is expected: {wanted}",
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
    }

    fn behind_tag(&mut self, package: &Package) {
        let (Some(version), Some(slot)) = (package.version(), package.primary()) else { return };
        let Some((tag, tagged)) = self.snapshot.git.tags.last(package).filter(|(_, tagged)| tagged > version) else {
            return;
        };
        let message = format!("`{}` is at {}, and its last tag {tag} is higher", package.id, slot.scalar.text);
        let expected = slot.scheme.render(&tagged).ok();
        let help = Some("bring the manifest up to the tag, or release an explicit version above it".to_owned());
        let finding = self.at_slot(FindingCode::BehindTag, package, slot, message);
        self.undecided.push(Finding { expected, help, ..finding });
    }

    fn group(&mut self, index: usize, group: &Group) {
        let members = self.snapshot.workspace.packages.iter().filter(|p| p.group == Some(index));
        let at: Vec<(&Package, &VersionSlot)> = members.filter_map(|p| Some((p, p.primary()?))).collect();
        let Some(highest) = at.iter().map(|(_, slot)| &slot.value).max() else { return };
        for (package, slot) in at.iter().filter(|(_, slot)| slot.value != *highest) {
            let expected = slot.scheme.render(highest).ok();
            let wanted = expected.clone().unwrap_or_default();
            let message =
                format!("`{}` is at {} and its fixed group `{}` at {wanted}", package.id, slot.scalar.text, group.id);
            let help = Some("release the group, or bring its members together by hand".to_owned());
            let finding = self.at_slot(FindingCode::GroupDrift, package, slot, message);
            self.undecided.push(Finding { expected, help, ..finding });
        }
    }

    fn requirement(&mut self, slot: &RequirementSlot) {
        let place = &slot.place;
        let Some(version) = self.snapshot.workspace.package(&slot.of).and_then(Package::version) else { return };
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
        let spelled = VersionScheme::Semver.render(version).or_else(|_| VersionScheme::Pep440.render(version));
        let message = format!(
            "the requirement `{}` does not admit `{}` {}",
            place.scalar.text,
            slot.of,
            spelled.unwrap_or_default()
        );
        let finding = self.at(FindingCode::Requirement, slot.holder.clone(), &slot.file, &place.scalar, message);
        match followed(self.snapshot, slot, version) {
            Ok(Some(new)) => {
                self.repairs.set(&slot.file, &place.scalar, new.clone());
                self.findings.push(Finding { expected: Some(new), ..finding });
            }
            Ok(None) => self.undecided.push(finding),
            Err(problem) => self.undecided.push(Finding { help: Some(problem.message), ..finding }),
        }
    }

    fn at_slot(&mut self, code: FindingCode, package: &Package, slot: &VersionSlot, message: String) -> Finding {
        self.at(code, Some(package.id.clone()), &slot.file, &slot.scalar, message)
    }

    fn at(
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

fn unreadable(diagnostic: &Diagnostic) -> Finding {
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
