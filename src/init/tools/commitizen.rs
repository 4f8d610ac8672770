//! commitizen: `.cz.toml`, `.cz.json`, `.cz.yaml`, and `tool.commitizen` of `pyproject.toml`.

use super::settings::{How, Selector, ToolSettings, ToolTag};
use super::table::Table;
use super::words;

const WITHOUT: &[(&str, &str)] = &[
    ("name", "commits are read as Conventional Commits"),
    ("version_provider", "manifests are found by their names"),
    ("version_scheme", words::SCHEME),
    ("version_type", words::SCHEME),
    ("legacy_tag_formats", "tags of any spelling are read"),
    ("bump_message", "[workspace] commit-message is the text of the commit"),
    ("bump_pattern", words::LEVELS),
    ("bump_map", words::LEVELS),
    ("bump_map_major_version_zero", words::LEVELS),
    ("commit_parser", words::LEVELS),
    ("schema", "commits are read as Conventional Commits"),
    ("schema_pattern", "commits are read as Conventional Commits"),
    ("customize", "commits are read as Conventional Commits"),
    ("questions", "commits are read as Conventional Commits"),
    ("change_type_map", "[changelog] types has the titles of groups"),
    ("change_type_order", "[changelog] types has the order of groups"),
    ("changelog_pattern", "[changelog] commits says which commits have entries"),
    ("changelog_format", "changelogs are written in Markdown"),
    ("changelog_incremental", "only the new section of a changelog is written"),
    ("changelog_start_rev", "only the new section of a changelog is written"),
    ("changelog_merge_prerelease", "[changelog] prereleases says whether they have sections"),
    ("template", "[changelog] template says what a section looks like"),
    ("extras", "[changelog] template says what a section looks like"),
    ("annotated_tag", "tags are annotated"),
    ("annotated_tag_message", "[workspace] tag-message is the text of the tag"),
    ("gpg_sign", words::SIGN),
    ("pre_bump_hooks", words::HOOKS),
    ("post_bump_hooks", words::HOOKS),
    ("always_signoff", "hooks of git sign off"),
    ("retry_after_failure", "`relman resume` continues"),
    ("allow_abort", "hooks of git check messages"),
    ("allowed_prefixes", "hooks of git check messages"),
    ("message_length_limit", "hooks of git check messages"),
    ("encoding", "files are UTF-8"),
    ("style", "it has no part in releases"),
    ("use_shortcuts", "it has no part in releases"),
    ("breaking_change_exclamation_in_title", "both notations are read"),
];

/// Reads one of its files.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    let file = table.file.path.file_name();
    let keys: &[&str] = if file.ends_with(".toml") { &["tool", "commitizen"] } else { &["commitizen"] };
    let Some(table) = table.part(keys) else { return };
    let home = table.file.home;
    if table.text("version", "a place of the version").is_some() {
        let pointer = How::Pointer(format!("/{}/version", keys.join("/")));
        out.place(Selector::folder(home, "."), table.file.path.as_str(), pointer);
    }
    let template = table.text("tag_format", "tags").unwrap_or("$version");
    let template = template.replace("${version}", "{version}").replace("$version", "{version}");
    out.tags.extend(Selector::within(home).map(|of| ToolTag { of, template, alone: None }));
    for file in table.texts("version_files", "manifests") {
        let (path, line) = file.split_once(':').map_or((file, None), |(path, line)| (path, Some(line.to_owned())));
        if let Some(path) = home.join(path.trim_start_matches("./")) {
            out.place(Selector::within(home), path.as_str(), How::Lines(line));
        }
    }
    let first = table.text("prerelease_offset", "first-prerelease").and_then(|number| number.parse().ok());
    out.first_prerelease = Some(first.unwrap_or(0));
    table.taken("major_version_zero", "the rule for versions below 1.0.0, which is relman's own");
    table.without("ignored_tag_formats", "tags that belong to no package are left alone");
    if table.flag("update_changelog_on_bump", "[changelog]") == Some(true) {
        out.changelog.heading = Some("## {version} ({date})".to_owned());
        out.changelog.path =
            Some(table.text("changelog_file", "[changelog] path").unwrap_or("CHANGELOG.md").to_owned());
        out.changelog.is_from_commits = true;
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
            "[project]\nname = \"acme\"\n[tool.commitizen]\nname = \"cz_conventional_commits\"\nversion = \"1.2.3\"\n\
             tag_format = \"v$version\"\nversion_files = [\"src/acme/__init__.py:__version__\", \"README.md\"]\n",
        )];
        let read = tool(Tool::Commitizen, &files);
        assert_eq!(
            said(&read),
            [
                "tag *: v{version}",
                "place ./: pyproject.toml Pointer(\"/tool/commitizen/version\")",
                "place *: src/acme/__init__.py Lines(Some(\"__version__\"))",
                "place *: README.md Lines(None)",
            ]
        );
    }
}
