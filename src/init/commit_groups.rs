//! [`CommitGroups`]: the groups of a changelog that another tool makes of types of commits.

use super::comments::{key, one_line, quoted};
use super::tools::{ToolSettings, plain_name};
use crate::config::{USUAL_CHANGES, USUAL_COMMITS};

/// The groups of a changelog, and the types of commits in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CommitGroups {
    /// The types of changes with their titles, in the order of the groups.
    types: Vec<(String, String)>,
    /// What types of commits become, where that is not the default.
    commits: Vec<(String, String)>,
    /// The file that says so.
    origin: String,
}

impl CommitGroups {
    /// Returns what the files of a tool say; `None` if they say nothing about types of commits.
    pub(super) fn of(settings: &ToolSettings) -> Option<Self> {
        let is_word = |kind: &str| plain_name(kind) == kind.to_ascii_lowercase();
        let stated: Vec<&(String, Option<String>)> =
            settings.changelog.commits.iter().filter(|(kind, _)| is_word(kind)).collect();
        let mut groups = Self { types: Vec::new(), commits: Vec::new(), origin: settings.origin() };
        for (kind, title) in stated.iter().filter_map(|(kind, title)| Some((kind, title.as_ref()?))) {
            let change = groups.change(kind, title);
            if usual(kind) != Some(change.as_str()) {
                groups.commits.push((kind.clone(), change));
            }
        }
        let hidden = stated.iter().filter(|(kind, title)| title.is_none() && usual(kind).is_some());
        groups.commits.extend(hidden.map(|(kind, _)| (kind.clone(), "none".to_owned())));
        // Fragments, and breaking changes of types that are hidden, have the groups that they always have.
        for (kind, title) in USUAL_CHANGES {
            if !groups.has(kind) && !groups.types.iter().any(|(_, known)| known == title) {
                groups.types.push((kind.to_owned(), title.to_owned()));
            }
        }
        stated.iter().any(|(_, title)| title.is_some()).then_some(groups)
    }

    /// Returns the type of change for the title of a group, which is a new one if no type has it.
    fn change(&mut self, kind: &str, title: &str) -> String {
        if let Some((known, _)) = self.types.iter().find(|(_, known)| known == title) {
            return known.clone();
        }
        let usual = usual(kind).filter(|change| !self.has(change));
        let new = usual.map_or_else(|| plain_name(kind), str::to_owned);
        self.types.push((new.clone(), title.to_owned()));
        new
    }

    fn has(&self, change: &str) -> bool {
        self.types.iter().any(|(known, _)| known == change)
    }

    /// Writes the lines `types` and `commits`.
    pub(super) fn lines(&self) -> String {
        let origin = one_line(&self.origin);
        let table = |pairs: &[(String, String)]| {
            let pairs: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{} = {}", key(name), quoted(value))).collect();
            pairs.join(", ")
        };
        let mut out = format!("types = {{ {} }}   # as in {origin}\n", table(&self.types));
        if !self.commits.is_empty() {
            out.push_str(&format!("commits = {{ {} }}\n", table(&self.commits)));
        }
        out
    }
}

fn usual(kind: &str) -> Option<&'static str> {
    USUAL_COMMITS.iter().find(|(known, _)| *known == kind).map(|(_, change)| *change)
}
