//! Cargo.lock, versions 1 to 4.

use std::collections::BTreeSet;

use toml_edit::TableLike;

use super::locked_crates::{LockedCrate, Reference, parts};
use super::toml_document::{TomlReader, TomlString, parse};
use super::{Found, LockedAt, LockedEntry, VersionPlace};
use crate::data::Fault;
use crate::model::{Ecosystem, RegistryName};

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
    reader.finish(found.in_order())
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
        name: Some(RegistryName::new(Ecosystem::Cargo, name)),
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
    use std::collections::BTreeMap;

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
            assert!(faults[0].message.starts_with("invalid TOML: "), "{faults:?}");
            assert_eq!(faults[0].help.as_deref(), Some("resolve the merge conflict"), "{faults:?}");
        }
    }
}
