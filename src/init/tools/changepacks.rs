//! changepacks: `.changepacks/config.json`.

use super::settings::{Selector, ToolSettings};
use super::table::Table;
use super::words;

const WITHOUT: &[(&str, &str)] = &[
    ("latestPackage", "a forge decides which of its releases is the latest"),
    ("publish", words::PUBLISH),
    ("updateOn", words::DEPENDENTS),
];

/// Reads its file. Globs that it ignores are those of files.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    out.is_apart = true;
    for glob in table.texts("ignore", "packages that are left out") {
        let folders = glob.trim_end_matches("/**").trim_end_matches("/*");
        out.ignored.extend(Selector::folder(table.file.home, folders));
        out.ignored.extend(Selector::folder(table.file.home, glob));
    }
    out.base = table.text("baseBranch", "a comment at `branches`").map(str::to_owned);
    table.rest(WITHOUT);
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            ".changepacks/config.json",
            r#"{"ignore": ["examples/**"], "baseBranch": "main", "latestPackage": "crates/core/Cargo.toml", "publish": {}}"#,
        )];
        let read = tool(Tool::Changepacks, &files);
        assert_eq!(said(&read), ["ignored: examples/ examples/**/"]);
    }
}
