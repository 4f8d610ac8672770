//! Bytes of files: positions ([`Span`], [`Position`]), what replaces it ([`TextEdits`]).
//!
//! A file's text is kept as it was read, with byte order mark and line ends; every span counts bytes in that text.

mod cut;
mod diff;
mod edits;
mod escaped;
mod fingerprint;
mod hex;
mod list;
mod markdown;
mod position;
mod visible;

pub use cut::{cut, cut_start, width};
pub use diff::{DiffLine, Hunk, hunks, unified};
pub use edits::{Edit, EditError, TextEdits};
pub use escaped::{escaped, unescaped};
pub use fingerprint::Fingerprint;
pub use hex::hex;
pub use list::list_truncated;
pub use markdown::{markdown, markdown_code};
pub use position::{Lines, Position, Span};
pub use visible::{escape_controls, escaped_json, visible_line};

/// The byte order mark that some editors write before the text.
pub const BOM: &str = "\u{feff}";

/// Returns the text after a byte order mark, and the number of bytes that the mark takes.
#[must_use]
pub fn without_bom(text: &str) -> (&str, usize) {
    text.strip_prefix(BOM).map_or((text, 0), |rest| (rest, BOM.len()))
}

#[cfg(test)]
mod tests {
    use super::without_bom;

    #[test]
    fn the_mark_is_told_apart() {
        assert_eq!(without_bom("\u{feff}a"), ("a", 3));
        assert_eq!(without_bom("a\u{feff}"), ("a\u{feff}", 0));
        assert_eq!(without_bom(""), ("", 0));
    }
}
