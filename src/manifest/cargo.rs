//! Cargo.toml.

use toml_edit::{Item, TableLike};

use super::toml_document::{TomlReader, parse};
use super::{
    Found, InheritedRequirement, NoVersion, PathDependency, RequirementPlace, RequirementSyntax, VersionPlace,
    WorkspaceRoot,
};
use crate::data::Fault;
use crate::model::{DependencyKind, Ecosystem, RegistryName};
use crate::text::Span;

/// The tables of dependencies, in Cargo's own spelling and in the old one.
const DEPENDENCIES: [(&str, DependencyKind); 5] = [
    ("dependencies", DependencyKind::Normal),
    ("dev-dependencies", DependencyKind::Dev),
    ("dev_dependencies", DependencyKind::Dev),
    ("build-dependencies", DependencyKind::Build),
    ("build_dependencies", DependencyKind::Build),
];

/// Finds the version of the package, the one that the workspace hands down, and the requirements that stand beside a path: others are
/// fulfilled by a registry, which holds no package of the workspace before it is released.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = parse(text)?;
    let root: &dyn TableLike = document.as_table();
    let mut finder = Finder { reader: TomlReader::new(text), found: Found::default() };
    finder.package(root);
    finder.workspace(root);
    finder.dependencies(root);
    let targets: Vec<_> = finder.reader.tables_in(root, &["target"]).collect();
    for (_, target) in targets {
        finder.dependencies(target);
    }
    let registries: Vec<_> = finder.reader.tables_in(root, &["patch"]).collect();
    for (_, patches) in registries {
        finder.patches(patches);
    }
    let Finder { reader, mut found } = finder;
    if found.versions.is_empty() && found.no_version.is_none() {
        found.no_version = Some(NoVersion::Absent);
    }
    reader.finish(found.in_order())
}

struct Finder<'t> {
    reader: TomlReader<'t>,
    found: Found,
}

impl Finder<'_> {
    fn package(&mut self, root: &dyn TableLike) {
        let Some(package) = self.reader.table(root, "package") else { return };
        let name = self.reader.string_at(package, "name");
        self.found.name = name.map(|name| RegistryName::new(Ecosystem::Cargo, name.value));
        match package.get("version") {
            None => self.found.no_version = Some(NoVersion::Absent),
            Some(item) if is_true(item.as_table_like().and_then(|table| table.get("workspace"))) => {
                self.found.no_version = Some(NoVersion::Inherited);
            }
            Some(item) if item.is_table_like() => {
                let span = item.span().map_or(Span::new(0, 0), Span::from);
                let fault = Fault::new(span, "`version` is a table without `workspace = true`");
                self.reader.fault(fault.help("write `version = \"…\"` or `version.workspace = true`"));
            }
            Some(item) => self.version(item, "version"),
        }
    }

    fn version(&mut self, item: &Item, field: &str) {
        if let Some(scalar) = self.reader.scalar(item, field) {
            self.found.versions.push(VersionPlace { field: field.to_owned(), scalar });
        }
    }

    fn workspace(&mut self, root: &dyn TableLike) {
        let Some(workspace) = self.reader.table(root, "workspace") else { return };
        let members = self.reader.strings(workspace, "members");
        let exclude = self.reader.strings(workspace, "exclude");
        let version = self.reader.table(workspace, "package").and_then(|package| package.get("version"));
        self.found.workspace = Some(WorkspaceRoot { members, exclude, shares_version: version.is_some() });
        if let Some(item) = version {
            self.version(item, "workspace.package.version");
        }
        let before = self.found.requirements.len();
        let keys = self.dependencies_in(workspace, "dependencies", DependencyKind::Normal);
        for (place, key) in self.found.requirements.iter_mut().skip(before).zip(keys) {
            place.shared_as = Some(key);
        }
    }

    fn dependencies(&mut self, parent: &dyn TableLike) {
        for (key, kind) in DEPENDENCIES {
            self.dependencies_in(parent, key, kind);
        }
    }

    /// Returns the keys of the dependencies that are requirements, in their order.
    fn dependencies_in(&mut self, parent: &dyn TableLike, key: &str, kind: DependencyKind) -> Vec<String> {
        let tables: Vec<_> = self.reader.tables_in(parent, &[key]).collect();
        let mut keys = Vec::new();
        for (name, dependency) in tables {
            if let Some(path) = dependency.get("path").and_then(Item::as_str) {
                let on = RegistryName::new(Ecosystem::Cargo, crate_name(name, dependency));
                self.found.path_dependencies.push(PathDependency { on, folder: path.to_owned() });
            }
            if is_true(dependency.get("workspace")) {
                let kind = kind_of(dependency, kind);
                self.found.inherits.push(InheritedRequirement { key: name.to_owned(), kind });
            }
            if self.dependency(name, dependency, kind) {
                keys.push(name.to_owned());
            }
        }
        keys
    }

    /// A patch whose version its folder does not have makes Cargo stop, but it matters to who works here alone, and its folder is no
    /// member of the workspace by it.
    fn patches(&mut self, patches: &dyn TableLike) {
        let tables = patches.iter().filter_map(|(name, item)| Some((name, item.as_table_like()?)));
        for (name, patch) in tables {
            self.dependency(name, patch, DependencyKind::Dev);
        }
    }

    /// Returns `true` if the dependency is a requirement.
    fn dependency(&mut self, key: &str, dependency: &dyn TableLike, kind: DependencyKind) -> bool {
        let Some(path) = self.reader.string_at(dependency, "path") else { return false };
        let scalar = dependency.get("version").and_then(|item| self.reader.scalar(item, "version"));
        let place = scalar.map(|scalar| RequirementPlace {
            on: RegistryName::new(Ecosystem::Cargo, crate_name(key, dependency)),
            kind: kind_of(dependency, kind),
            notation: RequirementSyntax::Cargo,
            scalar,
            folder: Some(path.value.to_owned()),
            shared_as: None,
            is_alias: false,
        });
        let there = place.is_some();
        self.found.requirements.extend(place);
        there
    }
}

fn kind_of(dependency: &dyn TableLike, kind: DependencyKind) -> DependencyKind {
    if is_true(dependency.get("optional")) { DependencyKind::Optional } else { kind }
}

/// The name of the crate that a dependency means, whatever it is called here.
fn crate_name<'d>(key: &'d str, dependency: &'d dyn TableLike) -> &'d str {
    dependency.get("package").and_then(Item::as_str).unwrap_or(key)
}

fn is_true(item: Option<&Item>) -> bool {
    item.and_then(Item::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(found: &Found) -> Vec<(&str, &str)> {
        found.versions.iter().map(|v| (v.field.as_str(), v.scalar.text.as_str())).collect()
    }

    #[test]
    fn versions_are_found_where_they_stand() {
        let inherited = Some(NoVersion::Inherited);
        let absent = Some(NoVersion::Absent);
        for (text, expected, no_version) in [
            ("[package]\nname='a'\nversion='1.0.0'", vec![("version", "1.0.0")], None),
            ("package = { name = 'a', version = \"1.0.0\" }", vec![("version", "1.0.0")], None),
            ("package.name='a'\npackage.version='1.0.0'", vec![("version", "1.0.0")], None),
            ("[package]\nname='a'\nversion.workspace = true", vec![], inherited.clone()),
            ("[package]\nname='a'\nversion = { workspace = true }", vec![], inherited.clone()),
            ("[package]\nname='a'\n[package.version]\nworkspace = true", vec![], inherited.clone()),
            ("[package]\nname='a'", vec![], absent.clone()),
            ("[workspace]\nmembers=['a']", vec![], absent.clone()),
            ("", vec![], absent),
            ("[workspace.package]\nversion='2.0.0'", vec![("workspace.package.version", "2.0.0")], None),
            (
                "[workspace.package]\nversion='2.0.0'\n[package]\nname='a'\nversion.workspace=true",
                vec![("workspace.package.version", "2.0.0")],
                inherited,
            ),
            (
                "[workspace.package]\nversion='2.0.0'\n[package]\nname='a'\nversion='1.0.0'",
                vec![("version", "1.0.0"), ("workspace.package.version", "2.0.0")],
                None,
            ),
        ] {
            let found = find(text).unwrap();
            assert_eq!((versions(&found), &found.no_version), (expected, &no_version), "{text}");
        }
    }

    #[test]
    fn only_requirements_beside_a_path_are_ours() {
        let text = "\
[dependencies]
registry = '1.0'
table = { version = '1.0' }
git = { git = 'https://example.com', version = '1.0' }
bare = { path = '../bare' }
inherited = { workspace = true, optional = true }
b = { path = '../b', version = '0.2' }
a = { version = '0.1', path = '../a', optional = true }
dotted.version = '0.3'
dotted.path = '../dotted'
[dev-dependencies.renamed]
path = '../c'
version = '0.4'
package = 'c'
[target.'cfg(unix)'.build-dependencies]
d = { path = '../d', version = '=0.5.0' }
[workspace]
members = ['x/*', 'y']
exclude = ['x/z']
[workspace.dependencies]
e = { path = 'e', version = '^0.6' }
[patch.crates-io]
f = { path = 'f', version = '0.7' }
g = { git = 'https://example.com', version = '0.7' }
";
        let found = find(text).unwrap();
        let read: Vec<_> = found
            .requirements
            .iter()
            .map(|r| (r.on.name.as_str(), r.scalar.text.as_str(), r.kind, r.folder.as_deref().unwrap()))
            .collect();
        assert_eq!(
            read,
            [
                ("b", "0.2", DependencyKind::Normal, "../b"),
                ("a", "0.1", DependencyKind::Optional, "../a"),
                ("dotted", "0.3", DependencyKind::Normal, "../dotted"),
                ("c", "0.4", DependencyKind::Dev, "../c"),
                ("d", "=0.5.0", DependencyKind::Build, "../d"),
                ("e", "^0.6", DependencyKind::Normal, "e"),
                ("f", "0.7", DependencyKind::Dev, "f"),
            ]
        );
        assert!(found.requirements.iter().all(|r| r.scalar.span.of(text) == Some(&r.scalar.text)));
        assert_eq!(found.requirements.iter().filter_map(|r| r.shared_as.as_deref()).collect::<Vec<_>>(), ["e"]);
        let inherited = InheritedRequirement { key: "inherited".into(), kind: DependencyKind::Optional };
        assert_eq!(found.inherits, [inherited]);
        let paths = found.path_dependencies.iter().map(|path| (path.on.name.as_str(), path.folder.as_str()));
        let expected = [
            ("e", "e"),
            ("bare", "../bare"),
            ("b", "../b"),
            ("a", "../a"),
            ("dotted", "../dotted"),
            ("c", "../c"),
            ("d", "../d"),
        ];
        assert_eq!(paths.collect::<Vec<_>>(), expected);
        let workspace = found.workspace.unwrap();
        assert_eq!((workspace.members.join(" "), workspace.exclude.join(" ")), ("x/* y".into(), "x/z".into()));
        assert!(!workspace.shares_version);
    }

    #[test]
    fn what_is_no_string_is_a_fault_each() {
        let text = "[package]\nname = 1\nversion = 1.0\n[dependencies]\na = { path = 'a', version = 2 }\n";
        let faults = find(text).unwrap_err();
        let read: Vec<_> = faults.iter().map(|f| (f.span.of(text).unwrap(), f.help.as_deref().unwrap())).collect();
        assert_eq!(
            read,
            [
                ("1", "write it between quotes: \"1\""),
                ("1.0", "write it between quotes: \"1.0\""),
                ("2", "write it between quotes: \"2\"")
            ]
        );
        let faults = find("[package]\nversion = { workspace = false }").unwrap_err();
        assert_eq!(faults[0].message, "`version` is a table without `workspace = true`");
    }
}
