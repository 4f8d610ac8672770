//! [`mentions`]: the issues that a text mentions.

use std::collections::BTreeSet;

/// The keywords with which the body of a message names its issue, so that forges close it. In lower case.
const WORDS: [&str; 11] =
    ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved", "ref", "refs"];

/// An issue or a pull request in a text, as in `#12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention<'a> {
    /// The byte offset of the `#`.
    pub start: usize,
    /// The digits after it.
    pub number: &'a str,
}

/// Finds each `#` followed by digits, without a letter or digit on either side: `a#1`, `#1a` and `&#39;` name no issue.
pub fn mentions(text: &str) -> impl Iterator<Item = Mention<'_>> {
    text.match_indices('#').filter_map(move |(start, _)| {
        let (before, behind) = (text.get(..start)?, text.get(start + 1..)?);
        let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        let (number, after) = behind.split_at_checked(end)?;
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '&' | '#' | '/');
        let is_free = !before.ends_with(is_part) && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        (!number.is_empty() && is_free).then_some(Mention { start, number })
    })
}

/// Returns the numbers of the issues that a message is about: those in its first line, and those in lines such as `Closes #12`.
pub(super) fn issues(subject: &str, body: &str) -> BTreeSet<String> {
    let is_about = |line: &&str| {
        let word = line.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
        line.contains('#') && WORDS.contains(&word.to_ascii_lowercase().as_str())
    };
    let lines = std::iter::once(subject).chain(body.lines().filter(is_about));
    lines.flat_map(mentions).map(|mention| mention.number.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{issues, mentions};

    #[test]
    fn numbers_behind_a_hash() {
        let table = [
            ("#1", "0:1"),
            ("x (#12), #3.", "3:12 9:3"),
            ("[#4](url)", "1:4"),
            ("# 1 a#1 #1a ##1 &#39; o/r#5 #", ""),
            ("ß #6", "3:6"),
        ];
        for (text, expected) in table {
            let found: Vec<String> = mentions(text).map(|m| format!("{}:{}", m.start, m.number)).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn what_a_message_is_about() {
        let table = [
            ("fix: x (#1)", "", "1"),
            ("fix: x", "Closes #2, #3\n\nas in #4\nRefs: #5\n  resolves #6", "2 3 5 6"),
            ("fix: x", "Fixing #2\nFixes: a sentence", ""),
        ];
        for (subject, body, expected) in table {
            assert_eq!(issues(subject, body).into_iter().collect::<Vec<_>>().join(" "), expected, "{body}");
        }
    }
}
