//! release-plz: `release-plz.toml`.

use std::collections::BTreeMap;

use super::settings::{Selector, ToolGroup, ToolSettings, ToolTag, plain_name};
use super::table::Table;
use super::words;
use crate::config::GroupKind;

const WITHOUT: &[(&str, &str)] = &[
    ("changelog", "[changelog] says how changelogs are kept"),
    ("changelog_config", "[changelog] template says what a section looks like"),
    ("changelog_path", "a changelog is found beside its package"),
    ("changelog_update", "a changelog is found beside its package"),
    ("changelog_include", words::PATHS),
    ("dependencies_update", "only requirements on packages of the workspace follow"),
    ("git_release_enable", words::FORGE),
    ("git_release_name", "[release] title is the title of releases"),
    ("git_release_body", words::FORGE),
    ("git_release_draft", words::FORGE),
    ("git_release_latest", words::FORGE),
    ("git_release_type", words::FORGE),
    ("git_tag_enable", "every release has a tag"),
    ("pr_branch_prefix", words::REQUEST),
    ("pr_draft", words::REQUEST),
    ("pr_labels", words::REQUEST),
    ("pr_name", words::REQUEST),
    ("pr_body", words::REQUEST),
    ("publish", words::PUBLISH),
    ("publish_allow_dirty", words::PUBLISH),
    ("publish_all_features", words::PUBLISH),
    ("publish_features", words::PUBLISH),
    ("publish_no_verify", words::PUBLISH),
    ("publish_timeout", words::PUBLISH),
    ("release_always", "a release is what `relman release` is asked for"),
    ("release_commits", words::LEVELS),
    ("features_always_increment_minor", "below 1.0.0, a feature is a minor release"),
    ("semver_check", "relman does not look at code"),
    ("repo_url", "the forge is found by its remote"),
    ("allow_dirty", "releases start from what is committed"),
    ("custom_minor_increment_regex", words::LEVELS),
    ("custom_major_increment_regex", words::LEVELS),
    ("max_analyze_commits", words::LAST_TAG),
];

/// Reads its file.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    out.is_apart = true;
    let workspace = table.table("workspace");
    let named = workspace.as_ref().and_then(|table| table.text("git_tag_name", "tags"));
    out.tags.push(ToolTag {
        of: Selector::All,
        template: named.map_or("{name}-v{version}".to_owned(), name_of),
        alone: named.is_none().then(|| "v{version}".to_owned()),
    });
    let is_released = workspace.as_ref().and_then(|table| table.flag("release", "packages that are left out"));
    let mut groups: BTreeMap<String, Vec<Selector>> = BTreeMap::new();
    for (_, package) in table.tables("package") {
        let Some(of) = package.text("name", "").and_then(Selector::name) else { continue };
        if let Some(template) = package.text("git_tag_name", "tags") {
            out.tags.insert(0, ToolTag { of: of.clone(), template: name_of(template), alone: None });
        }
        if let Some(group) = package.text("version_group", "[groups]") {
            groups.entry(group.to_owned()).or_default().push(of.clone());
        }
        match (package.flag("release", "packages that are left out"), is_released) {
            (Some(false), _) => out.ignored.push(of),
            (Some(true), Some(false)) => out.listed.push(of),
            _ => {}
        }
        package.rest(WITHOUT);
    }
    for (name, members) in groups {
        let key = "package.version_group".to_owned();
        out.groups.push(ToolGroup {
            name: Some(plain_name(&name)),
            kind: GroupKind::Fixed,
            members,
            tag: None,
            key,
            file: None,
        });
    }
    if let Some(workspace) = &workspace {
        workspace.rest(WITHOUT);
    }
    table.rest(WITHOUT);
}

fn name_of(template: &str) -> String {
    let plain: String = template.split_whitespace().collect();
    plain.replace("{{package}}", "{name}").replace("{{version}}", "{version}")
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            "release-plz.toml",
            "[workspace]\ngit_tag_name = \"{{ package }}/{{ version }}\"\nsemver_check = false\n\
             [[package]]\nname = \"a\"\nversion_group = \"core\"\n[[package]]\nname = \"b\"\nversion_group = \"core\"\n\
             [[package]]\nname = \"xtask\"\nrelease = false\n",
        )];
        let read = tool(Tool::ReleasePlz, &files);
        assert_eq!(said(&read), ["Fixed core: a b", "tag *: {name}/{version}", "ignored: xtask"]);
    }
}
