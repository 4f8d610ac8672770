//! git-cliff: `cliff.toml`.

use super::settings::{Selector, ToolSettings, ToolTag};
use super::table::Table;
use super::words;

const WITHOUT: &[(&str, &str)] = &[
    ("changelog", "[changelog] template says what a section looks like"),
    ("bump", words::LEVELS),
    ("remote", "the forge is found by its remote"),
    ("conventional_commits", "commits are read as Conventional Commits"),
    ("filter_unconventional", "commits that are not conventional have no entries"),
    ("require_conventional", "commits that are not conventional have no entries"),
    ("split_commits", "[commits] body says how bodies count"),
    ("commit_preprocessors", "[changelog] has the links of versions, commits and issues"),
    ("commit_parsers", "[changelog] commits says which commits have entries"),
    ("protect_breaking_commits", "a breaking change always has an entry"),
    ("filter_commits", "[changelog] commits says which commits have entries"),
    ("fail_on_unmatched_commit", "commits that are not conventional have no entries"),
    ("link_parsers", "[changelog] has the links of versions, commits and issues"),
    ("topo_order", "entries are in the order of the history"),
    ("topo_order_commits", "entries are in the order of the history"),
    ("sort_commits", "entries are in the order of the history"),
    ("skip_tags", "tags that belong to no package are left alone"),
    ("ignore_tags", "tags that belong to no package are left alone"),
    ("count_tags", "tags that belong to no package are left alone"),
    ("use_branch_tags", "the last tag is one that HEAD reaches"),
    ("limit_commits", words::LAST_TAG),
    ("recurse_submodules", "a submodule is a repository of its own"),
    ("include_paths", words::PATHS),
    ("exclude_paths", words::PATHS),
    ("render_always", "[changelog] empty is the text of an empty section"),
];

/// Reads one of its files.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    if let Some(git) = table.table("git") {
        if let Some(template) = git.value("tag_pattern").and_then(crate::data::Value::text).and_then(template) {
            git.taken("tag_pattern", "tags");
            out.tags.extend(Selector::folder(table.file.home, ".").map(|of| ToolTag { of, template, alone: None }));
        } else {
            git.without("tag_pattern", "tags of any spelling are read");
        }
        git.rest(WITHOUT);
    }
    table.rest(WITHOUT);
}

/// The template of a pattern whose head is a plain text: `v[0-9].*`, `release-\d+`.
fn template(pattern: &str) -> Option<String> {
    let pattern = pattern.trim_start_matches('^');
    let end = pattern.find(['[', '\\', '(', '*', '.', '?'])?;
    let head = pattern.get(..end)?;
    (!head.is_empty()).then(|| format!("{head}{{version}}"))
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            "cliff.toml",
            "[changelog]\nbody = \"x\"\n[git]\nconventional_commits = true\ntag_pattern = \"^release-[0-9].*\"\n",
        )];
        let read = tool(Tool::GitCliff, &files);
        assert_eq!(said(&read), ["tag ./: release-{version}"]);
    }
}
