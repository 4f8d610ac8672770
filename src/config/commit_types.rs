//! [`CommitTypes`]: which type of a changelog's changes a type of conventional commits becomes.

use std::collections::BTreeMap;

use super::levels::is_type;
use super::reader::TableReader;

/// What a commit becomes where relman.toml does not say. A revert may undo a change of any type, and is itself a change.
pub const USUAL_COMMITS: [(&str, &str); 4] =
    [("feat", "added"), ("fix", "fixed"), ("perf", "changed"), ("revert", "changed")];

/// The type of a breaking change whose commit type has no entry: it must not be missed.
const BREAKING: &str = "changed";

/// The value that removes a type.
const NONE: &str = "none";

/// The types of conventional commits that have entries, with the type of the changes that they become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitTypes(BTreeMap<String, String>);

impl Default for CommitTypes {
    fn default() -> Self {
        Self(USUAL_COMMITS.iter().map(|(of, to)| ((*of).to_owned(), (*to).to_owned())).collect())
    }
}

impl CommitTypes {
    /// Returns the type of the change that a commit of this type (in lower case) becomes; `None` if it has no entry. A breaking
    /// change always has one.
    #[must_use]
    pub fn kind(&self, of: &str, is_breaking: bool) -> Option<&str> {
        self.0.get(of).map(String::as_str).or_else(|| is_breaking.then_some(BREAKING))
    }

    /// Reads the key `commits` on top of what is known so far. `types` are those that have a group.
    pub(super) fn merged_with(mut self, reader: &mut TableReader<'_>, types: &[(String, String)]) -> Self {
        let written = reader.texts("commits").unwrap_or_default();
        let problems = reader.problems();
        for (of, to) in written {
            let kind = to.value.to_ascii_lowercase();
            let name = of.value.to_ascii_lowercase();
            if !is_type(&of.value) {
                let message = format!("`{}` is not a valid commit type", of.value);
                problems.add(of.span, message, "a type is one word of letters, digits, `-` and `_`, as in `feat`");
            } else if kind == NONE {
                self.0.remove(&name);
            } else if types.iter().any(|(known, _)| *known == kind) {
                self.0.insert(name, kind);
            } else {
                let known: Vec<&str> = types.iter().map(|(known, _)| known.as_str()).chain([NONE]).collect();
                let message = format!("unknown change type `{}`", to.value);
                problems.add(to.span, message, format!("known types: {}", known.join(", ")));
            }
        }
        self
    }
}
