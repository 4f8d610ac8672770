//! monochange: `monochange.toml`.

use std::collections::BTreeMap;

use super::settings::{Selector, ToolGroup, ToolSettings, ToolTag, plain_name};
use super::table::Table;
use super::versioned_files::versioned_files;
use super::words;
use crate::config::GroupKind;

const WITHOUT: &[(&str, &str)] = &[
    ("defaults", words::DEPENDENTS),
    ("ecosystems", "lock files follow their manifests"),
    ("workflows", "workflows are the commands of relman: bump, release, verify"),
    ("cli", "workflows are the commands of relman: bump, release, verify"),
    ("source", "the forge is found by its remote"),
    ("changelog", "a changelog is found beside its package"),
    ("type", "the manifests of a folder say what kind of package it is"),
    ("additional_paths", words::PATHS),
    ("publish", words::PUBLISH),
    ("release_title", "[release] title is the title of releases"),
    ("tag", "every release has a tag"),
    ("release", words::FORGE),
    ("bump_propagation", words::DEPENDENTS),
    ("bump_propagation_max", words::DEPENDENTS),
];

/// Reads its file.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    out.is_apart = true;
    let mut folders = BTreeMap::new();
    for (id, package) in table.tables("package") {
        let path = package.text("path", "packages").unwrap_or(".");
        if let Some(of) = Selector::folder(table.file.home, path) {
            out.listed.push(of.clone());
            versioned_files(&package, &of, None, out);
            tag(&package, &id, of.clone(), out);
            folders.insert(id, of);
        }
        package.rest(WITHOUT);
    }
    for (id, group) in table.tables("group") {
        let members = group.texts("packages", "[groups]");
        let members: Vec<Selector> = members.into_iter().filter_map(|id| folders.get(id).cloned()).collect();
        let is_bare = group.text("version_format", "tags") == Some("primary");
        let tag = Some(if is_bare { "v{version}".to_owned() } else { format!("{id}/v{{version}}") });
        let (name, key) = (Some(plain_name(&id)), format!("group.{id}"));
        group.without("versioned_files", "a place belongs to a package");
        out.groups.push(ToolGroup { name, kind: GroupKind::Fixed, members, tag, key, file: None });
        group.rest(WITHOUT);
    }
    table.rest(WITHOUT);
}

fn tag(package: &Table<'_>, id: &str, of: Selector, out: &mut ToolSettings) {
    let is_bare = package.text("version_format", "tags") == Some("primary");
    let template = if is_bare { "v{version}".to_owned() } else { format!("{id}/v{{version}}") };
    out.tags.push(ToolTag { of, template, alone: None });
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            "monochange.toml",
            "[defaults]\nparent_bump = \"patch\"\n[package.core]\npath = \"crates/core\"\ntype = \"cargo\"\n\
             [package.web]\npath = \"web\"\n[group.sdk]\npackages = [\"core\", \"web\"]\nversion_format = \"primary\"\n",
        )];
        let read = tool(Tool::Monochange, &files);
        assert_eq!(
            said(&read),
            [
                "Fixed sdk: crates/core/ web/ v{version}",
                "tag crates/core/: core/v{version}",
                "tag web/: web/v{version}",
                "listed: crates/core/ web/",
            ]
        );
    }
}
