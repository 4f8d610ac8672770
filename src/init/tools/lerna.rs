//! Lerna: `lerna.json`.

use super::settings::{How, Selector, ToolGroup, ToolSettings};
use super::table::Table;
use super::words;
use crate::config::GroupKind;

const WITHOUT: &[(&str, &str)] = &[
    ("npmClient", words::PUBLISH),
    ("npmClientArgs", words::PUBLISH),
    ("useNx", "it has no part in releases"),
    ("useWorkspaces", "workspaces are found by their own files"),
    ("packages", "packages are found by their manifests"),
    ("changelog", "[changelog] says how changelogs are kept"),
    ("ignoreChanges", words::PATHS),
    ("changelogPreset", "[changelog] heading and template say what a section looks like"),
    ("changelogEntryAdditionalMarkdown", "[changelog] template says what a section looks like"),
    ("message", "[workspace] commit-message is the text of the commit"),
    ("createRelease", words::FORGE),
    ("push", "`relman push` is a step of its own"),
    ("gitRemote", "[forge] remote is the remote"),
    ("gitTagVersion", "every release has a tag"),
    ("signGitTag", words::SIGN),
    ("signGitCommit", words::SIGN),
    ("exact", words::DEPENDENTS),
    ("private", "private packages are left out unless a tag names them"),
    ("syncWorkspaceLock", "lock files follow their manifests"),
    ("granularPathspec", words::COMMIT),
    ("commitHooks", words::HOOKS),
    ("conventionalGraduate", "`relman bump --all release` makes prereleases final"),
    ("conventionalPrerelease", "`relman bump --all 'auto beta'` makes prereleases"),
];

/// Reads its file.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    let options: Vec<Table<'_>> = ["version", "publish"]
        .into_iter()
        .filter_map(|command| table.table("command").and_then(|commands| commands.table(command)))
        .chain([table.clone()])
        .collect();
    let prefix = options.iter().find_map(|options| options.text("tagVersionPrefix", "tags")).unwrap_or("v").to_owned();
    match table.text("version", "") {
        Some("independent") => {
            table.taken("version", "packages with versions of their own");
            out.is_apart = true;
            // It releases whatever requires a released package.
            out.policy = Some("always");
            out.tag_all(format!("{{name}}@{}{{version}}", prefix.trim_start_matches('v')));
        }
        Some(_) => {
            table.taken("version", "[groups]");
            out.groups.push(ToolGroup {
                name: None,
                kind: GroupKind::Fixed,
                members: vec![Selector::All],
                tag: Some(format!("{prefix}{{version}}")),
                key: "version".to_owned(),
                file: None,
            });
            out.place(Some(Selector::All), table.file.path.as_str(), How::Pointer("/version".to_owned()));
        }
        None => {}
    }
    for options in &options {
        out.branches.extend(options.texts("allowBranch", "branches").into_iter().map(str::to_owned));
        out.stages.extend(options.text("preid", "stages").map(str::to_owned));
        if options.flag("conventionalCommits", "levels from commits") == Some(true) {
            out.changelog.is_from_commits = true;
        }
    }
    for options in options {
        options.rest(WITHOUT);
    }
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            "lerna.json",
            r#"{"version": "5.1.0", "npmClient": "pnpm", "command": {"version": {
  "allowBranch": ["main", "next"], "preid": "next", "tagVersionPrefix": "", "message": "chore: release"}}}"#,
        )];
        let read = tool(Tool::Lerna, &files);
        assert_eq!(
            said(&read),
            ["Fixed : * {version}", "place *: lerna.json Pointer(\"/version\")", "stages: next", "branches: main next",]
        );
    }
}
