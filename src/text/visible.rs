//! [`escape_controls`]: control characters and invisible characters, escaped.

use std::borrow::Cow;

/// Escapes whatever controls a terminal, reorders a line or is invisible, as in `\u{1b}`. Line ends and tabs stay.
#[must_use]
pub fn escape_controls(text: &str) -> Cow<'_, str> {
    replaced(text, |c, next| is_hidden(c) && !matches!((c, next), ('\n' | '\t', _) | ('\r', Some('\n'))), rust_form)
}

/// Escapes the same characters, and line ends and tabs, in a text that has to stay on one line.
#[must_use]
pub fn visible_line(text: &str) -> Cow<'_, str> {
    replaced(text, |c, _| is_hidden(c), rust_form)
}

/// Escapes characters of a JSON document that JSON allows unescaped. The document stays the same value, since such characters occur in
/// strings only.
#[must_use]
pub fn escaped_json(text: &str) -> Cow<'_, str> {
    // A line end of the document is layout: inside strings it is escaped already.
    replaced(
        text,
        |c, _| is_hidden(c) && c != '\n',
        |c| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
    )
}

fn replaced(text: &str, is_replaced: impl Fn(char, Option<char>) -> bool, form: fn(char) -> String) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if is_replaced(c, chars.peek().copied()) {
            out.push_str(&form(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn rust_form(c: char) -> String {
    c.escape_unicode().to_string()
}

/// Returns `true` if the character is a control (C0, DEL, C1), reorders or separates lines, or has no width.
///
/// Variation selectors stay visible: they follow most emoji.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}'
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::{escape_controls, escaped_json, visible_line};

    #[test]
    fn what_steers_or_hides_is_written_out() {
        let table = [
            ("plain, żółć 漢字 ⚠\u{fe0f}", "plain, żółć 漢字 ⚠\u{fe0f}"),
            ("a\tb\r\nc\n", "a\tb\r\nc\n"),
            ("a\rb", "a\\u{d}b"),
            ("\u{1b}]0;t\u{7}", "\\u{1b}]0;t\\u{7}"),
            ("\u{1b}[8mx\u{1b}[m", "\\u{1b}[8mx\\u{1b}[m"),
            ("\0\u{8}\u{b}\u{c}\u{7f}", "\\u{0}\\u{8}\\u{b}\\u{c}\\u{7f}"),
            ("\u{80}\u{85}\u{9b}2J\u{9f}", "\\u{80}\\u{85}\\u{9b}2J\\u{9f}"),
            ("\u{202e}gpj.exe\u{202c}", "\\u{202e}gpj.exe\\u{202c}"),
            ("\u{2066}a\u{2069}\u{200e}\u{200f}\u{61c}", "\\u{2066}a\\u{2069}\\u{200e}\\u{200f}\\u{61c}"),
            ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"),
            (
                "a\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}",
                "a\\u{200b}\\u{200c}\\u{200d}\\u{2060}\\u{feff}\\u{ad}",
            ),
            ("\u{3164}\u{e0041}\u{e0100}", "\\u{3164}\\u{e0041}\\u{e0100}"),
        ];
        for (text, expected) in table {
            assert_eq!(escape_controls(text), expected);
            assert_eq!(escape_controls(expected), expected, "once more changes nothing");
        }
        assert_eq!(visible_line("a\tb\r\nc"), "a\\u{9}b\\u{d}\\u{a}c");
    }

    #[test]
    fn json_keeps_its_value() {
        let text = "a\u{1b}\u{7f}\u{9b}\u{202e}\u{2028}\u{feff}\u{e0041} ż\n";
        let json = serde_json::to_string_pretty(&[text]).unwrap();
        let escaped = escaped_json(&json);
        assert_eq!(escaped, "[\n  \"a\\u001b\\u007f\\u009b\\u202e\\u2028\\ufeff\\udb40\\udc41 ż\\n\"\n]");
        assert_eq!(serde_json::from_str::<Vec<String>>(&escaped).unwrap(), [text]);
    }
}
