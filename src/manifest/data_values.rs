//! [`pointers`]: where a data file holds a value.

use serde_json::Value;
use toml_edit::{DocumentMut, Item, TableLike};

use super::{Locator, ManifestType, Pointer, find};
use crate::data::yaml::{self, Kind, Node};

/// Deeper values are not versions.
const DEEPEST: usize = 12;

/// Returns the pointers to all values of a JSON, YAML or TOML text that `is_wanted` admits and that can be edited, in the order of the text.
/// Values are offered as the type reads them: without a `v` before their number. Empty for a text that is not valid, or of another type.
#[must_use]
pub fn pointers(kind: ManifestType, text: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<Pointer> {
    let value = match kind {
        ManifestType::Json => serde_json::from_str(text).ok(),
        ManifestType::Yaml => yaml::parse(text).ok().map(|node| of_yaml(&node, 0)),
        ManifestType::Toml => text.parse::<DocumentMut>().ok().map(|document| of_toml(document.as_item())),
        _ => None,
    };
    let mut all = Vec::new();
    if let Some(value) = value {
        collect(&value, String::new(), &mut all);
    }
    let admits = |pointer: &Pointer| {
        let found = find(&Locator::Pointer(kind, pointer.clone()), text);
        found.is_ok_and(|found| found.versions.iter().all(|place| is_wanted(&place.scalar.text)))
    };
    let candidates = all.into_iter().filter(|(_, value)| is_wanted(value) || is_wanted(value.trim_start_matches('v')));
    candidates.filter_map(|(pointer, _)| Pointer::new(&pointer).ok()).filter(admits).collect()
}

fn of_yaml(node: &Node<'_>, depth: usize) -> Value {
    match &node.kind {
        _ if depth > DEEPEST => Value::Null,
        Kind::Scalar(text, _) => Value::String(text.to_string()),
        Kind::Alias => Value::Null,
        Kind::List(items) => items.iter().map(|item| of_yaml(item, depth + 1)).collect(),
        Kind::Map(pairs) => {
            let pair = |(key, value): &(Node<'_>, Node<'_>)| Some((key.text()?.to_owned(), of_yaml(value, depth + 1)));
            pairs.iter().filter_map(pair).collect()
        }
    }
}

fn of_toml(item: &Item) -> Value {
    let table = |table: &dyn TableLike| table.iter().map(|(key, item)| (key.to_owned(), of_toml(item))).collect();
    let of_value = |value: &toml_edit::Value| of_toml(&Item::Value(value.clone()));
    match item {
        Item::Value(toml_edit::Value::String(text)) => Value::String(text.value().clone()),
        Item::Value(toml_edit::Value::Array(items)) => items.iter().map(of_value).collect(),
        Item::ArrayOfTables(tables) => tables.iter().map(|inner| table(inner)).collect(),
        other => other.as_table_like().map_or(Value::Null, table),
    }
}

fn collect(value: &Value, pointer: String, out: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => out.push((pointer, text.clone())),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| collect(item, format!("{pointer}/{index}"), out));
        }
        Value::Object(pairs) => {
            for (key, value) in pairs {
                collect(value, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::pointers;
    use crate::model::ManifestType;

    #[test]
    fn every_value_that_is_wanted_is_found() {
        use ManifestType::{Json, Toml, Yaml};
        let cases: [(ManifestType, &str, &[&str]); 6] = [
            (Json, r#"{"version": "1.2.3", "a/b": [{"v": "v1.2.3"}, "1.2.4"], "n": 1.2}"#, &["/version", "/a~1b/0/v"]),
            (
                Yaml,
                "image:\n  tag: 1.2.3\nimages:\n- newTag: 'v1.2.3'\n- newTag: \"1.2.30\"\n",
                &["/image/tag", "/images/0/newTag"],
            ),
            (Yaml, "a: [1.2.3\nversion: 1.2.3\n", &[]),
            (Yaml, "a: &a 1.2.3\nb: *a\n", &["/a"]),
            (Toml, "[tool.x]\nversion = \"1.2.3\"\n[[y]]\nv = [\"1.2.3\"]\n", &["/tool/x/version", "/y/0/v/0"]),
            (Json, "{", &[]),
        ];
        for (kind, text, expected) in cases {
            let found: Vec<String> = pointers(kind, text, |v| v == "1.2.3").iter().map(ToString::to_string).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
