//! pyproject.toml, by PEP 621, PEP 735 and Poetry.

use toml_edit::{Item, TableLike};

use super::pep508::Pep508;
use super::pyproject_dynamic::{is_computed_for_poetry, what_computes};
use super::toml_document::{TomlReader, TomlString, parse};
use super::{Found, NoVersion, PythonSource, RequirementPlace, RequirementSyntax, VersionPlace, python_sources};
use crate::data::Fault;
use crate::model::{DependencyKind, Ecosystem, RegistryName};

/// Finds the version in `[project]` and the one in `[tool.poetry]`, in this order, and the requirements that say a version.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = parse(text)?;
    let root: &dyn TableLike = document.as_table();
    let mut finder = Finder { reader: TomlReader::new(text), found: Found::default() };
    if let Some(project) = finder.reader.table(root, "project") {
        finder.named(project);
        finder.versioned(project);
        finder.list(project, "dependencies", DependencyKind::Normal);
        finder.lists(project, "optional-dependencies", DependencyKind::Optional);
    }
    if let Some(build) = finder.reader.table(root, "build-system") {
        finder.list(build, "requires", DependencyKind::Build);
    }
    finder.lists(root, "dependency-groups", DependencyKind::Dev);
    if let Some(tool) = finder.reader.table(root, "tool") {
        finder.tool(tool);
    }
    let Finder { reader, mut found } = finder;
    if found.versions.is_empty() {
        found.no_version = Some(what_computes(root).unwrap_or(NoVersion::Absent));
    }
    reader.finish(found.in_order())
}

struct Finder<'t> {
    reader: TomlReader<'t>,
    found: Found,
}

impl Finder<'_> {
    fn named(&mut self, table: &dyn TableLike) {
        let Some(name) = self.reader.string_at(table, "name").filter(|_| self.found.name.is_none()) else { return };
        self.found.name = Some(RegistryName::new(Ecosystem::Python, name.value));
        self.found.written_name = Some(name.value.to_owned());
    }

    fn versioned(&mut self, table: &dyn TableLike) {
        let scalar = table.get("version").and_then(|item| self.reader.scalar(item, "version"));
        self.found.versions.extend(scalar.map(|scalar| VersionPlace::behind_v("version", scalar)));
    }

    fn tool(&mut self, tool: &dyn TableLike) {
        if let Some(uv) = self.reader.table(tool, "uv") {
            self.list(uv, "dev-dependencies", DependencyKind::Dev);
        }
        if let Some(pdm) = self.reader.table(tool, "pdm") {
            self.lists(pdm, "dev-dependencies", DependencyKind::Dev);
        }
        python_sources::read(&mut self.reader, tool, &mut self.found);
        let Some(poetry) = self.reader.table(tool, "poetry") else { return };
        self.named(poetry);
        if !is_computed_for_poetry(tool) {
            self.versioned(poetry);
        }
        self.poetry_dependencies(poetry, "dependencies", DependencyKind::Normal);
        self.poetry_dependencies(poetry, "dev-dependencies", DependencyKind::Dev);
        let groups: Vec<_> = self.reader.tables_in(poetry, &["group"]).collect();
        for (_, group) in groups {
            self.poetry_dependencies(group, "dependencies", DependencyKind::Dev);
        }
    }

    /// The lists of dependency specifiers in a table: extras and groups.
    fn lists(&mut self, parent: &dyn TableLike, key: &str, kind: DependencyKind) {
        let Some(table) = self.reader.table(parent, key) else { return };
        for (name, _) in table.iter() {
            self.list(table, name, kind);
        }
    }

    /// A list of dependency specifiers. A table in it includes another group and requires nothing by itself.
    fn list(&mut self, parent: &dyn TableLike, key: &str, kind: DependencyKind) {
        for value in self.reader.array(parent, key) {
            if value.is_inline_table() {
                continue;
            }
            let Some(string) = self.reader.string_value(value, key) else { continue };
            let Some(parts) = Pep508::read(string.value) else { continue };
            let place = self.place(&string, parts.specifiers.clone(), parts.name, kind, RequirementSyntax::Pep440);
            self.found.requirements.extend(place);
        }
    }

    fn place(
        &mut self,
        string: &TomlString<'_>,
        range: std::ops::Range<usize>,
        name: &str,
        kind: DependencyKind,
        notation: RequirementSyntax,
    ) -> Option<RequirementPlace> {
        let scalar = self.reader.part(string, range.start, range.end, name)?;
        Some(RequirementPlace {
            on: RegistryName::new(Ecosystem::Python, name),
            kind,
            notation,
            scalar,
            folder: None,
            shared_as: None,
            is_alias: false,
        })
    }

    fn poetry_dependencies(&mut self, parent: &dyn TableLike, key: &str, kind: DependencyKind) {
        let Some(table) = self.reader.table(parent, key) else { return };
        for (name, item) in table.iter().filter(|(name, _)| *name != "python") {
            // Poetry takes the source of what `[project]` requires from here.
            python_sources::note(&mut self.reader, table, name, item, &mut self.found);
            if let Some(table) = item.as_table_like() {
                self.poetry_table(name, table, kind);
            } else if item.is_array() || item.is_array_of_tables() {
                // One constraint for each platform or version of Python.
                for row in self.reader.rows(table, name) {
                    self.poetry_table(name, row, kind);
                }
            } else {
                let string = self.reader.string(item, name);
                self.poetry_constraint(name, string, kind, None);
            }
        }
    }

    fn poetry_table(&mut self, name: &str, table: &dyn TableLike, kind: DependencyKind) {
        let Some(version) = table.get("version") else { return };
        let optional = table.get("optional").and_then(Item::as_bool) == Some(true);
        let folder = match python_sources::source(table) {
            Some(PythonSource::Elsewhere) => return,
            Some(PythonSource::Folder(folder)) => Some(folder),
            Some(PythonSource::Workspace) | None => None,
        };
        let string = self.reader.string(version, "version");
        self.poetry_constraint(name, string, if optional { DependencyKind::Optional } else { kind }, folder);
    }

    fn poetry_constraint(
        &mut self,
        name: &str,
        string: Option<TomlString<'_>>,
        kind: DependencyKind,
        folder: Option<String>,
    ) {
        let Some(string) = string else { return };
        let constraint = string.value.trim();
        if constraint.is_empty() || constraint == "*" {
            return;
        }
        let start = string.value.len() - string.value.trim_start().len();
        let place = self.place(&string, start..start + constraint.len(), name, kind, RequirementSyntax::Poetry);
        self.found.requirements.extend(place.map(|place| RequirementPlace { folder, ..place }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(found: &Found) -> Vec<(&str, &str)> {
        found.versions.iter().map(|v| (v.field.as_str(), v.scalar.text.as_str())).collect()
    }

    fn requirements(found: &Found, notation: RequirementSyntax) -> Vec<(&str, &str, DependencyKind)> {
        assert!(found.requirements.iter().all(|r| r.notation == notation));
        found.requirements.iter().map(|r| (r.on.name.as_str(), r.scalar.text.as_str(), r.kind)).collect()
    }

    #[test]
    fn versions_are_found_where_they_stand() {
        for (text, name, expected) in [
            ("[project]\nname='A.b'\nversion='1.0'", "a-b", vec![("version", "1.0")]),
            ("project = { name = 'a', version = '1.0' }", "a", vec![("version", "1.0")]),
            ("[tool.poetry]\nname='a'\nversion='1.0'", "a", vec![("version", "1.0")]),
            (
                "[tool.poetry]\nname='p'\nversion='2.0'\n[project]\nname='a'\nversion='1.0'",
                "a",
                vec![("version", "1.0"), ("version", "2.0")],
            ),
            ("[project]\nname='a'\ndynamic=['version']\n[tool.poetry]\nversion='2.0'", "a", vec![("version", "2.0")]),
        ] {
            let found = find(text).unwrap();
            assert_eq!((versions(&found), &found.no_version), (expected, &None), "{text}");
            assert_eq!(found.name.unwrap().name, name);
        }
        for text in ["", "[project]\nname='a'", "[tool.ruff]", "[tool.poetry]\npackage-mode = false"] {
            assert_eq!(find(text).unwrap().no_version, Some(NoVersion::Absent), "{text}");
        }
    }

    #[test]
    fn dependency_specifiers_are_found_in_every_list() {
        let text = r#"
[build-system]
requires = ["hatchling>=1", "wheel"]
[project]
dependencies = [
    "core>=0.1.0,<0.2", # core>=0.1.0
    'core[x] ~= 0.1 ; python_version < "3.9"',
    "core (==0.1.0); python_version < \"3.9\"",
    "core @ file:///core",
    "bare",
]
[project.optional-dependencies]
all = ["Core_Ext == 0.1.0"]
[dependency-groups]
dev = [{ include-group = "lint" }, "core!=0.1.1"]
lint = []
[tool.uv]
dev-dependencies = ["core>0"]
[tool.pdm.dev-dependencies]
t = ["-e file:///x#egg=core", "core<9"]
"#;
        let found = find(text).unwrap();
        assert!(found.scalars().all(|s| s.span.of(text) == Some(&s.text)));
        assert_eq!(
            requirements(&found, RequirementSyntax::Pep440),
            [
                ("hatchling", ">=1", DependencyKind::Build),
                ("core", ">=0.1.0,<0.2", DependencyKind::Normal),
                ("core", "~= 0.1", DependencyKind::Normal),
                ("core", "==0.1.0", DependencyKind::Normal),
                ("core-ext", "== 0.1.0", DependencyKind::Optional),
                ("core", "!=0.1.1", DependencyKind::Dev),
                ("core", ">0", DependencyKind::Dev),
                ("core", "<9", DependencyKind::Dev),
            ]
        );
    }

    #[test]
    fn constraints_of_poetry_are_found_in_every_table() {
        let text = "\
[tool.poetry.dependencies]
python = '^3.9'
a = '^0.1'
b = { version = '~0.1', path = '../b', develop = true }
c = { version = '>=0.1,<1', optional = true, extras = ['x'] }
d = { path = '../d' }
e = '*'
f = [{ version = '<1', python = '<3.8' }, { version = '>=1', python = '>=3.8' }]
[tool.poetry.dependencies.g]
version = ' 0.1 '
[tool.poetry.dev-dependencies]
h = '0.1'
[tool.poetry.group.docs.dependencies]
i = '^0.2'
";
        let found = find(text).unwrap();
        assert!(found.scalars().all(|s| s.span.of(text) == Some(&s.text)));
        assert_eq!(
            requirements(&found, RequirementSyntax::Poetry),
            [
                ("a", "^0.1", DependencyKind::Normal),
                ("b", "~0.1", DependencyKind::Normal),
                ("c", ">=0.1,<1", DependencyKind::Optional),
                ("f", "<1", DependencyKind::Normal),
                ("f", ">=1", DependencyKind::Normal),
                ("g", "0.1", DependencyKind::Normal),
                ("h", "0.1", DependencyKind::Dev),
                ("i", "^0.2", DependencyKind::Dev),
            ]
        );
        assert_eq!(found.requirements[1].folder.as_deref(), Some("../b"));
    }

    #[test]
    fn faults_name_the_value() {
        for (text, written, message) in [
            ("[project]\nversion = 1.0", "1.0", "`version` is a float, expected a string"),
            (
                "[project]\nversion = '1'\ndependencies = 'a>=1'",
                "'a>=1'",
                "`dependencies` is a string, expected an array",
            ),
            ("[project]\ndependencies = [1]", "1", "`dependencies` is an integer, expected a string"),
            (
                "[project]\ndependencies = [\"a\\u003e=1\"]",
                "a\\u003e=1",
                "`a` is written with escapes or over several lines",
            ),
            ("[tool.poetry.dependencies]\na = 1", "1", "`a` is an integer, expected a string"),
            ("project = 1", "1", "`project` is an integer, expected a table"),
        ] {
            let faults = find(text).unwrap_err();
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert_eq!((faults[0].span.of(text), faults[0].message.as_str()), (Some(written), message));
        }
    }
}
