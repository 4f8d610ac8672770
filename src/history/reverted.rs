//! [`Reverted`]: a commit that a message takes back.

use crate::model::CommitId;

/// A commit that a message reverts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reverted {
    /// Its id, perhaps abbreviated.
    pub id: String,
    /// The parent to which a merge is reverted, if it is a merge.
    pub mainline: Option<String>,
    /// The commits that the merge brought in, which are reverted with it.
    pub brought: Vec<String>,
}

impl Reverted {
    fn new(id: String) -> Self {
        Self { id, mainline: None, brought: Vec::new() }
    }

    /// Returns `true` if this commit is meant, or is part of what the merge brought.
    pub(super) fn means(&self, commit: &CommitId) -> bool {
        commit.as_str().starts_with(&self.id) || self.brought.iter().any(|id| id == commit.as_str())
    }
}

/// Fewer digits are more likely a word than an id.
const FEWEST_DIGITS: usize = 7;

/// Returns the commits that a message reverts: those of each `This reverts commit ID`. A message of the type `revert` may name them
/// in any words, as in the footer `Refs: ID, ID` of conventional commits.
pub(super) fn reverts(lines: &[&str], is_revert: bool) -> Vec<Reverted> {
    let words: Vec<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
    let mut found = Vec::new();
    for (at, window) in words.windows(3).enumerate() {
        if let ["This", "reverts", "commit" | "commits"] = window {
            found.extend(sentence(words.get(at + 3..).unwrap_or(&[])));
        }
    }
    if found.is_empty() && is_revert {
        found.extend(words.iter().filter_map(|word| id(word)).map(Reverted::new));
    }
    found
}

/// The ids after `This reverts commit`, and the parent after `reversing changes made to`.
fn sentence(words: &[&str]) -> Vec<Reverted> {
    let mut found: Vec<Reverted> = Vec::new();
    let mut words = words.iter();
    for word in words.by_ref() {
        match id(word) {
            Some(id) => found.push(Reverted::new(id)),
            None if matches!(*word, "and" | "commit" | "commits" | "," | "&") => continue,
            None if *word == "reversing" => break,
            None => return found,
        }
        if word.ends_with('.') {
            return found;
        }
    }
    let mainline = words.take(4).find_map(|word| id(word));
    if let Some(last) = found.last_mut() {
        last.mainline = mainline;
    }
    found
}

fn id(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let is_id = (FEWEST_DIGITS..=64).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| word.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_takes_back() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let table = [
            (format!("This reverts commit {a}."), false, vec![(a.as_str(), None)]),
            (format!("This reverts commit\n{a}"), false, vec![(&a, None)]),
            (format!("This reverts commits {a}, {b}."), false, vec![(&a, None), (&b, None)]),
            (format!("This reverts commit {a} and commit {b}; they were slow"), false, vec![(&a, None), (&b, None)]),
            (format!("This reverts commit {a}. See {b}."), false, vec![(&a, None)]),
            (format!("This reverts commit {a}, reversing\nchanges made to {b}."), false, vec![(&a, Some(b.as_str()))]),
            ("Refs: aaaaaaa, 1234567".to_owned(), true, vec![("aaaaaaa", None), ("1234567", None)]),
            ("Refs: aaaaaaa".to_owned(), false, vec![]),
            ("This reverts commit of mine aaaaaaa".to_owned(), false, vec![]),
        ];
        for (text, is_revert, expected) in table {
            let lines: Vec<&str> = text.lines().collect();
            let found = reverts(&lines, is_revert);
            let found: Vec<(&str, Option<&str>)> =
                found.iter().map(|r| (r.id.as_str(), r.mainline.as_deref())).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
