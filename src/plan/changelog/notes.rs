//! [`notes`]: the section of a release in its changelog.

use std::collections::BTreeSet;

use super::section_body::body;
use super::titles::titles;
use crate::changelog::{Document, Section};
use crate::config::{ChangelogConfig, Config, WebUrl};
use crate::model::{Diagnostic, ForgeKind, PackageId, PackageIx, ProblemCode, RepoPath, Version};
use crate::plan::select::index_of;
use crate::snapshot::Snapshot;
use crate::text::{Position, list_truncated};
use crate::workspace::Package;

/// The notes of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notes {
    /// The package.
    pub package: PackageId,
    /// The version, as the package spells it.
    pub version: String,
    /// The tag of the version; empty if it cannot have one.
    pub tag: String,
    /// The changelog.
    pub path: RepoPath,
    /// The line of the section's heading, from 1.
    pub line: usize,
    /// The text below the heading, with the link definitions that it uses. Its lines end in line feeds; may be empty.
    pub text: String,
}

impl Notes {
    /// Returns the address of the changelog at the tag, as far as relman.toml says where the forge is; else that of the tag.
    #[must_use]
    pub fn link(&self, config: &Config) -> Option<String> {
        let on_forge = || {
            let forge = config.forge.as_ref()?;
            let (kind, repository) = (forge.kind?, forge.repository.as_ref()?);
            let (host, folder) = match kind {
                ForgeKind::Github => ("https://github.com", "blob"),
                ForgeKind::Gitlab => ("https://gitlab.com", "-/blob"),
            };
            let host = forge.url.as_ref().map_or(host, WebUrl::as_str);
            Some(format!("{host}/{repository}/{folder}/{}/{}", self.tag, self.path))
        };
        let of_tag = || Some(config.changelog_of(&self.package)?.tag_url.as_ref()?.fill(|_| self.tag.clone()));
        on_forge().or_else(of_tag).filter(|_| !self.tag.is_empty())
    }
}

/// A package that the request may refer to, and its version.
struct Candidate<'a> {
    package: &'a Package,
    config: &'a ChangelogConfig,
    path: &'a RepoPath,
    version: Version,
}

/// Finds the section of a version or of a tag: the tag by the template of its package, a version in all changelogs or in that of one
/// package.
///
/// # Errors
/// What is neither tag nor version, a version without a section, one that several packages have, a changelog that cannot be read.
pub fn notes(snapshot: &Snapshot, wanted: &str, package: Option<&str>) -> Result<Notes, Vec<Diagnostic>> {
    let candidates = candidates(snapshot, wanted, package).map_err(|problem| vec![problem])?;
    let (mut found, mut missing, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for candidate in &candidates {
        match of_package(snapshot, candidate) {
            // The members of a fixed group share a section.
            Ok(Ok(notes)) => found.extend(seen.insert((notes.path.clone(), notes.line)).then_some(notes)),
            Ok(Err(why)) => missing.push(why),
            Err(problem) => problems.push(problem),
        }
    }
    if found.is_empty() && !problems.is_empty() {
        return Err(problems);
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(first), Some(second)) => {
            let names: Vec<PackageId> = [first, second].into_iter().chain(found).map(|notes| notes.package).collect();
            Err(vec![several(wanted, &names)])
        }
        (None, _) => Err(vec![none_of(wanted, missing)]),
    }
}

/// Returns `true` if the changelog of a package has a section of this version; also if it does not keep one.
///
/// # Errors
/// Returns an error if the changelog cannot be read.
pub(in crate::plan) fn has_section(
    snapshot: &Snapshot,
    index: PackageIx,
    version: &Version,
) -> Result<bool, Diagnostic> {
    let package = &snapshot.workspace.packages[index];
    let Some((config, path)) = snapshot.config.changelog_of(&package.id).zip(snapshot.changelogs.of(index)) else {
        return Ok(true);
    };
    of_package(snapshot, &Candidate { package, config, path, version: version.clone() }).map(|found| found.is_ok())
}

/// Reports in one sentence that the section does not exist, and the nearest one that does.
fn none_of(wanted: &str, mut missing: Vec<Missing>) -> Diagnostic {
    if missing.len() < 2 {
        let of_one = missing.pop().map(|one| (one.problem, one.near.map(|(_, written)| written)));
        let (problem, near) =
            of_one.unwrap_or_else(|| (Diagnostic::new(ProblemCode::NoSection, format!("`{wanted}` not found")), None));
        return problem.help(near.map_or(PREVIEW.to_owned(), |near| format!("the nearest version is {near}")));
    }
    let shown = list_truncated(missing.iter().map(|one| &one.path).collect::<BTreeSet<_>>(), SHOWN);
    let message = format!("no section for {wanted} in {shown}");
    let nearest = |is_below: bool| {
        let of = move |one: &Missing| one.near.as_ref().is_some_and(|(near, _)| (*near < one.wanted) == is_below);
        missing.iter().filter(move |one| of(one)).filter_map(|one| Some((&one.near.as_ref()?.0, one)))
    };
    let near = nearest(true).max_by(|a, b| a.0.cmp(b.0)).or_else(|| nearest(false).min_by(|a, b| a.0.cmp(b.0)));
    let near =
        near.and_then(|(_, one)| Some(format!("the nearest version is {} in {}", one.near.as_ref()?.1, one.path)));
    Diagnostic::new(ProblemCode::NoSection, message).help(near.unwrap_or_else(|| PREVIEW.to_owned()))
}

fn several(wanted: &str, names: &[PackageId]) -> Diagnostic {
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let help = names.first().map_or(String::new(), |name| format!("name one, as in `--package {name}`, or its tag"));
    Diagnostic::new(ProblemCode::AmbiguousSection, format!("{} have a section for {wanted}", shown.join(", ")))
        .help(help)
}

/// How many changelogs an error names.
const SHOWN: usize = 6;

const PREVIEW: &str = "`relman changelog preview` shows what is not released";

/// A changelog without the section.
struct Missing {
    path: RepoPath,
    problem: Diagnostic,
    wanted: Version,
    /// The nearest version that it has, and its spelling there.
    near: Option<(Version, String)>,
}

/// The packages that a text may refer to: those whose tag it is, else those that can read it as a version.
fn candidates<'a>(snapshot: &'a Snapshot, wanted: &str, only: Option<&str>) -> Result<Vec<Candidate<'a>>, Diagnostic> {
    let packages = &snapshot.workspace.packages;
    let meant = only.map(|name| index_of(snapshot, name)).transpose()?;
    let all = || packages.entries().filter(|(index, _)| meant.is_none_or(|meant| meant == *index));
    let kept = |(index, _): &(PackageIx, &Package)| snapshot.changelogs.of(*index).is_some();
    if !all().any(|package| kept(&package)) {
        let who = only.map_or("no package keeps".to_owned(), |name| format!("`{name}` does not keep"));
        let help = "a table [changelog] in relman.toml keeps one for every package";
        return Err(Diagnostic::new(ProblemCode::NoChangelog, format!("{who} a changelog")).help(help));
    }
    let tagged = all().filter_map(|(index, package)| Some((index, package, package.tagged(wanted)?)));
    let tagged: Vec<(PackageIx, &Package, Version)> = tagged.collect();
    let found = if tagged.is_empty() {
        let text = wanted.strip_prefix(['v', 'V']).unwrap_or(wanted);
        let read = |package: &Package| {
            let schemes = [package.scheme, package.scheme.other()];
            schemes.iter().find_map(|scheme| scheme.parse_lenient(text).ok())
        };
        all().filter_map(|(index, package)| Some((index, package, read(package)?))).collect()
    } else {
        tagged
    };
    if found.is_empty() {
        let of = only.map_or(String::new(), |name| format!(" of `{name}`"));
        let message = format!("`{wanted}` is neither a version nor a tag{of}");
        return Err(Diagnostic::new(ProblemCode::Version, message)
            .help("write it as in 1.2.3, or as `git tag --list` shows it"));
    }
    let named: Vec<&str> = found.iter().map(|(_, package, _)| package.id.as_str()).collect();
    let message = format!("`{wanted}` is a tag of `{}`, which keeps no changelog", named.join("`, `"));
    let candidate = |(index, package, version): (PackageIx, &'a Package, Version)| {
        let (config, path) = snapshot.config.changelog_of(&package.id).zip(snapshot.changelogs.of(index))?;
        Some(Candidate { package, config, path, version })
    };
    let with_changelog: Vec<Candidate<'_>> = found.into_iter().filter_map(candidate).collect();
    if with_changelog.is_empty() { Err(Diagnostic::new(ProblemCode::NoChangelog, message)) } else { Ok(with_changelog) }
}

/// Looks into the changelog of one package, and reports why it does not have the section.
///
/// # Errors
/// Returns an error if the changelog cannot be read.
fn of_package(snapshot: &Snapshot, candidate: &Candidate<'_>) -> Result<Result<Notes, Missing>, Diagnostic> {
    let (package, version, path) = (candidate.package, &candidate.version, candidate.path);
    // It was read in a scheme; the other one may have no words for it.
    let shown = package.scheme.render(version).unwrap_or_default();
    let missing = |message: String, near| {
        Ok(Err(Missing {
            path: path.clone(),
            problem: Diagnostic::new(ProblemCode::NoSection, message),
            wanted: version.clone(),
            near,
        }))
    };
    let Some(text) = snapshot.changelogs.files.get(path) else {
        let what = format!("the changelog {path} of `{}` does not exist", package.id);
        return missing(format!("no section for {shown}: {what}"), None);
    };
    let text = text.as_ref().map_err(Clone::clone)?;
    let titles = titles(snapshot, path, candidate.config, package);
    let document = Document::read(text, &titles);
    let releases: Vec<(&Version, &str, &Section)> = document.releases(package.id.as_str()).collect();
    if let Some((_, _, section)) = releases.iter().find(|(there, ..)| *there == version) {
        return Ok(Ok(Notes {
            package: package.id.clone(),
            version: shown,
            tag: tag_of(package, version),
            path: path.clone(),
            line: Position::of(text, section.heading.start).line,
            text: body(&document, section),
        }));
    }
    let versions = releases.iter().map(|(version, written, _)| (*version, *written));
    let near = near(version, versions).map(|(version, written)| (version.clone(), written.to_owned()));
    missing(format!("the changelog {path} of `{}` has no section for {shown}", package.id), near)
}

/// The tag of a version; empty if the package has no tags of its own.
fn tag_of(package: &Package, version: &Version) -> String {
    let tag = package.tag.render(version).ok().filter(|_| package.has_tags());
    tag.map_or(String::new(), |tag| tag.to_string())
}

/// The highest version below, else the lowest above.
fn near<'a>(
    wanted: &Version,
    versions: impl Iterator<Item = (&'a Version, &'a str)> + Clone,
) -> Option<(&'a Version, &'a str)> {
    let below = versions.clone().filter(|(version, _)| *version < wanted).max_by(|a, b| a.0.cmp(b.0));
    below.or_else(|| versions.min_by(|a, b| a.0.cmp(b.0)))
}
