//! [`key_tables`]: every key of relman.toml in words, from its schema.

use serde_json::Value;

use super::schema::schema;

/// The tables of relman.toml: the heading, and where the schema describes its keys.
const TABLES: [(&str, &str); 31] = [
    ("[workspace]", "/properties/workspace"),
    ("[packages.NAME]", "/$defs/package"),
    ("manifests = [{ … }]", "/$defs/manifest"),
    ("[groups.NAME]", "/$defs/group"),
    ("[dependents]", "/properties/dependents"),
    ("[dependents] kinds", "/properties/dependents/properties/kinds"),
    ("[commits]", "/properties/commits"),
    ("[fragments]", "/properties/fragments"),
    ("[changelog]", "/properties/changelog"),
    ("[changelog] milestone", "/$defs/milestone-entries"),
    ("[forge]", "/properties/forge"),
    ("ci-variables = [{ … }]", "/$defs/ci-variable"),
    ("[gates]", "/properties/gates"),
    ("[gates.commands] NAME", "/$defs/own-command"),
    ("[gates.questions] NAME", "/$defs/question"),
    ("[release]", "/properties/release"),
    ("[packages.NAME.release]", "/$defs/package-release"),
    ("[[release.run]]", "/$defs/release-run"),
    ("[[generate]]", "/$defs/generator"),
    ("[verify]", "/properties/verify"),
    ("[verify] registries", "/properties/verify/properties/registries"),
    ("accept = [{ … }]", "/$defs/acceptance"),
    ("[packages.NAME.verify]", "/$defs/package-verify"),
    ("images = [{ … }]", "/$defs/wanted-image"),
    ("pypi = [{ … }]", "/$defs/wanted-project"),
    ("urls = [{ … }]", "/$defs/wanted-url"),
    ("run = [{ … }]", "/$defs/verify-run"),
    ("[hotfix]", "/properties/hotfix"),
    ("[pins.NAME]", "/$defs/pin"),
    ("places = [{ … }]", "/$defs/pin-place"),
    ("[plugins.NAME]", "/$defs/plugin"),
];

/// A table of relman.toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyTable {
    /// How it is written.
    pub heading: &'static str,
    /// What it is for; may be empty.
    pub about: String,
    /// Its keys.
    pub keys: Vec<TableKey>,
}

/// A key of relman.toml. In its texts, code is in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableKey {
    /// The key.
    pub name: String,
    /// What it takes.
    pub kind: String,
    /// The value that it has where it is not written, as TOML.
    pub default: Option<String>,
    /// A value that it could have, as TOML.
    pub example: String,
    /// What it means.
    pub about: String,
}

/// Returns every table of relman.toml with its keys, in the order of the schema.
#[must_use]
pub fn key_tables() -> Vec<KeyTable> {
    let schema = schema();
    let table = |(heading, pointer)| {
        let described = schema.pointer(pointer).unwrap_or(&Value::Null);
        let keys = entries(described).map(|(name, described)| key(&schema, name, described)).collect();
        KeyTable { heading, about: text_of(described, "description"), keys }
    };
    TABLES.into_iter().map(table).collect()
}

/// Says where a key belongs that is in the wrong table; `None` if no table has it, or several have.
pub(super) fn owner_of(key: &str) -> Option<String> {
    let schema = schema();
    let has =
        |pointer: &str| schema.pointer(pointer).is_some_and(|table| entries(table).any(|(known, _)| known == key));
    let named = TABLES.iter().filter(|(heading, _)| heading.starts_with('['));
    let headings: Vec<&str> = named.filter(|(_, pointer)| has(pointer)).map(|(heading, _)| *heading).collect();
    match (headings.as_slice(), has("")) {
        ([heading], false) => Some(format!("`{key}` belongs to {heading}")),
        ([], true) => Some(format!("`{key}` is a table of its own, and not part of another one")),
        _ => None,
    }
}

fn entries(table: &Value) -> impl Iterator<Item = (&String, &Value)> {
    table.get("properties").and_then(Value::as_object).into_iter().flatten()
}

fn key(schema: &Value, name: &str, described: &Value) -> TableKey {
    TableKey {
        name: name.to_owned(),
        kind: kind(schema, described),
        default: described.get("default").map(toml),
        example: example(described),
        about: text_of(described, "description"),
    }
}

fn text_of(described: &Value, word: &str) -> String {
    described.get(word).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// An example of a key; of a table its first key.
fn example(described: &Value) -> String {
    match described.pointer("/examples/0") {
        Some(written) => toml(written),
        None => entries(described)
            .next()
            .map_or_else(String::new, |(key, described)| format!("{{ {key} = {} }}", example(described))),
    }
}

/// What a value may be, in words.
fn kind(schema: &Value, described: &Value) -> String {
    let list = |word: &str| described.get(word).and_then(Value::as_array);
    if let Some(reference) = described.get("$ref").and_then(Value::as_str) {
        return schema.pointer(reference.trim_start_matches('#')).map_or_else(String::new, |found| kind(schema, found));
    }
    if let Some(values) = list("enum") {
        let values: Vec<String> = values.iter().filter_map(Value::as_str).map(|value| format!("`{value}`")).collect();
        return values.join(", ");
    }
    if let Some(only) = described.get("const") {
        return format!("`{only}`");
    }
    match (described.get("type").and_then(Value::as_str), list("oneOf")) {
        (None, Some(choices)) => choices.iter().map(|choice| kind(schema, choice)).collect::<Vec<_>>().join(" or "),
        (Some("array"), _) => format!("list of {}", kind(schema, described.get("items").unwrap_or(&Value::Null))),
        (Some("boolean"), _) => "true or false".to_owned(),
        (Some("object"), _) => "table".to_owned(),
        (kind, _) => kind.unwrap_or_default().to_owned(),
    }
}

/// Writes a value as TOML, on one line.
fn toml(value: &Value) -> String {
    let key_of = |key: &str| if key.contains('.') { format!("{key:?}") } else { key.to_owned() };
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{} = {}", key_of(key), toml(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if text.contains('"') => format!("'{text}'"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::key_tables;

    #[test]
    fn every_key_has_words_and_an_example() {
        for table in key_tables() {
            assert!(!table.keys.is_empty(), "{}", table.heading);
            for key in table.keys {
                assert!(!key.kind.is_empty() && !key.example.is_empty() && !key.about.is_empty(), "{key:?}");
            }
        }
    }
}
