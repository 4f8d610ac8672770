//! knope: `knope.toml`.

use super::settings::{Selector, ToolSettings, ToolTag};
use super::table::Table;
use super::versioned_files::versioned_files;
use super::words;

const WITHOUT: &[(&str, &str)] = &[
    ("workflows", "workflows are the commands of relman: bump, release, verify"),
    ("github", "the forge is found by its remote"),
    ("gitea", "the forge is found by its remote"),
    ("gitlab", "the forge is found by its remote"),
    ("bot", "`relman changelog check` asks for fragments"),
    ("changes", "[fragments] and [commits] say which changes count"),
    ("release_notes", "[changelog] template says what a section looks like"),
    ("scopes", words::PATHS),
    ("assets", "[release] assets are attached to releases"),
    ("extra_changelog_sections", "[changelog] types has the groups"),
    ("ignore_go_major_versioning", "the module's path says its major version"),
    ("changelog", "a changelog is found beside its package"),
];

/// Reads its file: one package, or several with their names.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    out.is_apart = true;
    if let Some(package) = table.table("package") {
        versioned_files(&package, &Selector::All, None, out);
        out.tag_all("v{version}");
        package.rest(WITHOUT);
    }
    for (name, package) in table.tables("packages") {
        let files = package.value("versioned_files").map(super::versioned_files::paths).unwrap_or_default();
        let home = files.first().and_then(|path| path.rsplit_once('/')).map_or(".", |(folder, _)| folder);
        if let Some(of) = Selector::folder(table.file.home, home) {
            versioned_files(&package, &of, None, out);
            out.tags.push(ToolTag { of, template: format!("{name}/v{{version}}"), alone: None });
        }
        package.rest(WITHOUT);
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
            "knope.toml",
            "[packages.api]\nversioned_files = [\"api/Cargo.toml\", { path = \"api/README.md\", regex = 'v(?<version>.*)' }]\nscopes = [\"api\"]\n\
             [[workflows]]\nname = \"release\"\n",
        )];
        let read = tool(Tool::Knope, &files);
        assert_eq!(
            said(&read),
            ["tag api/: api/v{version}", "place api/: api/Cargo.toml Known", "place api/: api/README.md Lines(None)",]
        );
    }
}
