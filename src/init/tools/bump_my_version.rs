//! bump-my-version and bump2version: `.bumpversion.toml`, `.bumpversion.cfg`, and parts of `pyproject.toml` and `setup.cfg`.

use super::settings::{How, Selector, ToolSettings};
use super::table::Table;
use super::words;
use crate::data::Kind;

const WITHOUT: &[(&str, &str)] = &[
    ("commit", words::COMMIT),
    ("commit_args", words::COMMIT),
    ("message", "[workspace] commit-message is the text of the commit"),
    ("tag", "every release has a tag"),
    ("tag_message", "[workspace] tag-message is the text of the tag"),
    ("sign_tags", words::SIGN),
    ("allow_dirty", "releases start from what is committed"),
    ("allow_shell_hooks", words::HOOKS),
    ("setup_hooks", words::HOOKS),
    ("pre_commit_hooks", words::HOOKS),
    ("post_commit_hooks", words::HOOKS),
    ("moveable_tags", "[release] floating has tags that move"),
    ("parse", words::SCHEME),
    ("serialize", words::SCHEME),
    ("regex", "a place is found by the text around its version"),
    ("replace", "only the version of a place changes"),
    ("ignore_missing_version", words::DRIFT),
    ("ignore_missing_files", words::DRIFT),
    ("no_regex", "a place is found by the text around its version"),
    ("scm_info", words::LAST_TAG),
    ("key_path", "a place in a file of data is found by its pointer"),
    ("include_bumps", "each place has every version"),
    ("exclude_bumps", "each place has every version"),
];

/// Values of parts that mean a final release, or are not a series that both notations have.
const NO_STAGES: [&str; 8] = ["final", "ga", "prod", "production", "release", "stable", "dev", "post"];

/// Reads one of its files.
pub(super) fn read(table: &Table<'_>, out: &mut ToolSettings) {
    if table.file.path.file_name().ends_with(".toml") {
        if let Some(table) = table.part(&["tool", "bumpversion"]) {
            settings(&table, How::Pointer("/tool/bumpversion/current_version".to_owned()), out);
            of_toml(&table, out);
            table.rest(WITHOUT);
        }
        return;
    }
    let common = table.part(&["bumpversion"]);
    if let Some(table) = &common {
        settings(table, How::Search("current_version = {version}".to_owned()), out);
        table.rest(WITHOUT);
    }
    for (name, section) in table.sections() {
        let mut words = name.splitn(3, ':').skip(1);
        match (words.next().map(|kind| kind.split('(').next().unwrap_or(kind).trim()), words.next()) {
            (Some("file" | "glob"), Some(path)) => place(&section, common.as_ref(), path.trim(), out),
            (Some("part"), Some(_)) => stages(&section, out),
            _ => continue,
        }
        section.rest(WITHOUT);
    }
}

fn settings(table: &Table<'_>, own: How, out: &mut ToolSettings) {
    if table.text("current_version", "a place of the version").is_some() {
        out.place(Selector::folder(table.file.home, "."), table.file.path.as_str(), own);
    }
    let template = table.text("tag_name", "tags").unwrap_or("v{new_version}");
    let template = template.replace("{new_version}", "{version}").replace("{current_version}", "{version}");
    out.tags.extend(Selector::within(table.file.home).map(|of| super::settings::ToolTag { of, template, alone: None }));
    table.text("search", "search patterns");
}

fn of_toml(table: &Table<'_>, out: &mut ToolSettings) {
    for (_, file) in table.tables("files") {
        let path = file.text("filename", "manifests").or_else(|| file.text("glob", "manifests"));
        if let Some(path) = path {
            place(&file, Some(table), path, out);
        }
        file.without("glob_exclude", "a glob of `manifests` has to mean the right files");
        file.rest(WITHOUT);
    }
    if let Some(parts) = table.table("parts") {
        for (_, part) in parts.sections() {
            stages(&part, out);
            part.rest(WITHOUT);
        }
    }
}

fn place(file: &Table<'_>, common: Option<&Table<'_>>, path: &str, out: &mut ToolSettings) {
    let search = file.text("search", "search patterns").or_else(|| common?.text("search", ""));
    let how = search.filter(|search| *search != "{current_version}").map_or(How::Lines(None), |search| {
        How::Search(search.trim().replace("{current_version}", "{version}").replace("{{", "{").replace("}}", "}"))
    });
    if let Some(path) = file.file.home.join(path.trim_start_matches("./")) {
        out.place(Selector::within(file.file.home), path.as_str(), how);
    }
}

/// The values of a part are labels of prereleases, unless they are numbers.
fn stages(part: &Table<'_>, out: &mut ToolSettings) {
    let values = part.texts("values", "stages");
    let optional = part.text("optional_value", "").map(str::to_owned);
    if part.value("first_value").is_some_and(|value| matches!(&value.kind, Kind::Text(text) if text == "0")) {
        out.first_prerelease = Some(0);
    }
    for key in ["independent", "always_increment", "calver_format", "depends_on"] {
        part.without(key, words::SCHEME);
    }
    let is_stage = |value: &&str| {
        !NO_STAGES.contains(value)
            && Some(*value) != optional.as_deref()
            && value.starts_with(|c: char| c.is_ascii_alphabetic())
    };
    out.stages.extend(values.into_iter().filter(is_stage).map(str::to_owned));
}

#[cfg(test)]
mod tests {
    use crate::init::tools::tests::{said, tool};
    use crate::model::Tool;

    #[test]
    fn what_its_files_say() {
        let files = [(
            "setup.cfg",
            "[metadata]\nname = acme\n[bumpversion]\ncurrent_version = 1.2.3\ntag_name = rel/{new_version}\ncommit = True\n\
             [bumpversion:part:release]\nvalues =\n    alpha\n    rc\n    ga\noptional_value = ga\n\
             [bumpversion:file:src/acme/__init__.py]\nsearch = VERSION = \"{current_version}\"\n\
             [bumpversion:file:README.md]\n",
        )];
        let read = tool(Tool::BumpMyVersion, &files);
        assert_eq!(
            said(&read),
            [
                "tag *: rel/{version}",
                "place ./: setup.cfg Search(\"current_version = {version}\")",
                "place *: src/acme/__init__.py Search(\"VERSION = \\\"{version}\\\"\")",
                "place *: README.md Lines(None)",
                "stages: alpha rc",
            ]
        );
    }
}
