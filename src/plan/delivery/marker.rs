//! The mark by which a release on a forge is found again, and the text that it goes with.

use crate::model::TagName;

/// How many bytes the mark and the line ends around it take, with the longest tag.
pub(super) const LONGEST_MARK: usize = 1_024;

/// Returns the comment that a forge release ends with. Markdown does not show it.
#[must_use]
pub fn release_marker(tag: &TagName, commit: &str) -> String {
    format!("<!-- relman {tag} {commit} -->")
}
