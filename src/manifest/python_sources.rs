//! Where pyproject.toml says that its requirements come from: `[tool.uv.sources]`, and the tables of Poetry.

use toml_edit::{Item, TableLike};

use super::toml_document::TomlReader;
use super::{Found, PythonSource, WorkspaceRoot};
use crate::model::{Ecosystem, RegistryName};

/// The keys of a source that is located outside of the repository: for uv, for Poetry.
const ELSEWHERE: [&str; 6] = ["git", "url", "index", "file", "source", "registry"];

/// Returns the source of a table; `None` if it names none.
pub(super) fn source(table: &dyn TableLike) -> Option<PythonSource> {
    if let Some(folder) = table.get("path").and_then(Item::as_str) {
        return Some(PythonSource::Folder(folder.to_owned()));
    }
    if table.get("workspace").and_then(Item::as_bool) == Some(true) {
        return Some(PythonSource::Workspace);
    }
    ELSEWHERE.into_iter().any(|key| table.contains_key(key)).then_some(PythonSource::Elsewhere)
}

/// Notes the sources in the table of a tool.
pub(super) fn read(reader: &mut TomlReader<'_>, tool: &dyn TableLike, found: &mut Found) {
    let Some(uv) = reader.table(tool, "uv") else { return };
    if uv.contains_key("workspace") {
        let members = uv.get("workspace").and_then(|workspace| workspace.get("members")).and_then(Item::as_array);
        let members = members.into_iter().flatten().filter_map(|member| Some(member.as_str()?.to_owned()));
        found.workspace = Some(WorkspaceRoot::of(members));
    }
    let Some(sources) = reader.table(uv, "sources") else { return };
    for (name, item) in sources.iter() {
        note(reader, sources, name, item, found);
    }
}

/// Notes the source of one requirement: a table, or several for different platforms. One of these in the repository is enough.
pub(super) fn note(reader: &mut TomlReader<'_>, parent: &dyn TableLike, name: &str, item: &Item, found: &mut Found) {
    let tables = match item.as_table_like() {
        Some(table) => vec![table],
        None if item.is_array() || item.is_array_of_tables() => reader.rows(parent, name),
        None => Vec::new(),
    };
    let mut sources: Vec<PythonSource> = tables.into_iter().filter_map(source).collect();
    sources.sort_by_key(|source| *source == PythonSource::Elsewhere);
    if let Some(first) = sources.into_iter().next() {
        found.python_sources.insert(RegistryName::new(Ecosystem::Python, name), first);
    }
}
