//! The content hash of a poetry.lock, as Poetry computes it (`Locker._get_content_hash`).

use serde_json::{Map, Value as Json};
use toml_edit::{Item, TableLike, Value};

use super::toml_document::parse;
use crate::text::Fingerprint;

/// The keys of `[tool.poetry]` that are null where they are missing, in versions without `[project]`.
const LEGACY: [&str; 4] = ["dependencies", "source", "extras", "dev-dependencies"];
/// The keys of `[project]` that count.
const OF_PROJECT: [&str; 3] = ["requires-python", "dependencies", "optional-dependencies"];

/// The tables that a version of Poetry looks at beside `[tool.poetry]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tables {
    /// `[project]`, from 2.0 on.
    pub(super) project: bool,
    /// `[dependency-groups]`, from 2.2 on.
    pub(super) groups: bool,
}

/// Returns the SHA-256 of what decides about the lock file in a pyproject.toml, in the JSON that Python writes with its keys sorted;
/// `None` where the text cannot be read, or holds a value there that Poetry does not take.
pub(super) fn content_hash(pyproject: &str, tables: Tables) -> Option<String> {
    // Python's reader takes every line end as one before it looks at anything, also inside of texts.
    let text = pyproject.replace("\r\n", "\n");
    let document = parse(&text).ok()?;
    let root = document.as_table();
    let mut of_project = Map::new();
    if let Some(project) = root.get("project").filter(|_| tables.project).and_then(Item::as_table_like) {
        for key in OF_PROJECT {
            of_project.extend(entry(project, key)?);
        }
    }
    let mut content = Map::new();
    if !of_project.is_empty() {
        content.insert("project".to_owned(), Json::Object(of_project));
    }
    if let Some((key, groups)) = entry(root, "dependency-groups")?.filter(|_| tables.groups) {
        // An empty table does not count.
        if groups.as_object().is_none_or(|groups| !groups.is_empty()) {
            content.insert(key, groups);
        }
    }
    let poetry = root.get("tool").and_then(|tool| tool.as_table_like()?.get("poetry")?.as_table_like());
    let mut of_poetry = Map::new();
    for key in LEGACY.iter().chain(&["group"]) {
        let found = poetry.map_or(Some(None), |poetry| entry(poetry, key))?;
        let absent = (content.is_empty() && *key != "group").then(|| ((*key).to_owned(), Json::Null));
        of_poetry.extend(found.or(absent));
    }
    let content = if content.is_empty() {
        of_poetry
    } else {
        let poetry = Map::from_iter([("poetry".to_owned(), Json::Object(of_poetry))]);
        content.insert("tool".to_owned(), Json::Object(poetry));
        content
    };
    let mut json = String::new();
    write(&Json::Object(content), &mut json);
    Some(Fingerprint::of(json.as_bytes()).to_string())
}

/// Returns a key with its value; the outer `None` is a value that has no JSON.
fn entry(table: &dyn TableLike, key: &str) -> Option<Option<(String, Json)>> {
    match table.get(key) {
        None | Some(Item::None) => Some(None),
        Some(item) => Some(Some((key.to_owned(), of_item(item)?))),
    }
}

fn of_item(item: &Item) -> Option<Json> {
    match item {
        Item::None => None,
        Item::Value(value) => of_value(value),
        Item::Table(table) => of_table(table),
        Item::ArrayOfTables(tables) => {
            tables.iter().map(|table| of_table(table)).collect::<Option<_>>().map(Json::Array)
        }
    }
}

fn of_table(table: &dyn TableLike) -> Option<Json> {
    let entries = table.iter().map(|(key, item)| Some((key.to_owned(), of_item(item)?)));
    entries.collect::<Option<_>>().map(Json::Object)
}

/// Dates have no JSON, and fractions are written otherwise by Python.
fn of_value(value: &Value) -> Option<Json> {
    match value {
        Value::String(text) => Some(text.value().as_str().into()),
        Value::Integer(number) => Some((*number.value()).into()),
        Value::Boolean(truth) => Some((*truth.value()).into()),
        Value::Array(items) => items.iter().map(of_value).collect::<Option<_>>().map(Json::Array),
        Value::InlineTable(table) => of_table(table),
        Value::Float(_) | Value::Datetime(_) => None,
    }
}

/// Writes JSON as `json.dumps(value, sort_keys=True)` does.
fn write(value: &Json, out: &mut String) {
    match value {
        Json::String(text) => write_text(text, out),
        Json::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write(item, out);
            }
            out.push(']');
        }
        Json::Object(entries) => {
            let mut entries: Vec<(&String, &Json)> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (at, (key, value)) in entries.into_iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_text(key, out);
                out.push_str(": ");
                write(value, out);
            }
            out.push('}');
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => out.push_str(&value.to_string()),
    }
}

/// Writes a text in ASCII alone.
fn write_text(text: &str, out: &mut String) {
    for c in Json::from(text).to_string().chars() {
        if matches!(c, ' '..='~') {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "[project]\n\
        name = \"app\"\n\
        version = \"1.0.0\"\n\
        requires-python = \">=3.9\"\n\
        dependencies = [\"core>=0.4,<0.5\", \"café ; python_version > '3'\"]\n\
        [project.optional-dependencies]\n\
        z = [\"x\"]\n\
        a = []\n\
        [dependency-groups]\n\
        dev = [\"pytest>=8\", {include-group = \"b\"}]\n\
        b = [\"tool==1.0\"]\n\
        [tool.poetry]\n\
        packages = [{include = \"app\"}]\n\
        [tool.poetry.dependencies]\n\
        core = {path = \"../core\", develop = true}\n\
        [tool.poetry.group.docs]\n\
        optional = true\n\
        [tool.poetry.group.docs.dependencies]\n\
        mkdocs = \"^1\\t\\u007f\\\"\\\\\"\n\
        [[tool.poetry.source]]\n\
        name = \"pypi 😀\"\n\
        priority = \"primary\"\n\
        [[tool.poetry.source]]\n\
        name = \"second\"\n\
        url = \"https://example.com/<simple>&\"";
    const OLD: &str = "[tool.poetry]\n\
        name = \"app\"\n\
        version = \"1.0.0\"\n\
        [tool.poetry.dependencies]\n\
        python = \"^3.9\"\n\
        core = \"^0.4.0\"\n\
        [tool.poetry.group.dev.dependencies]\n\
        pytest = \"^8\"\n\
        [dependency-groups]";

    #[test]
    fn it_is_what_poetry_writes() {
        // What Poetry 1.8.5, 2.2.1 (whose tables are those of 2.0) and 2.5.1 made of them.
        let same = "636ebe5969c0b73485c2a08ae78d9bc8f3ec8933ca11b0400bff6b7ab65742c1";
        for (project, groups, expected) in [
            (false, false, "aa71f8a784f6bf4f944877894048810e939f1d538add5d511f4d5382ab5c6237"),
            (true, false, "d603b293b73d5b6d1787b75c457748d04573a2aa897e919a1aa9657080a88bfa"),
            (true, true, "7c7bfdf1a7fa9078b604ac060eed9671233c48458def2f97df57451e7bf632d1"),
        ] {
            let tables = Tables { project, groups };
            assert_eq!(content_hash(NEW, tables).as_deref(), Some(expected), "{tables:?}");
            assert_eq!(content_hash(OLD, tables).as_deref(), Some(same), "{tables:?}");
        }
    }

    #[test]
    fn line_ends_inside_of_texts_are_alike() {
        let text = "[project]\ndependencies = ['''\na\nb''']\n";
        let tables = Tables { project: true, groups: true };
        assert_eq!(content_hash(&text.replace('\n', "\r\n"), tables), content_hash(text, tables));
    }

    #[test]
    fn what_has_no_json_has_no_hash() {
        let tables = Tables { project: true, groups: true };
        for text in ["[tool.poetry.dependencies]\na = 1.5\n", "[project]\ndependencies = [2024-01-01]\n", "[project"] {
            assert_eq!(content_hash(text, tables), None, "{text}");
        }
        assert_eq!(content_hash("[tool.ruff]\na = 1.5\n", tables), content_hash("", tables));
    }
}
