//! The members that workspaces of npm, pnpm and uv name. Those of Cargo are found with its manifests.

use serde_json::Value;
use toml_edit::{Document, Item};

use crate::model::RepoPath;

/// Returns the globs of folders, relative to the repository, that a workspace's root file names as members; `path` is a package.json,
/// pnpm-workspace.yaml or pyproject.toml. What cannot be read names none.
#[must_use]
pub fn workspace_members(path: &RepoPath, text: &str) -> Vec<String> {
    let globs = match path.file_name() {
        "package.json" => npm(text),
        "pnpm-workspace.yaml" => pnpm(text),
        "pyproject.toml" => uv(text),
        _ => Vec::new(),
    };
    let home = path.parent().unwrap_or_else(RepoPath::root);
    let inside = |glob: &String| if glob.starts_with('!') { None } else { home.join(glob) };
    globs.iter().filter_map(inside).map(|path| path.to_string()).collect()
}

fn npm(text: &str) -> Vec<String> {
    let Ok(value) = serde_json::from_str::<Value>(text.trim_start_matches(crate::text::BOM)) else { return Vec::new() };
    let list = match value.get("workspaces") {
        Some(Value::Object(map)) => map.get("packages").cloned(),
        list => list.cloned(),
    };
    let texts = list.as_ref().and_then(Value::as_array).into_iter().flatten();
    texts.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn pnpm(text: &str) -> Vec<String> {
    let Ok(value) = serde_yaml::from_str::<Value>(text) else { return Vec::new() };
    let texts = value.get("packages").and_then(Value::as_array).into_iter().flatten();
    texts.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn uv(text: &str) -> Vec<String> {
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let keys = ["tool", "uv", "workspace", "members"];
    let found = keys.iter().try_fold(document.as_item(), |item: &Item, key| item.get(key));
    let texts = found.and_then(Item::as_array).into_iter().flat_map(|array| array.iter());
    texts.filter_map(|value| value.as_str()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::workspace_members;
    use crate::model::RepoPath;

    #[test]
    fn every_kind_of_workspace_names_its_members() {
        for (path, text, expected) in [
            ("package.json", r#"{"workspaces": ["packages/*", "!packages/x"]}"#, vec!["packages/*"]),
            ("js/package.json", r#"{"workspaces": {"packages": ["./a"]}}"#, vec!["js/a"]),
            ("pnpm-workspace.yaml", "packages:\n  - 'examples/*'\n", vec!["examples/*"]),
            ("pyproject.toml", "[tool.uv.workspace]\nmembers = ['libs/*']\n", vec!["libs/*"]),
            ("package.json", "{", vec![]),
            ("package.json", r#"{"workspaces": 1}"#, vec![]),
        ] {
            assert_eq!(workspace_members(&RepoPath::new(path).unwrap(), text), expected, "{path}");
        }
    }
}
