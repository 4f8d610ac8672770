//! `versioned_files` of knope and monochange: paths, and tables with a path and more.

use super::settings::{How, Selector, ToolSettings};
use super::table::Table;
use crate::data::{Kind, Value};

/// Returns the paths of a list of files.
pub(super) fn paths(value: &Value) -> Vec<&str> {
    let Kind::List(files) = &value.kind else { return Vec::new() };
    files.iter().filter_map(|file| file.text().or_else(|| file.get("path")?.text())).collect()
}

/// Adds the places of a package; the paths are relative to the file, or to a folder below it.
pub(super) fn versioned_files(table: &Table<'_>, of: &Selector, folder: Option<&str>, out: &mut ToolSettings) {
    let Some(Kind::List(files)) = table.value("versioned_files").map(|value| &value.kind) else { return };
    table.taken("versioned_files", "manifests");
    for file in files {
        let path = file.text().or_else(|| file.get("path")?.text()).unwrap_or("");
        let path = folder.map_or_else(|| path.to_owned(), |folder| format!("{folder}/{path}"));
        // A place of a requirement follows its own rules.
        let is_requirement = file.get("dependency").is_some();
        let how = if file.get("regex").is_some() { How::Lines(None) } else { How::Known };
        if let Some(path) = table.file.home.join(&path).filter(|_| !is_requirement) {
            out.place(Some(of.clone()), path.as_str(), how);
        }
    }
}
