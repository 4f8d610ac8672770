//! [`PluginFile`]: a plugin.toml, which describes a plugin beside its program.

use std::sync::Arc;

use serde_json::Value;
use toml_edit::{Document, Table};

use super::Spanned;
use super::glob::PathGlob;
use super::names::check_plugin_name;
use super::parse::no_toml;
use super::problems::Problems;
use super::reader::TableReader;
use crate::model::{Diagnostic, PluginName, PluginRole, RepoPath};

/// What stands for the folder of plugin.toml in its commands.
const DIR: &str = "{dir}";

/// What a plugin.toml says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginFile {
    /// The plugin's name, as its hello has it.
    pub name: PluginName,
    /// Its version, as its hello has it.
    pub version: String,
    /// What it is for, in a sentence; empty if that is not said.
    pub description: String,
    /// What it can do.
    pub roles: Vec<PluginRole>,
    /// The program and its arguments.
    command: Vec<String>,
    /// The command that builds the program; empty if it needs none.
    build: Vec<String>,
}

/// Returns the JSON Schema (draft 2020-12) of plugin.toml.
#[must_use]
pub fn plugin_file_schema() -> Value {
    serde_json::from_str(include_str!("schema/plugin-file.json")).unwrap_or_default()
}

impl PluginFile {
    /// Reads a plugin.toml; `path` names it in messages.
    ///
    /// # Errors
    /// Returns everything that is wrong in it, in the order of the file; for invalid TOML only the first such place.
    pub fn parse(path: &RepoPath, text: &Arc<str>) -> Result<Self, Vec<Diagnostic>> {
        let document = Document::parse(&**text).map_err(|error| vec![no_toml(path, text, &error)])?;
        let problems = Problems::new(path, text);
        let file = Self::read(&problems, document.as_table());
        match (file, problems.into_sorted()) {
            (Some(file), wrong) if wrong.is_empty() => Ok(file),
            (_, wrong) => Err(wrong),
        }
    }

    /// Reads all keys. Returns `None` if one is missing, which is then a problem.
    pub(super) fn read(problems: &Problems<'_>, table: &Table) -> Option<Self> {
        let mut reader = TableReader::root(problems, table);
        let name = needed(&mut reader, "name", "\"example\"", TableReader::string);
        if let Some(name) = &name {
            check_plugin_name(&reader, name);
        }
        let version = needed(&mut reader, "version", "\"1.0.0\"", TableReader::string);
        let description = reader.string("description").map_or(String::new(), |text| text.value);
        let roles = needed(&mut reader, "roles", "[\"manifest\"]", TableReader::strings);
        let roles = roles.map(|names| roles_of(&reader, &names));
        let command = needed(&mut reader, "command", "[\"python3\", \"{dir}/plugin.py\"]", TableReader::strings);
        let command = command.map(|words| words_of(&reader, "command", words));
        if let Some(globs) = reader.strings("files") {
            check_globs(&reader, &globs.value);
        }
        let build = reader.strings("build").map_or(Vec::new(), |words| words_of(&reader, "build", words));
        reader.finish();
        Some(Self {
            name: PluginName::new(name?.value),
            version: version?.value,
            description,
            roles: roles?,
            command: command?,
            build,
        })
    }

    /// Returns the program and its arguments, for a plugin.toml that is located in this folder.
    #[must_use]
    pub fn command_in(&self, dir: &str) -> Vec<String> {
        self.command.iter().map(|word| word.replace(DIR, dir)).collect()
    }

    /// Returns the command that builds the program, for a plugin.toml that is located in this folder; empty if it needs none.
    #[must_use]
    pub fn build_in(&self, dir: &str) -> Vec<String> {
        self.build.iter().map(|word| word.replace(DIR, dir)).collect()
    }
}

/// Reads a key that must be there.
pub(super) fn needed<'a, T>(
    reader: &mut TableReader<'a>,
    key: &'static str,
    example: &str,
    read: impl Fn(&mut TableReader<'a>, &'static str) -> Option<T>,
) -> Option<T> {
    let is_missing = !reader.holds(key);
    let value = read(reader, key);
    if is_missing {
        reader.problems().add(reader.span(), format!("`{key}` not found"), format!("write {key} = {example}"));
    }
    value
}

fn roles_of(reader: &TableReader<'_>, names: &Spanned<Vec<Spanned<String>>>) -> Vec<PluginRole> {
    if names.value.is_empty() {
        reader.problems().add(
            names.span,
            "`roles` is empty",
            "write what the plugin can do, as in roles = [\"manifest\"]",
        );
    }
    let known = PluginRole::ALL.map(|role| (role.name(), role));
    names.value.iter().filter_map(|name| reader.chosen("roles", name, &known)).collect()
}

fn words_of(reader: &TableReader<'_>, key: &str, words: Spanned<Vec<Spanned<String>>>) -> Vec<String> {
    if words.value.first().is_none_or(|program| program.value.is_empty()) {
        let help = "write the program and its arguments; {dir} is the folder of this file";
        reader.problems().add(words.span, format!("`{key}` names no program"), help);
    }
    for word in words.value.iter().filter(|word| word.value.contains('\0')) {
        reader.problems().add(word.span, format!("`{key}` holds a null character"), "remove it");
    }
    words.value.into_iter().map(|word| word.value).collect()
}

/// Checks globs that only people read.
fn check_globs(reader: &TableReader<'_>, globs: &[Spanned<String>]) {
    for text in globs {
        if let Err(error) = PathGlob::new(&text.value) {
            reader.problems().add(text.span, error.to_string(), error.help());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<PluginFile, Vec<String>> {
        let path = RepoPath::new("plugins/x/plugin.toml").unwrap();
        PluginFile::parse(&path, &Arc::from(text)).map_err(|found| {
            let shown = |d: &Diagnostic| {
                let at = d.place.as_ref().unwrap().position();
                format!("{}:{} {}", at.line, at.column, d.message)
            };
            found.iter().map(shown).collect()
        })
    }

    const WHOLE: &str =
        "name = \"x\"\nversion = \"1.0.0\"\nroles = [\"manifest\", \"check\"]\ncommand = [\"sh\", \"{dir}/x.sh\"]\n";

    #[test]
    fn the_folder_is_filled_in() {
        let file = parse(WHOLE).unwrap();
        assert_eq!(file.roles, [PluginRole::Manifest, PluginRole::Check]);
        assert_eq!(file.command_in("/a b"), ["sh", "/a b/x.sh"]);
        assert!(file.build_in("/a").is_empty());
        let built = parse(&format!("{WHOLE}build = [\"make\", \"-C\", \"{{dir}}\"]\nfiles = [\"*.x\"]\n")).unwrap();
        assert_eq!(built.build_in("/a"), ["make", "-C", "/a"]);
    }

    #[test]
    fn the_schema_has_the_keys_that_are_read() {
        let (path, text) = (RepoPath::new("plugin.toml").unwrap(), Arc::from(WHOLE));
        let problems = Problems::new(&path, &text);
        let document = Document::parse(WHOLE).unwrap();
        PluginFile::read(&problems, document.as_table()).unwrap();
        let schema = plugin_file_schema();
        let mut described: Vec<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
        let mut asked: Vec<String> = problems.asked.borrow().iter().cloned().collect();
        asked.sort();
        described.sort();
        assert_eq!(asked, described);
        let roles = PluginRole::ALL.map(PluginRole::name);
        assert_eq!(schema["properties"]["roles"]["items"]["enum"], serde_json::json!(roles));
    }

    #[test]
    fn all_that_is_wrong_is_found_with_its_place() {
        for (text, found) in [
            (
                "",
                &[
                    "1:1 `command` not found",
                    "1:1 `name` not found",
                    "1:1 `roles` not found",
                    "1:1 `version` not found",
                ][..],
            ),
            ("name = ", &["1:8 the file is not valid TOML"]),
            (&WHOLE.replace("\"x\"", "\"x y\""), &["1:8 \"x y\" is not a valid name of a plugin"]),
            (&WHOLE.replace("\"check\"", "\"chek\""), &["3:22 `roles` must be"]),
            (&WHOLE.replace("[\"sh\", \"{dir}/x.sh\"]", "[]"), &["4:11 `command` names no program"]),
            (&format!("{WHOLE}fles = []\n"), &["5:1 unknown key `fles`"]),
            (&format!("{WHOLE}files = [\"../x\"]\n"), &["5:10 "]),
            (&format!("{WHOLE}build = \"make\"\n"), &["5:9 `build` must be an array of strings, not a string"]),
        ] {
            let wrong = parse(text).unwrap_err();
            assert_eq!(wrong.len(), found.len(), "{wrong:?}");
            assert!(
                wrong.iter().zip(found).all(|(wrong, start)| wrong.starts_with(start)),
                "{wrong:?}, expected {found:?}"
            );
        }
    }
}
