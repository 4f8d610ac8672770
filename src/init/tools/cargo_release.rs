//! cargo-release: `release.toml`, and `metadata.release` of `Cargo.toml`.

use super::settings::{How, Selector, ToolGroup, ToolSettings, ToolTag};
use super::table::Table;
use super::words;
use crate::config::GroupKind;
use crate::data::{Kind, Value};

const WITHOUT: &[(&str, &str)] = &[
    ("publish", words::PUBLISH),
    ("verify", words::PUBLISH),
    ("registry", words::PUBLISH),
    ("owners", words::PUBLISH),
    ("features", words::PUBLISH),
    ("enable-features", words::PUBLISH),
    ("enable-all-features", words::PUBLISH),
    ("rate-limit", words::PUBLISH),
    ("target", words::PUBLISH),
    ("push", "`relman push` is a step of its own"),
    ("push-remote", "[forge] remote is the remote"),
    ("push-options", "`relman push` is a step of its own"),
    ("sign-commit", words::SIGN),
    ("sign-tag", words::SIGN),
    ("pre-release-commit-message", "[workspace] commit-message is the text of the commit"),
    ("post-release-commit-message", words::COMMIT),
    ("consolidate-commits", words::COMMIT),
    ("consolidate-pushes", "all tags of a release are pushed together"),
    ("tag-message", "[workspace] tag-message is the text of the tag"),
    ("pre-release-hook", words::HOOKS),
    ("metadata", words::SCHEME),
    ("certs-source", words::PUBLISH),
    ("unstable", "it has no part in releases"),
];

/// Reads one of its files.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    if table.file.path.file_name() == "Cargo.toml" {
        for (around, is_crate) in [("workspace", false), ("package", true)] {
            if let Some(table) = table.part(&[around, "metadata", "release"]) {
                settings(&table, is_crate, out);
            }
        }
        return;
    }
    settings(table, !table.file.home.is_root(), out);
    // Older files have the keys of a workspace in a table of their own.
    if let Some(inner) = table.table("workspace") {
        settings(&inner, false, out);
    }
}

fn settings(table: &Table<'_>, is_crate: bool, out: &mut ToolSettings) {
    let of = if is_crate { Selector::folder(table.file.home, ".") } else { Selector::within(table.file.home) };
    let Some(of) = of else { return };
    tags(table, is_crate, &of, out);
    let shared = table.value("shared-version");
    let name = shared.and_then(Value::text).map(super::settings::plain_name);
    if shared.is_some_and(|value| value.kind == Kind::Flag(true)) || name.is_some() {
        table.taken("shared-version", "[groups]");
        let (members, key) =
            (vec![Selector::within(table.file.home).unwrap_or(Selector::All)], "shared-version".to_owned());
        out.groups.push(ToolGroup { name, kind: GroupKind::Fixed, members, tag: None, key, file: None });
    }
    if table.flag("release", "packages that are left out") == Some(false) && is_crate {
        out.ignored.push(of.clone());
    }
    let branches = table.texts("allow-branch", "branches");
    if !branches.contains(&"*") {
        out.branches.extend(branches.into_iter().filter(|name| !name.starts_with('!')).map(str::to_owned));
    }
    match table.text("dependent-version", "") {
        Some("fix") => {
            table.taken("dependent-version", "[dependents] policy");
            out.policy = Some("out-of-range");
        }
        _ => table.without("dependent-version", words::DEPENDENTS),
    }
    for (_, change) in table.tables("pre-release-replacements") {
        replacement(table, &change, &of, out);
    }
    table.rest(WITHOUT);
}

/// A place is what a replacement writes around the version; headings of changelogs are written by relman itself.
fn replacement(table: &Table<'_>, change: &Table<'_>, of: &Selector, out: &mut ToolSettings) {
    let (file, replace) = (change.text("file", ""), change.text("replace", ""));
    change.text("search", "");
    for key in ["min", "max", "exactly", "prerelease"] {
        change.value(key);
    }
    let Some((file, replace)) = file.zip(replace) else { return };
    table.taken("pre-release-replacements", "manifests with searches; changelogs are written anyway");
    let is_changelog = file.to_lowercase().contains("change") || replace.contains("{{date}}");
    if !is_changelog && replace.contains("{{version}}") {
        let search = replace.replace("{{version}}", "{version}");
        if let Some(path) = table.file.home.join(file.trim_start_matches("./")) {
            out.place(Some(of.clone()), path.as_str(), How::Search(search.trim().to_owned()));
        }
    }
}

/// `{{prefix}}` is empty for the crate at the top, and else the crate's name with a hyphen.
fn tags(table: &Table<'_>, is_crate: bool, of: &Selector, out: &mut ToolSettings) {
    let prefix = table.text("tag-prefix", "tags").map(name_of);
    let written = table.text("tag-name", "tags").map(name_of);
    table.without("tag", "every release has a tag");
    let with = |prefix: &str| written.as_deref().unwrap_or("{{prefix}}v{version}").replace("{{prefix}}", prefix);
    let root = with(prefix.as_deref().unwrap_or(""));
    let template = with(prefix.as_deref().unwrap_or("{name}-"));
    if !is_crate || written.is_some() || prefix.is_some() {
        out.tags.extend(Selector::folder(table.file.home, ".").map(|of| ToolTag {
            of,
            template: root.clone(),
            alone: None,
        }));
        out.tags.push(ToolTag { of: of.clone(), template, alone: Some(root) });
    }
}

fn name_of(template: &str) -> String {
    template.replace("{{crate_name}}", "{name}").replace("{{version}}", "{version}")
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            "release.toml",
            r#"allow-branch = ["main", "!dev"]
shared-version = true
tag-name = "v{{version}}"
sign-tag = true
pre-release-replacements = [
  { file = "README.md", search = "acme = .*", replace = "acme = \"{{version}}\"" },
  { file = "CHANGELOG.md", search = "Unreleased", replace = "{{version}}" },
]
"#,
        )];
        let read = tool(Tool::CargoRelease, &files);
        assert_eq!(
            said(&read),
            [
                "Fixed : *",
                "tag ./: v{version}",
                "tag *: v{version}",
                "place *: README.md Search(\"acme = \\\"{version}\\\"\")",
                "branches: main",
            ]
        );
    }
}
