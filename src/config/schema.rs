//! [`schema`]: the JSON Schema of relman.toml, held against what is read.

use serde_json::{Map, Value};

/// The parts of the schema; each has some of its tables and definitions.
const PARTS: [&str; 3] =
    [include_str!("schema/packages.json"), include_str!("schema/changes.json"), include_str!("schema/release.json")];

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
                for (list, element) in [("manifests", "manifest"), ("ci-variables", "ci-variable")] {
                    if key == list {
                        let below = self.definition(&format!("#/$defs/{element}"));
                        self.visit(&at, &below);
                    }
                }
            }
        }

        fn definition(&self, reference: &str) -> Value {
            self.schema.pointer(reference.trim_start_matches('#')).unwrap().clone()
        }
    }

    fn toml(value: &Value) -> String {
        match value {
            Value::Object(map) => {
                let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key} = {}", toml(value))).collect();
                format!("{{ {} }}", entries.join(", "))
            }
            Value::Array(values) => format!("[{}]", values.iter().map(toml).collect::<Vec<_>>().join(", ")),
            other => other.to_string(),
        }
    }

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
        if let Some(key) = path.strip_prefix("forge.ci-variables.") {
            let name = if key == "name" { "" } else { "name = 'X', " };
            return format!("forge.ci-variables = [{{ {name}{key} = {} }}]", toml(example));
        }
        let example = format!("{path} = {}\n", toml(example));
        match path.split('.').next() {
            Some("packages") => needs(".path", "packages.NAME.path = 'a'\n") + &example,
            Some("groups") => {
                let fixed = if path.ends_with(".tag") { "groups.NAME.fixed = ['*']\n" } else { "" };
                let members = "packages = { platform.path = 'a', scheduler.path = 'b' }\n";
                format!("{members}{fixed}{example}")
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
             [packages.NAME.release]\n[release]\n[forge]\nci-variables = [{}]\n[gates.commands.NAME]\n[gates.questions.NAME]",
        );
        let path = RepoPath::root();
        let problems = Problems::new(&path, &text);
        let document = Document::parse(&*text).unwrap();
        Config::read(&problems, &path, &text, document.as_table());
        let asked = problems.asked.borrow().clone();
        assert_eq!(asked, Keys::new().all);
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
        assert_eq!(workspace["tag"]["default"], default.tag);
        assert_eq!(workspace["commit-message"]["default"], default.commit_message.to_string());
        assert_eq!(workspace["tag-message"]["default"], default.tag_message.to_string());
        assert_eq!(workspace["tags-per-push"]["default"], default.tags_per_push);
    }
}
