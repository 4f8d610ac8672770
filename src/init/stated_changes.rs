//! What changes require, and what becomes of dependents, as other tools' files say.

use std::collections::BTreeMap;

use super::comments::{key, one_line};
use super::tools::{ToolSettings, Tools};

/// The types of commits that require a release by default.
const USUAL: [&str; 4] = ["feat", "fix", "perf", "revert"];

/// Returns the tables `[commits]` and `[fragments]`; empty if nothing unusual is stated.
pub(super) fn levels(tools: &Tools) -> String {
    let mut out = String::new();
    if let Some(settings) = tools.settings.iter().find(|settings| !settings.changelog.commits.is_empty()) {
        let level = |(kind, title): &(String, Option<String>)| match (title.is_some(), USUAL.contains(&kind.as_str())) {
            (true, false) => Some((kind.clone(), "patch")),
            (false, true) => Some((kind.clone(), "none")),
            _ => None,
        };
        out.push_str(&table("commits", settings.changelog.commits.iter().filter_map(level).collect(), settings));
    }
    if let Some(settings) = tools.settings.iter().find(|settings| !settings.fragment_levels.is_empty()) {
        out.push_str(&table("fragments", settings.fragment_levels.iter().cloned().collect(), settings));
    }
    out
}

fn table(name: &str, levels: BTreeMap<String, &str>, settings: &ToolSettings) -> String {
    if levels.is_empty() {
        return String::new();
    }
    let levels: Vec<String> = levels.iter().map(|(kind, level)| format!("{} = \"{level}\"", key(kind))).collect();
    format!("\n[{name}]   # as in {}\nlevels = {{ {} }}\n", one_line(&settings.origin()), levels.join(", "))
}

/// Returns the policy for dependents and where it is from, if it is not the default.
pub(super) fn policy(tools: &Tools) -> Option<(&'static str, String)> {
    tools.settings.iter().find_map(|settings| Some((settings.policy?, settings.origin())))
}
