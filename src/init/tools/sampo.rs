//! sampo: `.sampo/config.toml`.

use super::settings::{Selector, ToolGroup, ToolSettings};
use super::table::Table;
use super::words;
use crate::config::GroupKind;

const WITHOUT: &[(&str, &str)] = &[
    ("version", "it is the version of the file itself"),
    ("github", words::FORGE),
    ("changelog", "[changelog] says how changelogs are kept"),
    ("changesets", "[changelog] types has the groups"),
    ("ignore_unpublished", "private packages are left out unless a tag names them"),
    ("short_tags", "a tag names its package"),
];

/// Reads its file. Names may have the ecosystem in front: `cargo/example`.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    out.is_apart = true;
    out.tag_all("{name}-v{version}");
    let named = |name: &str| {
        let plain = name.split_once('/').filter(|(head, _)| !head.starts_with('@')).map_or(name, |(_, name)| name);
        Selector::name(plain)
    };
    if let Some(packages) = table.table("packages") {
        for (key, kind) in [("fixed", GroupKind::Fixed), ("linked", GroupKind::Linked)] {
            for names in packages.lists(key, "[groups]") {
                let members = names.into_iter().filter_map(named).collect();
                out.groups.push(ToolGroup {
                    name: None,
                    kind,
                    members,
                    tag: None,
                    key: format!("packages.{key}"),
                    file: None,
                });
            }
        }
        for glob in packages.texts("ignore", "packages that are left out") {
            out.ignored.extend(named(glob));
            out.ignored.extend(Selector::folder(table.file.home, glob));
        }
        packages.rest(WITHOUT);
    }
    if let Some(git) = table.table("git") {
        out.base = git.text("default_branch", "a comment at `branches`").map(str::to_owned);
        out.branches.extend(git.texts("release_branches", "branches").into_iter().map(str::to_owned));
        if let Some(format) = git.text("tag_format", "tags") {
            out.tags.clear();
            out.tag_all(format.replace("{package_name}", "{name}").replace("{package}", "{name}"));
        }
        git.rest(WITHOUT);
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
            ".sampo/config.toml",
            "version = 1\n[packages]\nignore = [\"internal-*\"]\nfixed = [[\"cargo/core\", \"@acme/web\"]]\n\
             [git]\nrelease_branches = [\"main\", \"3.x\"]\n",
        )];
        let read = tool(Tool::Sampo, &files);
        assert_eq!(
            said(&read),
            [
                "Fixed : core @acme/web",
                "tag *: {name}-v{version}",
                "ignored: internal-* internal-*/",
                "branches: main 3.x",
            ]
        );
    }
}
