//! [`width`], [`cut`] and [`cut_start`]: texts by the columns of a terminal that they take.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Returns how many columns of a terminal a text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// Returns a text that takes at most so many columns: a longer one ends in `…`.
#[must_use]
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(c);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// Returns a text that takes at most so many columns: a longer one begins with `…`.
#[must_use]
pub fn cut_start(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let turned: String = text.chars().rev().collect();
    cut(&turned, columns).chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::{cut, cut_start};

    #[test]
    fn a_long_text_ends_in_an_ellipsis() {
        let table = [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("漢字漢字", 5, "漢字…"),
            ("漢字漢字", 4, "漢…"),
            ("ab", 1, "…"),
            ("ab", 0, ""),
        ];
        for (text, columns, expected) in table {
            assert_eq!(cut(text, columns), expected, "{text} {columns}");
        }
        assert_eq!((cut_start("a/b/c", 5), cut_start("a/b/c", 4)), ("a/b/c".to_owned(), "…b/c".to_owned()));
    }
}
