//! [`status`]: the state of every package.

use serde::Serialize;

use super::dependents::{Cascade, cascade};
use super::group_versions::GroupVersions;
use super::history_gaps::{history_missing, shallow_gaps};
use super::pins::{PinStatus, pins};
use super::places::Places;
use super::reason::BumpReason;
use super::release_plan::{Refusal, SCHEMA};
use super::select::{indices, select};
use super::shallow::outlook_request;
use super::targets::Target;
use crate::config::GroupKind;
use crate::manifest::ManifestType;
use crate::model::{Diagnostic, GroupId, Level, PackageId, PackageIx, RepoPath, Version, VersionScheme};
use crate::snapshot::{PluginLeftOut, Snapshot};
use crate::workspace::{Package, Tagging, VersionSlot};

/// The state of every package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct StatusReport {
    /// The version of this format: 1.
    pub schema: u32,
    /// The packages, in the order of relman.toml.
    pub packages: Vec<PackageStatus>,
    /// The groups.
    pub groups: Vec<GroupStatus>,
    /// The pins, in the order of relman.toml.
    pub pins: Vec<PinStatus>,
    /// The plugins that were not asked, with the files and packages that are missing for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<PluginLeftOut>,
    /// Why no next versions could be computed.
    #[serde(skip)]
    #[schemars(skip)]
    pub problems: Vec<Diagnostic>,
}

/// The state of one package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PackageStatus {
    /// The package.
    pub name: PackageId,
    /// Its version, as its primary writes it.
    pub version: String,
    /// How it spells versions in texts.
    pub scheme: VersionScheme,
    /// Its last tag.
    pub tag: Option<String>,
    /// The tag of the next version.
    pub next_tag: Option<String>,
    /// How many commits are its changes since the last tag; absent if no history was read.
    pub commits: Option<usize>,
    /// How many fragments are its changes since the last tag; absent if no history was read.
    pub fragments: Option<usize>,
    /// The level by which `bump --all auto` would raise it; absent if that would not, or no history was read.
    pub suggested: Option<Level>,
    /// The version that `bump --all auto` would give it; absent if that would not release it, or no history was read.
    pub next: Option<String>,
    /// Why `bump --all auto` would release it.
    pub reason: Option<BumpReason>,
    /// Why a next version is missing, if that deserves an explanation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether every place holds its version, and its fixed group has no other one.
    pub in_sync: bool,
    /// Its group.
    pub group: Option<GroupId>,
    /// Every place of its version, the primary first.
    pub manifests: Vec<ManifestStatus>,
}

/// One place of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ManifestStatus {
    /// The file.
    pub path: RepoPath,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ManifestType,
    /// What the format calls the place.
    pub field: String,
    /// The line, from 1.
    pub line: usize,
    /// The version there, as written.
    pub version: String,
    /// How the place spells versions.
    pub scheme: VersionScheme,
    /// Whether it holds the package's version.
    pub in_sync: bool,
}

/// A group and its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct GroupStatus {
    /// The group.
    pub name: GroupId,
    /// `fixed` or `linked`.
    pub kind: String,
    /// Its packages.
    pub members: Vec<PackageId>,
}

/// Reports the state of the packages of these names, or of all if none is named. If the history was read, it includes what
/// `bump --all auto` would do; a shallow clone without enough of it is an error, since it would look like a first
/// release.
///
/// # Errors
/// A manifest that cannot be read, an unknown package, missing history.
pub fn status(snapshot: &Snapshot, names: &[String]) -> Result<StatusReport, Vec<Diagnostic>> {
    let wanted = named(snapshot, names)?;
    let (outlook, problems) = match next_releases(snapshot, &wanted) {
        Ok(outlook) => (outlook, Vec::new()),
        Err(problems) => (None, problems),
    };
    let mut places = Places::new(&snapshot.workspace);
    let of_groups = GroupVersions::new(&snapshot.workspace);
    let packages = wanted.into_iter().map(|(index, package)| {
        let target = outlook.as_ref().and_then(|outlook| outlook.targets.by_package.get(&index));
        let refused = outlook.as_ref().and_then(|outlook| outlook.targets.refused.get(&index));
        let mut status = package_status(snapshot, (index, package), (target, refused), &mut places);
        status.in_sync &= of_groups.other_than_of(package).is_none();
        status
    });
    let packages = packages.collect();
    let groups = snapshot.workspace.groups.iter().map(|group| GroupStatus {
        name: group.id.clone(),
        kind: if group.kind == GroupKind::Fixed { "fixed" } else { "linked" }.to_owned(),
        members: group.members.clone(),
    });
    let left_out = snapshot.plugins.left_out.clone();
    let (groups, pins) = (groups.collect(), pins(snapshot, &[]));
    Ok(StatusReport { schema: SCHEMA, packages, groups, pins, left_out, problems })
}

/// The packages of these names with their indices, all if none is named, as far as enough of their history is known.
pub(super) fn named<'a>(
    snapshot: &'a Snapshot,
    names: &[String],
) -> Result<Vec<(PackageIx, &'a Package)>, Vec<Diagnostic>> {
    let mut problems: Vec<Diagnostic> = snapshot.workspace.broken.iter().map(|b| b.diagnostic.clone()).collect();
    // A wrong name is among the problems already.
    let found = indices(snapshot, names).map_err(|more| problems.extend(more)).unwrap_or_default();
    let is_wanted = |(index, _): &(PackageIx, &Package)| found.contains(index);
    let wanted: Vec<(PackageIx, &Package)> = snapshot.workspace.packages.entries().filter(is_wanted).collect();
    problems.extend(shallow_gaps(snapshot, wanted.iter().map(|(index, _)| index)));
    if snapshot.history.is_none() {
        // Without its last tag, the version of such a package is unknown.
        let computed = wanted.iter().filter(|(_, package)| package.from_tag.is_some()).map(|(index, _)| index);
        problems.extend(history_missing(snapshot, computed).err().into_iter().flatten());
    }
    if problems.is_empty() { Ok(wanted) } else { Err(problems) }
}

/// What `bump --all auto` would do, to these packages at least; `None` if no history was read.
pub(super) fn next_releases<'a>(
    snapshot: &'a Snapshot,
    wanted: &[(PackageIx, &Package)],
) -> Result<Option<Cascade<'a>>, Vec<Diagnostic>> {
    if snapshot.history.is_none() {
        return Ok(None);
    }
    let request = outlook_request(snapshot, wanted.iter().map(|(index, _)| *index).collect());
    cascade(snapshot, select(snapshot, &request)?).map(Some)
}

fn package_status(
    snapshot: &Snapshot,
    (index, package): (PackageIx, &Package),
    (target, refused): (Option<&Target>, Option<&Refusal>),
    places: &mut Places<'_>,
) -> PackageStatus {
    let group = package.group.map(|index| &snapshot.workspace.groups[index]);
    // `bump` would refuse to count from a version below the last tag.
    let is_behind = |target: &&Target| {
        let last = snapshot.git.tags.highest(package);
        last.is_some_and(|(_, tagged)| target.from < tagged && target.to.version <= tagged)
    };
    let target = target.filter(|target| !is_behind(target));
    let gathered = snapshot.history.as_ref().map(|history| &history.packages[index]);
    PackageStatus {
        name: package.id.clone(),
        version: package.written().to_owned(),
        scheme: package.scheme,
        tag: match package.tagging {
            Tagging::Of(_) => gathered.and_then(|gathered| Some(gathered.last.as_ref()?.name.clone())),
            Tagging::Own | Tagging::Never => snapshot.git.tags.last(package).map(|(tag, _)| tag.to_owned()),
        },
        next_tag: target
            .filter(|_| package.has_tags())
            .and_then(|target| Some(target.to.tag(package).ok()?.to_string())),
        commits: gathered.map(|gathered| gathered.commits.len()),
        fragments: gathered.map(|_| snapshot.fragments.new_of(index).count()),
        suggested: target.and_then(|target| target.step.level()),
        next: target.and_then(|target| target.to.in_texts(package).ok()),
        reason: target.map(|target| target.reason.clone()),
        note: target.is_none().then(|| note(snapshot, (index, package), refused)).flatten(),
        in_sync: package.drifting().next().is_none() && package.drifting_parts().next().is_none(),
        group: group.map(|group| group.id.clone()),
        manifests: manifests(package, places),
    }
}

/// Why a package has no next version: it cannot be computed, the current one is not tagged, or no commit is conventional.
fn note(snapshot: &Snapshot, (index, package): (PackageIx, &Package), refused: Option<&Refusal>) -> Option<String> {
    if let Some(refusal) = refused {
        // The row already shows the package and its version.
        let why = refusal.message.split_once(": ").map_or(refusal.message.as_str(), |(_, why)| why);
        // A refusal without help is written without it.
        let help = refusal.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        return Some(format!("{why}{help}"));
    }
    let history = snapshot.history.as_ref()?;
    let gathered = &history.packages[index];
    let is_above = |tagged: &Version| package.version().is_some_and(|version| version > tagged);
    let is_untagged = match snapshot.git.tags.last(package) {
        Some((_, tagged)) => is_above(&tagged),
        None => package.has_tags() && gathered.untagged.is_some(),
    };
    if is_untagged {
        // Without a release commit only a name says that it is meant.
        let is_meant = package.version().is_some_and(|version| gathered.has_released(version));
        let named = if is_meant { String::new() } else { format!(" {}", package.id) };
        return Some(format!("{} not tagged: `relman tag{named}`", package.written()));
    }
    let count = gathered.commits.len();
    let is_unconventional = history.of(index).all(|commit| commit.message.changes.is_empty());
    (count > 0 && is_unconventional && gathered.cancelled.is_empty())
        .then(|| format!("{count} commit{}, none conventional", if count == 1 { "" } else { "s" }))
}

/// The places of the whole version, then those of parts of it.
fn manifests(package: &Package, places: &mut Places<'_>) -> Vec<ManifestStatus> {
    let mut manifests: Vec<ManifestStatus> =
        package.slots.iter().map(|slot| manifest_status(package, slot, places)).collect();
    manifests.extend(package.parts.iter().map(|slot| ManifestStatus {
        path: slot.file.clone(),
        kind: slot.kind,
        field: slot.part.to_string(),
        line: places.position(&slot.file, slot.scalar.span.start).map_or(1, |position| position.line),
        version: slot.scalar.text.clone(),
        scheme: slot.scheme,
        in_sync: package.version().is_some_and(|version| slot.agrees(version)),
    }));
    manifests
}

fn manifest_status(package: &Package, slot: &VersionSlot, places: &mut Places<'_>) -> ManifestStatus {
    ManifestStatus {
        path: slot.file.clone(),
        kind: slot.kind,
        field: slot.field.clone(),
        line: places.position(&slot.file, slot.scalar.span.start).map_or(1, |position| position.line),
        version: slot.scalar.text.clone(),
        scheme: slot.scheme,
        in_sync: !slot.misspelled && Some(&slot.value) == package.version(),
    }
}
