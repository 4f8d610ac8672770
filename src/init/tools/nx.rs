//! nx release: `release` in `nx.json`.

use super::settings::{Selector, ToolGroup, ToolSettings, ToolTag, plain_name};
use super::table::Table;
use super::words;
use crate::config::GroupKind;

const WITHOUT: &[(&str, &str)] = &[
    ("changelog", "[changelog] says how changelogs are kept"),
    ("version", words::DEPENDENTS),
    ("conventionalCommits", words::LEVELS),
    ("git", "a release is one commit and its tags; [workspace] has their messages"),
    ("versionPlans", "fragments in changelog.d say what a change requires"),
    ("docker", words::PUBLISH),
];

/// Reads its file.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    let Some(release) = table.part(&["release"]) else { return };
    let all = pattern(&release).unwrap_or_else(|| "v{version}".to_owned());
    let listed: Vec<Selector> = projects(&release, "projects", "packages");
    let is_independent = release.text("projectsRelationship", "[groups]") == Some("independent");
    let groups = release.tables("groups");
    if groups.is_empty() && !is_independent {
        let members = if listed.is_empty() { vec![Selector::All] } else { listed.clone() };
        let key = "release.projectsRelationship".to_owned();
        out.groups.push(ToolGroup {
            name: None,
            kind: GroupKind::Fixed,
            members,
            tag: Some(all.clone()),
            key,
            file: None,
        });
    }
    out.is_apart = is_independent || !groups.is_empty();
    for (name, group) in groups {
        let members = projects(&group, "projects", "[groups]");
        let of_group = pattern(&group);
        let is_fixed = match group.text("projectsRelationship", "[groups]") {
            Some(relationship) => relationship == "fixed",
            None => !is_independent,
        };
        let named = of_group.unwrap_or_else(|| if is_fixed { all.clone() } else { "{name}@{version}".to_owned() });
        if is_fixed {
            let (tag, key) = (Some(named.replace("{releaseGroupName}", &name)), format!("release.groups.{name}"));
            out.groups.push(ToolGroup {
                name: Some(plain_name(&name)),
                kind: GroupKind::Fixed,
                members,
                tag,
                key,
                file: None,
            });
        } else {
            out.tags.extend(members.into_iter().map(|of| ToolTag { of, template: named.clone(), alone: None }));
        }
        group.rest(WITHOUT);
    }
    if is_independent {
        out.tag_all(pattern(&release).unwrap_or_else(|| "{name}@{version}".to_owned()));
    }
    out.listed = listed;
    release.rest(WITHOUT);
}

/// The pattern of tags, under its two names.
fn pattern(table: &Table<'_>) -> Option<String> {
    let nested = table.table("releaseTag").and_then(|tag| tag.text("pattern", "tags"));
    let pattern = nested.or_else(|| table.text("releaseTagPattern", "tags"))?;
    Some(pattern.replace("{projectName}", "{name}"))
}

/// Projects by their names, globs of them, or globs of folders; what begins with `!` or `tag:` is another matter.
fn projects(table: &Table<'_>, key: &str, taken: &'static str) -> Vec<Selector> {
    let names = table.texts(key, taken).into_iter().filter(|name| !name.starts_with('!') && !name.contains(':'));
    names
        .flat_map(|name| {
            [Selector::name(name), Selector::folder(table.file.home, name), Selector::name(&format!("@*/{name}"))]
        })
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            "nx.json",
            r#"{"defaultBase": "main", "release": {"projectsRelationship": "independent", "projects": ["packages/*", "!x"],
  "groups": {"core": {"projects": ["a", "b"], "projectsRelationship": "fixed", "releaseTagPattern": "core-{version}"}}}}"#,
        )];
        let read = tool(Tool::Nx, &files);
        assert_eq!(
            said(&read),
            [
                "Fixed core: a a/ @*/a b b/ @*/b core-{version}",
                "tag *: {name}@{version}",
                "listed: packages/* packages/*/ @*/packages/*",
            ]
        );
    }
}
