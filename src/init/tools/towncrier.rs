//! towncrier: `towncrier.toml`, and `tool.towncrier` of `pyproject.toml`.

use super::settings::ToolSettings;
use super::table::Table;

const WITHOUT: &[(&str, &str)] = &[
    ("package", "the version is that of the package's manifest"),
    ("package_dir", "the version is that of the package's manifest"),
    ("version", "the version is that of the package's manifest"),
    ("template", "[changelog] template says what a section looks like"),
    ("issue_format", "entries are written as they will appear"),
    ("issue_pattern", "the name of a fragment starts with any text"),
    ("start_string", "a section is added below [Unreleased], or above the newest one"),
    ("underlines", "changelogs are written in Markdown"),
    ("wrap", "entries are written as they will appear"),
    ("all_bullets", "entries are written as they will appear"),
    ("single_file", "each release is a section of one file"),
    ("orphan_prefix", "the name of a fragment starts with any text"),
    ("create_eof_newline", "`relman changelog add` writes fragments"),
    ("create_add_extension", "`relman changelog add` writes fragments"),
    ("ignore", "only README.md and hidden files are ignored in a folder of fragments"),
    ("section", "the entries of a type are one group"),
    ("showcontent", "entries are written as they will appear"),
    ("check", "every type of a fragment counts"),
];

/// The types that towncrier has by default, and their titles.
const TYPES: [(&str, &str); 5] = [
    ("feature", "Features"),
    ("bugfix", "Bugfixes"),
    ("doc", "Improved Documentation"),
    ("removal", "Deprecations and Removals"),
    ("misc", "Misc"),
];

/// Reads one of its files.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    let Some(table) = table.part(&["tool", "towncrier"]) else { return };
    let file = table.text("filename", "").unwrap_or("NEWS.rst");
    let folder = table.text("directory", "").unwrap_or("newsfragments");
    out.fragments_folder = Some(folder.to_owned());
    let name = table.text("name", "").unwrap_or("");
    // relman writes Markdown only.
    if !file.ends_with(".md") {
        for key in ["filename", "directory", "name", "title_format", "type", "fragment"] {
            table.without(key, "changelogs are written in Markdown");
        }
        table.rest(WITHOUT);
        return;
    }
    table.taken("filename", "[changelog] path");
    table.taken("directory", "[changelog] fragments");
    out.changelog.path = Some(file.to_owned());
    out.changelog.fragments = Some(folder.to_owned());
    if let Some(title) = table.text("title_format", "[changelog] heading") {
        let title = title.replace("{project_date}", "{date}").replace("{name}", name);
        out.changelog.heading = Some(if title.starts_with('#') { title } else { format!("## {title}") });
    }
    types(&table, out);
    table.rest(WITHOUT);
}

fn types(table: &Table<'_>, out: &mut ToolSettings) {
    let mut types: Vec<(String, String)> = Vec::new();
    for (_, kind) in table.tables("type") {
        let (slug, title) = (kind.text("directory", ""), kind.text("name", ""));
        types.extend(slug.zip(title).map(|(slug, title)| (slug.to_owned(), title.to_owned())));
        kind.rest(WITHOUT);
    }
    for (slug, kind) in table.tables("fragment") {
        let title = kind.text("name", "").map_or_else(|| capital(&slug), str::to_owned);
        types.push((slug, title));
        kind.rest(WITHOUT);
    }
    table.taken("type", "[changelog] types and [fragments] levels");
    table.taken("fragment", "[changelog] types and [fragments] levels");
    if types.is_empty() {
        types = TYPES.map(|(slug, title)| (slug.to_owned(), title.to_owned())).to_vec();
    }
    out.fragment_levels.extend(types.iter().map(|(slug, _)| (slug.clone(), level(slug))));
    out.changelog.types = types;
}

fn level(slug: &str) -> &'static str {
    match slug {
        "breaking" | "removal" | "removed" | "incompat" => "major",
        "feature" | "features" | "feat" | "added" | "add" | "change" | "changed" | "deprecation" | "deprecated"
        | "enhancement" => "minor",
        _ => "patch",
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            "towncrier.toml",
            "[tool.towncrier]\nname = \"Acme\"\nfilename = \"CHANGES.md\"\ndirectory = \"changes\"\ntitle_format = \"{name} {version} ({project_date})\"\n\
             [[tool.towncrier.type]]\ndirectory = \"feature\"\nname = \"Features\"\nshowcontent = true\n",
        )];
        let read = tool(Tool::Towncrier, &files);
        assert_eq!(said(&read), [] as [&str; 0]);
        let changelog = read.changelog;
        assert_eq!((changelog.path.as_deref(), changelog.fragments.as_deref()), (Some("CHANGES.md"), Some("changes")));
        assert_eq!(changelog.heading.as_deref(), Some("## Acme {version} ({date})"));
        assert_eq!(read.fragment_levels, [("feature".to_owned(), "minor")]);
    }
}
