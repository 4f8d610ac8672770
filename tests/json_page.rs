//! The page docs/json.md lists every key that commands print with `--json`, and the meaning of each code: it is made from their schemas.
//!
//! `SNAPSHOTS=overwrite` renews the page.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Described on pages of their own.
const ELSEWHERE: [&str; 3] = ["config", "plugin", "plugin-file"];

const HEAD: &str = "\
# JSON

What commands print with `--json`, key by key. A test makes this page from the schemas that `relman schema --of NAME` prints; [For scripts](scripts.md#json) says which
command prints which. `packages[].name` is the key `name` of each element of the list `packages`. Where elements are of several kinds, each meaning names its kinds.
";

#[test]
fn the_page_lists_every_key_as_the_schemas_do() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md");
    let old = fs::read_to_string(&path).unwrap_or_default();
    let new = page();
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::write(&path, &new).unwrap();
    } else {
        assert!(old == new, "docs/json.md is not what the schemas say; SNAPSHOTS=overwrite renews it\n{new}");
    }
    let scripts = fs::read_to_string(path.with_file_name("scripts.md")).unwrap();
    for name in names() {
        assert!(scripts.contains(&format!("`{name}`")), "docs/scripts.md does not name the schema {name}");
    }
}

fn relman(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_relman")).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The values of `--of`, from the help.
fn names() -> Vec<String> {
    let help = relman(&["schema", "--help"]);
    let values = help.lines().filter_map(|line| line.trim().strip_prefix("- ")?.split_once(':'));
    values.map(|(name, _)| name.to_owned()).collect()
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut tables: Vec<(String, Table)> = Vec::new();
    for name in names().into_iter().filter(|name| !ELSEWHERE.contains(&name.as_str())) {
        let schema: Value = serde_json::from_str(&relman(&["schema", "--of", &name])).unwrap();
        let table = Table::of(&schema);
        write!(page, "\n## {name}\n\n{}\n\n", schema["description"].as_str().unwrap()).unwrap();
        match tables.iter().find(|(_, known)| known.rows == table.rows) {
            Some((same, _)) => writeln!(page, "Its keys are those of [{same}](#{same}).").unwrap(),
            None => page.push_str(&table.without(&tables).printed()),
        }
        tables.push((name, table));
    }
    page
}

/// A key, what it may hold, and what that means.
#[derive(Clone, PartialEq)]
struct Row {
    path: String,
    types: Vec<String>,
    /// Each meaning, with the kinds of elements that have it; no kinds where there is one only.
    meanings: Vec<(String, Vec<String>)>,
}

impl Row {
    /// The key of the object as a whole that this one belongs to.
    fn top(&self) -> &str {
        self.path.split(['.', '[']).next().unwrap()
    }
}

#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    /// Keys that hold codes, each with its codes and their meaning.
    codes: Vec<(String, Vec<(String, String)>)>,
}

impl Table {
    fn of(schema: &Value) -> Self {
        let mut table = Self::default();
        table.walk(&schema["$defs"], schema, "", None);
        table
    }

    fn walk(&mut self, defs: &Value, schema: &Value, path: &str, kind: Option<&str>) {
        assert!(path.matches('.').count() < 8, "{path} holds itself");
        let schema = resolved(defs, schema);
        for alternative in alternatives(schema) {
            self.walk(defs, alternative, path, kind_of(resolved(defs, alternative)).or(kind));
        }
        if let Some(items) = schema.get("items") {
            self.walk(defs, items, &format!("{path}[]"), kind);
        }
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            self.add(defs, &path, value, kind);
            self.walk(defs, value, &path, kind);
        }
        if schema["additionalProperties"].is_object() {
            self.walk(defs, &schema["additionalProperties"], &format!("{path}.NAME"), kind);
        }
    }

    fn add(&mut self, defs: &Value, path: &str, value: &Value, kind: Option<&str>) {
        let described = value.get("description").or(resolved(defs, value).get("description"));
        let meaning = described.and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut types = types(defs, value);
        if path.ends_with("code") {
            let codes = allowed(defs, value);
            assert!(!codes.is_empty(), "{path} has no codes");
            self.codes.push((path.to_owned(), codes));
            types = vec!["a code below".to_owned()];
        }
        if !self.rows.iter().any(|row| row.path == path) {
            self.rows.push(Row { path: path.to_owned(), types: Vec::new(), meanings: Vec::new() });
        }
        let row = self.rows.iter_mut().find(|row| row.path == path).unwrap();
        types.retain(|known| !row.types.contains(known));
        row.types.extend(types);
        if meaning.is_empty() {
            return;
        }
        if !row.meanings.iter().any(|(known, _)| *known == meaning) {
            row.meanings.push((meaning.clone(), Vec::new()));
        }
        let (_, kinds) = row.meanings.iter_mut().find(|(known, _)| *known == meaning).unwrap();
        kinds.extend(kind.map(str::to_owned));
    }

    /// The table with one row for each key that an earlier one has described whole.
    fn without(&self, earlier: &[(String, Self)]) -> Self {
        let part = |table: &Self, top: &str| -> Vec<Row> {
            table.rows.iter().filter(|row| row.top() == top && row.path != top).cloned().collect()
        };
        let mut short = Self::default();
        for row in &self.rows {
            let rows = part(self, row.top());
            match earlier.iter().find(|(_, known)| !rows.is_empty() && part(known, row.top()) == rows) {
                None => short.rows.push(row.clone()),
                Some((name, _)) if row.path == row.top() => {
                    let mut row = row.clone();
                    row.meanings[0].0 += &format!(" Its keys are those in [{name}](#{name}).");
                    short.rows.push(row);
                }
                Some(_) => {}
            }
        }
        let is_left = |path: &str| short.rows.iter().any(|row| row.path == path);
        short.codes = self.codes.iter().filter(|(path, _)| is_left(path)).cloned().collect();
        short
    }

    fn printed(&self) -> String {
        let mut text = "| key | holds | |\n|---|---|---|\n".to_owned();
        for row in &self.rows {
            let meanings = row.meanings.iter().map(|(meaning, kinds)| match kinds.as_slice() {
                [_, ..] => format!("{}: {meaning}", code_list(kinds)),
                _ => meaning.clone(),
            });
            let cells = [format!("`{}`", row.path), row.types.join(", "), meanings.collect::<Vec<_>>().join(" ")];
            writeln!(text, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | ")).unwrap();
        }
        for (path, codes) in &self.codes {
            write!(text, "\n| `{path}` | |\n|---|---|\n").unwrap();
            for (code, meaning) in codes {
                writeln!(text, "| `{code}` | {} |", meaning.replace('|', "\\|")).unwrap();
            }
        }
        text
    }
}

fn code_list(words: &[String]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn resolved<'a>(defs: &'a Value, mut schema: &'a Value) -> &'a Value {
    while let Some(name) = schema["$ref"].as_str() {
        schema = &defs[name.trim_start_matches("#/$defs/")];
    }
    schema
}

fn alternatives(schema: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|list| schema[list].as_array());
    lists.flatten()
}

/// The name of a kind of elements: the constant in it.
fn kind_of(schema: &Value) -> Option<&str> {
    schema["properties"].as_object()?.values().find_map(|value| value["const"].as_str())
}

/// The texts that a schema allows, with their meanings, as far as it names them.
fn values(schema: &Value) -> Vec<(String, String)> {
    let meaning = schema["description"].as_str().unwrap_or_default();
    let listed = schema["enum"].as_array().into_iter().flatten().chain(schema.get("const"));
    listed.filter_map(|value| Some((value.as_str()?.to_owned(), meaning.to_owned()))).collect()
}

/// The same of a schema with all its alternatives.
fn allowed(defs: &Value, schema: &Value) -> Vec<(String, String)> {
    let schema = resolved(defs, schema);
    let inner = alternatives(schema).flat_map(|alternative| allowed(defs, alternative));
    values(schema).into_iter().chain(inner).collect()
}

/// What a value may be, in words.
fn types(defs: &Value, value: &Value) -> Vec<String> {
    let schema = resolved(defs, value);
    let mut found: Vec<String> = values(schema).into_iter().map(|(value, _)| format!("`{value}`")).collect();
    if found.is_empty() {
        found.extend(alternatives(schema).flat_map(|alternative| types(defs, alternative)));
    }
    if found.is_empty() {
        let named = match &schema["type"] {
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            one => vec![one.as_str().unwrap_or("any value")],
        };
        found.extend(named.into_iter().map(|name| if name == "array" { "list" } else { name }.to_owned()));
    }
    let mut once = Vec::new();
    found.into_iter().for_each(|name| {
        if !once.contains(&name) {
            once.push(name)
        }
    });
    once
}
