//! JSON with comments and with commas behind last values, as tools of JavaScript write it.

use std::borrow::Cow;

/// Returns the text as JSON: comments and commas behind last values are blanks of the same length, so that every other byte is where it was.
pub(super) fn as_json(text: &str) -> Cow<'_, str> {
    let mut json: Vec<u8> = Vec::new();
    let mut rest = text;
    let mut comma = None;
    while let Some(first) = rest.chars().next() {
        let token = token(rest, first);
        let is_comment = first == '/' && token.len() > 1;
        match first {
            _ if is_comment => {}
            ',' => comma = Some(json.len()),
            '}' | ']' => {
                if let Some(at) = comma.take().and_then(|at| json.get_mut(at)) {
                    *at = b' ';
                }
            }
            _ if first.is_whitespace() => {}
            _ => comma = None,
        }
        let blank = |byte: u8| if is_comment && byte != b'\n' && byte != b'\r' { b' ' } else { byte };
        json.extend(token.bytes().map(blank));
        rest = rest.get(token.len()..).unwrap_or("");
    }
    match String::from_utf8(json) {
        Ok(json) if json != text => Cow::Owned(json),
        _ => Cow::Borrowed(text),
    }
}

/// The comment, the string or the character that a text begins with.
fn token(text: &str, first: char) -> &str {
    let length = match first {
        '"' => string_length(text),
        '/' if text.starts_with("//") => text.find(['\n', '\r']).unwrap_or(text.len()),
        '/' if text.starts_with("/*") => {
            text.get(2..).and_then(|rest| rest.find("*/")).map_or(text.len(), |end| end + 4)
        }
        _ => first.len_utf8(),
    };
    text.get(..length).unwrap_or(text)
}

/// The bytes of a string up to the quote that ends it.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_stays_where_it_is() {
        for (text, json) in [
            ("{\"a\": 1,}", "{\"a\": 1 }"),
            ("[1, 2 , // é\r\n]", "[1, 2        \r\n]"),
            ("{/* , */\"a//\\\"\": \"/*,}\", /* é\n */ }", "{       \"a//\\\"\": \"/*,}\"       \n    }"),
            ("[[1,],,]", "[[1 ], ]"),
            ("// x", "    "),
            ("[/* 1]", "[     "),
        ] {
            assert_eq!(as_json(text), json, "{text}");
            assert_eq!(as_json(text).len(), text.len());
        }
        for text in ["{\"a\": \"b,\", \"c\": [1, 2]}", "", "\u{feff}{}", "{\"a", "\"\\", "/", "<<<<<<< HEAD"] {
            assert!(matches!(as_json(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
