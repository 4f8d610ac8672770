//! covector: `.changes/config.json`.

use super::settings::{How, Selector, ToolSettings, ToolTag};
use super::table::Table;
use super::words;

const WITHOUT: &[(&str, &str)] = &[
    ("gitSiteUrl", "[changelog] has the links of versions, commits and issues"),
    ("pkgManagers", words::PUBLISH),
    ("additionalBumpTypes", "[fragments] levels says what a type requires"),
    ("changeTags", "[changelog] types has the groups"),
    ("defaultChangeTag", "[changelog] types has the groups"),
    ("manager", "the manifests of a folder say what kind of package it is"),
    ("dependencies", "requirements are read from manifests"),
    ("assets", "[release] assets are attached to releases"),
    ("postversion", words::HOOKS),
    ("preversion", words::HOOKS),
    ("version", words::HOOKS),
    ("prepublish", words::PUBLISH),
    ("publish", words::PUBLISH),
    ("postpublish", words::PUBLISH),
    ("getPublishedVersion", words::PUBLISH),
    ("releaseTag", "every release has a tag"),
];

/// Reads its file.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    out.is_apart = true;
    for (name, package) in table.tables("packages") {
        let path = package.text("path", "packages");
        if let Some(of) = path.and_then(|path| Selector::folder(table.file.home, path)) {
            out.listed.push(of.clone());
            out.tags.push(ToolTag { of: of.clone(), template: format!("{name}-v{{version}}"), alone: None });
            let folder = path.unwrap_or(".").trim_start_matches("./");
            for file in package.texts("versionFiles", "manifests") {
                if let Some(path) = table.file.home.join(&format!("{folder}/{file}")) {
                    out.place(Some(of.clone()), path.as_str(), How::Lines(None));
                }
            }
        }
        package.rest(WITHOUT);
    }
    table.rest(WITHOUT);
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            ".changes/config.json",
            r#"{"gitSiteUrl": "https://example.com/", "pkgManagers": {}, "packages": {"core": {"path": "./crates/core", "manager": "rust",
  "versionFiles": ["README.md"]}}}"#,
        )];
        let read = tool(Tool::Covector, &files);
        assert_eq!(
            said(&read),
            [
                "tag crates/core/: core-v{version}",
                "place crates/core/: crates/core/README.md Lines(None)",
                "listed: crates/core/",
            ]
        );
    }
}
