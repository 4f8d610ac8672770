//! uv.lock.

use std::collections::BTreeSet;

use toml_edit::TableLike;

use super::python_sources::source;
use super::toml_document::{TomlReader, inline_tables, parse};
use super::{Found, LockedAt, LockedEntry, PythonSource, RequirementPlace, RequirementSyntax};
use crate::data::Fault;
use crate::model::{DependencyKind, Ecosystem, RegistryName};

/// The kinds of sources that lie in the repository.
const LOCAL: [&str; 5] = ["editable", "virtual", "directory", "path", "workspace"];

/// Finds the entries whose source is a folder, with the copies of their requirements, and the version behind a name in a list of
/// dependencies where uv had to write it because two entries have that name.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = parse(text)?;
    let root: &dyn TableLike = document.as_table();
    let mut finder = Finder { reader: TomlReader::new(text), found: Found::default(), own: BTreeSet::new() };
    let packages = finder.reader.rows(root, "package");
    for package in &packages {
        finder.entry(*package);
    }
    for package in &packages {
        finder.exact_copies(*package);
    }
    finder.root_groups(root);
    finder.reader.finish(finder.found.in_order())
}

struct Finder<'t, 'd> {
    reader: TomlReader<'t>,
    found: Found,
    /// The name, the version and the folder of every entry that is ours.
    own: BTreeSet<(&'d str, &'d str, &'d str)>,
}

impl<'d> Finder<'_, 'd> {
    fn entry(&mut self, package: &'d dyn TableLike) {
        let Some(folder) = folder(package) else { return };
        let Some(name) = self.reader.string_at(package, "name") else { return };
        let version = package.get("version");
        let scalar = version.and_then(|item| self.reader.scalar(item, "version"));
        if let Some(version) = version.and_then(|item| item.as_str()) {
            self.own.insert((name.value, version, folder));
        }
        let mut requirements = Vec::new();
        if let Some(metadata) = self.reader.table(package, "metadata") {
            let items = inline_tables(self.reader.array(metadata, "requires-dist"));
            requirements.extend(items.into_iter().filter_map(|item| self.copy(item, DependencyKind::Normal)));
            requirements.extend(self.groups(metadata, "requires-dev"));
        }
        requirements.sort_by_key(|place| place.scalar.span);
        let name = RegistryName::new(Ecosystem::Python, name.value);
        self.found.locked.push(LockedEntry { requirements, ..LockedEntry::in_folder(name, folder, scalar) });
    }

    /// A workspace root that is not a project has no entry; copies of its dependency groups are at the top of the file.
    fn root_groups(&mut self, root: &'d dyn TableLike) {
        let Some(manifest) = self.reader.table(root, "manifest") else { return };
        let requirements = self.groups(manifest, "dependency-groups");
        if !requirements.is_empty() {
            let at = LockedAt::Folder(String::new());
            self.found.locked.push(LockedEntry { name: None, at, versions: Vec::new(), requirements });
        }
    }

    fn groups(&mut self, parent: &'d dyn TableLike, key: &str) -> Vec<RequirementPlace> {
        let Some(groups) = self.reader.table(parent, key) else { return Vec::new() };
        let names: Vec<&str> = groups.iter().map(|(name, _)| name).collect();
        let items: Vec<_> = names.into_iter().flat_map(|name| inline_tables(self.reader.array(groups, name))).collect();
        items.into_iter().filter_map(|item| self.copy(item, DependencyKind::Dev)).collect()
    }

    /// Returns a copy of a requirement, where it says a version.
    fn copy(&mut self, item: &'d dyn TableLike, kind: DependencyKind) -> Option<RequirementPlace> {
        if source(item) == Some(PythonSource::Elsewhere) {
            return None;
        }
        let specifier = item.get("specifier")?;
        let name = self.reader.string_at(item, "name")?;
        let scalar = self.reader.scalar(specifier, "specifier")?;
        let marker = item.get("marker").and_then(|marker| marker.as_str()).unwrap_or("");
        let optional = kind == DependencyKind::Normal && asks_for_extra(marker);
        Some(RequirementPlace {
            on: RegistryName::new(Ecosystem::Python, name.value),
            kind: if optional { DependencyKind::Optional } else { kind },
            notation: RequirementSyntax::Pep440,
            scalar,
            folder: folder_in(item).map(str::to_owned),
            shared_as: None,
            is_alias: false,
        })
    }

    fn exact_copies(&mut self, package: &'d dyn TableLike) {
        let mut items = inline_tables(self.reader.array(package, "dependencies"));
        for key in ["optional-dependencies", "dev-dependencies"] {
            let Some(groups) = self.reader.table(package, key) else { continue };
            let arrays = groups.iter().filter_map(|(_, item)| item.as_array());
            items.extend(arrays.flat_map(|array| inline_tables(array.iter())));
        }
        for item in items {
            let Some(version) = item.get("version") else { continue };
            let at = (item.get("name").and_then(|name| name.as_str()), version.as_str(), folder(item));
            let (Some(name), Some(text), Some(folder)) = at else { continue };
            if !self.own.contains(&(name, text, folder)) {
                continue;
            }
            let scalar = self.reader.scalar(version, "version");
            self.found.requirements.extend(scalar.map(|scalar| RequirementPlace {
                on: RegistryName::new(Ecosystem::Python, name),
                kind: DependencyKind::Normal,
                notation: RequirementSyntax::Exact,
                scalar,
                folder: Some(folder.to_owned()),
                shared_as: None,
                is_alias: false,
            }));
        }
    }
}

/// Returns the folder of an entry's source; `None` if it is a registry, an archive or a repository.
fn folder(package: &dyn TableLike) -> Option<&str> {
    folder_in(package.get("source")?.as_table_like()?)
}

/// Returns the folder that a source names. The copy of a requirement has the keys of a source in itself.
fn folder_in(source: &dyn TableLike) -> Option<&str> {
    LOCAL.into_iter().find_map(|kind| source.get(kind)).and_then(|item| item.as_str())
}

/// Returns `true` if a marker holds only for an extra.
fn asks_for_extra(marker: &str) -> bool {
    let bare: String = marker.chars().filter(|c| !c.is_whitespace()).collect();
    bare.contains("extra==")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
version = 1
revision = 3

[manifest]
members = [\"orbit\", \"orbit-core\"]

[manifest.dependency-groups]
dev = [{ name = \"orbit-core\", specifier = \">=0.1.0\" }, { name = \"ruff\" }]

[[package]]
name = \"orbit\"
version = \"0.1.0\"
source = { editable = \"packages/orbit\" }
dependencies = [
    { name = \"orbit-core\", version = \"0.1.0\", source = { virtual = \"packages/core\" } },
    { name = \"orbit-core\", version = \"0.1.0\", source = { registry = \"https://example.com/simple\" } },
]

[package.metadata]
requires-dist = [
    { name = \"orbit-core\", virtual = \"packages/core\" },
    { name = \"orbit-core\", marker = \"extra == 'x'\", specifier = \"==0.1.0\" },
    { name = \"Numpy\", specifier = \">=1.0\" },
]
provides-extras = [\"x\"]

[package.metadata.requires-dev]
dev = [{ name = \"orbit-core\", extras = [\"y\"], specifier = \"~=0.1\" }]

[[package]]
name = \"orbit-core\"
version = \"0.1.0\"
source = { virtual = \"packages/core\" }

[[package]]
name = \"orbit-core\"
version = \"0.1.0\"
source = { registry = \"https://example.com/simple\" }

[package.metadata]
requires-dist = [{ name = \"orbit\", specifier = \">=0.1.0\" }]

[[package]]
name = \"dynamic\"
source = { directory = \"../dynamic\" }
";

    #[test]
    fn entries_with_a_folder_are_ours() {
        let found = find(TEXT).unwrap();
        let read: Vec<_> = found
            .locked
            .iter()
            .map(|e| {
                let LockedAt::Folder(folder) = &e.at else { panic!("{e:?}") };
                (
                    e.name.as_ref().map_or("", |n| n.name.as_str()),
                    folder.as_str(),
                    e.versions.len(),
                    e.requirements.len(),
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                ("orbit", "packages/orbit", 1, 3),
                ("orbit-core", "packages/core", 1, 0),
                ("dynamic", "../dynamic", 0, 0),
                ("", "", 0, 1),
            ]
        );
        assert!(found.scalars().all(|s| s.span.of(TEXT) == Some(&s.text)));
    }

    #[test]
    fn copies_of_requirements_have_the_kind_of_their_list() {
        let found = find(TEXT).unwrap();
        let copies = &found.locked[0].requirements;
        let read: Vec<_> = copies.iter().map(|r| (r.on.name.as_str(), r.scalar.text.as_str(), r.kind)).collect();
        assert_eq!(
            read,
            [
                ("orbit-core", "==0.1.0", DependencyKind::Optional),
                ("numpy", ">=1.0", DependencyKind::Normal),
                ("orbit-core", "~=0.1", DependencyKind::Dev),
            ]
        );
    }

    #[test]
    fn a_version_behind_a_name_is_ours_when_its_source_is() {
        let found = find(TEXT).unwrap();
        let [exact] = found.requirements.as_slice() else { panic!("{:?}", found.requirements) };
        assert_eq!((exact.notation, exact.folder.as_deref()), (RequirementSyntax::Exact, Some("packages/core")));
        assert!(TEXT.get(exact.scalar.span.end..).unwrap().starts_with("\", source = { virtual"));
    }

    #[test]
    fn a_version_that_is_no_string_is_a_fault_only_where_it_is_ours() {
        let entry = |source: &str| format!("[[package]]\nname='a'\nversion = 1.0\nsource = {{ {source} }}\n");
        assert!(find(&entry("registry = 'x'")).is_ok());
        let text = entry("editable = '.'");
        let faults = find(&text).unwrap_err();
        assert_eq!(faults[0].span.of(&text), Some("1.0"));
    }
}
