//! [`encode`] and [`decode`]: a text as one part of an address.

/// Returns a text with all but letters, digits and `-._~` percent-encoded, so that it is one segment of a path, or one value of a query.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Returns a text with its percent-encoded bytes as they are; `None` if the result is not UTF-8. A `%` without two digits after it stays.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { behind.get(2..).unwrap_or_default() } else { behind };
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn texts_become_one_part() {
        let table = [
            ("group/sub/project", "group%2Fsub%2Fproject"),
            ("v1.0.0+b&c=d?", "v1.0.0%2Bb%26c%3Dd%3F"),
            ("ü ", "%C3%BC%20"),
        ];
        for (text, expected) in table {
            assert_eq!(encode(text), expected);
            assert_eq!(decode(expected).as_deref(), Some(text));
        }
        assert_eq!(decode("100%, %4 and %zz").as_deref(), Some("100%, %4 and %zz"));
        assert_eq!(decode("%ff"), None);
    }
}
