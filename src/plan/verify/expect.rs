//! [`expected_artifacts`]: from relman.toml and what was released to what is looked for.

use std::collections::BTreeMap;

use super::expected::{Expected, ImageTag, PageSays, What};
use crate::config::{
    NameGlob, PackageVerify, PinSpec, PythonFile, ReleaseNotes, ReleaseText, TextWord, UrlContent, WantedArtifacts,
    WantedImage, WantedPackage, WantedProject, WantedUrl,
};
use crate::model::{
    ArtifactKind, ArtifactName, Diagnostic, ImageName, IndexFileKind, PackageIx, ProblemCode, TagName, Version,
    VersionScheme, chart_tag, did_you_mean,
};
use crate::plan::release_unit::{ReleaseUnit, ReleaseWords, milestone_title};
use crate::plan::tagged_packages::tag_mates;
use crate::snapshot::{RemoteLook, Snapshot};

/// What is known beside relman.toml.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// When the tags of this repository were made, in seconds since 1970.
    pub times: &'a BTreeMap<String, i64>,
    /// The remote, as far as it was asked.
    pub remote: Option<&'a RemoteLook>,
    /// Whether there is a forge.
    pub has_forge: bool,
}

/// Returns the artifacts of releases, in the order of the releases; those of the remote and the forge first.
#[must_use]
pub fn expected_artifacts(snapshot: &Snapshot, units: &[ReleaseUnit], known: Known<'_>) -> Vec<Expected> {
    let mut all = Vec::new();
    for unit in units {
        let list = List { snapshot, units, unit, known, package: unit.package };
        all.extend(list.looks_without_a_name());
        // Packages with one tag are released together.
        for package in tag_mates(snapshot, unit.package, &unit.version) {
            let id = &snapshot.workspace.packages[package].id;
            all.extend(List { package, ..list }.named(&snapshot.config.verify_of(id)));
        }
    }
    all
}

/// Returns `true` if relman.toml lets one of these releases be looked for on a forge.
#[must_use]
pub fn wants_forge(snapshot: &Snapshot, units: &[ReleaseUnit]) -> bool {
    let known = Known { times: &BTreeMap::new(), remote: None, has_forge: true };
    expected_artifacts(snapshot, units, known).iter().any(|expected| expected.what.is_on_forge())
}

/// What is looked at.
#[derive(Clone, Debug)]
pub struct OnlyNamed {
    /// What is reported.
    pub wanted: Vec<Expected>,
    /// What that is compared with, and whose digests its commands need.
    pub needed: Vec<Expected>,
}

/// Returns the artifacts that are named; all of them if none is.
///
/// # Errors
/// A name that means none of them.
pub fn only_named(expected: Vec<Expected>, names: &[String]) -> Result<OnlyNamed, Vec<Diagnostic>> {
    let known: Vec<String> = expected.iter().map(|expected| expected.artifact.to_string()).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let problem = |name: &&String| {
        let help = did_you_mean(name, &known, || match known.as_slice() {
            [] => "nothing is looked at; add [packages.NAME.verify] to relman.toml".to_owned(),
            known => format!("the artifacts are {}", crate::text::list_truncated(known, 6)),
        });
        Diagnostic::new(ProblemCode::UnknownName, format!("`{name}` is not an artifact of what is verified")).help(help)
    };
    let is_meant = |expected: &Expected, name: &str| expected.is_named(name);
    let unknown: Vec<Diagnostic> = names
        .iter()
        .filter(|name| !expected.iter().any(|expected| is_meant(expected, name)))
        .map(|name| problem(&name))
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let is_wanted = |expected: &Expected| names.is_empty() || names.iter().any(|name| is_meant(expected, name));
    let (wanted, others): (Vec<Expected>, Vec<Expected>) = expected.into_iter().partition(is_wanted);
    let is_needed = |other: &Expected| {
        wanted.iter().any(|wanted| match &wanted.what {
            What::Command { of, .. } => of.as_ref() == Some(&other.artifact),
            What::Image(image) => image.follows.as_ref() == Some(&other.artifact),
            _ => false,
        })
    };
    let needed = others.into_iter().filter(is_needed).collect();
    Ok(OnlyNamed { wanted, needed })
}

/// Returns the artifacts that a command makes for a release, by their names: as `[packages.NAME.verify]` describes them, else with what each
/// kind must have at least. None of them may be absent.
///
/// # Errors
/// A name that is not that of an artifact; one of a kind that only `[packages.NAME.verify]` can describe, and does not.
pub fn made_artifacts(
    snapshot: &Snapshot,
    unit: &ReleaseUnit,
    names: &[String],
    known: Known<'_>,
) -> Result<Vec<Expected>, String> {
    let described = expected_artifacts(snapshot, std::slice::from_ref(unit), known);
    let list = List { snapshot, units: std::slice::from_ref(unit), unit, known, package: unit.package };
    let mut all = Vec::new();
    for name in names {
        let mut found: Vec<Expected> = described.iter().filter(|expected| expected.is_named(name)).cloned().collect();
        if found.is_empty() {
            found = list.undescribed(name)?;
        }
        all.extend(found.into_iter().map(|expected| Expected { is_optional: false, ..expected }));
    }
    Ok(all)
}

/// Returns what upstream must have published of a pinned release, as relman.toml describes it. Tags of images that move from release to
/// release say nothing about one of them, and are left out.
#[must_use]
pub fn pinned_artifacts(snapshot: &Snapshot, spec: &PinSpec, tag: &str, version: &Version) -> Vec<Expected> {
    // A workspace has a package.
    let Some(package) = snapshot.workspace.packages.positions().next() else { return Vec::new() };
    let text = VersionScheme::Semver.render(version).or_else(|_| VersionScheme::Pep440.render(version));
    // One of the two schemes has words for any version that was read.
    let text = text.unwrap_or_default();
    let unit = ReleaseUnit { package, version: version.clone(), text, tag: TagName::new(tag.to_owned()), commit: None };
    let known = Known { times: &BTreeMap::new(), remote: None, has_forge: false };
    let list = List { snapshot, units: std::slice::from_ref(&unit), unit: &unit, known, package };
    let mut wanted = spec.verify.clone();
    for image in &mut wanted.images {
        image.tags.retain(|text| list.is_whole(text));
    }
    list.artifacts(&wanted)
}

/// The artifacts of one package of one release.
#[derive(Clone, Copy)]
struct List<'a> {
    snapshot: &'a Snapshot,
    units: &'a [ReleaseUnit],
    unit: &'a ReleaseUnit,
    known: Known<'a>,
    package: PackageIx,
}

impl List<'_> {
    fn expected(&self, kind: ArtifactKind, name: impl Into<String>, is_optional: bool, what: What) -> Expected {
        Expected {
            artifact: ArtifactName::new(kind, name),
            package: self.package,
            text: self.unit.text.clone(),
            version: self.unit.version.clone(),
            tag: self.unit.tag.clone(),
            commit: self.unit.commit.clone(),
            tagged: self.known.times.get(self.unit.tag.as_str()).copied(),
            is_optional,
            what,
        }
    }

    fn fill(&self, text: &ReleaseText) -> String {
        let unit = ReleaseUnit { package: self.package, ..self.unit.clone() };
        ReleaseWords::new(self.snapshot, self.units).fill(text, &unit)
    }

    /// The tag, its pipeline, the release on the forge and the milestone: relman.toml turns them off.
    fn looks_without_a_name(&self) -> Vec<Expected> {
        let (snapshot, tag) = (self.snapshot, self.unit.tag.as_str());
        let id = &snapshot.workspace.packages[self.package].id;
        let verify = snapshot.config.verify_of(id);
        let mut looks = Vec::new();
        if verify.tag {
            looks.push(self.expected(ArtifactKind::Tag, tag, false, What::Tag));
        }
        if !self.known.has_forge {
            return looks;
        }
        if verify.pipeline {
            looks.push(self.expected(ArtifactKind::Pipeline, tag, false, What::Pipeline));
        }
        let release = snapshot.config.release_of(id);
        if release.forge && verify.release {
            // Only the name of a file goes to the forge.
            let name = |glob: &crate::config::PathGlob| {
                let text = glob.as_str();
                NameGlob::of_names(text.rsplit('/').next().unwrap_or(text)).ok()
            };
            let assets = release.assets.iter().filter_map(name).collect();
            let what = What::Release { assets, has_notes: release.notes == ReleaseNotes::Section };
            looks.push(self.expected(ArtifactKind::Release, tag, false, what));
        }
        let is_lead = self.units.first().is_some_and(|lead| lead.tag == self.unit.tag);
        if verify.milestone
            && is_lead
            && let Some(title) = milestone_title(snapshot, std::slice::from_ref(self.unit))
        {
            let closes = snapshot.config.release.as_ref().is_some_and(|release| release.close_milestone);
            let what = What::Milestone { title: title.clone(), is_closed: closes && self.unit.is_final() };
            looks.push(self.expected(ArtifactKind::Milestone, title, false, what));
        }
        looks
    }

    fn named(&self, verify: &PackageVerify) -> Vec<Expected> {
        let mut all = self.artifacts(&verify.artifacts);
        for run in &verify.runs {
            if run.command.versions.is_match(&self.unit.version) {
                let of =
                    run.of.as_ref().and_then(|of| self.fixed_tag(&verify.artifacts, of)).or_else(|| run.of.clone());
                let what = What::Command { name: run.name.clone(), command: Box::new(run.command.clone()), of };
                all.push(self.expected(ArtifactKind::Run, &run.name, false, what));
            }
        }
        all
    }

    fn artifacts(&self, wanted: &WantedArtifacts) -> Vec<Expected> {
        let mut all: Vec<Expected> = wanted.images.iter().flat_map(|image| self.image(image)).collect();
        let chart = |chart: &WantedPackage| {
            let name = image_name(&chart.name)?;
            let what = What::Chart { name, tag: chart_tag(&self.semver()) };
            Some(self.expected(ArtifactKind::Chart, &chart.name, chart.optional, what))
        };
        all.extend(wanted.charts.iter().filter_map(chart));
        all.extend(wanted.pypi.iter().map(|project| {
            let files = project.files.iter().map(|file| match file {
                PythonFile::Sdist => IndexFileKind::Sdist,
                PythonFile::Wheel => IndexFileKind::Wheel,
            });
            let what =
                What::Python { project: project.name.clone(), files: files.collect(), attested: project.attested };
            self.expected(ArtifactKind::Pypi, &project.name, project.optional, what)
        }));
        all.extend(wanted.npm.iter().map(|package| {
            self.expected(ArtifactKind::Npm, &package.name, package.optional, What::Npm(package.name.clone()))
        }));
        all.extend(wanted.crates.iter().map(|package| {
            self.expected(ArtifactKind::Crate, &package.name, package.optional, What::Crate(package.name.clone()))
        }));
        all.extend(wanted.urls.iter().map(|url| self.page(url)));
        all
    }

    /// An artifact of which only the name is known.
    fn undescribed(&self, name: &str) -> Result<Vec<Expected>, String> {
        let Some((kind, name)) = name.split_once(':') else { return Err(format!("`{name}` is not an artifact")) };
        let mut wanted = WantedArtifacts::default();
        let package = || WantedPackage { name: name.to_owned(), optional: false };
        match ArtifactKind::named(kind) {
            Some(ArtifactKind::Image) => wanted.images.push(WantedImage::plain(name)),
            Some(ArtifactKind::Chart) => wanted.charts.push(package()),
            Some(ArtifactKind::Pypi) => wanted.pypi.push(WantedProject::plain(name)),
            Some(ArtifactKind::Npm) => wanted.npm.push(package()),
            Some(ArtifactKind::Crate) => wanted.crates.push(package()),
            _ => {
                let id = &self.snapshot.workspace.packages[self.package].id;
                return Err(format!("`{kind}:{name}` is not described in [packages.{id}.verify]"));
            }
        }
        Ok(self.artifacts(&wanted))
    }

    /// The version as charts write it.
    fn semver(&self) -> String {
        crate::model::VersionScheme::Semver.render(&self.unit.version).unwrap_or_else(|_| self.unit.text.clone())
    }

    /// A look at each tag of an image. Tags that do not hold the whole version are looked at only where this version is the highest final
    /// that they could lead to.
    fn image(&self, wanted: &WantedImage) -> Vec<Expected> {
        let Some(name) = image_name(&wanted.name) else { return Vec::new() };
        let fixed = wanted.tags.iter().find(|text| self.is_whole(text)).map(|text| self.fill(text));
        let look = |text: &ReleaseText| {
            let tag = self.fill(text);
            let is_whole = self.is_whole(text);
            if !is_whole && !self.is_highest_of(text, &tag) {
                return None;
            }
            let artifact = |tag: &str| ArtifactName::new(ArtifactKind::Image, format!("{}:{tag}", wanted.name));
            let follows = fixed.as_deref().filter(|_| !is_whole).map(artifact);
            let image = ImageTag {
                name: name.clone(),
                tag: tag.clone(),
                follows,
                signed: wanted.signed && is_whole,
                revision: wanted.revision && is_whole,
            };
            Some(self.expected(
                ArtifactKind::Image,
                format!("{}:{tag}", wanted.name),
                wanted.optional,
                What::Image(image),
            ))
        };
        wanted.tags.iter().filter_map(look).collect()
    }

    /// Returns `true` if a tag of this text is one of this version alone.
    fn is_whole(&self, text: &ReleaseText) -> bool {
        let has_parts = [TextWord::Major, TextWord::Minor, TextWord::Patch].iter().all(|word| text.uses(*word));
        text.uses(TextWord::Version) || text.uses(TextWord::Tag) || (has_parts && self.unit.is_final())
    }

    /// Returns `true` if no higher final has the same tag.
    fn is_highest_of(&self, text: &ReleaseText, tag: &str) -> bool {
        let package = &self.snapshot.workspace.packages[self.unit.package];
        let there = self.known.remote.into_iter().flat_map(|remote| remote.tags.keys()).map(String::as_str);
        let versions = there.chain(self.snapshot.git.tags.names()).filter_map(|tag| package.tagged(tag));
        let higher = versions.filter(|version| !version.is_prerelease() && *version > self.unit.version);
        let rendered = |version: Version| {
            let unit = ReleaseUnit { version, package: self.package, ..self.unit.clone() };
            ReleaseWords::new(self.snapshot, self.units).fill(text, &unit)
        };
        self.unit.is_final() && higher.map(rendered).all(|other| other != tag)
    }

    fn page(&self, wanted: &WantedUrl) -> Expected {
        let url = self.fill(&wanted.url);
        let says = match &wanted.content {
            None => PageSays::Anything,
            Some(UrlContent::Contains(text)) => PageSays::Text(self.fill(text)),
            Some(UrlContent::Pointer(pointer)) => PageSays::Version(pointer.to_string()),
        };
        self.expected(ArtifactKind::Url, url.clone(), wanted.optional, What::Page { url, says })
    }

    /// The artifact of an image's own tag.
    fn fixed_tag(&self, wanted: &WantedArtifacts, of: &ArtifactName) -> Option<ArtifactName> {
        let image = wanted.images.iter().find(|image| of.kind == ArtifactKind::Image && image.name == of.name)?;
        let text = image.tags.iter().find(|text| self.is_whole(text))?;
        Some(ArtifactName::new(ArtifactKind::Image, format!("{}:{}", image.name, self.fill(text))))
    }
}

/// The names were valid in relman.toml.
fn image_name(text: &str) -> Option<ImageName> {
    ImageName::parse(text).ok()
}
