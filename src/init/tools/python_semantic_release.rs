//! python-semantic-release: `tool.semantic_release` of `pyproject.toml`, and `releaserc.toml`.

use super::settings::{How, Selector, ToolSettings, ToolTag};
use super::table::Table;
use super::words;

const WITHOUT: &[(&str, &str)] = &[
    ("allow_zero_version", "below 1.0.0, a breaking change is a minor release"),
    ("assets", words::COMMIT),
    ("build_command", words::HOOKS),
    ("build_command_env", words::HOOKS),
    ("changelog", "[changelog] says how changelogs are kept"),
    ("commit_author", words::COMMIT),
    ("commit_message", "[workspace] commit-message is the text of the commit"),
    ("commit_parser", words::LEVELS),
    ("commit_parser_options", words::LEVELS),
    ("logging_use_named_masks", "it has no part in releases"),
    ("major_on_zero", "below 1.0.0, a breaking change is a minor release"),
    ("no_git_verify", words::HOOKS),
    ("publish", words::PUBLISH),
    ("remote", "the forge is found by its remote"),
    ("repo_dir", "it has no part in releases"),
    ("add_partial_tags", "[release] floating has tags that move"),
    ("exclude_commit_patterns", words::LEVELS),
    ("match", "it has no part in releases"),
    ("prerelease", "the request says whether a release is a prerelease"),
];

/// Reads one of its files.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    let part = table.part(&["tool", "semantic_release"]).or_else(|| table.part(&["semantic_release"]));
    let Some(table) = part else { return };
    let home = table.file.home;
    for place in table.texts("version_toml", "manifests") {
        let Some((path, key)) = place.split_once(':') else { continue };
        let pointer = How::Pointer(format!("/{}", key.split(':').next().unwrap_or(key).replace('.', "/")));
        out.places_below(home, path, pointer);
    }
    for place in table.texts("version_variables", "manifests") {
        let Some((path, name)) = place.split_once(':') else { continue };
        out.places_below(home, path, How::Lines(Some(name.split(':').next().unwrap_or(name).to_owned())));
    }
    let template = table.text("tag_format", "tags").unwrap_or("v{version}").to_owned();
    out.tags.extend(Selector::folder(home, ".").map(|of| ToolTag { of, template, alone: None }));
    if let Some(branches) = table.table("branches") {
        for (_, branch) in branches.sections() {
            let name = branch.text("match", "branches").unwrap_or("");
            // A regular expression of names only: `(main|master)`.
            let names = name.trim_matches(['(', ')', '^', '$']).split('|');
            let is_plain = |name: &&str| !name.is_empty() && !name.contains(['*', '\\', '.', '(', '[', '+', '?']);
            out.branches.extend(names.filter(is_plain).map(str::to_owned));
            if branch.flag("prerelease", "stages") == Some(true) {
                out.stages.extend(branch.text("prerelease_token", "stages").map(str::to_owned));
            }
            branch.value("prerelease_token");
            branch.rest(WITHOUT);
        }
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
            "pyproject.toml",
            "[tool.semantic_release]\nversion_toml = [\"pyproject.toml:project.version\"]\n\
             version_variables = [\"src/acme/__init__.py:__version__\"]\ntag_format = \"acme-{version}\"\n\
             [tool.semantic_release.branches.main]\nmatch = \"(main|master)\"\n\
             [tool.semantic_release.branches.next]\nmatch = \"next\"\nprerelease = true\nprerelease_token = \"next\"\n",
        )];
        let read = tool(Tool::PythonSemanticRelease, &files);
        assert_eq!(
            said(&read),
            [
                "tag ./: acme-{version}",
                "place *: pyproject.toml Pointer(\"/project/version\")",
                "place *: src/acme/__init__.py Lines(Some(\"__version__\"))",
                "stages: next",
                "branches: main master next",
            ]
        );
    }
}
