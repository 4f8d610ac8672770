//! docs/configuration.md lists every key of relman.toml: the lists between its markers are made from src/config/schema/, and
//! every example in them is read by the program.
//!
//! `SNAPSHOTS=overwrite` renews the page.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use relman::config::{Config, schema};
use relman::model::RepoPath;
use serde_json::Value;

const OPEN: &str = "<!-- keys: ";
const CLOSE: &str = "<!-- end of keys -->";

/// The tables of relman.toml: the heading, where the schema describes its keys, and what surrounds an example of one key.
const TABLES: [(&str, &str, &str, &str); 17] = [
    ("[workspace]", "/properties/workspace", "[workspace]\n", ""),
    ("[packages.NAME]", "/$defs/package", "[packages.one]\npath = 'one'\n", ""),
    ("manifests = [{ … }]", "/$defs/manifest", "[packages.one]\nmanifests = [{ path = 'Chart.yaml', ", " }]"),
    (
        "[groups.NAME]",
        "/$defs/group",
        "[packages.platform]\npath='p'\n[packages.scheduler]\npath='s'\n[groups.one]\n",
        "",
    ),
    ("[dependents]", "/properties/dependents", "[dependents]\n", ""),
    ("[dependents] kinds", "/properties/dependents/properties/kinds", "[dependents.kinds]\n", ""),
    ("[commits]", "/properties/commits", "[commits]\n", ""),
    ("[fragments]", "/properties/fragments", "[fragments]\n", ""),
    ("[changelog]", "/properties/changelog", "[changelog]\n", ""),
    ("[changelog] milestone", "/$defs/milestone-entries", "[changelog.milestone]\n", ""),
    ("[forge]", "/properties/forge", "[forge]\n", ""),
    ("ci-variables = [{ … }]", "/$defs/ci-variable", "[forge]\nci-variables = [{ ", " }]"),
    ("[gates]", "/properties/gates", "[gates]\n", ""),
    ("[gates.commands] NAME", "/$defs/own-command", "[gates.commands.one]\n", ""),
    ("[gates.questions] NAME", "/$defs/question", "[gates.questions.one]\n", ""),
    ("[release]", "/properties/release", "[release]\npush = 'branch-first'\n", ""),
    ("[packages.NAME.release]", "/$defs/package-release", "[packages.one]\npath = 'one'\n[packages.one.release]\n", ""),
];

fn page() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md")
}

#[test]
fn the_page_lists_every_key_as_the_schema_does() {
    let old = fs::read_to_string(page()).unwrap();
    let schema = schema();
    let mut new = String::new();
    let mut rest = old.as_str();
    while let Some((before, behind)) = rest.split_once(OPEN) {
        let (name, behind) = behind.split_once(" -->\n").unwrap();
        let (_, behind) = behind.split_once(CLOSE).unwrap_or_else(|| panic!("no end of {name}"));
        let (_, pointer, ..) = TABLES.iter().find(|table| table.0 == name).unwrap_or_else(|| panic!("no table {name}"));
        new.extend([before, OPEN, name, " -->\n", &listed(&schema, pointer), CLOSE]);
        rest = behind;
    }
    new.push_str(rest);
    for (name, ..) in TABLES {
        assert!(new.contains(&format!("{OPEN}{name} -->")), "the page has no part for {name}");
    }
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::write(page(), &new).unwrap();
    } else {
        assert_eq!(old, new, "docs/configuration.md is not what the schema says; SNAPSHOTS=overwrite renews it");
    }
}

#[test]
fn every_example_of_the_schema_is_read() {
    let schema = schema();
    let mut wrong = Vec::new();
    for (name, pointer, before, behind) in &TABLES {
        for (key, described) in keys(&schema, pointer) {
            let example = example(described);
            // What one entry may not have twice, and what only goes with something else.
            let text = match (*name, key.as_str()) {
                ("[release]", "push") => format!("[release]\n{key} = {example}{behind}"),
                ("ci-variables = [{ … }]", "name")
                | ("[gates.commands] NAME", "run")
                | ("[gates.questions] NAME", "ask")
                | ("[changelog]", _) => format!("{before}{key} = {example}{behind}"),
                (_, "path") => format!("[packages.one]\npath = {example}"),
                ("[groups.NAME]", "tag") => format!("{before}fixed = ['*']\n{key} = {example}{behind}"),
                ("[groups.NAME]", "linked") => format!("[packages.web-one]\npath='w'\n[groups.one]\n{key} = {example}"),
                ("manifests = [{ … }]", "pointer") => {
                    format!("[packages.one]\nmanifests = [{{ path = 'a.json', {key} = {example} }}]")
                }
                ("manifests = [{ … }]", "search" | "type") => {
                    format!("[packages.one]\nmanifests = [{{ path = 'a', {key} = {example} }}]")
                }
                ("ci-variables = [{ … }]", _) => format!("{before}name = 'X', {key} = {example}{behind}"),
                ("[gates.commands] NAME", _) => format!("{before}run = 'x'\n{key} = {example}{behind}"),
                ("[gates.questions] NAME", _) => format!("{before}ask = 'x'\n{key} = {example}{behind}"),
                _ => format!("{before}{key} = {example}{behind}"),
            };
            if let Err(problems) = Config::parse(&RepoPath::new("relman.toml").unwrap(), &Arc::from(text.as_str())) {
                let why: Vec<_> = problems.into_iter().map(|problem| problem.message).collect();
                wrong.push(format!("{name} {key}: {text}: {why:?}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn keys<'a>(schema: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    schema.pointer(pointer).unwrap()["properties"].as_object().unwrap().iter()
}

fn listed(schema: &Value, pointer: &str) -> String {
    let mut text = "\n| key | type | default | example | |\n|---|---|---|---|---|\n".to_owned();
    for (key, described) in keys(schema, pointer) {
        let default = described.get("default").map_or("".to_owned(), |value| code(&toml(value)));
        let says = described["description"].as_str().unwrap();
        let row = [format!("`{key}`"), kind(schema, described), default, code(&example(described)), says.to_owned()];
        let row = row.map(|cell| cell.replace('|', "\\|"));
        writeln!(text, "| {} |", row.join(" | ")).unwrap();
    }
    text + "\n"
}

/// An example of a key; of a table its first key.
fn example(described: &Value) -> String {
    match (described["examples"].get(0), described["properties"].as_object().and_then(|keys| keys.iter().next())) {
        (Some(written), _) => toml(written),
        (None, Some((key, described))) => format!("{{ {key} = {} }}", example(described)),
        (None, None) => panic!("no example in {described}"),
    }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// What may stand there, in words.
fn kind(schema: &Value, described: &Value) -> String {
    if let Some(reference) = described.get("$ref") {
        return kind(schema, schema.pointer(reference.as_str().unwrap().trim_start_matches('#')).unwrap());
    }
    if let Some(values) = described.get("enum") {
        let values: Vec<String> =
            values.as_array().unwrap().iter().map(|value| code(value.as_str().unwrap())).collect();
        return values.join(", ");
    }
    if let Some(choices) = described.get("oneOf").filter(|_| described.get("type").is_none()) {
        let kinds: Vec<String> = choices.as_array().unwrap().iter().map(|choice| kind(schema, choice)).collect();
        return kinds.join(" or ");
    }
    match described["type"].as_str().unwrap() {
        "array" => format!("list of {}", kind(schema, &described["items"])),
        "boolean" => "true or false".to_owned(),
        "object" => "table".to_owned(),
        kind => kind.to_owned(),
    }
}

fn key_of(key: &str) -> String {
    if key.contains('.') { format!("{key:?}") } else { key.to_owned() }
}

/// Writes a value as TOML, on one line.
fn toml(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{} = {}", key_of(key), toml(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::String(text) if text.contains('"') => format!("'{text}'"),
        other => other.to_string(),
    }
}
