//! release-please: `release-please-config.json` and `.release-please-manifest.json`.

use std::collections::BTreeMap;

use super::json_path::pointer;
use super::settings::{How, Selector, ToolGroup, ToolSettings, ToolTag};
use super::table::Table;
use super::words;
use crate::config::GroupKind;
use crate::data::{Kind, Value};

const WITHOUT: &[(&str, &str)] = &[
    ("bootstrap-sha", words::LAST_TAG),
    ("last-release-sha", words::LAST_TAG),
    ("release-as", "a version is named with the command: `relman bump NAME 2.0.0`"),
    ("initial-version", "a version is named with the command: `relman bump NAME 1.0.0`"),
    ("release-type", "the manifests of a folder say what kind of package it is"),
    ("package-name", "packages have the names of their manifests"),
    ("exclude-paths", words::PATHS),
    ("skip-github-release", words::FORGE),
    ("skip-changelog", "[changelog] is for all packages that keep one"),
    ("draft", words::FORGE),
    ("prerelease", words::FORGE),
    ("draft-pull-request", words::REQUEST),
    ("pull-request-title-pattern", words::REQUEST),
    ("pull-request-header", words::REQUEST),
    ("pull-request-footer", words::REQUEST),
    ("group-pull-request-title-pattern", words::REQUEST),
    ("extra-label", words::REQUEST),
    ("label", words::REQUEST),
    ("release-label", words::REQUEST),
    ("signoff", "hooks of git sign off"),
    ("changelog-type", "[changelog] sources says what fills a section"),
    ("changelog-host", "[changelog] compare-url is the link of a version"),
    ("snapshot-label", "snapshots are the next version in a manifest"),
    ("skip-snapshot", "snapshots are the next version in a manifest"),
    ("bump-patch-for-minor-pre-major", "below 1.0.0, a feature is a minor release"),
    ("versioning", "the request or the changes say the level of a release"),
    ("always-link-local", words::DEPENDENTS),
    ("release-search-depth", words::LAST_TAG),
    ("commit-search-depth", words::LAST_TAG),
    ("sequential-calls", words::FORGE),
    ("version-file", "a file with nothing but a version is found by its name"),
];

/// Reads one of its files.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    out.is_apart = true;
    if table.file.path.file_name() == ".release-please-manifest.json" {
        let paths: Vec<&str> = table.keys().collect();
        for path in paths {
            table.value(path);
            let key = path.replace('~', "~0").replace('/', "~1");
            out.listed.extend(Selector::folder(table.file.home, path));
            out.place(
                Selector::folder(table.file.home, path),
                table.file.path.as_str(),
                How::Pointer(format!("/{key}")),
            );
        }
        return;
    }
    let mut folders = BTreeMap::new();
    for (path, package) in table.tables("packages") {
        let options = Options { package: &package, all: table };
        if let Some(selector) = Selector::folder(table.file.home, &path) {
            out.listed.push(selector.clone());
            let component = options.text("component", "tags").or_else(|| options.text("package-name", ""));
            folders.insert(component.unwrap_or(&path).to_owned(), selector.clone());
            tag(&options, component, &selector, out);
            extra_files(&options, &path, &selector, out);
        }
        package.rest(WITHOUT);
    }
    settings(table, out);
    plugins(table, &folders, out);
    table.rest(WITHOUT);
}

/// The options of a package: its own, and those for all.
struct Options<'t, 'a> {
    package: &'t Table<'a>,
    all: &'t Table<'a>,
}

impl<'a> Options<'_, 'a> {
    fn text(&self, key: &str, taken: &'static str) -> Option<&'a str> {
        let for_all = self.all.text(key, taken);
        self.package.text(key, taken).or(for_all)
    }

    fn flag(&self, key: &str, taken: &'static str) -> Option<bool> {
        let for_all = self.all.flag(key, taken);
        self.package.flag(key, taken).or(for_all)
    }
}

/// `component-v1.0.0`: the name of a component is that of the package without its scope.
fn tag(options: &Options<'_, '_>, component: Option<&str>, selector: &Selector, out: &mut ToolSettings) {
    let separator = options.text("tag-separator", "tags").unwrap_or("-");
    let v = if options.flag("include-v-in-tag", "tags").unwrap_or(true) { "v" } else { "" };
    let has_name = options.flag("include-component-in-tag", "tags").unwrap_or(true);
    let name =
        component.map_or("{base}", |name| name.rsplit('/').next().filter(|_| name.starts_with('@')).unwrap_or(name));
    let template = if has_name { format!("{name}{separator}{v}{{version}}") } else { format!("{v}{{version}}") };
    out.tags.push(ToolTag { of: selector.clone(), template, alone: None });
}

fn extra_files(options: &Options<'_, '_>, path: &str, selector: &Selector, out: &mut ToolSettings) {
    let both = [options.package, options.all];
    let lists = both.into_iter().filter_map(|table| table.value("extra-files").map(|value| (table, value)));
    for (table, value) in lists {
        table.taken("extra-files", "manifests");
        let Kind::List(files) = &value.kind else { continue };
        for file in files {
            let name = file.text().or_else(|| file.get("path")?.text()).unwrap_or("");
            // A slash in front means the top of the repository.
            let whole = name.strip_prefix('/').map_or_else(|| format!("{path}/{name}"), str::to_owned);
            let Some(whole) = table.file.home.join(whole.trim_start_matches("./")) else { continue };
            for how in places(file, name) {
                out.place(Some(selector.clone()), whole.as_str(), how);
            }
        }
    }
}

/// Where a file holds the version: at marks, and in a file of data at a path.
fn places(file: &Value, name: &str) -> Vec<How> {
    let is_data = ["json", "yaml", "yml", "toml"].iter().any(|ending| name.ends_with(&format!(".{ending}")));
    let path = file.get("jsonpath").and_then(Value::text);
    match path.or(Some("$.version").filter(|_| file.text().is_some() && is_data)) {
        Some(path) if file.text().is_some() => vec![pointer(path).map_or(How::Known, How::Pointer), How::Marks],
        Some(path) => vec![pointer(path).map_or(How::Known, How::Pointer)],
        None => vec![How::Marks],
    }
}

fn settings(table: &Table<'_>, out: &mut ToolSettings) {
    for options in table.tables("packages").into_iter().map(|(_, package)| package).chain([table.clone()]) {
        if let Some(label) = options.text("prerelease-type", "stages") {
            out.stages.extend(label.split('.').next().map(str::to_owned));
        }
        options.taken("bump-minor-pre-major", "the rule for versions below 1.0.0, which is relman's own");
        if let Some(path) = options.text("changelog-path", "[changelog] path") {
            out.changelog.path = Some(path.to_owned());
        }
        if let Some(Kind::List(sections)) = options.value("changelog-sections").map(|value| &value.kind) {
            options.taken("changelog-sections", "[changelog] types and commits, and [commits] levels");
            for section in sections {
                let kind = section.get("type").and_then(Value::text).unwrap_or("");
                let is_hidden = section.get("hidden").is_some_and(|value| value.kind == Kind::Flag(true));
                if let Some(title) = section.get("section").and_then(Value::text).filter(|_| !kind.is_empty()) {
                    out.changelog.commit(kind, title, is_hidden);
                }
            }
            // What the list leaves out is as good as hidden.
            ["feat", "fix", "perf", "revert"].into_iter().for_each(|kind| out.changelog.commit(kind, "", true));
        }
    }
    // Its default is what relman does.
    if table.flag("separate-pull-requests", "") == Some(true) {
        table.without("separate-pull-requests", "`relman pr` keeps one request for all packages");
    }
    out.changelog.heading = Some("## {version} ({date})".to_owned());
    out.changelog.is_from_commits = true;
}

/// Plugins of the name alone, and those with options.
fn plugins(table: &Table<'_>, folders: &BTreeMap<String, Selector>, out: &mut ToolSettings) {
    let Some(Kind::List(plugins)) = table.value("plugins").map(|value| &value.kind) else { return };
    for plugin in plugins {
        match plugin.text().or_else(|| plugin.get("type")?.text()).unwrap_or("") {
            "linked-versions" => {
                table.taken("plugins", "[groups]");
                let Some(Kind::List(names)) = plugin.get("components").map(|value| &value.kind) else { continue };
                let members = names.iter().filter_map(|name| folders.get(name.text()?).cloned()).collect();
                let name = plugin.get("groupName").and_then(Value::text).map(super::settings::plain_name);
                let key = "plugins".to_owned();
                out.groups.push(ToolGroup { name, kind: GroupKind::Fixed, members, tag: None, key, file: None });
            }
            "node-workspace" | "cargo-workspace" | "maven-workspace" => {
                table.taken("plugins", "[dependents] policy");
                out.policy = Some("always");
            }
            _ => table.without("plugins", "relman has nothing like the other plugins of the list"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            "release-please-config.json",
            r#"{
  "release-type": "node", "include-component-in-tag": true, "tag-separator": "@", "versioning": "prerelease",
  "prerelease-type": "beta.1", "label": "autorelease: pending",
  "changelog-sections": [{"type": "docs", "section": "Docs"}, {"type": "perf", "section": "Perf", "hidden": true}],
  "packages": {
    ".": {"include-component-in-tag": false, "extra-files": ["/README.md"]},
    "pkg/a": {"component": "@acme/a", "extra-files": ["src/v.ts", {"type": "json", "path": "x.json", "jsonpath": "$.p[0].v"}]},
    "pkg/b": {"release-as": "2.0.0"}
  },
  "plugins": ["sentence-case", {"type": "linked-versions", "groupName": "Acme", "components": ["@acme/a", "pkg/b"]}]
}"#,
        )];
        let read = tool(Tool::ReleasePlease, &files);
        assert_eq!(
            said(&read),
            [
                "Fixed acme: pkg/a/ pkg/b/",
                "tag ./: v{version}",
                "tag pkg/a/: a@v{version}",
                "tag pkg/b/: {base}@v{version}",
                "place ./: README.md Marks",
                "place pkg/a/: pkg/a/src/v.ts Marks",
                "place pkg/a/: pkg/a/x.json Pointer(\"/p/0/v\")",
                "listed: ./ pkg/a/ pkg/b/",
                "stages: beta",
            ]
        );
    }
}
