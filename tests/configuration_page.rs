//! The pages docs/configuration*.md list every key of relman.toml: the lists between their markers are made from src/config/schema/, and
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
const TABLES: [(&str, &str, &str, &str); 31] = [
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
    ("[[release.run]]", "/$defs/release-run", "[packages.one]\npath = 'one'\n[[release.run]]\n", ""),
    ("[[generate]]", "/$defs/generator", "[packages.one]\npath = 'one'\n[[generate]]\n", ""),
    ("[verify]", "/properties/verify", "[verify]\n", ""),
    ("[verify] registries", "/properties/verify/properties/registries", "[verify.registries]\n", ""),
    ("accept = [{ … }]", "/$defs/acceptance", "[[verify.accept]]\n", ""),
    ("[packages.NAME.verify]", "/$defs/package-verify", "[packages.one]\npath = 'one'\n[packages.one.verify]\n", ""),
    ("images = [{ … }]", "/$defs/wanted-image", "[packages.one]\npath = 'one'\n[[packages.one.verify.images]]\n", ""),
    ("pypi = [{ … }]", "/$defs/wanted-project", "[packages.one]\npath = 'one'\n[[packages.one.verify.pypi]]\n", ""),
    ("urls = [{ … }]", "/$defs/wanted-url", "[packages.one]\npath = 'one'\n[[packages.one.verify.urls]]\n", ""),
    (
        "run = [{ … }]",
        "/$defs/verify-run",
        "[packages.one]\npath = 'one'\n[packages.one.verify]\nimages = ['ghcr.io/owner/api']\n[[packages.one.verify.run]]\n",
        "",
    ),
    ("[hotfix]", "/properties/hotfix", "[hotfix]\n", ""),
    ("[pins.NAME]", "/$defs/pin", "[pins.one]\n", ""),
    ("[plugins.NAME]", "/$defs/plugin", "[plugins.one]\n", ""),
    ("places = [{ … }]", "/$defs/pin-place", "[pins.one]\nupstream = 'x'\n[[pins.one.places]]\n", ""),
];

/// The keys that each element of a table needs.
const NEEDED: [(&str, &[(&str, &str)]); 9] = [
    ("[[release.run]]", &[("name", "'x'"), ("run", "'x'")]),
    ("[[generate]]", &[("name", "'x'"), ("run", "'x'"), ("outputs", "['x']")]),
    ("accept = [{ … }]", &[("artifact", "'tag:x'"), ("version", "'1.0.0'"), ("why", "'x'")]),
    ("images = [{ … }]", &[("name", "'a.b/c'")]),
    ("pypi = [{ … }]", &[("name", "'x'")]),
    ("urls = [{ … }]", &[("url", "'https://a.b'")]),
    ("run = [{ … }]", &[("name", "'x'"), ("run", "'x'")]),
    ("[pins.NAME]", &[("upstream", "'x'"), ("places", "[{ path = 'VERSION' }]")]),
    ("places = [{ … }]", &[("path", "'package.json'")]),
];

const PAGES: [&str; 3] = ["configuration.md", "configuration-publishing.md", "plugins.md"];

fn page(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

#[test]
fn the_pages_list_every_key_as_the_schema_does() {
    let schema = schema();
    let mut all = String::new();
    for name in PAGES {
        let old = fs::read_to_string(page(name)).unwrap();
        let new = renewed(&schema, &old);
        all.push_str(&new);
        if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
            fs::write(page(name), &new).unwrap();
        } else {
            assert_eq!(old, new, "docs/{name} is not what the schema says; SNAPSHOTS=overwrite renews it");
        }
    }
    for (name, ..) in TABLES {
        assert!(all.contains(&format!("{OPEN}{name} -->")), "the pages have no part for {name}");
    }
}

/// The page with the lists of today.
fn renewed(schema: &Value, old: &str) -> String {
    let mut new = String::new();
    let mut rest = old;
    while let Some((before, behind)) = rest.split_once(OPEN) {
        let (name, behind) = behind.split_once(" -->\n").unwrap();
        let (_, behind) = behind.split_once(CLOSE).unwrap_or_else(|| panic!("no end of {name}"));
        let (_, pointer, ..) = TABLES.iter().find(|table| table.0 == name).unwrap_or_else(|| panic!("no table {name}"));
        new.extend([before, OPEN, name, " -->\n", &listed(schema, pointer), CLOSE]);
        rest = behind;
    }
    new + rest
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
                // A requirement is in a manifest that is known, anything else in one that is not.
                ("places = [{ … }]", "search" | "type") => format!("{before}path = 'x'\n{key} = {example}"),
                ("places = [{ … }]", "path" | "scheme" | "as") => {
                    let path = if key == "path" { "" } else { "path = 'x.json'\n" };
                    format!("{before}{path}pointer = '/x'\n{key} = {example}")
                }
                ("[[release.run]]", "packages") => {
                    let before = before.replace("packages.one", "packages.core-one");
                    format!("{before}name = 'x'\nrun = 'x'\n{key} = {example}")
                }
                (name, key) if NEEDED.iter().any(|(table, _)| *table == name) => {
                    let needed = NEEDED.iter().filter(|(table, _)| *table == name).flat_map(|(_, needed)| *needed);
                    // A plugin is asked instead of a command.
                    let needed = needed.filter(|(needed, _)| *needed != key && (*needed != "run" || key != "plugin"));
                    let needed: String = needed.map(|(key, value)| format!("{key} = {value}\n")).collect();
                    format!("{before}{needed}{key} = {example}")
                }
                ("[packages.NAME]", "initial") => format!("{before}version = 'tag'\n{key} = {example}"),
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
    if let Some(only) = described.get("const") {
        return format!("`{only}`");
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
