//! What the files of other tools say: a file for each tool, each a pure function from its table to [`ToolSettings`].

mod bump_my_version;
mod cargo_release;
mod changepacks;
mod changesets;
mod commitizen;
mod covector;
mod eachdist;
mod git_cliff;
mod json_path;
mod knope;
mod lerna;
mod monochange;
mod nx;
mod python_semantic_release;
mod release_please;
mod release_plz;
mod sampo;
mod semantic_release;
mod settings;
mod table;
mod towncrier;
mod versioned_files;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) use settings::{Fate, How, Key, Selector, ToolGroup, ToolPlace, ToolSettings, plain_name};

use crate::data::{Syntax, parse};
use crate::model::{Diagnostic, RepoPath, Tool};
use table::{Table, ToolFile};

/// What all tools' files say, the tools that count first in front, and what is wrong with the files.
#[derive(Clone, Debug, Default)]
pub(super) struct Tools {
    /// The settings of each tool, those about the whole repository first.
    pub(super) settings: Vec<ToolSettings>,
    /// What is wrong.
    pub(super) problems: Vec<Diagnostic>,
}

/// Reads the files of one tool, or of all.
pub(super) fn read(files: &BTreeMap<RepoPath, Arc<str>>, only: Option<Tool>) -> Tools {
    let mut tools = Tools::default();
    let wanted = Tool::ALL.iter().copied().filter(|tool| only.is_none_or(|only| only == *tool));
    for tool in wanted {
        let mut by_home: BTreeMap<RepoPath, Vec<(&RepoPath, &Arc<str>)>> = BTreeMap::new();
        for (path, text) in files {
            if let Some(home) = tool.home(path).filter(|_| tool.is_in(path, text)) {
                by_home.entry(home).or_default().push((path, text));
            }
        }
        for (home, files) in by_home {
            let mut settings = ToolSettings::new(tool);
            for (path, text) in files {
                let file = ToolFile::new(path, &home, text);
                match parse(text, syntax(path, text)) {
                    Ok(value) => read_with(tool, &Table::new(&file, &value), &mut settings),
                    Err(fault) => {
                        tools.problems.push(file.wrong(fault));
                        continue;
                    }
                }
                let (keys, problems) = file.finish();
                settings.files.push(path.clone());
                settings.groups.iter_mut().for_each(|group| group.file = group.file.take().or(Some(path.clone())));
                settings.keys.extend(keys);
                tools.problems.extend(problems);
            }
            if !settings.files.is_empty() {
                tools.settings.push(settings);
            }
        }
    }
    tools
}

fn read_with(tool: Tool, table: &Table<'_>, out: &mut ToolSettings) {
    match tool {
        Tool::Changesets => changesets::read(table, out),
        Tool::ReleasePlease => release_please::read(table, out),
        Tool::Lerna => lerna::read(table, out),
        Tool::BumpMyVersion => bump_my_version::read(table, out),
        Tool::CargoRelease => cargo_release::read(table, out),
        Tool::Commitizen => commitizen::read(table, out),
        Tool::Towncrier => towncrier::read(table, out),
        Tool::Eachdist => eachdist::read(table, out),
        Tool::Nx => nx::read(table, out),
        Tool::Knope => knope::read(table, out),
        Tool::Monochange => monochange::read(table, out),
        Tool::Changepacks => changepacks::read(table, out),
        Tool::Sampo => sampo::read(table, out),
        Tool::ReleasePlz => release_plz::read(table, out),
        Tool::Covector => covector::read(table, out),
        Tool::SemanticRelease => semantic_release::read(table, out),
        Tool::PythonSemanticRelease => python_semantic_release::read(table, out),
        Tool::GitCliff => git_cliff::read(table, out),
    }
}

/// Returns the language of a file, by its name, or by its first character if that says nothing.
fn syntax(path: &RepoPath, text: &str) -> Syntax {
    match path.file_name().rsplit_once('.').map_or("", |(_, ending)| ending) {
        "toml" => Syntax::Toml,
        "cfg" | "ini" => Syntax::Ini,
        "yaml" | "yml" => Syntax::Yaml,
        "json" | "json5" | "jsonc" => Syntax::Json,
        _ if text.trim_start().starts_with('{') => Syntax::Json,
        _ => Syntax::Yaml,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Fate, Key, Selector, ToolSettings, Tools, read};
    use crate::model::{RepoPath, Tool};

    fn tools(tool: Tool, files: &[(&str, &str)]) -> Tools {
        let files = files.iter().map(|(path, text)| (RepoPath::new(path).unwrap(), Arc::from(*text)));
        read(&files.collect(), Some(tool))
    }

    /// What the files of one tool say, which have to be right.
    pub(super) fn tool(tool: Tool, files: &[(&str, &str)]) -> ToolSettings {
        let mut tools = tools(tool, files);
        assert_eq!(tools.problems, []);
        assert_eq!(tools.settings.len(), 1);
        tools.settings.remove(0)
    }

    /// What the files say, in short: groups, tags, places, and whatever else is there.
    pub(super) fn said(settings: &ToolSettings) -> Vec<String> {
        let selector = |of: &Selector| match of {
            Selector::All => "*".to_owned(),
            Selector::Name(glob) => glob.as_str().to_owned(),
            Selector::Folder(path) => format!("{path}/"),
            Selector::Folders(glob) => format!("{}/", glob.as_str()),
            Selector::Below(path) => format!("{path}/**"),
        };
        let list = |of: &[Selector]| of.iter().map(selector).collect::<Vec<_>>().join(" ");
        let mut said = Vec::new();
        for group in &settings.groups {
            let (name, tag) = (group.name.as_deref().unwrap_or(""), group.tag.as_deref().unwrap_or(""));
            said.push(format!("{:?} {name}: {} {tag}", group.kind, list(&group.members)).trim_end().to_owned());
        }
        for tag in &settings.tags {
            said.push(format!("tag {}: {}", selector(&tag.of), tag.template));
        }
        for place in &settings.places {
            said.push(format!("place {}: {} {:?}", selector(&place.of), place.path.as_str(), place.how));
        }
        let others = [("listed", list(&settings.listed)), ("ignored", list(&settings.ignored))];
        let texts = [("stages", &settings.stages), ("branches", &settings.branches)];
        let texts = texts.map(|(name, texts)| (name, texts.join(" ")));
        let some = others.into_iter().chain(texts).filter(|(_, text)| !text.is_empty());
        said.extend(some.map(|(name, text)| format!("{name}: {text}")));
        said
    }

    /// What became of the keys: `key=what`, or `-key`.
    pub(super) fn fates(keys: &[Key]) -> String {
        let fate = |key: &Key| match key.fate {
            Fate::As(what) => format!("{}={what}", key.name),
            Fate::Without(_) => format!("-{}", key.name),
        };
        keys.iter().map(fate).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_wrong_has_a_place_and_the_rest_counts() {
        let config = "{\n  \"fixed\": [\"@acme/core\"],\n  \"ignore\": 3,\n  \"baseBranch\": \"dev\"\n}\n";
        let read = tools(Tool::Changesets, &[(".changeset/config.json", config)]);
        let problem = |problem: &crate::model::Diagnostic| {
            let place = problem.place.as_ref().unwrap().position();
            format!("{}:{} {}", place.line, place.column, problem.message)
        };
        assert_eq!(
            read.problems.iter().map(problem).collect::<Vec<_>>(),
            ["2:13 `fixed` is a text, expected a list", "3:13 `ignore` is a number, expected a list of texts"]
        );
        assert_eq!(read.settings[0].base.as_deref(), Some("dev"));
        let broken = tools(Tool::Changesets, &[(".changeset/config.json", "{\n  \"fixed\": [\n}")]);
        assert_eq!(
            broken.problems.iter().map(problem).collect::<Vec<_>>(),
            ["3:1 invalid JSON: found `}`, expected a value"]
        );
        assert!(broken.settings.is_empty());
    }
}
