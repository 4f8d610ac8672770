//! [`schema`]: the JSON Schema of relman.toml, held against what is read.

use serde_json::{Map, Value};

/// The parts of the schema; each has some of its tables and definitions.
const PARTS: [&str; 6] = [
    include_str!("schema/packages.json"),
    include_str!("schema/changes.json"),
    include_str!("schema/release.json"),
    include_str!("schema/verify.json"),
    include_str!("schema/pins.json"),
    include_str!("schema/plugins.json"),
];

/// Where editors find the schema of relman.toml; its `$id`.
pub const URL: &str = "https://www.schemastore.org/relman.json";

/// Returns the JSON Schema (draft 2020-12) of relman.toml.
#[must_use]
pub fn schema() -> Value {
    let mut whole = Map::new();
    for (key, part) in PARTS.iter().filter_map(|text| serde_json::from_str::<Map<String, Value>>(text).ok()).flatten() {
        match (whole.get_mut(&key), part) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            (_, part) => drop(whole.insert(key, part)),
        }
    }
    Value::Object(whole)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use serde_json::Value;
    use toml_edit::Document;

    use super::schema;
    use crate::config::problems::Problems;
    use crate::config::{Config, WorkspaceConfig};
    use crate::model::RepoPath;

    /// The keys of the schema with an example of each, under the path that its document gets. A free key is `NAME` or, for the
    /// groups, the kind of the group.
    struct Keys {
        schema: Value,
        leaves: BTreeMap<String, Value>,
        all: BTreeSet<String>,
    }

    impl Keys {
        fn new() -> Self {
            let schema = schema();
            let mut keys = Self { schema: schema.clone(), leaves: BTreeMap::new(), all: BTreeSet::new() };
            keys.visit("", &schema);
            keys
        }

        fn visit(&mut self, path: &str, object: &Value) {
            assert_eq!(object["additionalProperties"], false, "{path} takes unknown keys");
            for (key, value) in object["properties"].as_object().unwrap() {
                let at = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                for word in ["title", "description"] {
                    assert!(value[word].as_str().is_some_and(|text| !text.is_empty()), "{at} has no {word}");
                }
                self.all.insert(at.clone());
                let free = &value["additionalProperties"];
                let free = free["oneOf"].as_array().and_then(|forms| forms.last()).unwrap_or(free);
                let free = free["$ref"].as_str().map(|free| self.definition(free));
                let free = free.filter(|below| below["properties"].is_object());
                if let Some(example) = value["examples"].get(0) {
                    self.leaves.insert(at.clone(), example.clone());
                } else if free.is_none() {
                    self.visit(&at, value);
                }
                let table = value["$ref"].as_str().map(|table| self.definition(table));
                if let Some(table) = table.filter(|table| table["properties"].is_object()) {
                    self.visit(&at, &table);
                }
                if let Some(below) = free {
                    self.visit(&format!("{at}.NAME"), &below);
                }
                let element = &value["items"];
                let element = element["oneOf"].as_array().and_then(|forms| forms.last()).unwrap_or(element);
                let element = element["$ref"].as_str().map(|element| self.definition(element));
                if let Some(element) = element.filter(|element| element["properties"].is_object()) {
                    self.visit(&at, &element);
                }
            }
        }

        fn definition(&self, reference: &str) -> Value {
            self.schema.pointer(reference.trim_start_matches('#')).unwrap().clone()
        }
    }

    fn key_of(key: &str) -> String {
        if key.contains('.') { format!("{key:?}") } else { key.to_owned() }
    }

    fn toml(value: &Value) -> String {
        match value {
            Value::Object(map) => {
                let entries: Vec<String> =
                    map.iter().map(|(key, value)| format!("{} = {}", key_of(key), toml(value))).collect();
                format!("{{ {} }}", entries.join(", "))
            }
            Value::Array(values) => format!("[{}]", values.iter().map(toml).collect::<Vec<_>>().join(", ")),
            other => other.to_string(),
        }
    }

    const ONE: &str = "packages.one.path = 'one'\n";

    /// The arrays of tables, with the keys that each of their elements needs.
    const ELEMENTS: [(&str, &[(&str, &str)]); 11] = [
        ("generate", &[("name", "'x'"), ("run", "'x'"), ("outputs", "['x']")]),
        ("forge.ci-variables", &[("name", "'X'")]),
        ("release.run", &[("name", "'x'"), ("run", "'x'")]),
        ("verify.accept", &[("artifact", "'tag:x'"), ("version", "'1.0.0'"), ("why", "'x'")]),
        ("packages.NAME.verify.images", &[("name", "'a.b/c'")]),
        ("packages.NAME.verify.charts", &[("name", "'a.b/c'")]),
        ("packages.NAME.verify.pypi", &[("name", "'x'")]),
        ("packages.NAME.verify.npm", &[("name", "'x'")]),
        ("packages.NAME.verify.crates", &[("name", "'x'")]),
        ("packages.NAME.verify.urls", &[("url", "'https://a.b'")]),
        ("packages.NAME.verify.run", &[("name", "'x'"), ("run", "'x'")]),
    ];

    /// A document that holds this key, and what else it needs to be right.
    fn document(path: &str, example: &Value) -> String {
        let needs = |key: &str, text: &str| if path.ends_with(key) { String::new() } else { text.to_owned() };
        if let Some(key) = path.strip_prefix("packages.NAME.manifests.") {
            let file = if key == "fields" {
                "Chart.yaml"
            } else if key == "pointer" {
                "x.json"
            } else {
                "VERSION"
            };
            let path = if key == "path" { String::new() } else { format!("path = '{file}', ") };
            return format!("packages.NAME.manifests = [{{ {path}{key} = {} }}]", toml(example));
        }
        if let Some(key) = path.strip_prefix("pins.NAME.") {
            return pin_document(key, example);
        }
        for (list, needed) in ELEMENTS {
            let Some(key) = path.strip_prefix(list).and_then(|path| path.strip_prefix('.')) else { continue };
            // A plugin is asked instead of a command.
            let needed = needed.iter().filter(|(needed, _)| *needed != key && (*needed != "run" || key != "plugin"));
            let needed: String = needed.map(|(key, value)| format!("{key} = {value}, ")).collect();
            let package = if list.starts_with("packages") || key == "package" { ONE } else { "" };
            let package = if key == "packages" { "packages.core-one.path = 'one'\n" } else { package };
            let packages = if list.starts_with("packages") { "packages.NAME.path = 'a'\n" } else { package };
            let images = if key == "of" { "packages.NAME.verify.images = ['ghcr.io/owner/api']\n" } else { "" };
            return format!("{packages}{images}{list} = [{{ {needed}{key} = {} }}]", toml(example));
        }
        let source = if path.ends_with(".initial") { "packages.NAME.version = 'tag'\n" } else { "" };
        let example = format!("{source}{} = {}\n", if path == "$schema" { "'$schema'" } else { path }, toml(example));
        match path.split('.').next() {
            Some("packages") => needs(".path", "packages.NAME.path = 'a'\n") + &example,
            Some("groups") => {
                let kind = if path.ends_with(".tag") { "groups.NAME.fixed = ['*']\n" } else { "" };
                let kind = if path.ends_with(".shared-tag") { "groups.NAME.linked = ['*']\n" } else { kind };
                let members = "packages = { platform.path = 'a', scheduler.path = 'b' }\n";
                format!("{members}{kind}{example}")
            }
            Some("gates") if path.contains(".commands.") => {
                needs(".run", "gates.commands.NAME.run = ['x']\n") + &example
            }
            Some("gates") if path.contains(".questions.") => {
                needs(".ask", "gates.questions.NAME.ask = 'x'\n") + &example
            }
            Some("release") if path.ends_with(".wait") => format!("release.push = 'branch-first'\n{example}"),
            _ => example,
        }
    }

    /// The same for a key of a pin. What its upstream must have published is described as that of a package.
    fn pin_document(key: &str, example: &Value) -> String {
        let place = "path = 'ci.yml', pointer = '/x'";
        let places = match key.strip_prefix("places.") {
            Some("path") => "pointer = '/x', path = 'ci.yml'".to_owned(),
            Some("search") => format!("path = 'ci.yml', search = {}", toml(example)),
            Some("pointer") => format!("path = 'ci.yml', pointer = {}", toml(example)),
            Some("type") => format!("path = 'x', type = {}", toml(example)),
            Some("requirement") => format!("path = 'package.json', requirement = {}", toml(example)),
            Some(key) => format!("{place}, {key} = {}", toml(example)),
            None => place.to_owned(),
        };
        let places = if key == "places" { String::new() } else { format!("pins.NAME.places = [{{ {places} }}]\n") };
        let upstream = if key == "upstream" { "" } else { "pins.NAME.upstream = 'x'\n" };
        let rest = match key.strip_prefix("verify.") {
            Some(key) => document(&format!("packages.NAME.verify.{key}"), example)
                .replace("packages.NAME.verify", "pins.NAME.verify"),
            None if key.starts_with("places.") => String::new(),
            None => format!("pins.NAME.{key} = {}\n", toml(example)),
        };
        format!("{upstream}{places}{rest}")
    }

    #[test]
    fn every_key_of_the_schema_is_read() {
        for (path, example) in Keys::new().leaves {
            let text: Arc<str> = Arc::from(document(&path, &example));
            let parsed = Config::parse(&RepoPath::root(), &text);
            assert!(parsed.is_ok(), "{text}: {:?}", parsed.unwrap_err());
        }
    }

    #[test]
    fn every_key_that_is_read_is_in_the_schema() {
        let text: Arc<str> = Arc::from(
            "[workspace]\n[packages.NAME]\nmanifests = [{}]\n[groups.NAME]\n[dependents.kinds]\n[commits]\n[fragments]\n[changelog.milestone]\n\
             [packages.NAME.release]\n[release]\nrun = [{}]\n[forge]\nci-variables = [{}]\n[gates.commands.NAME]\n[gates.questions.NAME]\n\
             [packages.NAME.verify]\nimages = [{}]\ncharts = [{}]\npypi = [{}]\nnpm = [{}]\ncrates = [{}]\nurls = [{}]\nrun = [{}]\n\
             [verify]\nregistries = {}\naccept = [{}]\n[hotfix]\n[[generate]]\n[pins.NAME]\nplaces = [{}]\n[plugins.NAME]\n\
             [pins.NAME.verify]\nimages = [{}]\ncharts = [{}]\npypi = [{}]\nnpm = [{}]\ncrates = [{}]\nurls = [{}]",
        );
        let path = RepoPath::root();
        let problems = Problems::new(&path, &text);
        let document = Document::parse(&*text).unwrap();
        Config::read(&problems, &path, &text, document.as_table());
        // A key that is not made of letters is asked for in quotes.
        let asked = problems.asked.borrow().iter().map(|key| key.replace('"', "")).collect();
        assert_eq!(Keys::new().all, asked);
    }

    #[test]
    fn editors_find_it_by_the_first_line_and_by_the_catalog() {
        let catalog: Value = serde_json::from_str(include_str!("../../docs/schemastore.json")).unwrap();
        let id = &schema()["$id"];
        assert_eq!([id, id], [&Value::from(super::URL), &catalog["url"]]);
        assert_eq!(catalog["fileMatch"], serde_json::json!(["relman.toml"]));
    }

    #[test]
    fn the_schema_names_the_values_that_are_read() {
        let schema = schema();
        let types: Vec<&str> = crate::model::ManifestType::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(schema["$defs"]["manifest"]["properties"]["type"]["enum"], serde_json::json!(types));
        let ecosystems: Vec<&str> = crate::model::Ecosystem::ALL.iter().map(|ecosystem| ecosystem.name()).collect();
        let names = &schema["$defs"]["package"]["properties"]["names"]["items"]["pattern"];
        assert_eq!(*names, format!(r"^({}):\S+$", ecosystems.join("|")));
        let kinds: Vec<&str> = crate::model::DependencyKind::ALL.iter().map(|kind| kind.name()).collect();
        let written = schema["properties"]["dependents"]["properties"]["kinds"]["properties"].as_object().unwrap();
        assert_eq!(written.keys().map(String::as_str).collect::<Vec<_>>(), kinds);
        let workspace = &schema["properties"]["workspace"]["properties"];
        let default = WorkspaceConfig::default();
        assert_eq!(workspace["tag"]["default"], WorkspaceConfig::TAG);
        assert_eq!(workspace["commit-message"]["default"], default.commit_message.to_string());
        assert_eq!(workspace["tag-message"]["default"], default.tag_message.to_string());
        assert_eq!(workspace["tags-per-push"]["default"], default.tags_per_push);
    }
}
