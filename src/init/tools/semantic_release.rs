//! semantic-release for npm: `.releaserc` in its spellings, and `release` of `package.json`.

use super::settings::{Selector, ToolSettings, ToolTag};
use super::table::Table;
use super::words;
use crate::data::{Kind, Value};

const WITHOUT: &[(&str, &str)] = &[
    ("plugins", "levels, changelogs and releases are [commits], [changelog] and [release]"),
    ("extends", "a shared configuration is not read"),
    ("repositoryUrl", "the forge is found by its remote"),
    ("dryRun", "`--dry-run` is an option of every command"),
    ("ci", "relman runs anywhere"),
    ("debug", "it has no part in releases"),
    ("preset", "commits are read as Conventional Commits"),
    ("verifyConditions", words::HOOKS),
    ("prepare", words::HOOKS),
    ("publish", words::PUBLISH),
    ("success", words::HOOKS),
    ("fail", words::HOOKS),
];

/// Reads one of its files.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    let of_package = table.file.path.file_name() == "package.json";
    let table = if of_package { table.part(&["release"]) } else { Some(table.clone()) };
    let Some(table) = table else { return };
    let template = table.text("tagFormat", "tags").unwrap_or("v${version}").replace("${version}", "{version}");
    out.tags.extend(Selector::folder(table.file.home, ".").map(|of| ToolTag { of, template, alone: None }));
    if let Some(value) = table.value("branches") {
        table.taken("branches", "branches and stages");
        let one = std::slice::from_ref(value);
        let branches = if let Kind::List(items) = &value.kind { items.as_slice() } else { one };
        for branch in branches {
            series(branch, out);
        }
    }
    table.rest(WITHOUT);
}

/// A branch, with the label of its prereleases if it has some. A pattern such as `+([0-9])?(.x)` is one of its own.
fn series(branch: &Value, out: &mut ToolSettings) {
    let name = branch.text().or_else(|| branch.get("name")?.text()).unwrap_or("");
    if name.contains("+(") {
        out.branches.push("[0-9]*".to_owned());
    } else if !name.is_empty() && !name.contains(['(', '{']) {
        out.branches.push(name.to_owned());
    }
    match branch.get("prerelease").map(|value| &value.kind) {
        Some(Kind::Text(label)) => out.stages.push(label.clone()),
        Some(Kind::Flag(true)) => out.stages.push(name.to_owned()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            ".releaserc",
            "tagFormat: 'r${version}'\nbranches:\n  - +([0-9])?(.{+([0-9]),x}).x\n  - main\n  - {name: beta, prerelease: true}\nplugins: ['@semantic-release/npm']\n",
        )];
        let read = tool(Tool::SemanticRelease, &files);
        assert_eq!(said(&read), ["tag ./: r{version}", "stages: beta", "branches: [0-9]* main beta"]);
    }
}
