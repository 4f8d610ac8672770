//! [`status`]: where every package stands.

use std::collections::BTreeSet;

use serde::Serialize;

use super::bump::{SCHEMA, SHALLOW_HELP};
use super::guards::some_of;
use super::places::Places;
use super::select::unknown;
use crate::config::GroupKind;
use crate::manifest::ManifestType;
use crate::model::{Diagnostic, GroupId, Level, PackageId, RepoPath, VersionScheme};
use crate::snapshot::Snapshot;
use crate::workspace::{Package, VersionSlot};

/// Where every package stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct StatusReport {
    /// The version of this format: 1.
    pub schema: u32,
    /// The packages, in the order of relman.toml.
    pub packages: Vec<PackageStatus>,
    /// The groups.
    pub groups: Vec<GroupStatus>,
}

/// Where one package stands.
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
    /// The tag of the next version; nothing where no history was read.
    pub next_tag: Option<String>,
    /// How many commits are its changes since the last tag; nothing where no history was read.
    pub commits: Option<usize>,
    /// How many fragments are its changes since the last tag; nothing where no history was read.
    pub fragments: Option<usize>,
    /// The level that its changes ask for; nothing where they ask for none, or no history was read.
    pub suggested: Option<Level>,
    /// The version that its changes ask for; nothing where they ask for none, or no history was read.
    pub next: Option<String>,
    /// Whether every place holds its version.
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
    /// The version as it stands there.
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

/// Reports where the packages of these names stand, or all of them where none is named. With `history` a shallow clone that does not
/// hold the last tags is an error, since it would look like a first release.
///
/// # Errors
/// A manifest that cannot be read, a name that is no package's, history that is missing.
pub fn status(snapshot: &Snapshot, names: &[String], history: bool) -> Result<StatusReport, Vec<Diagnostic>> {
    let mut problems: Vec<Diagnostic> = snapshot.workspace.broken.iter().map(|b| b.diagnostic.clone()).collect();
    let known: Vec<&str> = snapshot.workspace.packages.iter().map(|package| package.id.0.as_str()).collect();
    problems.extend(names.iter().filter(|n| !known.contains(&n.as_str())).map(|n| unknown("package", n, &known)));
    if history
        && snapshot.git.shallow
        && !snapshot.workspace.packages.iter().any(|p| snapshot.git.tags.last(p).is_some())
    {
        let message = "this clone is shallow and holds no tag of any package";
        problems.push(Diagnostic::new(message).help(SHALLOW_HELP));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let wanted = |package: &&Package| names.is_empty() || names.contains(&package.id.0);
    let mut places = Places::new(&snapshot.workspace);
    let packages = snapshot.workspace.packages.iter().filter(wanted);
    let packages = packages.map(|package| package_status(snapshot, package, &mut places)).collect();
    let groups = snapshot.workspace.groups.iter().map(|group| GroupStatus {
        name: group.id.clone(),
        kind: if group.kind == GroupKind::Fixed { "fixed" } else { "linked" }.to_owned(),
        members: group.members.clone(),
    });
    Ok(StatusReport { schema: SCHEMA, packages, groups: groups.collect() })
}

/// Returns one sentence on those packages whose highest tag stands where HEAD does not reach it, which is told and not followed.
pub fn tags_elsewhere<'a>(snapshot: &'a Snapshot, packages: impl Iterator<Item = &'a Package>) -> Option<String> {
    let tags = packages.filter_map(|package| snapshot.git.tags.elsewhere(package)).map(str::to_owned);
    let tags: BTreeSet<String> = tags.collect();
    let shown = some_of(&tags.into_iter().collect::<Vec<_>>());
    (!shown.is_empty()).then(|| format!("not reachable from HEAD, so not followed: {shown}"))
}

fn package_status(snapshot: &Snapshot, package: &Package, places: &mut Places<'_>) -> PackageStatus {
    let group = package.group.and_then(|index| snapshot.workspace.groups.get(index));
    PackageStatus {
        name: package.id.clone(),
        version: package.written().to_owned(),
        scheme: package.scheme,
        tag: snapshot.git.tags.last(package).map(|(tag, _)| tag.to_owned()),
        next_tag: None,
        commits: None,
        fragments: None,
        suggested: None,
        next: None,
        in_sync: package.drifting().next().is_none(),
        group: group.map(|group| group.id.clone()),
        manifests: package.slots.iter().map(|slot| manifest_status(package, slot, places)).collect(),
    }
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
