//! `eachdist.ini` of the OpenTelemetry projects: lists of packages, each with a version.

use super::settings::{How, Selector, ToolGroup, ToolSettings};
use super::table::Table;
use crate::config::GroupKind;

const WITHOUT: &[(&str, &str)] = &[
    ("sortfirst", "packages are released in the order of their requirements"),
    ("extraroots", "it has no part in releases"),
    ("subglob", "it has no part in releases"),
    ("ignore", "it has no part in releases"),
    ("testsroot", "it has no part in releases"),
];

/// Reads its file.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    for (name, section) in table.sections() {
        let names = section.texts("packages", "[groups]");
        let members: Vec<Selector> = names.into_iter().filter_map(Selector::name).collect();
        if section.text("version", "a place of the version").is_some() && !members.is_empty() {
            out.is_apart = true;
            let search = How::Search(format!("[{name}]\nversion={{version}}"));
            out.place(members.first().cloned(), table.file.path.as_str(), search);
            let (name, key) = (Some(super::settings::plain_name(name)), format!("{name}.packages"));
            out.groups.push(ToolGroup { name, kind: GroupKind::Fixed, members, tag: None, key, file: None });
        }
        section.rest(WITHOUT);
    }
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            "eachdist.ini",
            "[DEFAULT]\nsortfirst=\n    otel-api\n[stable]\nversion=1.24.0\npackages=\n    otel-api\n    otel-sdk\n[lintroots]\nsubglob=*.py\n",
        )];
        let read = tool(Tool::Eachdist, &files);
        assert_eq!(
            said(&read),
            [
                "Fixed stable: otel-api otel-sdk",
                "place otel-api: eachdist.ini Search(\"[stable]\\nversion={version}\")",
            ]
        );
    }
}
