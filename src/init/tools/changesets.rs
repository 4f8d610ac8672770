//! changesets: `.changeset/config.json`, and `.changeset/pre.json` while a series of prereleases is open.

use super::settings::{Selector, ToolGroup, ToolSettings, ToolTag};
use super::table::Table;
use super::words;
use crate::config::GroupKind;
use crate::data::Kind;

const WITHOUT: &[(&str, &str)] = &[
    ("access", words::PUBLISH),
    ("commit", "a release is one commit; [workspace] commit-message is its text"),
    ("prettier", words::FORMAT),
    ("format", words::FORMAT),
    ("snapshot", "builds that are not released have no versions"),
    ("changedFilePatterns", "`paths` of a package says which files are its own"),
    ("bumpVersionsWithWorkspaceProtocolOnly", "requirements follow in whatever way they are written"),
    ("updateInternalDependencies", "[dependents] decides by what a requirement admits"),
    ("___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH", "[dependents] decides by what a requirement admits"),
    ("initialVersions", "the tags say from which versions a series started"),
    ("changesets", "a series counts its prereleases from its tags"),
];

/// Reads one of its files.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    if table.file.path.file_name() == "pre.json" {
        series(table, out);
    } else {
        config(table, out);
    }
    table.rest(WITHOUT);
}

fn config(table: &Table<'_>, out: &mut ToolSettings) {
    out.is_apart = true;
    out.tags.push(ToolTag {
        of: Selector::All,
        template: "{name}@{version}".to_owned(),
        alone: Some("v{version}".to_owned()),
    });
    for (key, kind) in [("fixed", GroupKind::Fixed), ("linked", GroupKind::Linked)] {
        for names in table.lists(key, "[groups]") {
            let members = names.into_iter().filter_map(Selector::name).collect();
            out.groups.push(ToolGroup { name: None, kind, members, tag: None, key: key.to_owned(), file: None });
        }
    }
    out.ignored.extend(table.texts("ignore", "packages that are left out").into_iter().filter_map(Selector::name));
    out.base = table.text("baseBranch", "a comment at `branches`").map(str::to_owned);
    if let Some(value) = table.value("changelog") {
        match value.kind {
            Kind::Flag(false) => table.taken("changelog", "no [changelog]"),
            _ => table.without("changelog", "[changelog] template decides what entries look like"),
        }
    }
    private(table, out);
}

/// `{ version: true, tag: false }` versions private packages; without both keys, tags show whether they are released.
fn private(table: &Table<'_>, out: &mut ToolSettings) {
    let Some(value) = table.value("privatePackages") else { return };
    let is = |key: &str, flag: bool| value.get(key).is_some_and(|value| value.kind == Kind::Flag(flag));
    if is("version", true) && is("tag", false) {
        table.taken("privatePackages", "tag = false of private packages");
        out.are_private_untagged = true;
    } else {
        table.without("privatePackages", "private packages are left out unless a tag names them");
    }
}

fn series(table: &Table<'_>, out: &mut ToolSettings) {
    if table.text("mode", "the versions that the packages hold") == Some("pre") {
        out.first_prerelease = Some(0);
        out.stages.extend(table.text("tag", "stages").map(str::to_owned));
    }
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{fates, tool};
    use crate::model::Tool;

    #[test]
    fn groups_names_and_the_open_series() {
        let config = r#"{
  "$schema": "https://unpkg.com/@changesets/config@3.1.1/schema.json",
  "changelog": ["@changesets/changelog-github", { "repo": "acme/acme" }],
  "commit": false,
  "fixed": [["@acme/core", "@acme/react-*"]],
  "linked": [],
  "access": "public",
  "baseBranch": "main",
  "updateInternalDependencies": "patch",
  "ignore": ["@acme/docs"],
  "privatePackages": { "version": true, "tag": false }
}
"#;
        let pre =
            r#"{"mode": "pre", "tag": "next", "initialVersions": {"@acme/core": "1.4.0"}, "changesets": ["odd-cats"]}"#;
        let read = tool(Tool::Changesets, &[(".changeset/config.json", config), (".changeset/pre.json", pre)]);
        assert_eq!(read.groups.iter().map(|group| group.members.len()).collect::<Vec<_>>(), [2]);
        assert_eq!((read.ignored.len(), read.is_apart, read.base.as_deref()), (1, true, Some("main")));
        assert!(read.are_private_untagged);
        assert_eq!((read.stages, read.first_prerelease), (vec!["next".to_owned()], Some(0)));
        assert_eq!(
            fates(&read.keys),
            "fixed=[groups] ignore=packages that are left out baseBranch=a comment at `branches` -changelog \
             privatePackages=tag = false of private packages -commit -access -updateInternalDependencies mode=the versions that the packages hold \
             tag=stages -initialVersions -changesets"
        );
    }
}
