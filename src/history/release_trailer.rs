//! The trailer by which relman knows its own release commits: a line for each tag.

use std::fmt::Display;

const NAME: &str = "Relman-Release";

/// Returns the line that names the tag of a release.
#[must_use]
pub fn release_trailer(tag: impl Display) -> String {
    format!("{NAME}: {tag}")
}

/// Returns the tag that such a line names; `None` if it is another line.
#[must_use]
pub fn released_tag(line: &str) -> Option<&str> {
    let tag = line.trim().strip_prefix(NAME)?.strip_prefix(':')?.trim();
    (!tag.is_empty()).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::{release_trailer, released_tag};

    #[test]
    fn what_is_written_is_read() {
        let line = release_trailer("v1.0.0");
        assert_eq!(line, "Relman-Release: v1.0.0");
        for line in [line.as_str(), "  Relman-Release:v1.0.0\r"] {
            assert_eq!(released_tag(line), Some("v1.0.0"));
        }
        for line in ["Relman-Release:", "Relman-Releases: v1", "See Relman-Release: v1", "Relman-Release v1"] {
            assert_eq!(released_tag(line), None, "{line}");
        }
    }
}
