//! Cargo.lock, versions 1 to 4.

use std::collections::BTreeSet;

use toml_edit::TableLike;

use super::toml_document::{TomlReader, parse};
use super::{Fault, Found, LockedAt, LockedEntry, Notation, RequirementPlace, VersionPlace};
use crate::model::{Ecosystem, EdgeKind, ForeignName};

/// Finds the entries without a source, which are those of the workspace, and the version behind a name in a list of dependencies where
/// Cargo had to write it: two entries have that name, or the file is of version 1.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = parse(text)?;
    let root: &dyn TableLike = document.as_table();
    let mut reader = TomlReader::new(text);
    let mut found = Found::default();
    let mut packages = reader.rows(root, "package");
    // Before 2017 the package of the folder stood in a table of its own.
    packages.extend(reader.table(root, "root"));
    let mut own: BTreeSet<(&str, &str)> = BTreeSet::new();
    for package in packages.iter().filter(|package| package.get("source").is_none()) {
        let Some(name) = reader.string_at(*package, "name") else { continue };
        let scalar = package.get("version").and_then(|item| reader.scalar(item, "version"));
        if let Some(version) = package.get("version").and_then(|item| item.as_str()) {
            own.insert((name.value, version));
        }
        found.locked.push(LockedEntry {
            name: Some(ForeignName::new(Ecosystem::Cargo, name.value)),
            at: LockedAt::Workspace,
            versions: scalar.map(|scalar| VersionPlace { field: "version".to_owned(), scalar }).into_iter().collect(),
            requirements: Vec::new(),
        });
    }
    for package in packages {
        for value in reader.array(package, "dependencies") {
            let Some(string) = reader.string_value(value, "dependencies") else { continue };
            let Some((name, version)) = string.value.split_once(' ') else { continue };
            if !own.contains(&(name, version)) {
                continue;
            }
            let start = name.len() + 1;
            let scalar = reader.part(&string, start, start + version.len(), "dependencies");
            found.requirements.extend(scalar.map(|scalar| RequirementPlace {
                on: ForeignName::new(Ecosystem::Cargo, name),
                kind: EdgeKind::Normal,
                notation: Notation::Exact,
                scalar,
                folder: None,
                shared_as: None,
            }));
        }
    }
    reader.finish(found)
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

    #[test]
    fn a_version_behind_a_name_is_ours_when_the_entry_is() {
        let found = find(TEXT).unwrap();
        let [copy] = found.requirements.as_slice() else { panic!("{:?}", found.requirements) };
        assert_eq!(
            (copy.on.name.as_str(), copy.scalar.text.as_str(), copy.notation),
            ("core", "0.1.0", Notation::Exact)
        );
        let before = TEXT.get(..copy.scalar.span.start).unwrap();
        assert!(before.ends_with("\"core "));
        assert_eq!(before.matches("[[package]]").count(), 3);
    }

    #[test]
    fn the_old_root_table_is_an_entry() {
        let found = find(
            "[root]\nname='a'\nversion='1.0.0'\ndependencies=['b 2.0.0']\n[[package]]\nname='b'\nversion='2.0.0'\n",
        );
        let found = found.unwrap();
        assert_eq!((found.locked.len(), found.requirements.len()), (2, 1));
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
