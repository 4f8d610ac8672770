//! The digest of a Chart.lock, as Helm 3 and 4 compute it (`resolver.HashReq`).

use serde_json::{Map, Value as Json};
use serde_yaml::Value as Yaml;

use crate::text::Fingerprint;

/// The fields of a dependency in the order of Helm's struct, and whether an empty one is left out.
const TEXTS: [(&str, bool); 4] = [("name", false), ("version", true), ("repository", false), ("condition", true)];

/// Returns the SHA-256 of the dependencies of a Chart.yaml and those of its Chart.lock, in the JSON that Go writes; `None` where a value
/// has a type that Go would convert.
pub(super) fn digest(chart: &str, lock: &str) -> Option<String> {
    let json = Json::Array(vec![dependencies(chart)?, dependencies(lock)?]).to_string();
    Some(format!("sha256:{}", Fingerprint::of(escaped(&json).as_bytes())))
}

/// Escapes what Go's JSON escapes inside of strings beside what JSON asks for; nothing of it occurs outside of them.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

fn dependencies(text: &str) -> Option<Json> {
    let root: Yaml = serde_yaml::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)).ok()?;
    match root.get("dependencies") {
        None | Some(Yaml::Null) => Some(Json::Null),
        Some(Yaml::Sequence(items)) => items.iter().map(dependency).collect::<Option<_>>().map(Json::Array),
        Some(_) => None,
    }
}

fn dependency(item: &Yaml) -> Option<Json> {
    let fields = item.as_mapping()?;
    let mut out = Map::new();
    for (key, is_optional) in TEXTS {
        add_text(&mut out, key, fields.get(key), is_optional)?;
    }
    let list = |key: &str| match fields.get(key) {
        None | Some(Yaml::Null) => Some(Vec::new()),
        Some(Yaml::Sequence(items)) => items.iter().map(plain).collect::<Option<Vec<Json>>>(),
        Some(_) => None,
    };
    let tags = list("tags").filter(|tags| tags.iter().all(Json::is_string))?;
    if !tags.is_empty() {
        out.insert("tags".to_owned(), Json::Array(tags));
    }
    match fields.get("enabled") {
        Some(Yaml::Bool(true)) => drop(out.insert("enabled".to_owned(), Json::Bool(true))),
        None | Some(Yaml::Null | Yaml::Bool(false)) => {}
        Some(_) => return None,
    }
    let imported = list("import-values")?;
    if !imported.is_empty() {
        out.insert("import-values".to_owned(), Json::Array(imported));
    }
    add_text(&mut out, "alias", fields.get("alias"), true)?;
    Some(Json::Object(out))
}

fn add_text(out: &mut Map<String, Json>, key: &str, value: Option<&Yaml>, is_optional: bool) -> Option<()> {
    let text = match value {
        None | Some(Yaml::Null) => "",
        Some(value) => value.as_str()?,
    };
    if !(is_optional && text.is_empty()) {
        out.insert(key.to_owned(), text.into());
    }
    Some(())
}

/// A value of any depth, the keys of mappings sorted as Go sorts them. Fractions are written otherwise by Go.
fn plain(value: &Yaml) -> Option<Json> {
    Some(match value {
        Yaml::Null => Json::Null,
        Yaml::Bool(truth) => Json::Bool(*truth),
        Yaml::String(text) => text.as_str().into(),
        Yaml::Number(number) => number.as_i64().filter(|number| number.unsigned_abs() < 1 << 53)?.into(),
        Yaml::Sequence(items) => items.iter().map(plain).collect::<Option<_>>().map(Json::Array)?,
        Yaml::Mapping(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| Some((key.as_str()?.to_owned(), plain(value)?)));
            let mut pairs: Vec<(String, Json)> = pairs.collect::<Option<_>>()?;
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Object(pairs.into_iter().collect())
        }
        Yaml::Tagged(_) => return None,
    })
}
