//! [`check_tag`]: finds what does not agree with a tag, for the job that publishes it.

use std::collections::BTreeSet;

use super::changelog::has_section;
use super::check::{CheckReport, Checker, Scope, unreadable};
use super::finding::{Finding, FindingCode};
use super::release_plan::SCHEMA;
use crate::config::{GroupKind, Prereleases};
use crate::model::{Diagnostic, PackageId, PackageIx, ProblemCode, Version, did_you_mean};
use crate::snapshot::Snapshot;
use crate::text::list_truncated;
use crate::workspace::Package;

/// How many tag templates an error names.
const SHOWN: usize = 6;

/// What to do about all that does not agree with a tag.
const HELP: &str = "tag the commit that holds this version and its section";

/// What does not agree with a tag, and how many packages it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedTag {
    /// The findings.
    pub report: CheckReport,
    /// How many packages were compared with the tag.
    pub packages: usize,
}

/// Compares the packages of a tag, and those that share its release, with the tag's version: every slot, the requirements on them, and the
/// sections of their changelogs. Neither history nor other tags matter. Pure.
///
/// # Errors
/// Returns an error if no package has such a tag.
pub fn check_tag(snapshot: &Snapshot, tag: &str) -> Result<CheckedTag, Vec<Diagnostic>> {
    // CI has the full name of the ref in some of its variables.
    let name = tag.strip_prefix("refs/tags/").unwrap_or(tag);
    let packages = &snapshot.workspace.packages;
    let tagged: Vec<(PackageIx, Version)> =
        packages.entries().filter_map(|(index, package)| Some((index, package.tagged(name)?))).collect();
    let Some(version) = tagged.first().map(|(_, version)| version.clone()) else {
        return Err(vec![unknown(snapshot, name)]);
    };
    let owners = owners(snapshot, tagged.into_iter().map(|(index, _)| index).collect(), &version);
    let wanted: BTreeSet<PackageIx> = packages
        .positions()
        .filter(|index| owners.contains(index) || shares(snapshot, &owners, *index, &version))
        .collect();
    let mut checker = Checker::new(snapshot);
    checker.unreadable(&Scope::new(snapshot, &wanted, false));
    for index in &wanted {
        slots(&mut checker, &packages[*index], name, &version);
        parts(&mut checker, &packages[*index], name, &version);
        section(&mut checker, *index, name, &version);
    }
    let is_of_them = |id: &PackageId| wanted.iter().any(|index| packages[*index].id == *id);
    checker.requirements(|slot| is_of_them(&slot.of));
    let findings = checker.done().report.findings;
    Ok(CheckedTag {
        report: CheckReport { schema: SCHEMA, findings, left_out: snapshot.plugins.left_out.clone() },
        packages: wanted.len(),
    })
}

/// Returns the packages of a tag: those with tags of its form. Members of a linked group with one tag that are below its version are not part
/// of that release; where all are, those that come closest should have been.
fn owners(snapshot: &Snapshot, tagged: BTreeSet<PackageIx>, version: &Version) -> BTreeSet<PackageIx> {
    let packages = &snapshot.workspace.packages;
    let sharing = tagged.iter().filter(|index| packages[**index].shares_tags);
    // No linked group with one tag has tags of this form.
    let Some(highest) = sharing.filter_map(|index| packages[*index].version()).max() else { return tagged };
    let least = highest.min(version);
    let is_owner = |index: &PackageIx| {
        let package = &packages[*index];
        !package.shares_tags || package.version().is_none_or(|current| current >= least)
    };
    tagged.into_iter().filter(is_owner).collect()
}

/// Returns `true` if a package shares the release of one of the owners: it is a member of the same fixed group, or of the same linked group
/// and has the version, or, which cannot be, a higher one.
fn shares(snapshot: &Snapshot, owners: &BTreeSet<PackageIx>, index: PackageIx, version: &Version) -> bool {
    let packages = &snapshot.workspace.packages;
    let package = &packages[index];
    let Some(group) = package.group.filter(|group| owners.iter().any(|owner| packages[*owner].group == Some(*group)))
    else {
        return false;
    };
    match snapshot.workspace.groups[group].kind {
        GroupKind::Fixed => true,
        GroupKind::Linked => package.version().is_some_and(|current| current >= version),
    }
}

/// Compares the places that hold the version.
fn slots(checker: &mut Checker<'_>, package: &Package, tag: &str, version: &Version) {
    for slot in &package.slots {
        let expected = slot.scheme.render(version).ok();
        if slot.value == *version && !slot.misspelled {
            continue;
        }
        let finding = checker.at_slot(FindingCode::TagMismatch, package, slot, other(package, &slot.scalar.text, tag));
        checker.undecided(Finding { expected, help: Some(HELP.to_owned()), ..finding });
    }
}

/// Says that a place holds something else than a tag means.
fn other(package: &Package, found: &str, tag: &str) -> String {
    format!("`{}` is {found} here, and the tag is {tag}", package.id)
}

/// Compares the places that hold a part of the version.
fn parts(checker: &mut Checker<'_>, package: &Package, tag: &str, version: &Version) {
    for slot in package.parts.iter().filter(|slot| !slot.agrees(version)) {
        let (expected, message) = (slot.of(version), other(package, &slot.scalar.text, tag));
        let code = FindingCode::TagMismatch;
        let finding = checker.at(code, Some(package.id.clone()), &slot.file, &slot.scalar, message);
        checker.undecided(Finding { expected, help: Some(HELP.to_owned()), ..finding });
    }
}

/// Looks for the section of the version. Prereleases may have none.
fn section(checker: &mut Checker<'_>, index: PackageIx, tag: &str, version: &Version) {
    let snapshot = checker.snapshot;
    let package = &snapshot.workspace.packages[index];
    let config = snapshot.config.changelog_of(&package.id);
    // A package without a changelog needs no section.
    let (Some(config), Some(path)) = (config, snapshot.changelogs.of(index)) else { return };
    let is_kept = config.prereleases == Prereleases::Keep && version.is_prerelease();
    if is_kept {
        return;
    }
    match has_section(snapshot, index, version) {
        Ok(true) => return,
        Ok(false) => {}
        Err(problem) => return checker.undecided(unreadable(&problem)),
    }
    let expected = package.scheme.render(version).ok();
    checker.undecided(Finding {
        code: FindingCode::TagMismatch,
        path: Some(path.clone()),
        line: None,
        column: None,
        package: Some(package.id.clone()),
        found: None,
        expected,
        message: format!("`{}` has no section for the tag {tag}", package.id),
        help: Some(HELP.to_owned()),
    });
}

fn unknown(snapshot: &Snapshot, name: &str) -> Diagnostic {
    if name.is_empty() {
        let help = "a job for a branch has none; run this check in jobs for tags only";
        return Diagnostic::new(ProblemCode::UnknownName, "the name of the tag is empty").help(help);
    }
    let form = |package: &Package| {
        Some(package.tag.render(package.version()?).ok().filter(|_| package.has_tags())?.to_string())
    };
    let forms: BTreeSet<String> = snapshot.workspace.packages.iter().filter_map(form).collect();
    let known: Vec<&str> = forms.iter().map(String::as_str).collect();
    let help = did_you_mean(name, &known, || format!("tags look like {}", list_truncated(&forms, SHOWN)));
    Diagnostic::new(ProblemCode::UnknownName, format!("`{name}` is not a tag of any package")).help(help)
}
