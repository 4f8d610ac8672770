//! Cargo.lock, versions 1 to 4.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::TableLike;

use super::toml_document::{TomlReader, TomlString, parse};
use super::{Fault, Found, LockedAt, LockedEntry, Scalar, VersionPlace};
use crate::model::{Ecosystem, ForeignName};
use crate::text::Span;

/// The crates whose name a crate of the repository has, and the references to them in lists of dependencies.
///
/// Cargo writes no more into a reference than tells the crate from the others of its name. So a reference depends on the versions of all
/// of them, and changes with each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CargoLock {
    crates: Vec<LockedCrate>,
    references: Vec<Reference>,
    /// Whether references are written in full wherever they are: the file is of version 1.
    in_full: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct LockedCrate {
    name: String,
    version: Scalar,
    /// The source without its revision; `None` for a crate of the repository.
    source: Option<String>,
}

/// The name of a crate in a list, with its version and its source where they are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reference {
    /// The index of the crate.
    to: usize,
    scalar: Scalar,
}

impl CargoLock {
    /// Returns the references that Cargo would write otherwise once the versions at these spans are the new ones.
    pub(super) fn follow(&self, planned: &BTreeMap<Span, &str>) -> Vec<(Scalar, String)> {
        let moves =
            |locked: &&LockedCrate| planned.get(&locked.version.span).is_some_and(|new| *new != locked.version.text);
        let moved: BTreeSet<&str> = self.crates.iter().filter(moves).map(|locked| locked.name.as_str()).collect();
        let version = |locked: &LockedCrate| {
            planned.get(&locked.version.span).map_or(locked.version.text.clone(), |new| (*new).to_owned())
        };
        let versions: Vec<String> = self.crates.iter().map(version).collect();
        let changed = self.references.iter().filter_map(|reference| {
            let name = &self.crates.get(reference.to)?.name;
            let new = self.written(reference, &versions).filter(|_| moved.contains(name.as_str()))?;
            (new != reference.scalar.text).then(|| (reference.scalar.clone(), new))
        });
        changed.collect()
    }

    /// A reference as Cargo writes it; the version of a crate without namesakes stays if it is there.
    fn written(&self, Reference { to, scalar }: &Reference, versions: &[String]) -> Option<String> {
        let (target, version) = (self.crates.get(*to)?, versions.get(*to)?);
        let namesakes = self.crates.iter().zip(versions).filter(|(locked, _)| locked.name == target.name);
        let namesakes: Vec<&String> = namesakes.map(|(_, version)| version).collect();
        let name = &target.name;
        Some(match &target.source {
            Some(source) if self.in_full || namesakes.iter().filter(|other| **other == version).count() > 1 => {
                format!("{name} {version} ({source})")
            }
            _ if self.in_full || namesakes.iter().any(|other| *other != version) => format!("{name} {version}"),
            // Only its source tells it from another one of the same number, and a crate of the repository has none.
            _ if namesakes.len() > 1 || parts(&scalar.text).1.is_some() => format!("{name} {version}"),
            _ => name.clone(),
        })
    }

    /// Returns the crate that a reference means; `None` if no crate, or more than one, fits it.
    fn meant(&self, reference: &str) -> Option<usize> {
        let (name, version, source) = parts(reference);
        let fits =
            |locked: &LockedCrate| locked.name == name && version.is_none_or(|version| locked.version.text == version);
        let fitting: Vec<usize> =
            self.crates.iter().enumerate().filter(|(_, locked)| fits(locked)).map(|(at, _)| at).collect();
        let of_source = |at: &usize| self.crates.get(*at).is_some_and(|locked| locked.source.as_deref() == source);
        match (fitting.as_slice(), source) {
            ([one], None) => Some(*one),
            _ => {
                let mut exact = fitting.into_iter().filter(of_source);
                exact.next().filter(|_| exact.next().is_none())
            }
        }
    }

    pub(super) fn scalars(&self) -> impl Iterator<Item = &Scalar> {
        self.crates
            .iter()
            .map(|locked| &locked.version)
            .chain(self.references.iter().map(|reference| &reference.scalar))
    }

    pub(super) fn scalars_mut(&mut self) -> impl Iterator<Item = &mut Scalar> {
        let versions = self.crates.iter_mut().map(|locked| &mut locked.version);
        versions.chain(self.references.iter_mut().map(|reference| &mut reference.scalar))
    }
}

/// Splits a reference into name, version and source.
fn parts(reference: &str) -> (&str, Option<&str>, Option<&str>) {
    let Some((name, rest)) = reference.split_once(' ') else { return (reference, None, None) };
    match rest.split_once(" (") {
        Some((version, source)) => (name, Some(version), Some(source.trim_end_matches(')'))),
        None => (name, Some(rest), None),
    }
}

/// Finds the entries without a source, which are those of the repository, and the references to them and to their namesakes.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = parse(text)?;
    let root: &dyn TableLike = document.as_table();
    let mut reader = TomlReader::new(text);
    let mut packages = reader.rows(root, "package");
    // Before 2017 the package of the folder had a table of its own.
    packages.extend(reader.table(root, "root"));
    let own: BTreeSet<&str> =
        packages.iter().filter(|package| is_own(**package)).filter_map(|package| name_of(*package)).collect();
    let mut found = Found::default();
    for package in &packages {
        if let Some(locked) = locked_crate(&mut reader, *package, &own) {
            found.cargo_lock.crates.push(locked);
        }
        found.locked.extend(own_entry(&mut reader, *package));
    }
    // A patch that no crate uses has an entry, too.
    if let Some(patch) = reader.table(root, "patch") {
        for unused in reader.rows(patch, "unused") {
            found.locked.extend(own_entry(&mut reader, unused));
        }
    }
    let strings: Vec<TomlString<'_>> = packages.iter().flat_map(|package| references(&mut reader, *package)).collect();
    let meant: Vec<(usize, &TomlString<'_>)> =
        strings.iter().filter_map(|string| Some((found.cargo_lock.meant(string.value)?, string))).collect();
    found.cargo_lock.in_full = root.get("version").is_none()
        && strings.iter().all(|string| string.value.contains(' '))
        && meant.iter().all(|(to, string)| {
            let source = found.cargo_lock.crates.get(*to).and_then(|locked| locked.source.as_deref());
            source == parts(string.value).2
        });
    for (to, string) in meant {
        let scalar = reader.part(string, 0, string.value.len(), "dependencies");
        found.cargo_lock.references.extend(scalar.map(|scalar| Reference { to, scalar }));
    }
    reader.finish(found)
}

fn is_own(package: &dyn TableLike) -> bool {
    package.get("source").is_none()
}

fn name_of(package: &dyn TableLike) -> Option<&str> {
    package.get("name").and_then(|name| name.as_str())
}

/// The entry, if its name is one of these.
fn locked_crate(reader: &mut TomlReader<'_>, package: &dyn TableLike, names: &BTreeSet<&str>) -> Option<LockedCrate> {
    let name = name_of(package).filter(|name| names.contains(name))?.to_owned();
    let version =
        package.get("version").filter(|item| item.is_str()).and_then(|item| reader.scalar(item, "version"))?;
    let source = package.get("source").and_then(|source| source.as_str());
    let source = source.map(|source| source.split_once('#').map_or(source, |(url, _)| url).to_owned());
    Some(LockedCrate { name, version, source })
}

fn own_entry(reader: &mut TomlReader<'_>, package: &dyn TableLike) -> Option<LockedEntry> {
    if !is_own(package) {
        return None;
    }
    let name = reader.string_at(package, "name")?.value;
    let scalar = package.get("version").and_then(|item| reader.scalar(item, "version"));
    Some(LockedEntry {
        name: Some(ForeignName::new(Ecosystem::Cargo, name)),
        at: LockedAt::Workspace,
        versions: scalar.map(|scalar| VersionPlace { field: "version".to_owned(), scalar }).into_iter().collect(),
        requirements: Vec::new(),
    })
}

/// The strings of an entry that name other crates: its dependencies, and the crate that replaces it.
fn references<'d>(reader: &mut TomlReader<'_>, package: &'d dyn TableLike) -> Vec<TomlString<'d>> {
    let values: Vec<_> = reader.array(package, "dependencies").collect();
    let mut strings: Vec<_> =
        values.into_iter().filter_map(|value| reader.string_value(value, "dependencies")).collect();
    strings.extend(reader.string_at(package, "replace"));
    strings
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
version = 4

[[package]]
name = \"core\"
version = \"0.1.0\"
dependencies = [
 \"core 0.1.1\",
 \"serde\",
]

[[package]]
name = \"core\"
version = \"0.1.1\"
source = \"registry+https://example.com/index\"

[[package]]
name = \"cli\"
version = \"0.1.0\"
dependencies = [
 \"core 0.1.0\",
 \"core 0.1.1 (registry+https://example.com/index)\",
 \"core 0.1.0 (git+https://example.com)\",
]

[[package]]
name = \"serde\"
version = \"0.1.0\"
source = \"registry+https://example.com/index\"
dependencies = []
";

    #[test]
    fn entries_without_a_source_are_ours() {
        let found = find(TEXT).unwrap();
        let read: Vec<_> = found
            .locked
            .iter()
            .map(|e| (e.name.as_ref().unwrap().name.as_str(), e.versions[0].scalar.text.as_str(), &e.at))
            .collect();
        assert_eq!(read, [("core", "0.1.0", &LockedAt::Workspace), ("cli", "0.1.0", &LockedAt::Workspace)]);
        assert_eq!((found.name, found.versions.len(), found.no_version), (None, 0, None));
    }

    /// The references that change when the crate of the repository with this name gets a version.
    fn followed(text: &str, name: &str, new: &str) -> Vec<(String, String)> {
        let found = find(text).unwrap();
        let own = found.cargo_lock.crates.iter().find(|locked| locked.name == name && locked.source.is_none()).unwrap();
        let planned = BTreeMap::from([(own.version.span, new)]);
        let changes = found.cargo_lock.follow(&planned).into_iter();
        let changes = changes.map(|(scalar, new)| {
            assert_eq!(scalar.span.of(text), Some(scalar.text.as_str()));
            (scalar.text, new)
        });
        changes.collect()
    }

    #[test]
    fn references_are_written_as_cargo_writes_them() {
        let lock = |head: &str, other: &str, references: &str| {
            format!(
                "{head}[[package]]\nname = 'a'\nversion = '1.0.0'\ndependencies = [{references}]\n[[package]]\nname = 'a'\nversion = '{other}'\nsource = 'git+https://x?rev=1#b1007'\n"
            )
        };
        let (v4, v1) = ("version = 4\n", "");
        let by_version = ("'a 1.0.0', 'a 2.0.0'", "2.0.0");
        let by_source = ("'a 1.0.0', 'a 1.0.0 (git+https://x?rev=1)'", "1.0.0");
        let in_full = ("'a 1.0.0', 'a 2.0.0 (git+https://x?rev=1)'", "2.0.0");
        for (head, (references, other), new, expected) in [
            (v4, by_version, "1.1.0", vec![("a 1.0.0", "a 1.1.0")]),
            (v4, by_version, "2.0.0", vec![("a 1.0.0", "a 2.0.0"), ("a 2.0.0", "a 2.0.0 (git+https://x?rev=1)")]),
            (v4, by_source, "1.1.0", vec![("a 1.0.0", "a 1.1.0"), ("a 1.0.0 (git+https://x?rev=1)", "a 1.0.0")]),
            (v1, by_version, "2.0.0", vec![("a 1.0.0", "a 2.0.0"), ("a 2.0.0", "a 2.0.0 (git+https://x?rev=1)")]),
            (v1, in_full, "1.1.0", vec![("a 1.0.0", "a 1.1.0")]),
            (v1, in_full, "2.0.0", vec![("a 1.0.0", "a 2.0.0")]),
        ] {
            let text = lock(head, other, references);
            let followed = followed(&text, "a", new);
            let followed: Vec<_> = followed.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
            assert_eq!(followed, expected, "{new} in {text}");
        }
    }

    #[test]
    fn three_crates_of_one_name_are_told_apart() {
        let expected =
            [("core 0.1.0", "core 0.1.1"), ("core 0.1.1", "core 0.1.1 (registry+https://example.com/index)")];
        let changes = followed(TEXT, "core", "0.1.1");
        let changes: Vec<_> = changes.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        // What is written in full already stays, and so does a reference without an entry.
        assert_eq!(changes, [expected[1], expected[0]]);
    }

    #[test]
    fn the_old_root_table_and_unused_patches_are_entries() {
        let text = "[root]\nname='a'\nversion='1.0.0'\ndependencies=['b 2.0.0']\n[[package]]\nname='b'\nversion='2.0.0'\n[[patch.unused]]\nname='c'\nversion='3.0.0'\n\
            [[patch.unused]]\nname='d'\nversion='3.0.0'\nsource='git+https://x#1'\n";
        let found = find(text).unwrap();
        let names: Vec<_> = found.locked.iter().map(|entry| entry.name.as_ref().unwrap().name.as_str()).collect();
        assert_eq!(names, ["b", "a", "c"]);
        assert_eq!(followed(text, "b", "2.1.0"), [("b 2.0.0".to_owned(), "b 2.1.0".to_owned())]);
    }

    #[test]
    fn a_file_after_a_merge_conflict_is_a_fault() {
        let text = "[[package]]\nname = 'a'\n<<<<<<< HEAD\nversion = '1'\n=======\nversion = '2'\n>>>>>>> b\n";
        for eol in ["\n", "\r\n"] {
            let faults = find(&text.replace('\n', eol)).unwrap_err();
            assert!(faults[0].message.starts_with("this is no TOML: "), "{faults:?}");
            assert_eq!(faults[0].help.as_deref(), Some("resolve the merge conflict"), "{faults:?}");
        }
    }
}
