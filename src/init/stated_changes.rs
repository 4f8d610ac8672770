//! What changes require, and what becomes of dependents, as other tools' files say.

use std::collections::BTreeMap;

use super::comments::{key, one_line};
use super::tools::{ToolSettings, Tools};

/// The types of commits that require a release by default.
const USUAL: [&str; 4] = ["feat", "fix", "perf", "revert"];

/// Returns the tables `[commits]`, with its line `history` if there is one, and `[fragments]`; empty if nothing unusual is stated.
pub(super) fn changes(tools: &Tools, history: Option<String>) -> String {
    let mut out = String::new();
    let commits = tools.settings.iter().find(|settings| !settings.changelog.commits.is_empty());
    let level = |(kind, title): &(String, Option<String>)| match (title.is_some(), USUAL.contains(&kind.as_str())) {
        (true, false) => Some((kind.clone(), "patch")),
        (false, true) => Some((kind.clone(), "none")),
        _ => None,
    };
    let of_commits = commits
        .and_then(|settings| self::levels(settings.changelog.commits.iter().filter_map(level).collect(), settings));
    let history = history.unwrap_or_default();
    if of_commits.is_some() || !history.is_empty() {
        out.push_str(&format!("\n[commits]\n{history}{}", of_commits.unwrap_or_default()));
    }
    let fragments = tools.settings.iter().find(|settings| !settings.fragment_levels.is_empty());
    let of_fragments =
        fragments.and_then(|settings| self::levels(settings.fragment_levels.iter().cloned().collect(), settings));
    out + &of_fragments.map_or(String::new(), |levels| format!("\n[fragments]\n{levels}"))
}

/// The line `levels`; `None` without any.
fn levels(levels: BTreeMap<String, &str>, settings: &ToolSettings) -> Option<String> {
    let texts: Vec<String> = levels.iter().map(|(kind, level)| format!("{} = \"{level}\"", key(kind))).collect();
    let origin = one_line(&settings.origin());
    (!texts.is_empty()).then(|| format!("levels = {{ {} }}   # as in {origin}\n", texts.join(", ")))
}

/// Returns the policy for dependents and where it is from, if it is not the default.
pub(super) fn policy(tools: &Tools) -> Option<(&'static str, String)> {
    tools.settings.iter().find_map(|settings| Some((settings.policy?, settings.origin())))
}
