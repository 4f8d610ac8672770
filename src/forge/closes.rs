//! [`closed_issues`]: which issues the text of a request says that it closes.

use crate::model::ForgeKind;

const GITHUB: [&str; 9] = ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];
/// What GitLab understands beyond these.
const GITLAB: [&str; 7] = ["closing", "fixing", "resolving", "implement", "implements", "implemented", "implementing"];

/// Returns the numbers of the issues of this repository that a text closes, sorted. On GitHub each needs a word such as `fixes`; on
/// GitLab one word goes for a list.
pub(super) fn closed_issues(kind: ForgeKind, repository: &str, text: &str) -> Vec<u64> {
    let text = without_comments(text);
    let is_list = kind == ForgeKind::Gitlab;
    let mut found = Vec::new();
    let mut is_armed = false;
    for word in text.split(|c: char| c.is_whitespace() || ",()".contains(c)) {
        let word = word.trim_matches(|c: char| "*_.:;!?[]".contains(c));
        if word.is_empty() {
            continue;
        }
        let lower = word.to_ascii_lowercase();
        let is_keyword = GITHUB.contains(&lower.as_str()) || (is_list && GITLAB.contains(&lower.as_str()));
        if is_keyword {
            is_armed = true;
        } else if is_armed {
            let number = number_of(kind, repository, word);
            found.extend(number);
            let goes_on = matches!(lower.as_str(), "and" | "&" | "issue" | "issues");
            is_armed = is_list && (number.is_some() || goes_on);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Reads `#12`, `GH-12`, `owner/name#12` or an address of this repository.
fn number_of(kind: ForgeKind, repository: &str, word: &str) -> Option<u64> {
    if let Some((_, rest)) = word.split_once("://") {
        let issues = match kind {
            ForgeKind::Github => format!("/{repository}/issues/"),
            ForgeKind::Gitlab => format!("/{repository}/-/issues/"),
        };
        return rest.split_once(&issues)?.1.parse().ok();
    }
    let github = word.strip_prefix("GH-").filter(|_| kind == ForgeKind::Github);
    let (of, number) = github.map(|number| ("", number)).or_else(|| word.split_once('#'))?;
    (of.is_empty() || of.eq_ignore_ascii_case(repository)).then(|| number.parse().ok()).flatten()
}

/// The template of a request explains itself in comments.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::closed_issues;
    use crate::model::ForgeKind::{Github, Gitlab};

    #[test]
    fn issues_that_are_closed() {
        let table: [(_, &str, &[u64]); 12] = [
            (Github, "Fixes #12.", &[12]),
            (Github, "closes: #3, #4 and resolves o/r#2\r\nFixed GH-7", &[2, 3, 7]),
            (Github, "Fixes https://github.com/o/r/issues/9 and see #1", &[9]),
            (Github, "Fixes x/y#12, https://github.com/x/y/issues/3", &[]),
            (Github, "<!-- Closes #1 -->Closes #2<!-- never ends, fixes #3", &[2]),
            (Github, "prefixes #1, fix the #2", &[]),
            (Github, "(fixes #5)(resolves #6)", &[5, 6]),
            (Gitlab, "Closes #4, #6,#5 and #7. See #9", &[4, 5, 6, 7]),
            (Gitlab, "Implements issues #4 & o/r#6", &[4, 6]),
            (Gitlab, "Closing https://gitlab.com/o/r/-/issues/11", &[11]),
            (Gitlab, "Closes nothing, #4", &[]),
            (Gitlab, "", &[]),
        ];
        for (kind, text, expected) in table {
            assert_eq!(closed_issues(kind, "o/r", text), expected, "{text}");
        }
    }
}
