//! The pages docs/configuration*.md list every key of relman.toml: the lists between their markers are made from src/config/schema/, and
//! every example in them is read by the program.
//!
//! `SNAPSHOTS=overwrite` renews the page.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use relman::config::{Config, KeyTable, key_tables};
use relman::model::RepoPath;

const OPEN: &str = "<!-- keys: ";
const CLOSE: &str = "<!-- end of keys -->";

/// What surrounds an example of one key of each table.
const AROUND: [(&str, &str, &str); 31] = [
    ("[workspace]", "[workspace]\n", ""),
    ("[packages.NAME]", "[packages.one]\npath = 'one'\n", ""),
    ("manifests = [{ … }]", "[packages.one]\nmanifests = [{ path = 'Chart.yaml', ", " }]"),
    ("[groups.NAME]", "[packages.platform]\npath='p'\n[packages.scheduler]\npath='s'\n[groups.one]\n", ""),
    ("[dependents]", "[dependents]\n", ""),
    ("[dependents] kinds", "[dependents.kinds]\n", ""),
    ("[commits]", "[commits]\n", ""),
    ("[fragments]", "[fragments]\n", ""),
    ("[changelog]", "[changelog]\n", ""),
    ("[changelog] milestone", "[changelog.milestone]\n", ""),
    ("[forge]", "[forge]\n", ""),
    ("ci-variables = [{ … }]", "[forge]\nci-variables = [{ ", " }]"),
    ("[gates]", "[gates]\n", ""),
    ("[gates.commands] NAME", "[gates.commands.one]\n", ""),
    ("[gates.questions] NAME", "[gates.questions.one]\n", ""),
    ("[release]", "[release]\npush = 'branch-first'\n", ""),
    ("[packages.NAME.release]", "[packages.one]\npath = 'one'\n[packages.one.release]\n", ""),
    ("[[release.run]]", "[packages.one]\npath = 'one'\n[[release.run]]\n", ""),
    ("[[generate]]", "[packages.one]\npath = 'one'\n[[generate]]\n", ""),
    ("[verify]", "[verify]\n", ""),
    ("[verify] registries", "[verify.registries]\n", ""),
    ("accept = [{ … }]", "[[verify.accept]]\n", ""),
    ("[packages.NAME.verify]", "[packages.one]\npath = 'one'\n[packages.one.verify]\n", ""),
    ("images = [{ … }]", "[packages.one]\npath = 'one'\n[[packages.one.verify.images]]\n", ""),
    ("pypi = [{ … }]", "[packages.one]\npath = 'one'\n[[packages.one.verify.pypi]]\n", ""),
    ("urls = [{ … }]", "[packages.one]\npath = 'one'\n[[packages.one.verify.urls]]\n", ""),
    (
        "run = [{ … }]",
        "[packages.one]\npath = 'one'\n[packages.one.verify]\nimages = ['ghcr.io/owner/api']\n[[packages.one.verify.run]]\n",
        "",
    ),
    ("[hotfix]", "[hotfix]\n", ""),
    ("[pins.NAME]", "[pins.one]\n", ""),
    ("[plugins.NAME]", "[plugins.one]\n", ""),
    ("places = [{ … }]", "[pins.one]\nupstream = 'x'\n[[pins.one.places]]\n", ""),
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
    let tables = key_tables();
    let mut all = String::new();
    for name in PAGES {
        let old = fs::read_to_string(page(name)).unwrap();
        let new = renewed(&tables, &old);
        all.push_str(&new);
        if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
            fs::write(page(name), &new).unwrap();
        } else {
            assert_eq!(old, new, "docs/{name} is not what the schema says; SNAPSHOTS=overwrite renews it");
        }
    }
    for table in tables {
        let name = table.heading;
        assert!(all.contains(&format!("{OPEN}{name} -->")), "the pages have no part for {name}");
    }
}

/// The page with the lists of today.
fn renewed(tables: &[KeyTable], old: &str) -> String {
    let mut new = String::new();
    let mut rest = old;
    while let Some((before, behind)) = rest.split_once(OPEN) {
        let (name, behind) = behind.split_once(" -->\n").unwrap();
        let (_, behind) = behind.split_once(CLOSE).unwrap_or_else(|| panic!("no end of {name}"));
        let table = tables.iter().find(|table| table.heading == name).unwrap_or_else(|| panic!("no table {name}"));
        new.extend([before, OPEN, name, " -->\n", &listed(table), CLOSE]);
        rest = behind;
    }
    new + rest
}

#[test]
fn every_example_of_the_schema_is_read() {
    let mut wrong = Vec::new();
    for table in key_tables() {
        let name = &table.heading;
        let (_, before, behind) = AROUND.iter().find(|(table, ..)| table == name).unwrap();
        for key in table.keys {
            let (key, example) = (key.name, key.example);
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
                ("[groups.NAME]", "shared-tag") => format!("{before}linked = ['*']\n{key} = {example}{behind}"),
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

fn listed(table: &KeyTable) -> String {
    let mut text = "\n| key | type | default | example | |\n|---|---|---|---|---|\n".to_owned();
    for key in &table.keys {
        let default = key.default.as_deref().map_or_else(String::new, code);
        let row = [code(&key.name), key.kind.clone(), default, code(&key.example), key.about.clone()];
        let row = row.map(|cell| cell.replace('|', "\\|"));
        writeln!(text, "| {} |", row.join(" | ")).unwrap();
    }
    text + "\n"
}

fn code(text: &str) -> String {
    format!("`{text}`")
}
