//! What was read from other tools' files: in the comments of relman.toml, and in the messages of `init`.

use super::comments::{array, comment, one_line};
use super::tools::{Fate, Key, Tools};
use crate::model::{RepoPath, Tool};
use crate::text::list_truncated;

/// How many files are named.
const NAMED: usize = 12;

/// What became of a tool's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolReport {
    /// The tool and its files.
    pub title: String,
    /// What became of each key.
    pub keys: Vec<String>,
}

/// Returns what became of each tool's files.
pub(super) fn reports(tools: &Tools) -> Vec<ToolReport> {
    by_tool(tools).iter().map(report).collect()
}

/// What a tool has in all folders, as one.
struct Whole {
    tool: Tool,
    files: Vec<RepoPath>,
    keys: Vec<Key>,
}

impl Whole {
    fn origin(&self) -> String {
        list_truncated(&self.files, NAMED)
    }
}

fn by_tool(tools: &Tools) -> Vec<Whole> {
    let mut found: Vec<Whole> = Vec::new();
    for settings in &tools.settings {
        let (files, keys) = (settings.files.clone(), settings.keys.clone());
        match found.iter_mut().find(|whole| whole.tool == settings.tool) {
            Some(whole) => {
                whole.files.extend(files);
                whole.keys.extend(keys);
            }
            None => found.push(Whole { tool: settings.tool, files, keys }),
        }
    }
    found
}

fn report(whole: &Whole) -> ToolReport {
    let line = |(names, fate): (Vec<&str>, Fate)| match fate {
        Fate::As(what) => format!("{}: {what}", names.join(", ")),
        Fate::Without(why) => format!("{}: not taken over; {why}", names.join(", ")),
    };
    ToolReport {
        title: format!("read {} ({})", whole.origin(), whole.tool.name()),
        keys: by_fate(&whole.keys).into_iter().map(line).collect(),
    }
}

/// The keys that have one fate, in the order of their first ones.
fn by_fate(keys: &[Key]) -> Vec<(Vec<&str>, Fate)> {
    let mut found: Vec<(Vec<&str>, Fate)> = Vec::new();
    for key in keys {
        match found.iter_mut().find(|(_, fate)| *fate == key.fate) {
            Some((names, _)) if names.contains(&key.name.as_str()) => {}
            Some((names, _)) => names.push(&key.name),
            None => found.push((vec![&key.name], key.fate.clone())),
        }
    }
    found
}

/// Returns the comments about all tools' files. `misplaced` are files that hold another version than a tool's file says.
pub(super) fn comments(tools: &Tools, misplaced: &[RepoPath]) -> String {
    let mut out: String = by_tool(tools).iter().map(|whole| format!("\n{}", about(whole))).collect();
    if !misplaced.is_empty() {
        let files = list_truncated(misplaced, NAMED);
        out.push_str(&comment(&format!("Left out, since no version of a package was found there: {files}.")));
    }
    out
}

fn about(whole: &Whole) -> String {
    let tool = whole.tool.name();
    let mut taken = Vec::new();
    let mut left = Vec::new();
    for (names, fate) in by_fate(&whole.keys) {
        match fate {
            Fate::As(what) => taken.push(format!("{} as {what}", names.join(", "))),
            Fate::Without(_) => left.extend(names),
        }
    }
    let mut out = comment(&match taken.is_empty() {
        true => format!("Read from {} ({tool}): nothing that has to be written here.", whole.origin()),
        false => format!("Read from {} ({tool}): {}.", whole.origin(), taken.join("; ")),
    });
    if !left.is_empty() {
        let left = left.join(", ");
        out.push_str(&comment(&format!("Not taken over: {left}; `relman init --from {tool} --dry-run` says why.")));
    }
    out
}

/// Returns the line `branches`, if a tool's file lists the branches of releases.
pub(super) fn branches(tools: &Tools) -> Option<String> {
    let settings = tools.settings.iter().find(|settings| !settings.branches.is_empty())?;
    let branches = array(settings.branches.iter().map(String::as_str));
    Some(format!("branches = {branches}   # as in {}\n", one_line(&settings.origin())))
}

/// Returns the branch that a tool's file compares with.
pub(super) fn base(tools: &Tools) -> Option<&str> {
    tools.settings.iter().find_map(|settings| settings.base.as_deref())
}
