//! The mark by which a release on a forge is found again, and the text that it goes with.

use crate::model::TagName;

/// Returns the comment that a forge release ends with. Markdown does not show it.
#[must_use]
pub fn release_marker(tag: &TagName, commit: &str) -> String {
    format!("<!-- relman {tag} {commit} -->")
}
