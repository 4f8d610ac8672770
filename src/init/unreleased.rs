//! Where changes are described before a release.

use std::collections::BTreeMap;

use super::changelog::is_unreleased;
use super::history::conventional;
use crate::model::RepoPath;
use crate::snapshot::Discovery;

/// Returns why commits can be the entries of changelogs that have [Unreleased]: their subjects are conventional, and no change was described
/// by hand, neither there nor in fragments. Both would be two entries for one change.
pub(super) fn from_commits(discovery: &Discovery) -> Option<String> {
    let habit = conventional(&discovery.commits)?;
    (!is_by_hand(&discovery.changelogs) && discovery.fragments.is_empty()).then_some(habit)
}

fn is_by_hand(changelogs: &BTreeMap<RepoPath, String>) -> bool {
    changelogs.values().any(|text| is_filled(text))
}

/// Returns `true` if a changelog has a line of text under [Unreleased]. Headings, comments, links and a placeholder in italics do not count.
fn is_filled(text: &str) -> bool {
    let below = text.lines().skip_while(|line| !(line.starts_with('#') && is_unreleased(line))).skip(1);
    let mut below = below.take_while(|line| !(line.starts_with("# ") || line.starts_with("## ")));
    below.any(|line| {
        let line = line.trim();
        let is_link = line.starts_with('[') && line.contains("]:");
        let is_italic = ['_', '*'].iter().any(|mark| {
            line.starts_with(*mark) && line.ends_with(*mark) && !line.get(1..).is_some_and(|rest| rest.starts_with(' '))
        });
        !(line.is_empty() || line.starts_with('#') || line.starts_with("<!--") || is_link || is_italic)
    })
}

#[cfg(test)]
mod tests {
    use super::is_filled;

    #[test]
    fn text_under_unreleased_was_written_by_hand() {
        for (text, expected) in [
            ("# Changelog\n\n## [Unreleased]\n\n- Boards\n\n## [1.0.0]\n", true),
            ("# Changelog\n\n## [Unreleased]\n\n### Added\n\n* Boards\n", true),
            (
                "# Changelog\n\nWords.\n\n## [Unreleased]\n\n### Added\n\n<!-- here -->\n_Nothing yet._\n\n## 1.0.0\n\n- All\n",
                false,
            ),
            ("## Unreleased\n\n[Unreleased]: https://example.com\n", false),
            ("## 1.0.0\n\n- All\n", false),
        ] {
            assert_eq!(is_filled(text), expected, "{text}");
        }
    }
}
