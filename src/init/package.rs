//! [`Package`]: units that are released under one tag.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::changelog::kept;
use super::computed::module_prefix;
use super::doubt::Doubt;
use super::partial::{self, PartialReleases};
use super::places::{FollowedText, PlaceAt, releases};
use super::stated_tags;
use super::tools::{Selector, Tools};
use super::unit::{Entry, HeldBy, Unit};
use crate::config::{TagOwner, meetings};
use crate::model::{RepoPath, TagTemplate, Version, VersionScheme};
use crate::snapshot::{Discovery, FoundManifest, TagPrefix};

/// The default template of tags.
pub(super) const DEFAULT_TAG: &str = "{name}-v{version}";

/// Above this number of units, a common tag means a group, not one package with many manifests.
const MANY: usize = 8;

/// Units that are released under one tag.
#[derive(Clone, Debug)]
pub(super) struct Package {
    /// The key in relman.toml.
    pub(super) id: String,
    /// The units, sorted by folder, charts last: the primary is in what they deploy.
    pub(super) units: Vec<Unit>,
    /// The index of the prefix of its tags.
    pub(super) head: Option<usize>,
    /// Whether its tag is that of a group.
    pub(super) grouped: bool,
    /// How releases under that tag left it, or another package, out; `None` if they are always those of all.
    pub(super) in_parts: Option<String>,
    /// What comes before the version in its tags; `None` if the workspace's template says it.
    pub(super) prefix: Option<String>,
    /// The scheme of the package, if it has to be written.
    pub(super) scheme: Option<VersionScheme>,
    /// The scheme of its tags, if it is a different one.
    pub(super) tag_scheme: Option<VersionScheme>,
    /// The key of the package under whose tags it is released, if it has none of its own.
    pub(super) tag_of: Option<String>,
    /// The tags of another version on the same commits, which its own releases go with.
    pub(super) line: Option<usize>,
    /// Places of its version in manifests of other packages.
    pub(super) elsewhere: Vec<RepoPath>,
    /// Whether its folder has to be written beside its manifests, which do not show it.
    pub(super) has_path: bool,
}

impl Package {
    /// Returns the version of its first unit.
    pub(super) fn version(&self) -> Option<&Version> {
        self.units.first().map(|unit| &unit.version)
    }

    /// Returns its manifests and lock files.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.units.iter().flat_map(|unit| &unit.entries)
    }

    /// Returns the version as its primary writes it, or in its canonical spelling if no file holds it.
    pub(super) fn written(&self) -> Cow<'_, str> {
        let rendered = |unit: &Unit| unit.scheme().render(&unit.version).unwrap_or_default();
        match self.entries().next() {
            Some(entry) => Cow::Borrowed(&entry.written),
            None => Cow::Owned(self.units.first().map_or(String::new(), rendered)),
        }
    }

    /// Adds the files of a unit that only repeats the version.
    fn repeat(&mut self, unit: Unit) {
        let Some(last) = self.units.last_mut() else { return };
        last.entries.extend(unit.entries);
    }

    /// Returns `true` if the version of an application in a chart was the package's at each of its newest tags.
    fn version_moved(&self, chart: &RepoPath, heads: &[TagPrefix], discovery: &Discovery) -> bool {
        let head = self.head.and_then(|head| heads.get(head));
        let (Some(head), Some(file), Some(version)) = (head, discovery.followed.get(chart), self.version()) else {
            return false;
        };
        let text = FollowedText {
            path: chart,
            text: &file.now,
            version,
            scheme: VersionScheme::Semver,
            releases: releases(file, head),
        };
        text.places().iter().any(|(at, _)| matches!(at, PlaceAt::Pointer(at) if at.keys() == ["appVersion"]))
    }

    /// Returns `true` if its primary is a chart.
    fn is_chart(&self) -> bool {
        self.units.first().is_some_and(Unit::is_chart)
    }

    /// Returns `true` if its manifests have to be listed.
    pub(super) fn is_listed(&self) -> bool {
        let is_listed = |unit: &Unit| unit.listed || unit.entries.iter().any(|entry| entry.kind.follows());
        self.units.len() > 1 || !self.elsewhere.is_empty() || self.units.iter().any(is_listed)
    }

    /// Returns its folder, if it is written.
    pub(super) fn home(&self) -> Option<&RepoPath> {
        let is_named = |unit: &Unit| unit.placed && !unit.folder.is_root();
        let is_plain = |unit: &Unit| self.elsewhere.is_empty() && !unit.listed;
        let is_alone = |unit: &Unit| self.units.len() == 1 && (is_named(unit) || is_plain(unit));
        let is_shown = |unit: &&Unit| !self.is_listed() || self.has_path || is_alone(unit);
        self.units.first().filter(is_shown).map(|unit| &unit.folder)
    }

    /// Returns `true` if `members` would find exactly this package.
    pub(super) fn is_plain(&self) -> bool {
        let at_home = |unit: &Unit| !unit.folder.is_root() && unit.called() == self.id;
        let says_nothing =
            self.prefix.is_none() && self.tag_of.is_none() && self.scheme.is_none() && self.tag_scheme.is_none();
        let is_usual = says_nothing && !self.is_computed() && !self.is_never_tagged();
        is_usual && !self.is_listed() && self.units.iter().all(at_home)
    }

    /// Returns `true` if it is versioned and never tagged.
    pub(super) fn is_never_tagged(&self) -> bool {
        self.head.is_none() && self.tag_of.is_none() && self.units.iter().all(|unit| unit.never_tagged)
    }

    /// Returns `true` if no manifest holds its version.
    pub(super) fn is_computed(&self) -> bool {
        self.units.iter().any(|unit| unit.held_by != HeldBy::Manifests)
    }
}

/// Makes packages of units and the forms of their tags.
pub(super) fn packages(
    mut units: Vec<(Unit, Option<usize>)>,
    heads: &[TagPrefix],
    discovery: &Discovery,
    tools: &Tools,
) -> Vec<Package> {
    let in_parts = partial::join(&mut units, heads, discovery);
    // What only repeats a version is never the primary.
    let lines = lines(units, heads, &in_parts).into_iter();
    let (followers, units): (Vec<_>, Vec<_>) = lines.partition(|(unit, ..)| unit.follows());
    let mut sharing: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (unit, head, _) in &units {
        let Some(index) = head else { continue };
        let (count, documented) = sharing.entry(*index).or_default();
        *count += 1;
        *documented += usize::from(has_changelog(unit, heads.get(*index), discovery));
    }
    let mut packages: Vec<Package> = Vec::new();
    for (unit, head, line) in units.into_iter().chain(followers) {
        let (count, documented) = head.and_then(|head| sharing.get(&head)).copied().unwrap_or_default();
        let lead = head.and_then(|head| in_parts.get(&head)).map(|partial| &partial.lead);
        let takes = |package: &&mut Package| {
            let leads = || lead.is_none_or(|lead| package.entries().any(|entry| entry.path == *lead));
            package.head == head && (!package.grouped || (unit.follows() && leads()))
        };
        let known = packages.iter_mut().find(|package| head.is_some() && takes(package));
        match known {
            Some(package) if unit.follows() => package.repeat(unit),
            Some(package) => package.units.push(unit),
            None => packages.push(Package {
                id: String::new(),
                units: vec![unit],
                head,
                grouped: count > MANY || documented > 1 || head.is_some_and(|head| in_parts.contains_key(&head)),
                in_parts: head.and_then(|head| in_parts.get(&head)).map(|partial| partial.why.clone()),
                tag_of: None,
                line,
                prefix: None,
                scheme: None,
                tag_scheme: None,
                elsewhere: Vec::new(),
                has_path: false,
            }),
        }
    }
    packages.iter_mut().for_each(|package| package.units.sort_by_key(Unit::is_chart));
    name(&mut packages, heads, discovery);
    share_tags(&mut packages, tools);
    share_app_versions(&mut packages, heads, discovery);
    for package in &mut packages {
        package.has_path = package.is_listed() && needs_path(package, discovery);
        schemes(package, heads);
    }
    let style = style(&packages, heads, tools);
    let is_alone = packages.len() == 1;
    for package in &mut packages {
        prefix(package, heads, style);
        let has_tags = package.tag_of.is_none() && !package.is_never_tagged();
        if package.prefix.is_none() && package.head.is_none() && has_tags {
            package.prefix =
                stated_prefix(package, is_alone, tools).filter(|text| !is_styled(text, &package.id, style));
        }
    }
    part_tags(&mut packages, style);
    packages
}

/// One form of tags has one version, unless parts of what it tags are released: of units at several, those at the highest one that is tagged
/// keep it. What is on its way to the next one keeps it before a chart that was left behind.
fn lines(
    units: Vec<(Unit, Option<usize>)>,
    heads: &[TagPrefix],
    in_parts: &PartialReleases,
) -> Vec<(Unit, Option<usize>, Option<usize>)> {
    let mut main: BTreeMap<usize, (bool, bool, Version)> = BTreeMap::new();
    for (unit, head) in &units {
        let Some((index, head)) = head.and_then(|index| Some((index, heads.get(index)?))) else { continue };
        let is_ahead = unit.version.is_prerelease() && head.last().is_some_and(|last| unit.version > last.version);
        let is_tagged = head.tag_of(&unit.version).is_some();
        let line = ((is_tagged || is_ahead) && !unit.is_chart(), is_tagged, unit.version.clone());
        let known = main.entry(index).or_insert_with(|| line.clone());
        *known = line.max(known.clone());
    }
    let split = |(unit, head): (Unit, Option<usize>)| {
        let is_main = |head: &usize| {
            (in_parts.contains_key(head) && !unit.follows())
                || main.get(head).is_none_or(|(.., version)| *version == unit.version)
        };
        let (head, line) = (head.filter(is_main), head.filter(|head| !is_main(head)));
        (unit, head, line)
    };
    units.into_iter().map(split).collect()
}

/// Returns `true` if a changelog beside its manifest has the unit's last release.
fn has_changelog(unit: &Unit, head: Option<&TagPrefix>, discovery: &Discovery) -> bool {
    let is_beside = |path: &RepoPath| !unit.folder.is_root() && path.parent().as_ref() == Some(&unit.folder);
    let beside = discovery.changelogs.iter().filter(|(path, _)| is_beside(path));
    beside.into_iter().any(|(path, text)| kept(path, text, &unit.version, head).is_ok())
}

/// Returns `true` if the folders of its manifests are not the package's, or a changelog is in its folder.
fn needs_path(package: &Package, discovery: &Discovery) -> bool {
    let [unit] = package.units.as_slice() else { return false };
    let is_in = |path: &RepoPath| path.parent().unwrap_or_else(RepoPath::root) == unit.folder;
    let files: Vec<&RepoPath> = unit.entries.iter().map(|entry| &entry.path).chain(&package.elsewhere).collect();
    let is_shown = files.iter().any(|path| is_in(path)) && files.iter().all(|path| path.is_within(&unit.folder));
    !is_shown || (!unit.folder.is_root() && discovery.changelogs.keys().any(is_in))
}

/// Packages without tags of their own are released under the tags that they held another version at, or under the only ones.
fn share_tags(packages: &mut [Package], tools: &Tools) {
    let used: BTreeSet<usize> = packages.iter().filter_map(|package| package.head).collect();
    let only = used.first().copied().filter(|_| used.len() == 1);
    let owner = |head: usize| packages.iter().find(|package| package.head == Some(head)).map(|owner| owner.id.clone());
    let is_private =
        |package: &Package| package.units.iter().any(|unit| unit.never_tagged && unit.doubt == Some(Doubt::Private));
    let has_own = |package: &Package| package.units.iter().any(|unit| stated_tags::prefix(unit, tools).is_some());
    let is_under = |package: &Package| package.head.is_none() && !is_private(package);
    let shown = |package: &Package| package.line.or_else(|| package.units.iter().find_map(|unit| unit.under));
    let only = |package: &Package| only.filter(|_| !has_own(package));
    let under =
        |package: &Package| shown(package).or_else(|| only(package)).filter(|_| is_under(package)).and_then(owner);
    let found: Vec<Option<String>> = packages.iter().map(under).collect();
    for (package, of) in packages.iter_mut().zip(found) {
        package.tag_of = of;
    }
}

/// Gives every package a key of its own.
fn name(packages: &mut [Package], heads: &[TagPrefix], discovery: &Discovery) {
    let wanted: Vec<String> =
        packages.iter().map(|package| usable(&expected_tags(package, heads, discovery))).collect();
    // A chart does not take the name of what it deploys.
    let mut count: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (package, name) in packages.iter().zip(&wanted) {
        let (programs, charts) = count.entry(name).or_default();
        *(if package.is_chart() { charts } else { programs }) += 1;
    }
    let mut taken = BTreeSet::new();
    for (package, name) in packages.iter_mut().zip(&wanted) {
        let folder = package.units.first().map_or("", |unit| unit.folder.as_str()).replace('/', "-");
        let (programs, charts) = count.get(name.as_str()).copied().unwrap_or_default();
        let is_alone = if package.is_chart() { programs + charts == 1 } else { programs == 1 };
        let head = package.head.and_then(|head| heads.get(head)).filter(|head| !package.grouped && !head.is_bare());
        let label = head.map_or("", |head| head.label.as_str());
        let base = match label {
            _ if is_alone => name.clone(),
            label if package.is_chart() && charts == 1 && (label.is_empty() || label == name) => {
                format!("{name}-chart")
            }
            "" if folder.is_empty() => name.clone(),
            "" => usable(&folder),
            label => usable(label),
        };
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let free = std::iter::once(base.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(base);
        taken.insert(free.clone());
        package.id = free;
    }
}

fn expected_tags(package: &Package, heads: &[TagPrefix], discovery: &Discovery) -> String {
    let is_root = |path: &RepoPath| path.parent().is_none_or(|home| home.is_root());
    let named = |manifest: &'_ FoundManifest| Some(manifest.found.as_ref()?.name.as_ref()?.name.clone());
    let of_root = || discovery.manifests.iter().filter(|manifest| is_root(&manifest.path)).find_map(named);
    let label = package.head.and_then(|head| heads.get(head)).filter(|head| !head.is_bare()).map(|head| &head.label);
    match package.units.as_slice() {
        [unit] => match label {
            Some(label) if !label.contains('/') && unit.called().ends_with(label.as_str()) => label.clone(),
            Some(label) if unit.is_chart() && is_label_of_chart(label, unit.called()) => label.clone(),
            _ if unit.folder.is_root() && unit.name.is_none() => {
                let is_known = !unit.entries.is_empty();
                let names: Vec<String> = discovery.manifests.iter().filter(|_| is_known).filter_map(named).collect();
                of_root().or_else(|| common_name(&names)).unwrap_or_else(|| "platform".to_owned())
            }
            _ => unit.called().to_owned(),
        },
        units => label.cloned().or_else(|| same_name(units)).or_else(of_root).unwrap_or_else(|| "platform".to_owned()),
    }
}

/// Returns `true` if the label of tags is that of a chart, beside the tags of what it deploys: `api-chart` or `helm-api` for `acme-api`.
fn is_label_of_chart(label: &str, called: &str) -> bool {
    let after = ["-chart", "-helm"].iter().filter_map(|mark| label.strip_suffix(mark));
    let mut names = after.chain(["chart-", "helm-"].iter().filter_map(|mark| label.strip_prefix(mark)));
    names.any(|name| !name.is_empty() && called.ends_with(name))
}

/// Returns the name that all of several units have.
fn same_name(units: &[Unit]) -> Option<String> {
    let names: BTreeSet<&str> = units.iter().map(Unit::called).filter(|name| !name.is_empty()).collect();
    names.first().filter(|_| names.len() == 1).map(|name| (*name).to_owned())
}

/// Returns what the names of the members of a workspace have in common: the shortest of them that most others start with, or their common
/// start.
fn common_name(names: &[String]) -> Option<String> {
    let first = names.first()?;
    let starts =
        |name: &&String| names.iter().filter(|other| other.starts_with(name.as_str())).count() * 2 > names.len();
    if let Some(name) = names.iter().filter(starts).min_by_key(|name| name.len()) {
        return Some(name.clone());
    }
    let end =
        |name: &String| name.chars().zip(first.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let common: usize = names.iter().map(end).min()?;
    let start = first.get(..common)?;
    let start = start.rfind(['-', '_', '/', '.']).and_then(|at| start.get(..at))?.trim_start_matches('@');
    (!start.is_empty()).then(|| start.to_owned())
}

/// Returns the name as a key that can be typed, matched and used in a tag; of Maven's `group:artifact`, the artifact.
fn usable(name: &str) -> String {
    let name = name.rsplit(':').next().unwrap_or(name);
    let odd = |c: char| c.is_whitespace() || c.is_control() || "{}*?[]!\\\"".contains(c);
    let name: String = name.chars().map(|c| if odd(c) { '-' } else { c }).collect();
    let taggable = |name: &str| TagTemplate::new(DEFAULT_TAG, name, VersionScheme::Semver).is_ok();
    if !name.is_empty() && taggable(&name) { name } else { "package".to_owned() }
}

/// A chart that deploys an application names its version: that place is the application's, if it has the name of the chart or moved with it. At
/// one number by chance, it would be overwritten.
fn share_app_versions(packages: &mut [Package], heads: &[TagPrefix], discovery: &Discovery) {
    let mut shared = Vec::new();
    for package in packages.iter() {
        for (path, version) in package.units.iter().filter_map(|unit| unit.app_version.as_ref()) {
            let mut programs = packages.iter().enumerate().filter(|(_, other)| !other.is_chart());
            let chart = |other: &Package| other.units.iter().any(|unit| is_named_like(unit, package, path));
            let moved = |other: &Package| other.version_moved(path, heads, discovery);
            // What is in tags alone is not in a chart because of a name.
            let is_its = |other: &Package| moved(other) || (chart(other) && !other.is_computed());
            let mut same = programs.by_ref().filter(|(_, other)| other.version() == Some(version) && is_its(other));
            if let (Some((owner, _)), None) = (same.next(), same.next()) {
                shared.push((owner, path.clone()));
            }
        }
    }
    for (owner, path) in shared {
        if let Some(package) = packages.get_mut(owner) {
            package.elsewhere.push(path);
            package.units.iter_mut().for_each(|unit| unit.held_by = HeldBy::Manifests);
        }
    }
}

/// Returns `true` if a chart or its folder has the name of the unit.
fn is_named_like(unit: &Unit, chart: &Package, path: &RepoPath) -> bool {
    let folder = path.parent().unwrap_or_else(RepoPath::root);
    let names = chart.units.iter().map(Unit::called).chain([folder.file_name()]);
    let called = unit.short_name();
    names.into_iter().any(|name| name == called || name == unit.folder.file_name())
}

/// Finds the schemes that have to be written: that of texts with an unusual spelling, and that of tags.
fn schemes(package: &mut Package, heads: &[TagPrefix]) {
    let unusual = package.units.iter().find_map(Unit::unusual_scheme).map(|(_, scheme)| scheme);
    let usual = package.units.first().map_or(VersionScheme::Semver, Unit::usual_scheme);
    let of_tags = package.head.and_then(|head| heads.get(head)).and_then(|head| head.scheme);
    package.scheme = unusual;
    package.tag_scheme = of_tags.filter(|scheme| *scheme != unusual.unwrap_or(usual));
}

/// The templates that a whole workspace may have.
const STYLES: [&str; 9] = ["-v", "@", "@v", "/v", "/", "-", "_v", "==", "_"];

/// Returns the text between name and version in most tags.
fn style(packages: &[Package], heads: &[TagPrefix], tools: &Tools) -> &'static str {
    let fits = |style: &str| {
        let own = |package: &&Package| {
            let head = package.head.and_then(|head| heads.get(head));
            head.is_some_and(|head| head.text.strip_suffix(style) == Some(package.id.as_str()))
        };
        packages.iter().filter(|package| !package.grouped).filter(own).count()
    };
    // The first of the most frequent ones, which is the default without any.
    let most = STYLES.into_iter().rev().max_by_key(|style| fits(style)).unwrap_or("-v");
    if fits(most) > 0 { most } else { stated_style(tools).map_or(most, |(style, _)| style) }
}

/// Returns the style of the tags of all packages by another tool's file, and where that file is.
pub(super) fn stated_style(tools: &Tools) -> Option<(&'static str, String)> {
    let tags = tools.settings.iter().flat_map(|settings| settings.tags.iter().map(move |tag| (settings, tag)));
    tags.filter(|(_, tag)| matches!(tag.of, Selector::All)).find_map(|(settings, tag)| {
        let text = tag.template.strip_prefix("{name}")?.strip_suffix("{version}")?;
        Some((STYLES.into_iter().find(|style| *style == text)?, settings.origin()))
    })
}

/// Returns what comes before the version in the tags of a package by another tool's file.
fn stated_prefix(package: &Package, is_alone: bool, tools: &Tools) -> Option<String> {
    let tags = tools.settings.iter().flat_map(|settings| &settings.tags);
    let tag =
        tags.into_iter().find(|tag| package.units.iter().any(|unit| tag.of.is_match(unit.names(), &unit.folder)))?;
    let template = tag.alone.as_ref().filter(|_| is_alone).unwrap_or(&tag.template);
    // One template without a name cannot be that of several packages.
    let is_at_top = package.units.iter().any(|unit| unit.folder.is_root());
    let is_of_one = is_alone || is_at_top || template.contains("{name}") || matches!(tag.of, Selector::Folder(_));
    let base = package.id.rsplit('/').next().unwrap_or(&package.id);
    let prefix = template.strip_suffix("{version}").filter(|_| is_of_one)?;
    let prefix = prefix.replace("{name}", &package.id).replace("{base}", base);
    (!prefix.contains(['{', '}'])).then_some(prefix)
}

fn is_styled(text: &str, id: &str, style: &str) -> bool {
    text.strip_suffix(style) == Some(id)
}

/// Returns the template of a style.
pub(super) fn template(style: &str) -> String {
    format!("{{name}}{style}{{version}}")
}

/// Returns the style of the packages: the text after the name in the tags of those without a template of their own.
pub(super) fn workspace_style(packages: &[Package], heads: &[TagPrefix], tools: &Tools) -> &'static str {
    style(packages, heads, tools)
}

fn prefix(package: &mut Package, heads: &[TagPrefix], style: &str) {
    let head = package.head.and_then(|head| heads.get(head)).filter(|_| !package.grouped);
    let text = head.map(|head| head.text.clone()).or_else(|| package.units.first().and_then(module_prefix));
    package.prefix = text.filter(|text| !is_styled(text, &package.id, style));
}

/// Two packages must not make one tag: the later one gets tags with its name.
fn part_tags(packages: &mut [Package], style: &str) {
    for _ in 0..3 {
        let owners: Vec<TagOwner> = packages.iter().filter_map(|package| owner(package, style)).collect();
        let clashing: BTreeSet<String> = meetings(&owners)
            .into_iter()
            .filter_map(|(_, second)| owners.get(second))
            .map(|owner| owner.name.clone())
            .collect();
        if clashing.is_empty() {
            return;
        }
        for package in packages.iter_mut().filter(|package| clashing.contains(&package.id)) {
            package.prefix =
                Some(format!("{}{}", package.id, if package.prefix.is_none() { "-release-v" } else { "-v" }));
        }
    }
}

fn owner(package: &Package, style: &str) -> Option<TagOwner> {
    if package.grouped || package.tag_of.is_some() || package.is_never_tagged() {
        return None;
    }
    let text = package.prefix.as_ref().map_or_else(|| template(style), |prefix| format!("{prefix}{{version}}"));
    let usual = package.units.first().map_or(VersionScheme::Semver, Unit::usual_scheme);
    let scheme = package.tag_scheme.or(package.scheme).unwrap_or(usual);
    let templates = vec![TagTemplate::new(&text, &package.id, scheme).ok()?];
    Some(TagOwner { name: package.id.clone(), templates, text, span: None })
}

/// Returns the scheme that an entry of a listed package has to specify.
pub(super) fn entry_scheme(package: &Package, entry: &Entry) -> Option<VersionScheme> {
    let spelled = entry.spelled?;
    // A type without a usual scheme takes that of the primary, which may be changed later.
    let Some(usual) = entry.kind.usual_scheme() else { return Some(spelled) };
    (package.scheme.unwrap_or(usual) != spelled).then_some(spelled)
}
