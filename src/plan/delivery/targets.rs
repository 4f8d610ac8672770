//! [`delivery_units`]: which tags a delivery is about.

use std::collections::BTreeMap;

use super::request::DeliveryRequest;
use crate::config::GroupKind;
use crate::model::{CommitId, Diagnostic, PackageIx, ProblemCode, TagName, Version};
use crate::plan::changelog::notes;
use crate::plan::release_plan::{Refusal, RefusalCode};
use crate::plan::release_unit::ReleaseUnit;
use crate::plan::tagged_packages::tagged_packages;
use crate::snapshot::{RemoteLook, Snapshot, TagLook};
use crate::workspace::Package;

/// The tags of a delivery, and what speaks against it.
#[derive(Clone, Debug, Default)]
pub struct DeliveryUnits {
    /// The tags: those that exist, and those that are still to be made.
    pub units: Vec<ReleaseUnit>,
    /// What speaks against it.
    pub refusals: Vec<Refusal>,
    /// What was left out, since it is released only by its name: a line for each version.
    pub left_out: Vec<String>,
}

/// Finds the tags that are meant: those that are named, or else those that the remote lacks, those that it has without the branch that they
/// are on, and the versions that HEAD has released and that have none.
///
/// # Errors
/// A name that is the tag of no package; one of a version that is neither tagged nor in HEAD.
pub fn delivery_units(
    snapshot: &Snapshot,
    request: &DeliveryRequest,
    remote: &RemoteLook,
) -> Result<DeliveryUnits, Vec<Diagnostic>> {
    let search = Search { snapshot, remote };
    let mut found = DeliveryUnits::default();
    let (mut problems, is_named) = (Vec::new(), !request.tags.is_empty());
    for name in &request.tags {
        match search.named(name) {
            Ok(unit) => found.add(unit, remote),
            Err(problem) => problems.push(problem),
        }
    }
    if let Some(version) = &request.version {
        let units = search.of_version(version);
        if units.is_empty() {
            problems.push(search.not_prepared(version));
        }
        units.into_iter().for_each(|unit| found.add(unit, remote));
    }
    if !is_named && request.version.is_none() {
        search.unsent().into_iter().for_each(|unit| found.add(unit, remote));
        search.without_branch().into_iter().for_each(|unit| found.add(unit, remote));
        let (untagged, others) = search.untagged();
        untagged.into_iter().for_each(|unit| found.add(unit, remote));
        found.left_out = others.iter().map(|unit| search.by_name_only(unit)).collect();
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

impl DeliveryUnits {
    fn add(&mut self, unit: ReleaseUnit, remote: &RemoteLook) {
        if self.units.iter().any(|known| known.tag == unit.tag) {
            return;
        }
        let name = unit.tag.as_str();
        if let (Some(here), Some(there)) = (remote.local_tags.get(name), remote.tags.get(name))
            && here.commit != there.commit
        {
            let short = |look: &TagLook| CommitId::new(look.commit.clone()).short().to_owned();
            let message =
                format!("the tag {name} is on {} here, and on {} on {}", short(here), short(there), remote.name);
            let help = "a tag is never moved; release a higher version".to_owned();
            self.refusals.push(Refusal { code: RefusalCode::TagExists, message, help: Some(help) });
        }
        self.units.push(unit);
    }
}

struct Search<'a> {
    snapshot: &'a Snapshot,
    remote: &'a RemoteLook,
}

impl<'a> Search<'a> {
    fn tagged_packages(&self) -> impl Iterator<Item = (PackageIx, &'a Package)> {
        tagged_packages(self.snapshot)
    }

    fn unit(&self, package: PackageIx, version: Version, tag: TagName) -> ReleaseUnit {
        let of = &self.snapshot.workspace.packages[package];
        let written = of.primary().filter(|slot| slot.value == version && slot.scheme == of.scheme);
        // It was read in a scheme, of which the package's own is one.
        let text =
            written.map_or_else(|| of.scheme.render(&version).unwrap_or_default(), |slot| slot.scalar.text.clone());
        let known = self.remote.local_tags.get(tag.as_str()).or_else(|| self.remote.tags.get(tag.as_str()));
        let commit = known.map(|look| CommitId::new(look.commit.clone()));
        ReleaseUnit { package, version, text, tag, commit }
    }

    /// The tag of a name.
    fn named(&self, name: &str) -> Result<ReleaseUnit, Diagnostic> {
        let found = self.tagged_packages().find_map(|(index, package)| Some((index, package, package.tagged(name)?)));
        let Some((index, package, version)) = found else {
            let examples: Vec<String> =
                self.tagged_packages().take(5).map(|(_, p)| format!("`{}…`", p.tag.prefix())).collect();
            let help = format!("the tags of this workspace look like {}", examples.join(", "));
            return Err(
                Diagnostic::new(ProblemCode::UnknownName, format!("`{name}` is not the tag of a package")).help(help)
            );
        };
        let unit = self.unit(index, version, TagName::new(name));
        if unit.commit.is_some() || package.version() == Some(&unit.version) {
            return Ok(unit);
        }
        let message = format!(
            "the tag {name} exists neither here nor on {}, and HEAD has {} of `{}`",
            self.remote.name,
            package.written(),
            package.id
        );
        Err(Diagnostic::new(ProblemCode::UnknownName, message)
            .help("check out the branch with the release commit, or name a tag that exists"))
    }

    /// The packages that HEAD has at this version, tagged or not.
    fn of_version(&self, version: &str) -> Vec<ReleaseUnit> {
        let text = version.trim_start_matches(['v', 'V']);
        let is_it = |package: &Package| {
            let read = package.scheme.parse_lenient(text).ok();
            read.filter(|read| package.version() == Some(read))
        };
        let of = |(index, package): (PackageIx, &Package)| {
            let version = is_it(package)?;
            Some(self.unit(index, version.clone(), self.tag(package, &version)?))
        };
        self.tagged_packages().filter_map(of).collect()
    }

    fn not_prepared(&self, version: &str) -> Diagnostic {
        let at: Vec<String> = self
            .tagged_packages()
            .take(4)
            .map(|(_, package)| format!("`{}` at {}", package.id, package.written()))
            .collect();
        let message = format!("HEAD has no package at {version}: {}", at.join(", "));
        Diagnostic::new(ProblemCode::NoPackages, message)
            .help(format!("run `relman prepare --milestone {version}` first"))
    }

    /// The tag of a version: the one that there is, in whatever spelling, else that of the template.
    fn tag(&self, package: &Package, version: &Version) -> Option<TagName> {
        let known = self.remote.local_tags.keys().chain(self.remote.tags.keys());
        let mut known = known.filter(|tag| package.tagged(tag).as_ref() == Some(version));
        known.next().map(TagName::new).or_else(|| package.tag.render(version).ok())
    }

    /// The tags that are here and not on the remote.
    fn unsent(&self) -> Vec<ReleaseUnit> {
        self.local(|tag, _| !self.remote.tags.contains_key(tag))
    }

    /// The tags that went out alone: HEAD reaches them, and no branch of the remote does. Where a merge ships, it carries them.
    fn without_branch(&self) -> Vec<ReleaseUnit> {
        let release = self.snapshot.config.release.as_ref();
        let merges = release.is_some_and(|release| release.integration.is_some()) && !self.snapshot.git.is_hotfix;
        // A detached HEAD has no branch that could follow its tags.
        let Some(branch) = self.remote.branch.as_ref().filter(|_| !merges) else { return Vec::new() };
        self.local(|tag, look| self.remote.tags.contains_key(tag) && branch.nowhere.contains(&look.commit))
    }

    /// The tags of packages that are here and that are meant.
    fn local(&self, is_meant: impl Fn(&str, &TagLook) -> bool) -> Vec<ReleaseUnit> {
        let mut by_version: BTreeMap<(PackageIx, Version), TagName> = BTreeMap::new();
        for (tag, _) in self.remote.local_tags.iter().filter(|(tag, look)| is_meant(tag, look)) {
            let of = self.tagged_packages().find_map(|(index, package)| Some((index, package.tagged(tag)?)));
            if let Some((index, version)) = of {
                by_version.insert((index, version), TagName::new(tag));
            }
        }
        by_version.into_iter().map(|((index, version), tag)| self.unit(index, version, tag)).collect()
    }

    /// What is typed for a version that is above the last tag of its package, and that no changelog has a section of.
    fn by_name_only(&self, unit: &ReleaseUnit) -> String {
        let package = &self.snapshot.workspace.packages[unit.package].id;
        let why = match self.snapshot.config.changelog_of(package) {
            Some(_) => "has neither a tag nor a section in the changelog",
            None => "has no tag",
        };
        format!(
            "{package} {} {why}: `relman tag {package}` makes the tag, `relman release {}` releases it",
            unit.text, unit.tag
        )
    }

    /// The versions at HEAD that are above their package's last tag, and that the changelog has a section of, and the others. A package
    /// without a changelog follows the others of its fixed group.
    fn untagged(&self) -> (Vec<ReleaseUnit>, Vec<ReleaseUnit>) {
        let (with_section, without) = self.above_their_tags();
        let group = |unit: &ReleaseUnit| self.snapshot.workspace.packages[unit.package].group;
        let is_fixed = |unit: &ReleaseUnit| {
            group(unit).is_some_and(|group| self.snapshot.workspace.groups[group].kind == GroupKind::Fixed)
        };
        let follows = |unit: &ReleaseUnit| {
            let package = &self.snapshot.workspace.packages[unit.package];
            let has_changelog = self.snapshot.config.changelog_of(&package.id).is_some();
            is_fixed(unit) && !has_changelog && with_section.iter().any(|other| group(other) == group(unit))
        };
        let (followers, others): (Vec<ReleaseUnit>, Vec<ReleaseUnit>) = without.into_iter().partition(follows);
        (with_section.into_iter().chain(followers).collect(), others)
    }

    /// The versions at HEAD that are above their package's last tag: those that the changelog has a section of, and the others.
    fn above_their_tags(&self) -> (Vec<ReleaseUnit>, Vec<ReleaseUnit>) {
        let mut units = (Vec::new(), Vec::new());
        for (index, package) in self.tagged_packages() {
            let (Some(version), Some((_, last))) = (package.version(), self.snapshot.git.tags.last(package)) else {
                // A package that was never tagged is released by its name only.
                continue;
            };
            // What is not above the last tag is released already.
            let Some(tag) = self.tag(package, version).filter(|_| *version > last) else { continue };
            let is_tagged =
                self.remote.local_tags.contains_key(tag.as_str()) || self.remote.tags.contains_key(tag.as_str());
            if !is_tagged {
                let has_section = notes(self.snapshot, tag.as_str(), Some(package.id.as_str())).is_ok();
                let of = if has_section { &mut units.0 } else { &mut units.1 };
                of.push(self.unit(index, version.clone(), tag));
            }
        }
        units
    }
}
