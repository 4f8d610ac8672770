//! [`config_page`]: the manual page of relman.toml, from its schema.

use super::page::{ManPage, bold, inline, reference};
use crate::config::{KeyTable, TableKey};

/// How the page begins.
const DESCRIPTION: &str = "\
relman.toml describes the packages of a repository to relman, and how they are released. It is a TOML file in the folder above all of them; \
every path in it is relative to that folder, with `/` between its parts. `relman init` writes one from what it finds, and `relman schema` \
prints its JSON Schema, with which editors complete and check it.\n\n\
Nothing in it has to be said twice: a key that is left out has the default below, and manifests in the folder of a package are found.";

/// Returns the page of relman.toml, with a section for each of its tables.
pub(in crate::cli) fn config_page(tables: &[KeyTable], version: &str) -> ManPage {
    let mut page = ManPage::new("relman.toml", 5, version, "configuration of relman");
    page.section("Description");
    page.paragraphs(DESCRIPTION);
    page.section("Tables");
    for table in tables {
        page.part(table.heading);
        page.paragraphs(&table.about);
        table.keys.iter().for_each(|key| page.item(&term(key), &meaning(key)));
    }
    page.section("See also");
    page.set(&["relman", "relman-init", "relman-schema"].map(|name| reference(name, 1)).join(", "));
    page
}

fn term(key: &TableKey) -> String {
    format!("{} = {}", bold(&key.name), inline(&key.kind))
}

fn meaning(key: &TableKey) -> String {
    let default = key.default.as_ref().map_or(String::new(), |default| format!("Default: {}\n\n", code(default)));
    format!("{}\n\n{default}Example: {}", key.about, code(&format!("{} = {}", key.name, key.example)))
}

/// Code of which a backtick is part stays as it is.
fn code(text: &str) -> String {
    if text.contains('`') { text.to_owned() } else { format!("`{text}`") }
}
