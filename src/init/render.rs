//! The text of relman.toml, with the reasons in comments.

use std::collections::{BTreeMap, BTreeSet};

use super::changelogs::Changelogs;
use super::comments::{array, comment, key, one_line, quoted};
use super::members::cover;
use super::package::{Package, entry_scheme, stated_style, template, workspace_style};
use super::proposal::{Basis, Proposal};
use super::tools::Tools;
use super::unit::{Entry, HeldBy, LeftOut, Unit};
use crate::config::{GroupKind, SCHEMA_URL};
use crate::model::{ManifestType, RepoPath, VersionScheme};
use crate::snapshot::TagPrefix;
use crate::text::list_truncated;

/// From this number of plain packages, globs are written instead of tables.
const GLOBS_FROM: usize = 4;

/// Above this number, packages that only list their manifests take a line each instead of a table.
const SHORT_FROM: usize = 6;

/// So many places of a package fit in a line.
const SHORT: usize = 2;

/// How many reasons for left-out folders are shown.
const NAMED: usize = 12;

const HEADER: &str = "\
# relman.toml, as `relman init` read it off this repository. Look it over, change what is wrong, and commit it.
# `relman status` shows what relman makes of it, `relman schema` describes every key.
";

/// Writes the file.
pub(super) fn render(
    packages: &[Package],
    groups: &[Proposal],
    heads: &[TagPrefix],
    left_out: &[LeftOut],
    changelogs: &Changelogs,
    (settings, changes): (&str, &str),
    tools: &Tools,
) -> String {
    let plain = packages.iter().filter(|package| package.is_plain()).count();
    let globs = plain >= GLOBS_FROM;
    let (by_glob, by_hand): (Vec<&Package>, Vec<&Package>) =
        packages.iter().partition(|package| globs && package.is_plain());
    let is_usual = |package: &&Package| package.prefix.is_none() && package.head.is_some() && !package.grouped;
    let is_styled = !by_glob.is_empty() || by_hand.iter().copied().filter(is_usual).count() > 1;
    let mut out = format!("#:schema {SCHEMA_URL}\n{HEADER}");
    out.push_str(&workspace((&by_glob, &by_hand), is_styled, left_out, packages, heads, (settings, tools)));
    let (short, long): (Vec<&Package>, Vec<&Package>) = by_hand.into_iter().partition(|package| is_short(package));
    let (short, long) = if short.len() > SHORT_FROM { (short, long) } else { (Vec::new(), [short, long].concat()) };
    out.push_str(&lines(&short));
    for package in long {
        out.push_str(&table(package, heads, is_styled));
        out.push_str(changelogs.of_package.get(&package.id).map_or("", String::as_str));
    }
    for group in groups {
        out.push_str(&self::group(group));
    }
    out.push_str(&changelogs.shared);
    out.push_str(changes);
    out.push_str(&leftovers(left_out));
    out.push_str(&other_tags(packages, heads));
    out
}

fn workspace(
    (by_glob, by_hand): (&[&Package], &[&Package]),
    is_styled: bool,
    left_out: &[LeftOut],
    packages: &[Package],
    heads: &[TagPrefix],
    (settings, tools): (&str, &Tools),
) -> String {
    let mut out = String::from("\n[workspace]\n");
    if !by_glob.is_empty() {
        let wanted: Vec<&RepoPath> = by_glob.iter().flat_map(|p| &p.units).map(|unit| &unit.folder).collect();
        let found = cover(&wanted, &others(by_hand, left_out));
        out.push_str(&comment(&format!(
            "{} packages: each folder that matches and whose manifest holds a version, named by that manifest.",
            by_glob.len()
        )));
        out.push_str(&format!("members = {}\n", array(found.members.iter().map(String::as_str))));
        if !found.exclude.is_empty() {
            out.push_str(&format!("exclude = {}\n", array(found.exclude.iter().map(String::as_str))));
        }
    }
    let in_glob: BTreeSet<&str> = by_glob.iter().map(|package| package.id.as_str()).collect();
    let relying = |p: &&Package| {
        in_glob.contains(p.id.as_str())
            || (p.tag_of.is_none() && !p.is_never_tagged() && p.prefix.is_none() && (is_styled || p.head.is_none()))
    };
    if packages.iter().any(|package| !package.grouped && relying(&package)) {
        let style = workspace_style(packages, heads, tools);
        let example = by_glob.iter().chain(by_hand).filter(|package| package.prefix.is_none());
        let example = example.filter_map(|package| Some(&heads.get(package.head?)?.last()?.name)).next();
        let stated = || stated_style(tools).filter(|(stated, _)| *stated == style);
        let why = match example {
            Some(tag) => format!("   # as in {}", one_line(tag)),
            None => stated().map_or("   # no tags were found that say otherwise".to_owned(), |(_, origin)| {
                format!("   # no tags were found; as in {}", one_line(&origin))
            }),
        };
        out.push_str(&format!("tag = {}{why}\n", quoted(&template(style))));
    }
    out.push_str(settings);
    out
}

/// Folders with a version that the globs must not turn into packages: those of listed packages, and those that are left out. A package that
/// is declared by its folder is not found there again.
fn others(by_hand: &[&Package], left_out: &[LeftOut]) -> BTreeSet<RepoPath> {
    let home = |path: &RepoPath| path.parent().unwrap_or_else(RepoPath::root);
    let listed = by_hand.iter().filter(|package| package.is_listed());
    // The name in a folder's manifest excludes the folder, too, if a declared package has that name.
    let units = listed.flat_map(|package| package.units.iter().filter(|unit| unit.called() != package.id));
    let of_packages = units.flat_map(|unit| &unit.entries).map(|entry| home(&entry.path));
    let is_manifest = |left: &&LeftOut| ManifestType::of_file(left.path.file_name()).is_some();
    let none = left_out.iter().filter(|left| left.has_version);
    let of_none = none.map(|left| if is_manifest(&left) { home(&left.path) } else { left.path.clone() });
    of_packages.chain(of_none).filter(|folder| !folder.is_root()).collect()
}

/// Returns `true` if a package only lists where its versions are.
fn is_short(package: &Package) -> bool {
    let of_tags = !(package.is_listed() && package.home().is_some())
        && package.prefix.is_none()
        && package.tag_of.is_none()
        && !package.is_never_tagged()
        && package.tag_scheme.is_none();
    let is_simple = of_tags && package.is_listed() && !package.is_computed() && scheme(package).is_empty();
    is_simple && elements(package).len() <= SHORT
}

/// Writes many such packages, a line each.
fn lines(packages: &[&Package]) -> String {
    if packages.is_empty() {
        return String::new();
    }
    let mut out = String::from("\n");
    out.push_str(&comment(&format!("{} packages, each with the places of its version.", packages.len())));
    out.push_str("[packages]\n");
    for package in packages {
        let elements: Vec<String> = elements(package);
        out.push_str(&format!("{}.manifests = [{}]\n", key(&package.id), elements.join(", ")));
    }
    out
}

/// Writes a package; `is_styled` means that the workspace has a template, so that only different ones need to be written.
fn table(package: &Package, heads: &[TagPrefix], is_styled: bool) -> String {
    let mut out = String::from("\n");
    out.push_str(&comment(&about(package, heads)));
    out.push_str(&format!("[packages.{}]\n", key(&package.id)));
    match package.units.as_slice() {
        [unit] if !package.is_listed() => {
            let files: Vec<&str> = unit.entries.iter().map(|entry| entry.path.file_name()).collect();
            let files = if files.is_empty() { String::new() } else { format!("   # {}", one_line(&files.join(", "))) };
            out.push_str(&format!("path = {}{files}\n", quoted(&unit.folder.to_string())));
        }
        _ => {
            let folder = package.home().map(|folder| format!("path = {}\n", quoted(&folder.to_string())));
            out.push_str(&folder.unwrap_or_default());
            out.push_str(&manifests(package));
        }
    }
    if package.units.iter().any(|unit| unit.held_by == HeldBy::Tags) {
        out.push_str("version = \"tag\"   # no file holds it: it is that of the last tag\n");
    }
    out.push_str(&scheme(package));
    let head = package.head.and_then(|head| heads.get(head)).filter(|_| !package.grouped);
    if let Some(prefix) = package.prefix.as_ref().or(head.map(|head| &head.text).filter(|_| !is_styled)) {
        let why = head.and_then(TagPrefix::last).filter(|tag| tag.name.starts_with(prefix.as_str()));
        let why = why.map_or(String::new(), |tag| format!("   # as in {}", one_line(&tag.name)));
        out.push_str(&format!("tag-prefix = {}{why}\n", quoted(prefix)));
    }
    if let Some(of) = &package.tag_of {
        out.push_str(&format!("tag-of = {}   # it has no tags of its own\n", quoted(of)));
    }
    if package.is_never_tagged() {
        let stated = package.units.iter().find_map(|unit| unit.untagged_by.as_ref());
        let why = stated.map_or_else(
            || "its version went on with releases, and it never had a tag".to_owned(),
            |origin| format!("it is private, as in {}", one_line(origin)),
        );
        out.push_str(&format!("tag = false   # {why}\n"));
    }
    if let Some(scheme) = package.tag_scheme {
        out.push_str(&format!("tag-scheme = \"{}\"   # how its tags spell versions\n", scheme.name()));
    }
    out
}

/// The scheme of a package, if its spelling reveals it.
fn scheme(package: &Package) -> String {
    let first = || package.entries().next().filter(|entry| entry.spelled == Some(VersionScheme::Pep440));
    let unusual = package.units.iter().find_map(Unit::unusual_scheme).map(|(entry, _)| entry);
    let Some(entry) = unusual.or_else(first) else { return String::new() };
    let scheme = package.scheme.unwrap_or(VersionScheme::Pep440);
    let (path, written) = (one_line(entry.path.as_str()), one_line(&entry.written));
    format!("scheme = \"{}\"   # {path} spells {written}\n", scheme.name())
}

/// Describes a package and why it is one.
fn about(package: &Package, heads: &[TagPrefix]) -> String {
    let called: BTreeSet<&str> = package.units.iter().map(Unit::called).collect();
    let name = |unit: &Unit| match called.len() == package.units.len() {
        true if !unit.called().is_empty() => unit.called().to_owned(),
        // Two manifests of the same name differ by their folders.
        _ => unit.entries.first().map_or(String::new(), |entry| entry.path.to_string()),
    };
    let names: Vec<String> = package.units.iter().map(name).collect();
    let last = package.head.and_then(|head| heads.get(head)).and_then(TagPrefix::last);
    let mut text = match names.as_slice() {
        [_] => {
            let name = package.units.first().and_then(|unit| unit.name.as_ref()).unwrap_or(&package.id);
            format!("{name} {}", package.written())
        }
        many => {
            let tag = last.map_or(String::new(), |tag| format!(" and share their tags, such as {}", tag.name));
            format!("{} hold {}{tag}: one package, several manifests", list_names(many), package.written())
        }
    };
    let homes = |entry: &&Entry| package.units.iter().any(|unit| entry.path.is_within(&unit.folder));
    let is_lock = |entry: &&Entry| entry.search.is_none() && entry.pointer.is_none() && !entry.kind.follows();
    let foreign = package.entries().filter(is_lock).filter(|entry| !homes(entry)).map(|entry| entry.path.as_str());
    let foreign: Vec<&str> = foreign.collect();
    match foreign.as_slice() {
        [] => {}
        [one] => text.push_str(&format!(". {one} has an entry of it, too")),
        several => text.push_str(&format!(". {} have entries of it, too", list_truncated(several, NAMED))),
    }
    if package.entries().next().is_some_and(|entry| entry.search.is_some()) {
        text.push_str(". Its version is in a line of text, which is found by a search");
    }
    if !package.elsewhere.is_empty() {
        text.push_str(". A chart names its version as that of its application");
    }
    text
}

fn list_names(names: &[String]) -> String {
    match names {
        [first, second] => format!("{first} and {second}"),
        _ => names.join(", "),
    }
}

fn elements(package: &Package) -> Vec<String> {
    let mut elements: Vec<String> = package.entries().map(|entry| element(package, entry)).collect();
    let app_version = |chart: &RepoPath| format!("{{ path = {}, fields = [\"appVersion\"] }}", quoted(chart.as_str()));
    elements.extend(package.elsewhere.iter().map(app_version));
    elements
}

fn manifests(package: &Package) -> String {
    let elements = elements(package);
    let line = elements.join(", ");
    if elements.len() < 3 && line.len() < 90 {
        return format!("manifests = [{line}]\n");
    }
    format!("manifests = [\n  {},\n]\n", elements.join(",\n  "))
}

fn element(package: &Package, entry: &Entry) -> String {
    let path = quoted(entry.path.as_str());
    let mut more = String::new();
    if entry.kind == ManifestType::Plain && ManifestType::of_file(entry.path.file_name()).is_none() {
        more.push_str(", type = \"plain\"");
    }
    if let Some(pointer) = &entry.pointer {
        more.push_str(&format!(", pointer = {}", quoted(pointer)));
    }
    if let Some(search) = &entry.search {
        more.push_str(&format!(", search = {}", quoted(search)));
    }
    if let Some(scheme) = entry_scheme(package, entry) {
        more.push_str(&format!(", scheme = \"{}\"", scheme.name()));
    }
    if let Some(field) = entry.field {
        more.push_str(&format!(", fields = [\"{field}\"]"));
    }
    if more.is_empty() { path } else { format!("{{ path = {path}{more} }}") }
}

fn group(group: &Proposal) -> String {
    let mut out = String::from("\n");
    out.push_str(&comment(&group.why));
    out.push_str(&match group.basis {
        Basis::Stated => String::new(),
        Basis::Evidence if group.kind == GroupKind::Linked => String::new(),
        Basis::Evidence => {
            comment("They keep one version and are released together; remove the group if that was a coincidence.")
        }
        Basis::Guess => comment("That may be a coincidence; if they should keep one version, uncomment these lines:"),
    });
    let members: Vec<&str> = group.members.iter().map(String::as_str).collect();
    let members = if group.all && members.len() > GLOBS_FROM { vec!["*"] } else { members };
    let kind = if group.kind == GroupKind::Fixed { "fixed" } else { "linked" };
    let mut body = format!("[groups.{}]\n{kind} = {}\n", key(&group.name), array(members.into_iter()));
    if let Some(tag) = &group.tag {
        body.push_str(&match group.kind {
            GroupKind::Fixed => format!("tag = {}   # one tag for all of them\n", quoted(tag)),
            GroupKind::Linked => {
                format!("shared-tag = {}   # one tag for all that are released together\n", quoted(tag))
            }
        });
    }
    if group.basis == Basis::Guess {
        body = body.lines().map(|line| format!("# {line}\n")).collect();
    }
    out + &body
}

fn leftovers(left_out: &[LeftOut]) -> String {
    if left_out.is_empty() {
        return String::new();
    }
    let mut out = String::from("\n");
    out.push_str(&comment("Left out, though they hold versions; give one a table in [packages] if it is released:"));
    let mut by_reason: BTreeMap<&str, Vec<&RepoPath>> = BTreeMap::new();
    for left in left_out {
        by_reason.entry(&left.why).or_default().push(&left.path);
    }
    for (why, paths) in by_reason.iter().take(NAMED) {
        out.push_str(&comment(&format!("  {}: {why}", list_truncated(paths, 3))));
    }
    out
}

/// Names the tags that belong to no package.
fn other_tags(packages: &[Package], heads: &[TagPrefix]) -> String {
    let used: BTreeSet<usize> = packages.iter().filter_map(|package| package.head).collect();
    let mut others: Vec<(usize, &str)> = Vec::new();
    for (_, head) in heads.iter().enumerate().filter(|(index, _)| !used.contains(index)) {
        others.extend(head.last().map(|tag| (head.tags.len(), tag.name.as_str())));
    }
    if others.is_empty() {
        return String::new();
    }
    others.sort_by(|a, b| b.cmp(a));
    let shown: Vec<String> = others
        .iter()
        .map(|(count, last)| match count {
            1 => (*last).to_owned(),
            _ => format!("{last} ({count} of this form)"),
        })
        .collect();
    let shown: Vec<&String> = shown.iter().collect();
    format!(
        "\n{}",
        comment(&format!("Tags of no package here, the newest of each form: {}", list_truncated(&shown, NAMED)))
    )
}
