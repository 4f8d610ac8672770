//! [`encode`]: a text as one part of an address.

/// Returns a text with all but letters, digits and `-._~` percent-encoded, so that it is one segment of a path, or one value of a query.
#[must_use]
pub(super) fn encode(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn texts_become_one_part() {
        let table = [
            ("group/sub/project", "group%2Fsub%2Fproject"),
            ("v1.0.0+b&c=d?", "v1.0.0%2Bb%26c%3Dd%3F"),
            ("ü ", "%C3%BC%20"),
        ];
        for (text, expected) in table {
            assert_eq!(encode(text), expected);
        }
    }
}
