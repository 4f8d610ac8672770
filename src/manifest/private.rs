//! Manifests that keep their package from being published.

use toml_edit::{DocumentMut, Item};

use super::ManifestType;

#[derive(serde::Deserialize)]
struct Npm {
    #[serde(default)]
    private: bool,
}

/// Returns `true` if a manifest says that its package must not be published: `private` of npm's package.json, `publish = false` (or an
/// empty list) of Cargo, a classifier `Private ::` of PyPI, `publish_to: none` of Dart. `false` if the text cannot be read.
#[must_use]
pub fn is_private(kind: ManifestType, text: &str) -> bool {
    match kind {
        ManifestType::PackageJson => serde_json::from_str::<Npm>(text).is_ok_and(|npm| npm.private),
        ManifestType::Cargo => at(text, &["package", "publish"], is_unpublished),
        ManifestType::Pyproject => [&["project", "classifiers"][..], &["tool", "poetry", "classifiers"]]
            .into_iter()
            .any(|path| at(text, path, has_private_classifier)),
        ManifestType::Pubspec => text.lines().any(|line| {
            line.strip_prefix("publish_to:").is_some_and(|value| value.trim().trim_matches(['"', '\'']) == "none")
        }),
        _ => false,
    }
}

fn at(text: &str, path: &[&str], holds: fn(&Item) -> bool) -> bool {
    let Ok(document) = text.parse::<DocumentMut>() else { return false };
    let item = path.iter().try_fold(document.as_item(), |item, key| item.get(key));
    item.is_some_and(holds)
}

fn is_unpublished(item: &Item) -> bool {
    item.as_bool() == Some(false) || item.as_array().is_some_and(toml_edit::Array::is_empty)
}

fn has_private_classifier(item: &Item) -> bool {
    let texts = item.as_array().into_iter().flatten().filter_map(toml_edit::Value::as_str);
    texts.into_iter().any(|text| text.starts_with("Private ::"))
}

#[cfg(test)]
mod tests {
    use super::is_private;
    use crate::model::ManifestType::{Cargo, Chart, PackageJson, Pubspec, Pyproject};

    #[test]
    fn each_ecosystem_has_a_word_for_it() {
        for (kind, text, expected) in [
            (PackageJson, "{\"private\": true}", true),
            (PackageJson, "{\"private\": false}", false),
            (PackageJson, "{\"name\": \"private\"}", false),
            (PackageJson, "{", false),
            (Cargo, "[package]\npublish = false\n", true),
            (Cargo, "[package]\npublish = []\n", true),
            (Cargo, "[package]\npublish = [\"internal\"]\n", false),
            (Cargo, "[package]\nname = \"a\"\n", false),
            (Pyproject, "[project]\nclassifiers = [\"Private :: Do Not Upload\"]\n", true),
            (Pyproject, "[tool.poetry]\nclassifiers = [\"Private :: x\"]\n", true),
            (Pyproject, "[project]\nclassifiers = [\"Topic :: Private\"]\n", false),
            (Pubspec, "name: a\npublish_to: 'none'\n", true),
            (Pubspec, "name: a\n", false),
            (Chart, "publish_to: none\n", false),
        ] {
            assert_eq!(is_private(kind, text), expected, "{text}");
        }
    }
}
